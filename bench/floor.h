/* floor.h - the least that a verification can cost: OpenSSL's EVP with the key, its
 * context and the digest's kept, over canonical bytes that lie ready. What the
 * bytes are is found by a plain canonicaliser of its own, which shares nothing with src/dkim. */
#pragma once
#include "base/bytes.h"

struct floor;

/* For a mail whose first field is a relaxed/relaxed signature. spki: the public key, as
 * SubjectPublicKeyInfo of RSA or as the 32 bytes of Ed25519. Ends the program where the
 * signature does not verify: then the bytes would not be exactly the canonical ones. */
struct floor *floor_new(struct bytes mail, struct bytes spki);
void floor_free(struct floor *f); /* NULL does nothing */
size_t floor_bytes(const struct floor *f); /* that are hashed */

/* Once: both digests and the public-key operation, or the digests alone. */
void floor_verify(void *floor);
void floor_hash(void *floor);
/* SHA-256 of the body alone, in canonical form. */
void floor_hash_body(void *floor);
