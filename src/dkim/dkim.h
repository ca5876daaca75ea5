/* dkim.h - the DKIM signatures of one message (RFC 6376, 8301, 8463, 8616).
 *
 *   dkim_begin   at the end of the header: reads the signatures, hashes what
 *                they sign of the header, registers the body digests they need
 *   dkim_bodies  the body, as it streams (dkim_body.h), shared with arc
 *   dkim_check   pure, run again as keys arrive; may begin before the body ends
 */
#pragma once
#include "base/work.h"
#include "dkim/dkim_body.h"
#include "dns/dns_book.h"
#include "mail/header.h"

enum dkim_outcome { /* words of RFC 8601 section 2.7.1 */
	DKIM_NONE, DKIM_PASS, DKIM_FAIL, DKIM_POLICY, DKIM_NEUTRAL, DKIM_TEMPERROR, DKIM_PERMERROR,
	DKIM_OUTCOMES
};

enum dkim_algorithm { DKIM_RSA_SHA256, DKIM_ED25519_SHA256, DKIM_RSA_SHA1, DKIM_ALGORITHM_UNKNOWN };

/* What a passing signature still leaves open: attack class 8. */
/*    id                    name                    text */
#define DKIM_WEAKNESS_TABLE(X) \
	X(UNCOVERED_BODY,     "uncovered_body",       "l= leaves bytes at the end of the body unsigned") \
	X(UNSIGNED_SUBJECT,   "unsigned_subject",     "the Subject is not signed") \
	X(UNSIGNED_TO,        "unsigned_to",          "the To field is not signed") \
	X(UNSIGNED_DATE,      "unsigned_date",        "the Date is not signed") \
	X(UNSIGNED_CONTENT_TYPE, "unsigned_content_type", "the Content-Type is not signed") \
	X(DUPLICATE_FIELD,    "duplicate_field",      "a field that may stand once stands again, unsigned") \
	X(SHORT_KEY,          "short_key",            "the RSA key is under 2048 bits") \
	X(TEST_FLAG,          "test_flag",            "the key is marked as a test (t=y)") \
	X(BODY_LENGTH,        "body_length",          "l= is used: bytes may be added at the end") \
	X(EXPIRED,            "expired",              "the signature had expired at hand-over (x=)") \
	X(FUTURE,             "future",               "the signature is dated after the hand-over (t=)")

enum dkim_weakness {
#define X(id, ...) DKIM_WEAK_##id,
	DKIM_WEAKNESS_TABLE(X)
#undef X
	DKIM_WEAKNESSES
};

struct dkim_weakness_row { const char *name, *text; };
extern const struct dkim_weakness_row dkim_weakness_rows[DKIM_WEAKNESSES];

struct dkim_result {
	enum dkim_outcome result;
	bool decided;                 /* the result is final; false while it waits for a key or for the body */
	struct dname domain;          /* d=; none where it cannot be read */
	struct bytes selector;        /* s= */
	struct bytes identity;        /* i= as written, or "@d" */
	enum dkim_algorithm algorithm;
	unsigned bits;                /* of the key; 0: no key was seen */
	const char *reason;           /* static, why the result; NULL for a plain pass */
	struct bytes reason_at;       /* what it is about: a tag, a name; may be empty */
	uint32_t weaknesses;          /* bits (1 << enum dkim_weakness) */
	bool header_ok;               /* the signature over the header verified */
	bool body_ok;                 /* the body hash matched */
	bool counts;                  /* a pass that may align: no uncovered body bytes */
	int64_t signed_at, expires;   /* t=, x=; -1: absent */
	const struct field *field;    /* the DKIM-Signature field */
	enum dnssec_state security;   /* of the key record */
	struct bytes b;               /* first 8 characters of b=, for header.b (RFC 6008) */
	size_t uncovered;             /* bytes of the body after l= */
	uint32_t ttl;                 /* of the key record */
};

struct dkim_set {
	struct dkim_result *results;  /* one for each DKIM-Signature looked at, from the top of the header */
	size_t n;
	size_t skipped;               /* signatures beyond LIMIT_DKIM_SIGNATURES */
	/* private */
	struct dkim_job *jobs;        /* parallel to results */
	const struct dkim_bodies *bodies;
};

/* Reads the signatures of a complete header. Where there are more than the limit, those whose d=
 * equals or is a parent or child of one of `authors` (n_authors names) come first; the rest from
 * the top. `bodies` gets the digests they need; NULL: no body will come (headers alone, as in
 * bounces: then the result of a good header signature is neutral, with header_ok). False: out of
 * memory. */
MUST_USE bool dkim_begin(struct work *w, const struct header *h, const struct dname *authors,
                         size_t n_authors, struct dkim_bodies *bodies, struct dkim_set *set);

/* Asks for the keys and verifies. CHECK_WAITING also while the body has not
 * ended and a result hangs on it. Public-key results are remembered in the
 * set's signatures, so that running again is cheap. */
MUST_USE enum check_state dkim_check(struct work *w, struct dns_asker *dns, struct dkim_set *set);

const char *dkim_outcome_name(enum dkim_outcome r);
const char *dkim_algorithm_name(enum dkim_algorithm a); /* "rsa-sha256", ... */
