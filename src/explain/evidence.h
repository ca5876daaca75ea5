/* evidence.h - observations and what they point to: one row a rule.
 * A new rule is a row in evidence.c and a judge function in the file of its source. */
#pragma once
#include "explain/facts.h"

enum strength { STRENGTH_NONE, STRENGTH_WEAK, STRENGTH_FAIR, STRENGTH_STRONG, STRENGTH_PROOF };

enum points_to {
	POINTS_FORGED,      /* somebody else wrote this address on the mail, outside */
	POINTS_GENUINE,     /* it came from the author, or from the author's account or systems */
	POINTS_OWN_SYSTEMS, /* it came through something of the owner's that strangers can make write mail */
	POINTS_ACCOUNT,     /* a stranger uses the account */
	POINTS_DEVICE,      /* a device or program of the owner's sends by itself */
	POINTS_ABOUT,       /* a bounce or reply: about a mail that the owner's systems sent */
	POINTS_BACKSCATTER, /* a bounce or reply: about a mail that somebody else sent in the owner's name */
	POINTS_LOOKALIKE,   /* another's name that imitates the owner's */
	POINTS_NOTHING,     /* worth knowing; decides nothing */
	POINTS_SIDES
};

/* What must be there for an observation, beside the mail. */
enum evidence_needs {
	NEEDS_MAIL, NEEDS_DNS, NEEDS_LOG, NEEDS_LOG_ALL, NEEDS_SENT, NEEDS_LOG_OR_SENT, NEEDS_OWNER, NEEDS_TAGS,
	EVIDENCE_NEEDS
};

struct evidence_row {
	const char *id;          /* stable: in JSON and in the manual */
	enum points_to points_to;
	enum strength most;      /* the strongest that it can be */
	enum evidence_needs needs;
	const char *fooled_by;   /* what makes this observation misleading */
	/* Looks at the facts: how strongly it holds here, and in which words. */
	enum strength (*judge)(const struct facts *f, struct arena *a, struct bytes *text);
};

struct evidence {
	const struct evidence_row *row;
	enum strength strength;
	struct bytes text, source;
	bool frozen;             /* not seen in this message, which was redacted, but in the original */
};

extern const struct evidence_row evidence_rows[];
extern const size_t evidence_row_count;

/* All observations that hold, the strongest first. *out is an arena array with room for one of each
 * row. False: out of memory. */
MUST_USE bool evidence_collect(const struct facts *f, struct arena *a, struct evidence **out, size_t *n);
/* Stable: rows of one strength stay in the order of the table. */
void evidence_sort(struct evidence *e, size_t n);
const struct evidence_row *evidence_find(struct bytes id); /* NULL: no such row */
/* For people: an observation by its strength, strongest of one side; STRENGTH_NONE: none. The list is sorted. */
enum strength evidence_strongest(const struct evidence *list, size_t n, enum points_to side);
const char *strength_name(enum strength s);   /* "proof", "strong", "fair", "weak", "none" */
enum strength strength_of_name(struct bytes name); /* STRENGTH_NONE: no such word */
const char *evidence_needs_words(enum evidence_needs n); /* for the manual */
const char *points_to_name(enum points_to p); /* "forged", "genuine", "own_systems", ... */
