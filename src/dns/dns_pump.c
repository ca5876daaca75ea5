/* dns_pump.c - see dns_pump.h */
#include "dns/dns_pump.h"

#include "base/clock.h"

struct timer { /* of one asker */
	struct dns_asker *asker;
	int64_t left_ms;
	uint64_t reached;
};

struct dns_pump {
	struct dns_pump_settings set;
	struct timer *timers;
	int64_t left_ms, seen_ms;   /* of the time for all together; the last step */
	uint64_t version;           /* of the book at the last run */
	uint32_t runs, under_way;   /* questions sent and not answered */
	bool news;                  /* something but answers is new since the last run */
	bool no_memory;
	enum check_state state;
};

static int64_t now_ms(const struct dns_pump *p)
{
	struct dns_resolver *r = p->set.resolver;

	return r ? r->ops->now_ms(r) : clock_mono_ms();
}

void dns_pump_more(struct dns_pump *p)
{
	p->news = true;
	if (p->state != CHECK_DONE)
		return;
	p->state = CHECK_WAITING;
	p->seen_ms = now_ms(p);
	for (size_t i = 0; i < p->set.n; i++)
		p->timers[i].asker->waiting = false;
}

struct dns_pump *dns_pump_new(const struct dns_pump_settings *settings)
{
	struct arena *a = settings->work->arena;
	struct dns_pump *p = arena_one(a, struct dns_pump);

	if (!p || !(p->timers = arena_array(a, struct timer, settings->n)))
		return NULL;
	p->set = *settings;
	for (size_t i = 0; i < settings->n; i++)
		p->timers[i] = (struct timer){ settings->askers[i].asker, settings->askers[i].budget_ms,
		                               settings->askers[i].reached };
	p->set.askers = NULL; /* the caller's array need not stay */
	p->state = CHECK_DONE; /* of nothing so far */
	p->left_ms = work_limit(settings->work, LIMIT_TOTAL_TIME);
	dns_pump_more(p);
	return p;
}

static void on_answer(void *user, struct dns_answer *answer)
{
	struct dns_pump *p = user;

	p->under_way--;
	dns_book_bring(p->set.book, answer);
	if (p->set.wake)
		p->set.wake(p->set.user);
}

/* --- time --- */

static void cut(struct dns_pump *p, struct timer *t, enum dns_status status)
{
	if (t->asker->cut != DNS_OK)
		return;
	t->asker->cut = status;
	p->news = true;
}

static void cut_all(struct dns_pump *p, enum dns_status status)
{
	for (size_t i = 0; i < p->set.n; i++)
		cut(p, &p->timers[i], status);
}

static bool still_waits(const struct timer *t)
{
	return t->asker->waiting && t->asker->cut == DNS_OK;
}

/* Charges those who waited with the time since the last step, and cuts those whose time is over. */
static void charge(struct dns_pump *p)
{
	int64_t now = now_ms(p), passed = now - p->seen_ms;

	p->seen_ms = now;
	p->left_ms -= passed;
	for (size_t i = 0; i < p->set.n; i++) {
		struct timer *t = &p->timers[i];
		if (!still_waits(t))
			continue;
		t->left_ms -= passed;
		if (t->left_ms > 0)
			continue;
		p->set.work->reached |= t->reached;
		cut(p, t, DNS_TIMEOUT);
	}
	if (!p->set.resolver) {
		cut_all(p, DNS_OFFLINE);
	} else if (p->left_ms <= 0) {
		work_reached(p->set.work, LIMIT_TOTAL_TIME);
		cut_all(p, DNS_TIMEOUT);
	}
}

static int64_t next_deadline(const struct dns_pump *p)
{
	int64_t left = p->left_ms;

	for (size_t i = 0; i < p->set.n; i++)
		if (still_waits(&p->timers[i]) && p->timers[i].left_ms < left)
			left = p->timers[i].left_ms;
	return p->seen_ms + left;
}

/* --- runs --- */

static bool some_asker_waits(const struct dns_pump *p)
{
	for (size_t i = 0; i < p->set.n; i++)
		if (still_waits(&p->timers[i]))
			return true;
	return false;
}

static bool some_asker_is_ready(const struct dns_pump *p)
{
	for (size_t i = 0; i < p->set.n; i++)
		if (still_waits(&p->timers[i]) && !dns_book_pending(p->set.book, p->timers[i].asker))
			return true;
	return false;
}

/* Is there anything new for the checks? At first each answer is, as it may let them foresee more.
 * Once half of the rounds are used (only hostile mail gets there) a run has to bring a check on for
 * sure: then the rounds are bounded by chains of questions, not by their number. */
static bool worth_a_run(const struct dns_pump *p)
{
	if (p->news)
		return true;
	if (dns_book_version(p->set.book) == p->version)
		return false;
	return p->runs < work_limit(p->set.work, LIMIT_ROUNDS) / 2 || some_asker_is_ready(p);
}

static void send_questions(struct dns_pump *p)
{
	struct dns_resolver *r = p->set.resolver;
	struct dns_question q;

	dns_book_begin_round(p->set.book);
	while (r && !p->no_memory && dns_book_next(p->set.book, &q)) {
		p->under_way++; /* the answer may come inside of ask */
		if (!r->ops->ask(r, &q, on_answer, p)) {
			p->under_way--;
			p->no_memory = true;
		}
	}
}

static void run_checks(struct dns_pump *p)
{
	/* a check that is run again on the same answers would run for ever */
	assert(p->news || dns_book_version(p->set.book) != p->version);
	p->version = dns_book_version(p->set.book);
	p->news = false;
	p->runs++;
	for (size_t i = 0; i < p->set.n; i++)
		p->timers[i].asker->waiting = false;
	p->state = p->set.run(p->set.user);
	p->no_memory |= arena_failed(p->set.work->arena);
	if (p->state != CHECK_WAITING || p->no_memory)
		return;
	assert(some_asker_waits(p)); /* else a check waits for nothing, or was cut and did not end */
	if (p->runs >= work_limit(p->set.work, LIMIT_ROUNDS)) {
		work_reached(p->set.work, LIMIT_ROUNDS);
		cut_all(p, DNS_TIMEOUT);
	} else {
		send_questions(p);
	}
}

enum check_state dns_pump_step(struct dns_pump *p, int64_t *deadline_ms)
{
	while (p->state == CHECK_WAITING && !p->no_memory) {
		charge(p);
		if (!worth_a_run(p)) {
			*deadline_ms = next_deadline(p);
			return CHECK_WAITING;
		}
		run_checks(p);
	}
	dns_pump_end(p);
	if (p->no_memory)
		p->state = CHECK_NO_MEMORY;
	return p->state;
}

enum check_state dns_pump_run(struct dns_pump *p)
{
	struct dns_resolver *r = p->set.resolver;
	enum check_state state;
	int64_t deadline = 0;

	while ((state = dns_pump_step(p, &deadline)) == CHECK_WAITING) {
		bool under_way = r->ops->wait(r, deadline);
		assert(under_way); /* a check waits for something that it never asked */
		(void)under_way;
	}
	return state;
}

void dns_pump_end(struct dns_pump *p)
{
	if (!p || p->under_way == 0)
		return;
	p->set.resolver->ops->forget(p->set.resolver, p);
	p->under_way = 0;
}

uint32_t dns_pump_runs(const struct dns_pump *p)
{
	return p->runs;
}

enum check_state dns_pump_finish(const struct dns_pump_settings *settings)
{
	struct dns_pump *p = dns_pump_new(settings);
	enum check_state s = p ? dns_pump_run(p) : CHECK_NO_MEMORY;

	dns_pump_end(p);
	return s;
}
