/* dname.h - a domain name that has been checked, label by label.
 * The text is in lower case, in A-labels (RFC 5890), without a final dot, at
 * most 253 bytes, labels of 1 to 63 bytes. A name of no labels (n == 0) stands
 * for "none". Only this type is ever asked in DNS: nothing else may be. */
#pragma once
#include "base/arena.h"
#include "base/parse_err.h"

#define DNAME_TEXT_MAX 253u
#define DNAME_LABEL_MAX 63u
#define DNAME_LABELS_MAX 127u

struct dname {
	struct bytes text;
};

enum dname_rule {
	DNAME_HOST, /* letters, digits, hyphens inside labels; also underscores (they occur).
	             * UTF-8 is turned into A-labels (IDNA2008, RFC 5891). */
	DNAME_WIRE, /* any byte but NUL and dot in a label: what an SPF macro may expand to */
};

/* Checks and copies. One final dot is accepted and dropped. Refused with the
 * offset: empty labels, labels or names too long, bytes that the rule forbids,
 * U-labels that IDNA refuses. The empty text is refused. */
MUST_USE bool dname_parse(struct arena *a, struct bytes text, enum dname_rule rule,
                          struct dname *out, struct parse_err *err);
/* Checks as DNAME_WIRE and writes the name in lower case to `to`, which has room for text.n bytes
 * and may be text.p itself: for names that are put together to be asked at once. *out borrows `to`. */
MUST_USE bool dname_write(struct bytes text, uint8_t *to, struct dname *out);
/* "prefix.name": prefix is checked as DNAME_WIRE; false when too long. */
MUST_USE bool dname_prepend(struct arena *a, struct bytes prefix, struct dname name,
                            struct dname *out);

size_t dname_labels(struct dname d);
/* The last n labels; the whole name when it has fewer. Borrows. */
struct dname dname_last(struct dname d, size_t n);
/* Without the left-most label; no labels (n == 0) of a single label. Borrows. */
struct dname dname_parent(struct dname d);
static inline bool dname_is_none(struct dname d) { return d.text.n == 0; }
static inline bool dname_same(struct dname a, struct dname b) { return bytes_same(a.text, b.text); }
/* Is d the name `top` itself or below it? */
bool dname_within(struct dname d, struct dname top);
