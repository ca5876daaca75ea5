/* dkim_canon.h - the header as it is hashed: canonical forms of fields (RFC 6376
 * section 3.4.1, 3.4.2) and the choice of fields that h= makes (section 5.4.2).
 * DKIM and ARC signatures are hashed alike, so both use this. */
#pragma once
#include "base/work.h"
#include "crypto/digest.h"
#include "mail/header.h"

enum dkim_canon { DKIM_SIMPLE, DKIM_RELAXED };

/* --- where canonical bytes go --- */

/* Collects small pieces before it hands them on. */
struct dkim_sink {
	void (*take)(void *user, struct bytes piece);
	void *user;
	size_t n;
	uint8_t hold[4096]; /* what is signed of most headers fits: one call of the hash */
};

void dkim_sink_init(struct dkim_sink *s, void (*take)(void *user, struct bytes piece), void *user);
/* A sink that feeds a digest; its failure stays in the digest. */
void dkim_sink_to_digest(struct dkim_sink *s, struct digest *d);
void dkim_sink_put(struct dkim_sink *s, struct bytes piece);
/* Hands on what is still held; call it at the end. */
void dkim_sink_flush(struct dkim_sink *s);

/* --- one field --- */

/* Puts the canonical form of a field, its CRLF included. `ends` says whether an LF alone is a
 * line end (and stands for CRLF). A CRLF that no white space follows, a bare CR, and with
 * LINES_CRLF a bare LF, are ordinary bytes. */
void dkim_canon_field(struct dkim_sink *s, enum dkim_canon canon, enum line_ends ends,
                      const struct field *f);

/* The same for the signature field itself: without the bytes of `gone` (the span of its b= tag as
 * in dkim_tags.h: a slice of f->value, itself a slice of f->raw), and without the last CRLF. */
void dkim_canon_signature(struct dkim_sink *s, enum dkim_canon canon, enum line_ends ends,
                          const struct field *f, struct bytes gone);

/* --- which fields: each name in h= takes the next field from the bottom --- */

struct dkim_group; /* the fields of one name */

/* An index of a header by name, so that a signature costs what it names, not
 * names times fields. One serves all signatures of a message, one after the other. */
struct dkim_fields {
	const struct header *header;
	struct dkim_group *groups;
	size_t n;
	uint32_t known[FIELD_IDS]; /* groups + 1 of names that header.h knows */
	uint32_t *slots;      /* hash table of groups + 1, of other names */
	size_t slot_count;    /* a power of two */
	uint32_t *above;      /* for each field the next one above with its name, + 1; 0: none */
	uint64_t seed;        /* of the hash */
	uint32_t round;       /* which signature is at it */
};

/* False: out of memory. */
MUST_USE bool dkim_fields_init(struct work *w, const struct header *h, struct dkim_fields *out);
/* A new signature begins: nothing is taken yet. */
void dkim_fields_restart(struct dkim_fields *x);
/* Takes the lowest field of that name that was not taken yet, other than `except` (may be NULL:
 * a signature never signs itself this way). NULL: none is left, which a signature may name too. */
const struct field *dkim_fields_take(struct dkim_fields *x, struct bytes name,
                                     const struct field *except);
/* How many fields of that kind there are; *left: how many of them were not taken since the restart. */
size_t dkim_fields_count(struct dkim_fields *x, enum field_id known, size_t *left);
