/* dkim_key.h - the key records at <selector>._domainkey.<domain> (RFC 6376
 * section 3.6.1, RFC 8463): text in, keys out, and kept with the DNS answer so
 * that the next message does not read them again. */
#pragma once
#include "base/work.h"
#include "crypto/pubkey.h"
#include "dns/dns_answer.h"

enum dkim_key_flags {
	DKIM_KEY_TEST = 1,      /* t=y: the domain is testing */
	DKIM_KEY_STRICT = 2,    /* t=s: the domain of i= must be d= itself */
	DKIM_KEY_NO_SHA256 = 4, /* h= is there and does not name sha256 */
	DKIM_KEY_NO_EMAIL = 8,  /* s= is there and names neither "email" nor "*" */
};

struct dkim_key {
	enum crypto_type type; /* k=, RSA unless given */
	struct bytes data;     /* p= decoded; empty: the key is revoked */
	unsigned flags;        /* enum dkim_key_flags */
};

/* Reads one TXT record, its strings joined. g= and unknown tags are ignored; values are compared
 * with case (section 3.2). Refused, with the offset: what is no tag list, a v= that is not first
 * or not DKIM1, a missing p= or one that is not base64, an unknown k=, an empty h= or s=. The
 * data is in the arena. */
MUST_USE bool dkim_key_parse(struct arena *a, struct bytes txt, struct dkim_key *out,
                             struct parse_err *err);

struct dkim_key_entry {
	struct pubkey *pub;    /* NULL: it cannot be used */
	const char *refusal;   /* why not: static; NULL where pub is there */
	unsigned flags;
};

/* All keys at one name: what hangs on the answer. */
struct dkim_keys {
	struct dns_parsed head;
	size_t n;
	bool cut;              /* there were more than LIMIT_DKIM_KEYS_PER_NAME; the rest is not here */
	const char *why_none;  /* n == 0: what is wrong with the first record: static */
	struct dkim_key_entry list[];
};

/* The keys of an answer with status DNS_OK: those that hang on it, or read now and hung on it. The
 * result lives as long as the answer; where something else hangs there already, *own is set too,
 * and the caller ends with dkim_keys_free(*own). NULL: out of memory. */
MUST_USE const struct dkim_keys *dkim_keys_get(struct work *w, const struct dns_answer *answer,
                                               struct dkim_keys **own);
void dkim_keys_free(struct dkim_keys *keys); /* NULL does nothing */
