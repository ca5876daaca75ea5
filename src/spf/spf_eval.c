/* spf_eval.c - records and their terms (RFC 7208 sections 4.4 to 6); see spf_run.h */
#include "spf/spf_run.h"

enum spf_match spf_target(struct spf_run *run, const struct spf_frame *f, const struct spf_spec *spec,
                          uint8_t room[DNAME_TEXT_MAX], struct dname *out)
{
	struct spf_values values = { .arena = run->work->arena, .in = run->in, .domain = f->domain };

	if (!spec->given)
		*out = f->domain;
	else if (!spec->pieces)
		*out = spec->name;
	else {
		enum spf_match m = spec->uses_p ? spf_ptr_name(run, f->domain, &values.validated) : SPF_MATCH;
		if (m == SPF_UNSURE || m == SPF_STOP)
			return m;
		if (!spf_macro_name(spec->pieces, spec->n, &values, room, out))
			return SPF_NO_MATCH;
	}
	return dname_is_none(*out) ? SPF_NO_MATCH : SPF_MATCH;
}

/* --- mechanisms: `name` is the target, or no name for those that ask nothing --- */

static enum spf_match match_all(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t,
                                struct dname name)
{
	return SPF_MATCH;
}

static enum spf_match match_ip(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t,
                               struct dname name)
{
	return ip_in(&run->in->client, &t->net) ? SPF_MATCH : SPF_NO_MATCH;
}

/* Is the client in a network around an address of a host? */
static enum spf_match match_host(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t,
                                 struct dname host, bool counts)
{
	bool six = run->in->client.family == 6;
	const struct dns_answer_view *view;
	enum spf_match m = spf_look(run, f, host, six ? DNS_AAAA : DNS_A, counts, &view);

	if (m != SPF_MATCH)
		return m;
	for (size_t i = 0; i < view->n; i++) {
		struct ip_net net = { view->records[i].ip, six ? t->bits6 : t->bits4 };
		if (ip_in(&run->in->client, &net))
			return SPF_MATCH;
	}
	return SPF_NO_MATCH;
}

static enum spf_match match_a(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t,
                              struct dname name)
{
	return match_host(run, f, t, name, true);
}

static enum spf_match match_mx(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t,
                               struct dname name)
{
	size_t max = work_limit(run->work, LIMIT_SPF_MX);
	const struct dns_answer_view *view;
	enum spf_match m = spf_look(run, f, name, DNS_MX, true, &view);
	bool unsure = false;

	if (m != SPF_MATCH)
		return m;
	for (size_t i = 0; i < view->n; i++) {
		struct dname host = view->records[i].name;
		if (i == max) {
			if (!run->ahead)
				work_reached(run->work, LIMIT_SPF_MX);
			return spf_stop(run, f, SPF_PERMERROR, "too many MX hosts", name.text);
		}
		if (dname_is_none(host))
			continue; /* a null MX (RFC 7505) */
		m = match_host(run, f, t, host, false);
		if (m == SPF_MATCH || m == SPF_STOP)
			return m;
		unsure |= m == SPF_UNSURE;
	}
	return unsure ? SPF_UNSURE : SPF_NO_MATCH;
}

static enum spf_match match_ptr(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t,
                                struct dname name)
{
	return spf_ptr_match(run, f, name);
}

static enum spf_match match_exists(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t,
                                   struct dname name)
{
	const struct dns_answer_view *view;

	return spf_look(run, f, name, DNS_A, true, &view); /* A for IPv6 clients too: section 5.7 */
}

static enum spf_match match_include(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t,
                                    struct dname name)
{
	enum spf_outcome outcome = spf_eval_domain(run, f, name, f->depth + 1);

	switch (outcome) {
	case SPF_PASS:
		return SPF_MATCH;
	case SPF_FAIL:
	case SPF_SOFTFAIL:
	case SPF_NEUTRAL:
		return SPF_NO_MATCH;
	case SPF_NONE:
		return spf_stop(run, f, SPF_PERMERROR, "an included domain has no SPF record", name.text);
	case SPF_OPEN:
		return SPF_UNSURE;
	default:
		return SPF_STOP;
	}
}

static enum spf_match (*const matchers[SPF_TERM_KINDS])(struct spf_run *run, const struct spf_frame *f,
                                                        const struct spf_term *t, struct dname name) = {
	[SPF_TERM_ALL] = match_all, [SPF_TERM_INCLUDE] = match_include, [SPF_TERM_A] = match_a,
	[SPF_TERM_MX] = match_mx,   [SPF_TERM_PTR] = match_ptr,         [SPF_TERM_IP4] = match_ip,
	[SPF_TERM_IP6] = match_ip,  [SPF_TERM_EXISTS] = match_exists,
};

/* --- terms and records --- */

/* Counts a term that asks the DNS (section 4.6.4) and finds its target. */
static enum spf_match begin_term(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t,
                                 uint8_t room[DNAME_TEXT_MAX], struct dname *target)
{
	struct bytes text = spf_term_text(f->record, t);

	if (run->lookups >= work_limit(run->work, LIMIT_SPF_TERMS)) {
		if (!run->ahead)
			work_reached(run->work, LIMIT_SPF_TERMS);
		return spf_stop(run, f, SPF_PERMERROR, "too many terms ask the DNS", text);
	}
	run->lookups++;
	enum spf_match m = spf_target(run, f, &t->spec, room, target);
	if (m == SPF_STOP)
		return spf_stop(run, f, SPF_TEMPERROR, "the DNS was not asked", text);
	if (m == SPF_NO_MATCH && t->kind == SPF_TERM_INCLUDE)
		return spf_stop(run, f, SPF_PERMERROR, "an included domain cannot be in the DNS", text);
	return m;
}

static enum spf_match match_term(struct spf_run *run, const struct spf_frame *f, const struct spf_term *t)
{
	uint8_t room[DNAME_TEXT_MAX];
	struct dname target = { { NULL, 0 } };
	enum spf_match m = spf_kind_counts(t->kind) ? begin_term(run, f, t, room, &target) : SPF_MATCH;

	if (m == SPF_MATCH)
		m = matchers[t->kind](run, f, t, target);
	if (m != SPF_STOP)
		spf_note(run, f, t, m == SPF_MATCH ? "matched" : "did not match");
	return m;
}

/* redirect= (section 6.1), when no mechanism matched. */
static enum spf_outcome redirect(struct spf_run *run, const struct spf_frame *f)
{
	const struct spf_term *t = f->record->redirect;
	uint8_t room[DNAME_TEXT_MAX];
	struct dname target;

	switch (begin_term(run, f, t, room, &target)) {
	case SPF_UNSURE:
		return SPF_OPEN;
	case SPF_STOP:
		return run->stopped;
	case SPF_NO_MATCH:
		spf_stop(run, f, SPF_PERMERROR, "the domain of redirect= cannot be in the DNS",
		         spf_term_text(f->record, t));
		return SPF_PERMERROR;
	case SPF_MATCH:
		break;
	}
	spf_note(run, f, t, "followed");
	enum spf_outcome outcome = spf_eval_domain(run, f, target, f->depth);
	if (outcome != SPF_NONE)
		return outcome;
	spf_stop(run, f, SPF_PERMERROR, "the domain of redirect= has no SPF record", target.text);
	return SPF_PERMERROR;
}

static enum spf_outcome eval_record(struct spf_run *run, const struct spf_frame *f)
{
	bool unsure = false;

	for (size_t i = 0; i < f->record->n; i++) {
		const struct spf_term *t = &f->record->terms[i];
		switch (match_term(run, f, t)) {
		case SPF_MATCH:
			spf_conclude(run, f, t);
			return unsure ? SPF_OPEN : (enum spf_outcome)t->outcome;
		case SPF_STOP:
			return run->stopped;
		case SPF_UNSURE:
			unsure = true;
			break;
		case SPF_NO_MATCH:
			break;
		}
	}
	if (f->record->redirect) {
		enum spf_outcome outcome = redirect(run, f);
		return unsure ? SPF_OPEN : outcome;
	}
	spf_conclude(run, f, NULL);
	spf_note(run, f, NULL, "no term matched");
	return unsure ? SPF_OPEN : SPF_NEUTRAL; /* section 4.7 */
}

/* The term in which an offset lies. */
static struct bytes term_around(struct bytes text, size_t at)
{
	size_t from = at < text.n ? at : text.n;

	while (from > 0 && text.p[from - 1] != ' ')
		from--;
	return bytes_sub(text, from, bytes_find(text, ' ', from) - from);
}

/* Sections 4.5 and 4.6: the one record, without an error anywhere. */
static enum spf_outcome eval_policy(struct spf_run *run, struct spf_frame *f, const struct spf_policy *policy)
{
	struct bytes bad = { NULL, 0 };
	const char *why = NULL;

	if (policy->found == 0)
		return SPF_NONE;
	if (!f->parent && policy->found == 1 && !run->ahead)
		run->out->record = policy->text;
	if (policy->found > 1) {
		why = "there are several SPF records";
		bad = f->domain.text;
	} else if (policy->text.n > work_limit(run->work, LIMIT_SPF_RECORD_BYTES)) {
		if (!run->ahead)
			work_reached(run->work, LIMIT_SPF_RECORD_BYTES);
		why = "the SPF record is too long";
		bad = f->domain.text;
	} else if (!policy->record) {
		why = policy->err.what;
		bad = term_around(policy->text, policy->err.at);
	}
	if (why) {
		spf_stop(run, f, SPF_PERMERROR, why, bad);
		return SPF_PERMERROR;
	}
	assert(policy->record);
	f->record = policy->record;
	spf_note(run, f, NULL, "record found");
	return eval_record(run, f);
}

/* Looks for the policy of an answer; one that cannot be hung on it lives as long as the run. */
static const struct spf_policy *policy_of(struct spf_run *run, const struct dns_answer *answer)
{
	struct spf_policy *own;
	const struct spf_policy *policy = spf_policy_of(answer, &own);

	if (!policy) {
		run->no_memory = run->ahead = true;
		return NULL;
	}
	if (own) {
		own->next = run->own;
		run->own = own;
	}
	return policy;
}

/* Nothing to evaluate: an outcome for the first domain, an error elsewhere (sections 5.2, 6.1). */
static enum spf_outcome no_record(struct spf_run *run, const struct spf_frame *f, const char *why)
{
	if (!f->parent)
		spf_stop(run, f, SPF_NONE, why, f->domain.text);
	return SPF_NONE;
}

enum spf_outcome spf_eval_domain(struct spf_run *run, const struct spf_frame *parent, struct dname domain,
                                 unsigned depth)
{
	struct spf_frame f = { .parent = parent, .domain = domain, .depth = depth };

	if (dname_labels(domain) < 2)
		return no_record(run, &f, "the domain has only one label"); /* section 4.3 */
	const struct dns_answer *answer = spf_ask(run, domain, DNS_TXT);
	if (!answer)
		return SPF_OPEN;
	const struct dns_answer_view *view = dns_answer_view(answer);
	if (dns_status_is_error(view->status)) {
		if (!run->ahead) /* the path outlives the caller's room for the name */
			f.domain.text = arena_copy(run->work->arena, domain.text);
		spf_stop_dns(run, &f, view, domain);
		return SPF_TEMPERROR;
	}
	f.domain = view->question.name; /* lives as long as the answer */
	if (view->status != DNS_OK) {
		if (parent && spf_void(run, parent, domain) == SPF_STOP)
			return run->stopped;
		return no_record(run, &f, view->status == DNS_NXDOMAIN ? "the domain does not exist"
		                                                       : "there is no SPF record");
	}
	const struct spf_policy *policy = policy_of(run, answer);
	if (!policy)
		return SPF_OPEN;
	enum spf_outcome outcome = eval_policy(run, &f, policy);
	return outcome == SPF_NONE ? no_record(run, &f, "there is no SPF record") : outcome;
}
