/* dmarc_walk.h - the DNS tree walk from a name towards the root, and the
 * organizational domain that it finds (RFC 9989 section 4.10). Pure. */
#pragma once
#include "dmarc/dmarc_record.h"

#define DMARC_WALK_MAX 8u /* names a walk: the start and at most 7 above it */

enum dmarc_step_state {
	DMARC_STEP_NONE,    /* there is no policy record, or more than one */
	DMARC_STEP_RECORD,
	DMARC_STEP_UNKNOWN, /* the DNS failed: nobody knows */
};

struct dmarc_step {
	struct dname name;                 /* without "_dmarc." */
	enum dmarc_step_state state;
	const struct dmarc_record *record; /* for DMARC_STEP_RECORD */
	const struct dns_answer *answer;   /* NULL: a name too long to be asked has none */
};

struct dmarc_walk {
	struct dname start;
	size_t n;
	struct dmarc_step steps[DMARC_WALK_MAX]; /* in walk order, the one that stopped it included */
	bool unknown;                      /* one of the steps is DMARC_STEP_UNKNOWN */
	enum dns_status trouble;           /* of the first of them; DNS_OK: none */
};

/* The names of the walk from `start`, as if nothing stopped it: start itself, then
 * its last 7 labels or less, down to one. Returns how many. */
size_t dmarc_walk_names(struct dname start, struct dname names[DMARC_WALK_MAX]);

/* Walks: asks name after name until a record with psd=y or psd=n, or the last name. Where an
 * answer is missing, the names above are foreseen, so that a cold walk takes one round. A name
 * whose answer failed is passed as unknown: what stands above it may still settle the question. */
MUST_USE enum check_state dmarc_walk_run(struct work *w, struct dns_asker *dns, struct dname start,
                                         struct dmarc_walk *out);
/* Names all questions of a walk that may be needed later. */
void dmarc_walk_foresee(struct dns_asker *dns, struct dname start);

/* The organizational domain of the start (section 4.10.2). None: a step that matters is unknown. */
struct dname dmarc_walk_org(const struct dmarc_walk *walk);

/* The step at a name; NULL: it was not walked over. */
const struct dmarc_step *dmarc_walk_at(const struct dmarc_walk *walk, struct dname name);
