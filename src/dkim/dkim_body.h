/* dkim_body.h - the body digests of a message, computed while it streams
 * (RFC 6376 section 3.4.3, 3.4.4). Each distinct (canonicalisation, length) is
 * hashed once with SHA-256 however many signatures share it: one running hash a
 * canonicalisation, and l= is a snapshot of it. */
#pragma once
#include "base/work.h"
#include "dkim/dkim_canon.h"

#define DKIM_BODY_ALL UINT64_MAX
#define DKIM_DIGEST 32u

struct dkim_bodies; /* in the arena */

/* `ends` says whether an LF stands for CRLF. NULL when out of memory. dkim_bodies_free
 * lets go of the hash contexts (the arena holds the rest). */
MUST_USE struct dkim_bodies *dkim_bodies_new(struct work *w, enum line_ends ends);
void dkim_bodies_free(struct dkim_bodies *b); /* NULL does nothing */

/* Registers a digest over the first `length` canonical bytes; before the first update. Returns
 * its index (equal ones share it), or -1 when out of memory. */
int dkim_bodies_want(struct dkim_bodies *b, enum dkim_canon canon, uint64_t length);

void dkim_bodies_update(struct dkim_bodies *b, struct bytes chunk);
void dkim_bodies_end(struct dkim_bodies *b);
bool dkim_bodies_ended(const struct dkim_bodies *b);
bool dkim_bodies_failed(const struct dkim_bodies *b); /* the hash library could not work: memory */

/* After the end. The digest, and the length of the whole canonical body in bytes. */
const uint8_t *dkim_bodies_digest(const struct dkim_bodies *b, int index);
uint64_t dkim_bodies_length(const struct dkim_bodies *b, int index);
