/* bounce_proof.h - is a bounce about a mail of ours? Looks at what came back:
 * our own DKIM signature over the returned header (the header hash needs no body),
 * a tag on the address that the bounce was sent to, and where the returned trace says
 * the mail entered, against our SPF. Pure; run again as answers arrive. Never by a host
 * name that anyone can type. */
#pragma once
#include "bounce/bounce.h"
#include "bounce/tag.h"
#include "dkim/dkim.h"
#include "dns/dns_book.h"
#include "spf/spf.h"

struct bounce_proof_input {
	const struct bounce *bounce;
	struct bytes recipient;          /* the address that the bounce came to (envelope); empty: unknown */
	const struct dname *domains;     /* ours: of the owner's addresses */
	size_t n_domains;
	const struct tag_keys *tags;     /* NULL: we do not tag */
	int64_t dns_time;
};

struct bounce_proof {
	struct header header;            /* of the returned mail */
	struct dkim_set dkim;            /* its signatures, judged without a body */
	struct dname own_signature_domain;
	struct spf_result spf;           /* our domain's SPF for ip; valid if has_ip */
	struct tag tag;                  /* of the recipient */
	struct bytes author;             /* From of the returned mail, one address; empty: none */
	int64_t date;                    /* of the returned mail: Date, else the oldest trace line; -1: unknown */
	void *state;                     /* private */
	struct ip ip;                    /* from which the bouncing system says it got the mail */
	bool has_header;                 /* header fields came back that can be judged */
	bool own_signature;              /* one of ours fits the returned header */
	bool own_signature_broken;       /* there is one of ours, and it does not fit */
	bool has_ip;
	bool name_of_ours;               /* a Received line names one of our domains: says nothing */
	bool author_ours;                /* it is within our domains */
};

/* Reads what came back and verifies nothing yet. Slices live in w's arena. False: out of memory. */
MUST_USE bool bounce_proof_begin(struct work *w, const struct bounce_proof_input *in, struct bounce_proof *out);
/* Asks for keys and SPF records of our domains only. */
MUST_USE enum check_state bounce_proof_check(struct work *w, struct dns_asker *dns, struct bounce_proof *p);
