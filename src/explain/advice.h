/* advice.h - what to do, by verdict: one row an action, shown only where the
 * verdict supports it. What a row leaves open (whom to complain to, which record) is
 * filled in by advice_list.h. */
#pragma once
#include "explain/verdict.h"

/* A verdict, together with the question that it answers. */
enum advice_when {
	ADVICE_FORGED,       /* in the owner's name */
	ADVICE_FORGED_OTHER, /* in another's */
	ADVICE_THROUGH, ADVICE_ACCOUNT, ADVICE_DEVICE, ADVICE_GENUINE,
	ADVICE_PROVEN, ADVICE_UNPROVEN, ADVICE_LOOKALIKE,
	ADVICE_ABOUT, ADVICE_BACKSCATTER,
	ADVICE_OPEN,         /* cannot tell whether the owner wrote it */
	ADVICE_OPEN_ABOUT,   /* cannot tell whether it is about a mail of the owner's */
	ADVICE_WHENS
};

enum advice_for { ADVICE_FOR_ALL, ADVICE_FOR_DOMAIN /* whoever looks after the domain's mail */ };

struct advice_row {
	const char *id;      /* stable: in JSON and in the manual */
	unsigned when;       /* bits (1 << enum advice_when) */
	enum advice_for whom;
	bool (*also)(const struct facts *f); /* and only where this holds; NULL: always */
	const char *text;    /* paragraphs end in \n; ADVICE_CONTACTS and ADVICE_RECORDS stand for lines */
};

#define ADVICE_CONTACTS "{contacts}" /* addresses that take complaints */
#define ADVICE_RECORDS "{records}"   /* DNS records that would have stopped the mail */

extern const struct advice_row advice_rows[];
extern const size_t advice_row_count;

enum advice_when advice_when(const struct verdict *v);
/* Is row i for this case? */
bool advice_applies(size_t i, const struct verdict *v, const struct facts *f);
