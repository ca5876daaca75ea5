/* facts.h - what can be held to be true of one message: our own checks, what
 * the receiving provider wrote, and the hand-over, brought to one form that the
 * rules of evidence judge by. Each says who says so. */
#pragma once
#include "content/risk.h"
#include "explain/claim.h"
#include "explain/trail_facts.h"
#include "lookalike/lookalike.h"
#include "verify/session.h"

#define FACTS_OLD_DAYS 7 /* DNS of today says little about mail older than this */

/* What authentication says of the author domain, from one source. */
struct facts_auth {
	bool known;               /* this source could tell */
	bool dkim_pass;           /* a signature of the author's domain holds */
	bool dkim_changed;        /* one fits the header, but the body was changed after signing */
	bool spf_pass;            /* the author's domain lists the sending address, and the envelope agrees */
	bool spf_fail;            /* it says that others may not send: -all, for the address that handed over */
	bool spf_softfail;        /* the same, but ~all */
	bool dmarc_pass, dmarc_fail;
	enum dmarc_policy policy; /* what the domain wants done on failure */
	struct bytes source;      /* who says so, for people */
};

/* What was found out elsewhere, each by its own module; facts borrow it. */
struct findings {
	const struct handover *handover;
	const struct owner *owner;
	const struct claim *claim;
	const struct bounce *bounce;
	const struct bounce_proof *proof;   /* valid where bounce->kind is not BOUNCE_NONE */
	const struct trail_facts *trail;
	const struct lookalike *looks;
	size_t n_looks;
	const struct risk *risks;
	size_t n_risks;
	const struct tag_keys *tags;        /* NULL: the owner's systems do not tag */
};

struct facts {
	struct verify *v;
	struct findings is;
	const struct handover *handover; /* is.handover */
	const struct mailbox *author; /* NULL: no single one */
	struct bytes owner;           /* address; empty: unknown */
	bool owner_guessed;           /* taken from Delivered-To or To */
	bool in_owner_name;           /* the author, or a candidate of an ambiguous From, is the owner */
	bool about_a_mail;            /* a machine wrote it about another mail, and not in the owner's name: the
	                               * question is whether that mail was the owner's */
	bool not_mine;                /* the owner says: I did not write it */
	bool ambiguous;
	bool offline;                 /* the DNS was not asked, or none of the author's questions was answered */
	bool old;                     /* handed over more than FACTS_OLD_DAYS before the look-ups */
	int64_t age_days;             /* -1: unknown */
	bool from_outside;            /* the address that handed over is known and not local */
	bool ip_trusted;              /* it is in a network named as trusted */
	bool logged_in;               /* a server of ours says that the client logged in */
	bool logged_in_as_author;     /* and names the author's address as the user */
	bool list;                    /* the mail passed a mailing list (List-* fields) */
	bool arc_vouches;             /* an intact ARC chain whose first set saw the author's domain pass */
	bool replay_signs;            /* signed long before the hand-over, or not addressed to the owner */
	bool author_missing;          /* the author's domain does not exist */
	bool ip_listed;               /* the author's SPF lists the address that handed over, under whatever envelope */
	bool claim_fits;              /* the claimed way begins at an address that the author's SPF lists */
	bool service_vouches;         /* a mailing service with an unsubscribe link signed it and proves its envelope, and
	                               * the author's domain does not ask to refuse such mail */
	struct bytes script;          /* the program on a web host that wrote the mail, as the host noted; empty: none */
	struct facts_auth own, provider;
	struct facts_auth auth;       /* the one that is judged by */
	bool provider_preferred;      /* auth is the provider's: today's DNS was silent or came too late */
};

struct facts_input {
	struct verify *v;             /* done */
	const struct findings *is;
	const struct trust *trust;
	int64_t today;
	bool offline, not_mine;
};

/* Slices live in v's arena. False: out of memory. */
MUST_USE bool facts_gather(const struct facts_input *in, struct facts *out);
