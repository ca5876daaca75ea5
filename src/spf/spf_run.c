/* spf_run.c - see spf_run.h */
#include "spf/spf_run.h"

const struct dns_answer *spf_ask(struct spf_run *run, struct dname name, enum dns_type type)
{
	if (run->ahead)
		return dns_foresee(run->dns, name, type);
	const struct dns_answer *answer = dns_need(run->dns, name, type);
	if (!answer) {
		run->ahead = true;
		run->no_memory |= !run->dns->waiting;
		return NULL;
	}
	bool made_by_book = dname_is_none(dns_answer_view(answer)->question.name);
	if (made_by_book && run->dns->cut == DNS_OK)
		work_reached(run->work, LIMIT_SPF_QUESTIONS);
	return answer;
}

static void keep_path(struct spf_run *run, const struct spf_frame *f)
{
	size_t n = 0;

	for (const struct spf_frame *at = f; at; at = at->parent)
		n++;
	assert(n <= SPF_PATH_MAX);
	run->path_n = n;
	for (const struct spf_frame *at = f; at; at = at->parent)
		run->path[--n] = at->domain;
}

enum spf_match spf_stop(struct spf_run *run, const struct spf_frame *f, enum spf_outcome outcome,
                        const char *what, struct bytes at)
{
	run->stopped = outcome;
	if (run->ahead)
		return SPF_STOP;
	run->out->error = what;
	run->out->error_at = arena_copy(run->work->arena, at);
	run->out->term = (struct bytes){ NULL, 0 };
	keep_path(run, f);
	spf_note(run, f, NULL, what);
	return SPF_STOP;
}

enum spf_match spf_stop_dns(struct spf_run *run, const struct spf_frame *f,
                            const struct dns_answer_view *view, struct dname name)
{
	static const char *const whys[DNS_STATUSES] = {
		[DNS_SERVFAIL] = "the name servers failed",
		[DNS_REFUSED] = "the name servers refused to answer",
		[DNS_TIMEOUT] = "the name servers did not answer in time",
		[DNS_BOGUS] = "DNSSEC says that the answer is forged",
		[DNS_OFFLINE] = "the DNS was not asked",
	};
	assert(whys[view->status]);
	return spf_stop(run, f, SPF_TEMPERROR, whys[view->status], name.text);
}

enum spf_match spf_void(struct spf_run *run, const struct spf_frame *f, struct dname name)
{
	run->voids++;
	if (run->voids <= work_limit(run->work, LIMIT_SPF_VOID))
		return SPF_NO_MATCH;
	if (!run->ahead)
		work_reached(run->work, LIMIT_SPF_VOID);
	return spf_stop(run, f, SPF_PERMERROR, "too many look-ups found nothing", name.text);
}

enum spf_match spf_look(struct spf_run *run, const struct spf_frame *f, struct dname name, enum dns_type type,
                        bool counts, const struct dns_answer_view **out)
{
	const struct dns_answer *answer = spf_ask(run, name, type);

	if (!answer)
		return SPF_UNSURE;
	const struct dns_answer_view *view = dns_answer_view(answer);
	if (dns_status_is_error(view->status))
		return spf_stop_dns(run, f, view, name);
	*out = view;
	if (view->status == DNS_OK)
		return SPF_MATCH;
	return counts ? spf_void(run, f, name) : SPF_NO_MATCH;
}

void spf_conclude(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t)
{
	if (run->ahead)
		return;
	/* an included record decides before the one that includes it, so the last word is the record in force */
	run->exp = f->record->exp ? &f->record->exp->spec : NULL;
	run->exp_domain = f->domain;
	if (t && t->kind == SPF_TERM_INCLUDE)
		return; /* the term of the included record is the one to name */
	run->out->term = t ? spf_term_text(f->record, t) : (struct bytes){ NULL, 0 };
	keep_path(run, f);
}

void spf_note(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t, const char *what)
{
	if (!run->trace || run->ahead)
		return;
	struct spf_step step = { .depth = f->depth, .domain = f->domain, .what = what, .lookups = run->lookups };
	if (t) {
		step.term = spf_term_text(f->record, t);
		step.offset = t->at;
	}
	(void)!ARENA_PUSH(run->work->arena, run->out->steps, run->out->step_n, run->step_cap, &step);
	/* out of memory: the arena remembers, and the run says so at its end */
}
