/* verify.h - all checks of one message, driven together.
 *
 *   verify_new       what SMTP knew, or nothing
 *   verify_feed      the message as it comes: a mapped file at once, or pieces
 *   verify_end       no more bytes
 *   verify_run       runs every undecided check once: pure, no I/O; call it when
 *                    the header is complete, and again as answers come in
 *   verify_free
 *
 * Whoever holds the event loop sends the questions of v->book and brings the
 * answers (dns_pump.h does both and knows the time budgets in v->askers). */
#pragma once
#include "arc/arc.h"
#include "base/buf.h"
#include "dkim/dkim.h"
#include "dmarc/dmarc.h"
#include "mail/address.h"
#include "mail/body_scan.h"
#include "spf/spf.h"

/* What SMTP knew of this message. Slices are borrowed until verify_free. */
struct verify_session {
	struct ip ip;              /* family 0: unknown; then SPF is none, reason no_session */
	struct bytes helo;         /* as given; empty: unknown */
	struct bytes mail_from;    /* as given, with or without brackets */
	bool has_mail_from;        /* false: unknown; true and empty: the null sender */
	struct bytes rcpt_to;      /* the first recipient; may be empty */
};

struct verify;

struct verify_settings {
	const struct limits *limits;
	struct bytes authserv_id;  /* ours: fields that carry it from outside are forged */
	int64_t now;               /* the instant at which x= and t= are judged */
	int64_t dns_time;          /* the instant of the look-ups, for %{t} */
	bool explain;              /* ask for SPF explanations */
	bool trace;                /* keep the steps of SPF */
	bool spf_of_author;        /* also ask whether the author domain's SPF lists the client: evidence
	                            * for explain, never part of DMARC */
	/* Called once the header is complete, before any check begins: may fill in v->session from
	 * the header's trace and move v->work.now to the hand-over. May be NULL. */
	void (*recover)(void *user, struct verify *v);
	void *user;
};

/* The checks, in the order in which they are run: DMARC first, so that the
 * author's policy is asked for before anything that a stranger chose. */
enum verify_check {
	VERIFY_DMARC, VERIFY_SPF, VERIFY_HELO, VERIFY_DKIM, VERIFY_ARC, VERIFY_AUTHOR_SPF, VERIFY_CHECKS
};

struct verify {
	struct work work;
	struct verify_settings settings;
	struct verify_session session;
	struct dns_book *book;
	struct dns_asker askers[VERIFY_CHECKS];
	enum limit_id time_limit[VERIFY_CHECKS]; /* how long each check may wait */
	bool done[VERIFY_CHECKS];

	struct header header;
	struct author author;
	struct path mail_from;              /* valid when mail_from_ok */
	bool mail_from_ok;
	struct dname helo;                  /* none: not a name that SPF can check */
	bool ended;                         /* verify_end was called */
	uint64_t body_bytes;

	struct spf_result spf, helo_spf, author_spf;
	bool no_session;                    /* SPF was not checked: there is no client address */
	struct dkim_set dkim;
	struct arc_result arc;
	struct dmarc_result dmarc;
	struct dmarc_input dmarc_input;     /* what it was made from */

	/* private */
	struct dkim_bodies *bodies;
	struct body_scan scan;
	struct arc_chain *chain;
	struct dname *authors;              /* domains of author.candidates */
	struct dmarc_ident *idents;
	bool begun;
};

/* NULL when out of memory. */
MUST_USE struct verify *verify_new(const struct verify_settings *settings, const struct verify_session *session);
void verify_free(struct verify *v); /* NULL does nothing */

/* The next bytes of the message: header, empty line, body. The header is copied, the body is
 * hashed and forgotten. False: out of memory. */
MUST_USE bool verify_feed(struct verify *v, struct bytes piece);
MUST_USE bool verify_end(struct verify *v);
/* Instead of both: a whole message in memory, which must live as long as v. Nothing is copied. */
MUST_USE bool verify_whole(struct verify *v, struct bytes message);

/* Runs what is undecided. CHECK_WAITING before the header is complete, while answers are
 * missing, and while the body has not ended. */
MUST_USE enum check_state verify_run(struct verify *v);

/* The author's domain; none when there is no single one. */
struct dname verify_author_domain(const struct verify *v);
/* The SPF result that stands for the envelope: of MAIL FROM, or of HELO where MAIL FROM is null. */
const struct spf_result *verify_envelope_spf(const struct verify *v);
/* One sentence for a mail expert about SPF of MAIL FROM or HELO, and about DMARC; not escaped. */
void verify_spf_words(const struct verify *v, const struct spf_result *r, struct buf *out);
void verify_dmarc_words(const struct verify *v, struct buf *out);
/* Is signature i's domain aligned with the author's? */
bool verify_dkim_aligned(const struct verify *v, size_t i);
