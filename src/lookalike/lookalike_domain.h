/* lookalike_domain.h - is a domain written like another one? Private to
 * src/lookalike.
 *
 * What was registered is guessed: the label before the top-level domain, or before
 * "co.uk" and the like. A public suffix that is not guessed makes us miss an imitation,
 * never invent one: names that share what was registered count as of one owner. */
#pragma once
#include "lookalike/lookalike.h"

/* A domain taken apart: each label as it is shown (Unicode), and as it looks. */
struct lookalike_shape {
	struct dname name;
	struct bytes *plain, *folded; /* n of each */
	size_t n;
	size_t core;                  /* index of the label that was registered */
};

enum lookalike_alike { ALIKE_NOT, ALIKE_INSIDE, ALIKE_DOMAIN };

/* False: out of memory. */
MUST_USE bool lookalike_shape_of(const struct lookalike_tables *t, struct arena *a, struct dname name,
                                 struct lookalike_shape *out);

/* Never of a name of ours, one below it, above it or beside it. */
enum lookalike_alike lookalike_domain_compare(const struct lookalike_tables *t, const struct lookalike_shape *shown,
                                              const struct lookalike_shape *ours);

/* Do both lie below the same registered name? */
bool lookalike_domain_related(const struct lookalike_shape *x, const struct lookalike_shape *y);

/* A provider where anybody gets a mailbox: the domain says nothing of who somebody is, and the
 * same name under other top-level domains is the same firm. */
bool lookalike_domain_public(const struct lookalike_shape *s);
