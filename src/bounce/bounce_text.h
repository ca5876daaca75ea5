/* bounce_text.h - the recipients that a bounce names in words: the shapes of qmail, Postfix,
 * Exim, Sendmail, Exchange, Courier, Domino and others that send no machine-readable part, or a wrong one. */
#pragma once
#include "base/work.h"

struct bounce_said {
	struct bytes address;  /* a slice of the words */
	struct bytes original; /* "(generated from a@b.example)"; empty: not told */
	struct bytes words;    /* what is said of it; a slice of the words */
};

/* At most LIMIT_BOUNCE_RECIPIENTS, none twice; *out is an arena array. False: out of memory. */
MUST_USE bool bounce_text_read(struct work *w, struct bytes words, struct bounce_said **out, size_t *n);

/* The address that text begins with, in brackets or not; empty: none. *end (may be NULL) is the offset behind it. */
struct bytes bounce_text_address(struct bytes text, size_t *end);
/* The next address of a field's value, taken off the front of *rest; false when there is none. */
bool bounce_text_next(struct bytes *rest, struct bytes *address);
