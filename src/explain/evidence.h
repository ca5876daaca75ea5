/* evidence.h - observations and what they point to: one row a rule.
 * A new rule is a new row in evidence.c and a judge function above it. */
#pragma once
#include "explain/facts.h"

enum strength { STRENGTH_NONE, STRENGTH_WEAK, STRENGTH_FAIR, STRENGTH_STRONG, STRENGTH_PROOF };

enum points_to {
	POINTS_FORGED,  /* somebody else wrote this address on the mail */
	POINTS_GENUINE, /* it came from the author, or from the author's account or systems */
	POINTS_NOTHING, /* worth knowing; decides nothing */
};

struct evidence_row {
	const char *id;          /* stable: in JSON and in the manual */
	enum points_to points_to;
	const char *fooled_by;   /* what makes this observation misleading */
	/* Looks at the facts: how strongly it holds here, and in which words. */
	enum strength (*judge)(const struct facts *f, struct arena *a, struct bytes *text);
};

struct evidence {
	const struct evidence_row *row;
	enum strength strength;
	struct bytes text, source;
};

extern const struct evidence_row evidence_rows[];
extern const size_t evidence_row_count;

/* All observations that hold, the strongest first. *out is an arena array. False: out of memory. */
MUST_USE bool evidence_collect(const struct facts *f, struct arena *a, struct evidence **out, size_t *n);
const char *strength_name(enum strength s);   /* "proof", "strong", "fair", "weak", "none" */
const char *points_to_name(enum points_to p); /* "forged", "genuine", "nothing" */
