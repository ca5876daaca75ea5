/* dkim_proof.h - one signature against the keys in the DNS (RFC 6376 section
 * 6.1.2, 6.1.3 without the body; RFC 8301 for the sizes): what DKIM and
 * ARC signatures have in common. */
#pragma once
#include "crypto/digest.h"
#include "crypto/pubkey.h"
#include "dkim/dkim.h"

/* What is to be proven. */
struct dkim_claim {
	struct dname key_name;         /* <selector>._domainkey.<domain> */
	enum crypto_type type;         /* that a= asks for */
	uint8_t digest[SHA256_BYTES];  /* of what was signed */
	struct bytes signature;        /* b= decoded */
	bool identity_below;           /* the domain of i= is below d=: a key with t=s refuses */
};

struct dkim_proof {
	enum dkim_outcome result;      /* pass, fail, temperror or permerror */
	const char *reason;            /* static; NULL for a pass */
	unsigned bits;                 /* of the key that was tried; 0: there is none of that type */
	bool test;                     /* t=y */
	enum dnssec_state security;    /* of the answer */
	uint32_t ttl;
};

/* Asks for the key and tries each that is there. CHECK_DONE: *out is final (remember it: running
 * it again costs the public-key operation again). CHECK_WAITING: the question is noted, *out is
 * untouched. CHECK_NO_MEMORY: so is it. */
MUST_USE enum check_state dkim_prove(struct work *w, struct dns_asker *dns,
                                     const struct dkim_claim *claim, struct dkim_proof *out);
