/* dkim_sign.h - making a DKIM-Signature (RFC 6376 section 5, RFC 8301, RFC 8463).
 *
 *   dkim_sign_begin   at the end of the header: chooses the fields, registers the body digest
 *   dkim_bodies       the body, as it streams
 *   dkim_sign_digest  what is to be signed; the key may be in another process
 *   dkim_sign_finish  the signature goes in, the field comes out
 *
 * Whether a message may be signed at all is the caller's to say: one whose From is ambiguous or
 * that hides a second message (defects_ambiguous, DEFECT_SMUGGLED_END) must not be given here. */
#pragma once
#include "base/dname.h"
#include "crypto/pubkey.h"
#include "dkim/dkim_body.h"
#include "dkim/dkim_canon.h"

struct dkim_sign_options {
	struct dname domain;          /* d= */
	struct bytes selector;        /* s= */
	enum crypto_type key;         /* a= is rsa-sha256 or ed25519-sha256 */
	enum dkim_canon header, body; /* c= */
	/* Names of fields to sign. Each that stands in the header is signed, all of a name if there
	 * are several; of those that may stand only once (field_rows) one more is named than stands,
	 * so that none can be added. From is signed this way even if it is not listed. */
	const struct bytes *fields;
	size_t n_fields;
	struct bytes identity;        /* i= with its "@"; empty: left out */
	int64_t signed_at, expires;   /* t=, x= in Unix seconds; -1: left out */
	bool body_length;             /* adds l=, which lets anybody append: for tests */
};

struct dkim_signing; /* in the arena */

/* Relaxed/relaxed, the fields of RFC 6376 section 5.4.1 and those of MIME, no times. */
void dkim_sign_options_init(struct dkim_sign_options *o, struct dname domain, struct bytes selector,
                            enum crypto_type key);

/* *o is copied, what it points to and the header are borrowed until the end. False: *why is static:
 * an option that cannot be, a header without From, over LIMIT_DKIM_SIGNED_FIELDS fields, out of
 * memory. */
MUST_USE bool dkim_sign_begin(struct work *w, const struct header *h, struct dkim_bodies *bodies,
                              const struct dkim_sign_options *o, struct dkim_signing **out,
                              const char **why);

/* The SHA-256 that the key is to sign; after the body has ended. False: out of memory. */
MUST_USE bool dkim_sign_digest(struct work *w, struct dkim_signing *s, uint8_t digest[DKIM_DIGEST]);

/* The whole field with its folds and last CRLF, in the arena, to go above all other fields. False:
 * out of memory. May be called without dkim_sign_digest before. */
MUST_USE bool dkim_sign_finish(struct work *w, struct dkim_signing *s, struct bytes signature,
                               struct bytes *field);

/* Both, with a key at hand. Its type is that of the options. */
MUST_USE bool dkim_sign_with(struct work *w, struct dkim_signing *s, const struct privkey *key,
                             struct bytes *field);

/* --- what ARC's signatures are made of too --- */

/* The names for h=: each listed name once for each such field of the header; with `oversign` as
 * said above, From included. *names is an arena array. False as dkim_sign_begin. */
MUST_USE bool dkim_sign_choose(struct work *w, const struct header *h, const struct bytes *listed,
                               size_t n_listed, bool oversign, struct bytes **names, size_t *n,
                               const char **why);

/* The digest over the fields named and over the signature field `text` (as dkim_sign_finish gives
 * it) without the b_n bytes at b_at. False: out of memory. */
MUST_USE bool dkim_sign_hash(struct work *w, const struct header *h, const struct bytes *names,
                             size_t n, enum dkim_canon canon, struct bytes text, size_t b_at,
                             size_t b_n, uint8_t digest[DKIM_DIGEST]);
