/* spf_check.c - one check from its input to its result; see spf.h and spf_run.h */
#include "spf/spf_run.h"

const char *spf_outcome_name(enum spf_outcome r)
{
	static const char *const names[SPF_OUTCOMES] = {
		[SPF_NONE] = "none",         [SPF_NEUTRAL] = "neutral",     [SPF_PASS] = "pass",
		[SPF_FAIL] = "fail",         [SPF_SOFTFAIL] = "softfail",   [SPF_TEMPERROR] = "temperror",
		[SPF_PERMERROR] = "permerror",
	};
	return names[r];
}

/* The text at the target of exp= (section 6.2). Whatever is wrong with it: no text. */
static void read_explanation(struct spf_run *run, struct bytes text)
{
	struct arena *a = run->work->arena;
	size_t max = work_limit(run->work, LIMIT_SPF_EXPLANATION);
	struct spf_values values = { .arena = a, .in = run->in, .domain = run->exp_domain };
	struct spf_split split;

	if (text.n > max) {
		work_reached(run->work, LIMIT_SPF_EXPLANATION);
		return;
	}
	if (!spf_macro_split(text, SPF_MACRO_TEXT, NULL, &split, NULL))
		return;
	struct spf_piece *pieces = arena_array(a, struct spf_piece, split.n);
	if (!pieces || !spf_macro_split(text, SPF_MACRO_TEXT, pieces, &split, NULL))
		return;
	if (split.uses_p && spf_ptr_name(run, run->exp_domain, &values.validated) == SPF_UNSURE)
		return;
	if (!spf_macro_text(pieces, split.n, &values, max, &run->out->explanation) && !arena_failed(a))
		work_reached(run->work, LIMIT_SPF_EXPLANATION);
}

/* Only after a fail is the text asked for, and its look-ups count nowhere. */
static void explain(struct spf_run *run)
{
	struct spf_frame f = { .domain = run->exp_domain };
	uint8_t room[DNAME_TEXT_MAX];
	struct dname target;

	if (spf_target(run, &f, run->exp, room, &target) != SPF_MATCH)
		return;
	const struct dns_answer *answer = spf_ask(run, target, DNS_TXT);
	const struct dns_answer_view *view = answer ? dns_answer_view(answer) : NULL;
	if (view && view->n == 1)
		read_explanation(run, view->records[0].text);
}

static void keep_result(struct spf_run *run, enum spf_outcome outcome)
{
	struct spf_result *out = run->out;

	out->result = outcome;
	out->lookups = run->lookups;
	out->void_lookups = run->voids;
	out->path = arena_array(run->work->arena, struct dname, run->path_n);
	if (out->path)
		memcpy(out->path, run->path, run->path_n * sizeof(*run->path));
	out->path_n = run->path_n;
}

static enum check_state run_check(struct work *w, struct dns_asker *dns, const struct spf_input *in, bool trace,
                                  struct spf_result *out)
{
	struct spf_result result = { .identity = in->identity, .domain = in->domain };
	struct dname path[SPF_PATH_MAX]; /* not in the run, which begins as zeros */
	struct spf_run run = { .work = w, .dns = dns, .in = in, .out = &result, .trace = trace, .path = path };
	enum spf_outcome outcome = spf_eval_domain(&run, NULL, in->domain, 0);

	if (!run.ahead && outcome == SPF_FAIL && run.exp && in->explain)
		explain(&run);
	if (!run.ahead)
		keep_result(&run, outcome);
	while (run.own) {
		struct spf_policy *next = run.own->next;
		spf_policy_free(run.own);
		run.own = next;
	}
	if (run.no_memory || arena_failed(w->arena))
		return CHECK_NO_MEMORY;
	if (run.ahead)
		return CHECK_WAITING;
	*out = result;
	return CHECK_DONE;
}

enum check_state spf_check(struct work *w, struct dns_asker *dns, const struct spf_input *in,
                           struct spf_result *out)
{
	const char *why = dname_is_none(in->domain)   ? "there is no domain to check"
	                  : in->client.family == 0    ? "the address of the client is not known"
	                                              : NULL;

	if (why) {
		*out = (struct spf_result){ .result = SPF_NONE, .identity = in->identity, .domain = in->domain,
		                            .error = why };
		return CHECK_DONE;
	}
	enum check_state state = run_check(w, dns, in, false, out);
	if (state == CHECK_DONE && in->trace) /* all answers are there: the same walk, written down */
		state = run_check(w, dns, in, true, out);
	return state;
}
