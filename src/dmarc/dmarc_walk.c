/* dmarc_walk.c - see dmarc_walk.h */
#include "dmarc/dmarc_walk.h"

#define PREFIX "_dmarc."

/* "_dmarc.name" in buf; none when that is longer than a name can be. */
static struct dname question(struct dname name, uint8_t buf[DNAME_TEXT_MAX])
{
	size_t n = strlen(PREFIX) + name.text.n;

	if (n > DNAME_TEXT_MAX)
		return (struct dname){ { NULL, 0 } };
	memcpy(buf, PREFIX, strlen(PREFIX));
	memcpy(buf + strlen(PREFIX), name.text.p, name.text.n);
	return (struct dname){ { buf, n } };
}

size_t dmarc_walk_names(struct dname start, struct dname names[DMARC_WALK_MAX])
{
	size_t n = 0;

	if (dname_is_none(start))
		return 0;
	names[n++] = start;
	/* the second name has at most 7 labels, whether there are 8 labels before it or 100 */
	for (struct dname d = dname_last(dname_parent(start), DMARC_WALK_MAX - 1); !dname_is_none(d);
	     d = dname_parent(d))
		names[n++] = d;
	return n;
}

static void foresee(struct dns_asker *dns, const struct dname *names, size_t n)
{
	uint8_t buf[DNAME_TEXT_MAX];

	for (size_t i = 0; i < n; i++) {
		struct dname q = question(names[i], buf);
		if (!dname_is_none(q))
			dns_foresee(dns, q, DNS_TXT);
	}
}

void dmarc_walk_foresee(struct dns_asker *dns, struct dname start)
{
	struct dname names[DMARC_WALK_MAX];

	foresee(dns, names, dmarc_walk_names(start, names));
}

static enum check_state take_step(struct work *w, struct dns_asker *dns, struct dname name,
                                  struct dmarc_step *out)
{
	struct dmarc_step step = { .name = name, .state = DMARC_STEP_NONE };
	struct dmarc_found found;
	uint8_t buf[DNAME_TEXT_MAX];
	struct dname q = question(name, buf);

	if (!dname_is_none(q)) {
		step.answer = dns_need(dns, q, DNS_TXT);
		if (!step.answer)
			return dns->waiting && !arena_failed(w->arena) ? CHECK_WAITING : CHECK_NO_MEMORY;
		enum dns_status status = dns_answer_view(step.answer)->status;
		if (dns_status_is_error(status)) {
			step.state = DMARC_STEP_UNKNOWN;
		} else if (status == DNS_OK) {
			if (!dmarc_record_of_answer(w, step.answer, &found))
				return CHECK_NO_MEMORY;
			step.record = found.record;
			step.state = found.record ? DMARC_STEP_RECORD : DMARC_STEP_NONE;
		}
	}
	*out = step;
	return CHECK_DONE;
}

enum check_state dmarc_walk_run(struct work *w, struct dns_asker *dns, struct dname start,
                                struct dmarc_walk *out)
{
	struct dname names[DMARC_WALK_MAX];
	size_t n = dmarc_walk_names(start, names), most = work_limit(w, LIMIT_DMARC_QUERIES);
	struct dmarc_walk walk = { .start = start };

	if (n > most) { /* cannot be while the limit is what the RFC says */
		n = most;
		work_reached(w, LIMIT_DMARC_QUERIES);
	}
	while (walk.n < n) {
		struct dmarc_step *step = &walk.steps[walk.n];
		enum check_state state = take_step(w, dns, names[walk.n], step);
		if (state == CHECK_WAITING)
			foresee(dns, names + walk.n + 1, n - walk.n - 1);
		if (state != CHECK_DONE)
			return state;
		walk.n++;
		if (step->state == DMARC_STEP_UNKNOWN && !walk.unknown) {
			walk.unknown = true;
			walk.trouble = dns_answer_view(step->answer)->status;
		}
		if (step->record && step->record->psd != DMARC_PSD_UNSAID)
			break;
	}
	*out = walk;
	return CHECK_DONE;
}

struct dname dmarc_walk_org(const struct dmarc_walk *walk)
{
	struct dname org = walk->start;

	if (walk->unknown)
		return (struct dname){ { NULL, 0 } };
	for (size_t i = 0; i < walk->n; i++) {
		const struct dmarc_step *step = &walk->steps[i];
		if (!step->record)
			continue;
		/* Rule 2 counts labels of the start, not of what was found: 7 labels may follow 12. At the
		 * start there is no label more, and it is itself what rule 3 says. */
		if (step->record->psd == DMARC_PSD_YES)
			return dname_last(walk->start, dname_labels(step->name) + 1);
		org = step->name;
	}
	return org;
}

const struct dmarc_step *dmarc_walk_at(const struct dmarc_walk *walk, struct dname name)
{
	for (size_t i = 0; i < walk->n; i++)
		if (dname_same(walk->steps[i].name, name))
			return &walk->steps[i];
	return NULL;
}
