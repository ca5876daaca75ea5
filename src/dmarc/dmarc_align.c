/* dmarc_align.c - see dmarc_align.h
 *
 * Two walks meet at the longest name that both go over, and see the same from
 * there on. So the organizational domains are the same when a record stands
 * where the walks are one, and nothing stopped either of them before. */
#include "dmarc/dmarc_align.h"

static size_t common_labels(struct dname a, struct dname b)
{
	size_t n = 0, labels = dname_labels(a);

	while (n < labels && dname_within(b, dname_last(a, n + 1)))
		n++;
	return n;
}

/* What the common part of the walks says, `meet` being how many labels its longest name has. Read
 * from the root down, because a name says something only if none below it has spoken. */
static enum dmarc_alignment common_part(const struct dmarc_walk *author, size_t meet)
{
	enum dmarc_alignment r = DMARC_ALIGN_NO; /* no record at all: each start is its own organization */

	for (size_t i = author->n; i-- > 0;) {
		const struct dmarc_step *step = &author->steps[i];
		size_t labels = dname_labels(step->name);
		if (labels > meet)
			break;
		/* psd=y where they meet: one label below it, they are strangers */
		if (step->record)
			r = step->record->psd == DMARC_PSD_YES && labels == meet ? DMARC_ALIGN_NO : DMARC_ALIGN_YES;
		else if (step->state == DMARC_STEP_UNKNOWN && (labels == meet || r != DMARC_ALIGN_YES))
			r = DMARC_ALIGN_UNKNOWN;
	}
	return r;
}

/* What the part of a walk before the meeting does to `r`. */
static enum dmarc_alignment private_part(const struct dmarc_walk *walk, size_t meet, enum dmarc_alignment r)
{
	for (size_t i = 0; i < walk->n && dname_labels(walk->steps[i].name) > meet; i++) {
		const struct dmarc_step *step = &walk->steps[i];
		if (step->record && step->record->psd != DMARC_PSD_UNSAID)
			return DMARC_ALIGN_NO;
		if (step->state == DMARC_STEP_UNKNOWN && r == DMARC_ALIGN_YES)
			r = DMARC_ALIGN_UNKNOWN;
	}
	return r;
}

/* What is known before the identifier is walked; YES: it may be aligned, walk it. */
static enum dmarc_alignment author_side(const struct dmarc_walk *author, struct dname org,
                                        struct dname ident, size_t meet, bool deep)
{
	enum dmarc_alignment r;

	if (meet == 0 || (!author->unknown && !dname_within(ident, org)))
		return DMARC_ALIGN_NO;
	if (deep)
		r = author->unknown ? DMARC_ALIGN_UNKNOWN : DMARC_ALIGN_YES;
	else
		r = common_part(author, meet);
	return private_part(author, meet, r);
}

enum check_state dmarc_align_relaxed(struct work *w, struct dns_asker *dns, const struct dmarc_walk *author,
                                     struct dname ident, unsigned *walks, enum dmarc_alignment *out)
{
	struct dname org = dmarc_walk_org(author);
	size_t meet = common_labels(author->start, ident);
	/* from 8 common labels on, the walks leave out names at which they would meet: only both
	 * organizational domains tell */
	bool deep = meet >= DMARC_WALK_MAX;
	struct dmarc_walk walk;

	if (dname_same(author->start, ident)) {
		*out = DMARC_ALIGN_YES;
		return CHECK_DONE;
	}
	enum dmarc_alignment r = author_side(author, org, ident, meet, deep);
	if (r == DMARC_ALIGN_YES && *walks == 0) {
		work_reached(w, LIMIT_DMARC_WALKS);
		r = DMARC_ALIGN_NO;
	}
	if (r == DMARC_ALIGN_YES) {
		--*walks;
		enum check_state state = dmarc_walk_run(w, dns, ident, &walk);
		if (state != CHECK_DONE)
			return state;
		if (!author->unknown && !walk.unknown)
			r = dname_same(dmarc_walk_org(&walk), org) ? DMARC_ALIGN_YES : DMARC_ALIGN_NO;
		else
			r = deep ? DMARC_ALIGN_UNKNOWN : private_part(&walk, meet, r);
	}
	*out = r;
	return CHECK_DONE;
}
