/* dmarc_policy.c - see dmarc_policy.h */
#include "dmarc/dmarc_policy.h"

/* Any type will do; the records of SPF and DKIM stand under TXT, so that a trouble there does not
 * become one here. */
#define EXISTENCE_TYPE DNS_A

/* The step whose record counts, and how it was found; NULL: there is none, or it is unknown. */
static const struct dmarc_step *discover(const struct dmarc_walk *walk, enum dmarc_discovery *how)
{
	const struct dmarc_step *author = &walk->steps[0], *org, *last = &walk->steps[walk->n - 1];

	*how = DMARC_BY_AUTHOR;
	if (author->record)
		return author;
	*how = DMARC_BY_ORG;
	if (!walk->unknown && (org = dmarc_walk_at(walk, dmarc_walk_org(walk))) && org->record)
		return org;
	*how = DMARC_BY_PSD;
	if (!walk->unknown && last->record && last->record->psd == DMARC_PSD_YES)
		return last;
	*how = DMARC_BY_NOTHING;
	return NULL;
}

static void speak(struct dmarc_choice *c, enum dmarc_policy policy, const char *tag)
{
	c->policy = policy;
	c->tag = tag;
}

void dmarc_policy_choose(const struct dmarc_walk *walk, struct dmarc_choice *out)
{
	struct dmarc_choice c = { .policy = DMARC_POLICY_ABSENT, .author_exists = true };
	const struct dmarc_record *rec;

	c.step = discover(walk, &c.discovery);
	if (!c.step) {
		c.state = walk->unknown ? DMARC_CHOICE_UNKNOWN : DMARC_CHOICE_NOTHING;
	} else if (rec = c.step->record, !rec->usable) {
		c.state = DMARC_CHOICE_UNUSABLE;
	} else {
		c.state = DMARC_CHOICE_POLICY;
		if (c.discovery != DMARC_BY_AUTHOR && rec->sp != DMARC_POLICY_ABSENT)
			speak(&c, rec->sp, "sp");
		else
			speak(&c, rec->p, "p");
	}
	*out = c;
}

/* Does the walk show that the author domain exists? "_dmarc.author" does: then so does what stands
 * above it (RFC 8020 section 2). */
static bool is_seen(const struct dmarc_walk *walk)
{
	const struct dns_answer *below = walk->steps[0].answer;

	if (!below)
		return false;
	enum dns_status status = dns_answer_view(below)->status;
	return status == DNS_OK || status == DNS_NODATA;
}

enum check_state dmarc_policy_existence(struct work *w, struct dns_asker *dns, const struct dmarc_walk *walk,
                                        struct dmarc_choice *c)
{
	if (c->state != DMARC_CHOICE_POLICY || c->discovery == DMARC_BY_AUTHOR ||
	    c->step->record->np == DMARC_POLICY_ABSENT || is_seen(walk))
		return CHECK_DONE;
	const struct dns_answer *answer = dns_need(dns, walk->start, EXISTENCE_TYPE);
	if (!answer)
		return dns->waiting && !arena_failed(w->arena) ? CHECK_WAITING : CHECK_NO_MEMORY;
	enum dns_status status = dns_answer_view(answer)->status;
	if (status == DNS_NXDOMAIN) {
		c->author_exists = false;
		speak(c, c->step->record->np, "np");
	} else if (dns_status_is_error(status) && c->policy != c->step->record->np) {
		c->trouble = status;
	}
	return CHECK_DONE;
}

void dmarc_policy_foresee(struct dns_asker *dns, struct dname author)
{
	dns_foresee(dns, author, EXISTENCE_TYPE);
}

enum dmarc_policy dmarc_policy_applied(enum dmarc_policy policy, bool testing)
{
	if (!testing || policy == DMARC_POLICY_NONE || policy == DMARC_POLICY_ABSENT)
		return policy;
	return policy == DMARC_POLICY_REJECT ? DMARC_POLICY_QUARANTINE : DMARC_POLICY_NONE;
}
