/* arc_seal.h - adding a set to the Authenticated Received Chain (RFC 8617
 * section 5.1): what this host saw, its signature over the message, and its
 * seal over all sets.
 *
 *   arc_seal_begin    at the end of the header: which instance, which fields
 *   dkim_bodies       the body, as it streams
 *   arc_seal_message  the digest of the message signature; the key may be in another process
 *   arc_seal_chain    that signature goes in; the digest of the seal comes out
 *   arc_seal_finish   that one goes in; three fields come out
 *
 * As with dkim_sign.h, a message that must not be signed must not be given here. */
#pragma once
#include "arc/arc.h"
#include "crypto/pubkey.h"

struct arc_seal_options {
	struct dname domain;        /* d= of both signatures */
	struct bytes selector;      /* s= */
	enum crypto_type key;
	/* What this host found, as in Authentication-Results (RFC 8601 section 2.2): "authserv-id;
	 * ...", well-formed: the caller made it. Folds are undone, and made anew. */
	struct bytes authres;
	enum arc_outcome status;    /* what arc_check said of the chain; it becomes cv= */
	/* Names of fields that the message signature covers, each as often as it stands; not
	 * ARC-Seal. */
	const struct bytes *fields;
	size_t n_fields;
	int64_t signed_at;          /* t= of both, Unix seconds; -1: left out */
	bool unfolded;              /* each field on one line, whatever its length */
};

/* Each is a whole field with its folds and last CRLF, in the arena. */
struct arc_sealed {
	struct bytes seal, message, results;
	struct bytes all;           /* the three in that order, to go above all other fields */
};

struct arc_sealing; /* in the arena */

/* Those of DKIM's signing (dkim_sign_options_init) and DKIM-Signature; no times, status none. */
void arc_seal_options_init(struct arc_seal_options *o, struct dname domain, struct bytes selector,
                           enum crypto_type key, struct bytes authres);

/* *o is copied, what it points to and the header are borrowed until the end. False: *why is static.
 * Refused: an option that cannot be, a chain that has ended (its newest seal says cv=fail), one
 * with no room for another set, a status of temperror, a status that cannot be that of the chain,
 * out of memory. */
MUST_USE bool arc_seal_begin(struct work *w, const struct header *h, struct dkim_bodies *bodies,
                             const struct arc_seal_options *o, struct arc_sealing **out,
                             const char **why);

/* The steps in their order, after the body has ended. False: out of memory. */
MUST_USE bool arc_seal_message(struct work *w, struct arc_sealing *s, uint8_t digest[DKIM_DIGEST]);
MUST_USE bool arc_seal_chain(struct work *w, struct arc_sealing *s, struct bytes signature,
                             uint8_t digest[DKIM_DIGEST]);
MUST_USE bool arc_seal_finish(struct work *w, struct arc_sealing *s, struct bytes signature,
                              struct arc_sealed *out);

/* All steps, with a key at hand. Its type is that of the options. */
MUST_USE bool arc_seal_with(struct work *w, struct arc_sealing *s, const struct privkey *key,
                            struct arc_sealed *out);
