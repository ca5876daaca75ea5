/* dmarc.c - see dmarc.h. The record is found in dmarc_walk.c and chosen in
 * dmarc_policy.c, alignment is dmarc_align.c; here they become a result. */
#include "dmarc/dmarc.h"

#include "dmarc/dmarc_align.h"
#include "dmarc/dmarc_policy.h"
#include "dmarc/psl.h"

/* What the identifiers amount to. */
struct tally {
	bool pass;      /* one is aligned and passes */
	bool waits;     /* one that may be aligned is not decided */
	bool walks;     /* a walk for one is not finished */
	bool failed;    /* one is aligned and does not pass */
	bool stranger;  /* one passes that is not aligned */
	bool trouble;   /* one that may be aligned could not be checked */
	bool unknown;   /* one passes, and nobody knows whether it is aligned */
};

/* One author domain while it is judged. */
struct subject {
	struct work *w;
	struct dns_asker *dns;
	const struct dmarc_input *in;
	struct dmarc_walk walk;
	struct dmarc_choice choice;
	unsigned *walks;            /* that may still be made for identifiers */
	struct dmarc_result result;
};

/* --- identifiers --- */

static enum check_state align(struct subject *s, const struct dmarc_ident *ident, bool strict,
                              enum dmarc_alignment *out)
{
	if (strict || s->choice.state != DMARC_CHOICE_POLICY) {
		*out = dname_same(ident->domain, s->walk.start) ? DMARC_ALIGN_YES : DMARC_ALIGN_NO;
		return CHECK_DONE;
	}
	return dmarc_align_relaxed(s->w, s->dns, &s->walk, ident->domain, s->walks, out);
}

static void count(struct tally *t, enum dmarc_ident_state state, enum dmarc_alignment a)
{
	switch (state) {
	case DMARC_IDENT_PASS:
		t->pass |= a == DMARC_ALIGN_YES;
		t->unknown |= a == DMARC_ALIGN_UNKNOWN;
		t->stranger |= a == DMARC_ALIGN_NO;
		break;
	case DMARC_IDENT_WAITING:
		t->waits |= a != DMARC_ALIGN_NO;
		break;
	case DMARC_IDENT_TEMPERROR:
		t->trouble |= a != DMARC_ALIGN_NO;
		break;
	case DMARC_IDENT_FAIL:
		t->failed |= a == DMARC_ALIGN_YES;
		break;
	}
}

static enum check_state take_ident(struct subject *s, const struct dmarc_ident *ident, bool strict,
                                   bool *aligned_pass, bool *aligned_domain, struct tally *t)
{
	enum dmarc_alignment a;

	*aligned_domain = false;
	if (dname_is_none(ident->domain))
		return CHECK_DONE;
	enum check_state state = align(s, ident, strict, &a);
	if (state == CHECK_WAITING) {
		t->walks = true; /* the next one may be asked for in the same round */
		return CHECK_DONE;
	}
	if (state != CHECK_DONE)
		return state;
	*aligned_domain = a == DMARC_ALIGN_YES;
	*aligned_pass |= *aligned_domain && ident->state == DMARC_IDENT_PASS;
	count(t, ident->state, a);
	return CHECK_DONE;
}

static enum check_state take_idents(struct subject *s, struct tally *t)
{
	struct dmarc_result *r = &s->result;
	const struct dmarc_input *in = s->in;
	enum check_state state =
		take_ident(s, &in->spf, r->strict_spf, &r->spf_aligned, &r->spf_domain_aligned, t);

	for (size_t i = 0; i < in->n_dkim && state == CHECK_DONE; i++) {
		bool aligned;
		state = take_ident(s, &in->dkim[i], r->strict_dkim, &r->dkim_aligned, &aligned, t);
		if (state == CHECK_DONE && aligned && i < 64)
			r->dkim_aligned_bits |= UINT64_C(1) << i;
	}
	return state;
}

/* --- one author domain --- */

/* What this author may need later, so that it is asked in the first round. The public suffix list
 * only guesses here what is worth asking; the walk decides. */
static void foresee(struct subject *s, struct dname author)
{
	const struct dmarc_input *in = s->in;
	struct dname top = dmarc_psl_org(in, &s->result);

	if (dname_is_none(top))
		top = author;
	else if (!dname_same(top, author))
		dmarc_policy_foresee(s->dns, author);
	for (size_t i = 0; i <= in->n_dkim; i++) {
		struct dname d = i == 0 ? in->spf.domain : in->dkim[i - 1].domain;
		if (dname_within(d, top) && !dname_same(d, author))
			dmarc_walk_foresee(s->dns, d);
	}
}

static void describe(struct subject *s)
{
	struct dmarc_result *r = &s->result;
	const struct dmarc_choice *c = &s->choice;

	r->org_domain = dmarc_walk_org(&s->walk);
	r->queries = (unsigned)s->walk.n;
	r->discovery = c->discovery;
	r->author_exists = c->author_exists;
	r->policy = r->applied = c->policy;
	r->policy_tag = c->tag;
	if (!c->step)
		return;
	const struct dmarc_record *rec = c->step->record;
	const struct dns_answer_view *view = dns_answer_view(c->step->answer);
	r->policy_domain = c->step->name;
	r->applied = dmarc_policy_applied(c->policy, rec->testing);
	r->testing = rec->testing;
	r->strict_spf = rec->strict_spf;
	r->strict_dkim = rec->strict_dkim;
	r->record = rec->text;
	r->security = view->security;
	r->ttl = view->ttl;
}

static enum check_state done(struct subject *s, enum dmarc_outcome outcome, const char *reason)
{
	s->result.result = outcome;
	s->result.reason = reason;
	return CHECK_DONE;
}

static const char *trouble_reason(enum dns_status status, const char *reason)
{
	return status == DNS_OFFLINE ? "the DNS was not asked: offline" : reason;
}

static const char *fail_reason(const struct tally *t)
{
	if (t->failed)
		return "the identifier of the author's organization does not pass";
	return t->stranger ? "what passes SPF or DKIM is not aligned with the author domain"
	                   : "neither SPF nor DKIM passes for the author domain";
}

static enum check_state decide(struct subject *s, const struct tally *t)
{
	if (t->walks)
		return CHECK_WAITING;
	if (t->pass)
		return done(s, DMARC_PASS, NULL);
	if (t->waits)
		return CHECK_WAITING;
	if (t->unknown)
		return done(s, DMARC_TEMPERROR,
		            trouble_reason(s->walk.trouble, "the DNS failed where it decides whether a passing "
		                                            "identifier is aligned"));
	if (t->trouble)
		return done(s, DMARC_TEMPERROR, "an identifier of the author's organization could not be checked");
	if (s->choice.trouble != DNS_OK)
		return done(s, DMARC_TEMPERROR,
		            trouble_reason(s->choice.trouble, "the DNS failed where it decides whether the author "
		                                              "domain exists"));
	return done(s, DMARC_FAIL, fail_reason(t));
}

/* Judges one author domain into s->result. */
static enum check_state judge(struct subject *s, struct dname author)
{
	struct tally tally = { 0 };
	enum check_state exists, state;

	s->result = (struct dmarc_result){
		.domain = author, .policy = DMARC_POLICY_ABSENT, .applied = DMARC_POLICY_ABSENT,
	};
	state = dmarc_walk_run(s->w, s->dns, author, &s->walk);
	if (state == CHECK_WAITING)
		foresee(s, author);
	if (state != CHECK_DONE)
		return state;
	dmarc_policy_choose(&s->walk, &s->choice);
	exists = dmarc_policy_existence(s->w, s->dns, &s->walk, &s->choice);
	if (exists == CHECK_NO_MEMORY)
		return exists;
	describe(s);
	state = take_idents(s, &tally);
	if (state != CHECK_DONE || exists != CHECK_DONE)
		return state == CHECK_DONE ? exists : state;
	switch (s->choice.state) {
	case DMARC_CHOICE_NOTHING:
		return done(s, DMARC_NONE, "there is no policy record");
	case DMARC_CHOICE_UNUSABLE:
		return done(s, DMARC_PERMERROR, "the policy record has no valid policy and no valid report address");
	case DMARC_CHOICE_UNKNOWN:
		return done(s, DMARC_TEMPERROR,
		            trouble_reason(s->walk.trouble, "the policy record could not be looked up"));
	case DMARC_CHOICE_POLICY:
		break;
	}
	return decide(s, &tally);
}

/* --- all of them --- */

static bool is_stricter(const struct dmarc_result *a, const struct dmarc_result *b)
{
	return a->applied != b->applied ? a->applied > b->applied : a->policy > b->policy;
}

/* How many candidates may be judged; their walks are taken off before any identifier gets one. */
static size_t candidates_within(struct work *w, size_t n)
{
	size_t most = work_limit(w, LIMIT_DMARC_WALKS);

	if (n > most)
		work_reached(w, LIMIT_DMARC_WALKS);
	return n < most ? n : most;
}

/* Every candidate is judged: the strictest fail, the first of equals, or permerror (RFC 9989 section
 * 11.5, attack class 1). Nothing behind a reject can outdo it. */
static enum check_state judge_candidates(struct subject *s, struct dmarc_result *out)
{
	struct dmarc_result worst = {
		.result = DMARC_PERMERROR, .discovery = DMARC_BY_NOTHING, .author_exists = true,
		.policy = DMARC_POLICY_ABSENT, .applied = DMARC_POLICY_ABSENT,
		.reason = s->in->n_authors ? "the author domain is ambiguous" : "there is no author domain",
	};
	size_t n = candidates_within(s->w, s->in->n_authors);
	bool waits = false;

	for (size_t i = 0; i < n; i++) {
		if (dname_is_none(s->in->authors[i]))
			continue;
		enum check_state state = judge(s, s->in->authors[i]);
		if (state == CHECK_NO_MEMORY)
			return state;
		waits |= state == CHECK_WAITING;
		if (state != CHECK_DONE || s->result.result != DMARC_FAIL)
			continue;
		if (worst.result != DMARC_FAIL || is_stricter(&s->result, &worst))
			worst = s->result;
		if (worst.applied == DMARC_POLICY_REJECT)
			break;
	}
	if (waits)
		return CHECK_WAITING;
	if (worst.result == DMARC_FAIL)
		worst.reason = "the author domain is ambiguous, and a candidate fails";
	*out = worst;
	return CHECK_DONE;
}

enum check_state dmarc_check(struct work *w, struct dns_asker *dns, const struct dmarc_input *in,
                             struct dmarc_result *out)
{
	unsigned walks = work_limit(w, LIMIT_DMARC_WALKS) - (unsigned)candidates_within(w, in->n_authors);
	struct subject s = { .w = w, .dns = dns, .in = in, .walks = &walks };

	if (in->ambiguous || in->n_authors != 1 || dname_is_none(in->authors[0]))
		return judge_candidates(&s, out);
	enum check_state state = judge(&s, in->authors[0]);
	if (state == CHECK_DONE)
		*out = s.result;
	return state;
}

struct dname dmarc_psl_org(const struct dmarc_input *in, const struct dmarc_result *r)
{
	return psl_registrable(in->psl ? in->psl : psl_list_builtin(), r->domain);
}

bool dmarc_psl_differs(const struct dmarc_input *in, const struct dmarc_result *r)
{
	struct dname listed = dmarc_psl_org(in, r);

	return !dname_is_none(r->org_domain) && !dname_is_none(listed) && !dname_same(r->org_domain, listed);
}

const char *dmarc_outcome_name(enum dmarc_outcome r)
{
	static const char *const names[DMARC_OUTCOMES] = {
		[DMARC_NONE] = "none",           [DMARC_PASS] = "pass",           [DMARC_FAIL] = "fail",
		[DMARC_TEMPERROR] = "temperror", [DMARC_PERMERROR] = "permerror",
	};
	return names[r];
}

const char *dmarc_policy_name(enum dmarc_policy p)
{
	static const char *const names[] = { "none", "quarantine", "reject", "" };

	return names[p];
}

const char *dmarc_discovery_name(enum dmarc_discovery d)
{
	static const char *const names[] = {
		[DMARC_BY_AUTHOR] = "author", [DMARC_BY_ORG] = "organization",
		[DMARC_BY_PSD] = "public_suffix", [DMARC_BY_NOTHING] = "none",
	};
	return names[d];
}
