/* The pump: rounds, budgets, caps. The checks here are chains of names: each name
 * is needed once the one before has its answer; names of one link are needed together. */
#include "base/mem.h"
#include "dns/dns_pump.h"
#include "dns_helper.h"

#define CHECKS 2

struct chain {
	const char *links;      /* "a b,c d": a; then b and c; then d */
	const char *foresees;   /* names that are foreseen at each run, as one link */
	uint32_t budget_ms, questions;
	struct dns_asker asker;
	bool done;
	enum dns_status last;   /* the worst of the last link that was looked at */
};

struct bench {
	struct arena *arena;
	struct limits limits;
	struct work work;
	struct dns_book *book;
	struct dns_resolver *resolver;
	struct dns_pump *pump;
	struct chain chains[CHECKS];
	uint32_t wakes;
};

static struct dname short_name(struct bench *b, struct bytes label)
{
	struct dname d = { { NULL, 0 } };

	return dname_prepend(b->arena, label, (struct dname){ B("example") }, &d) ? d : (struct dname){ B("x") };
}

/* All names of a link; false while one is not there. */
static bool look_up(struct bench *b, struct chain *c, struct bytes link)
{
	struct bytes label;
	bool all = true;

	c->last = DNS_OK;
	while (bytes_cut(&link, ',', &label)) {
		const struct dns_answer *answer = dns_need(&c->asker, short_name(b, label), DNS_TXT);
		enum dns_status s = answer ? dns_answer_view(answer)->status : DNS_OK;
		all &= answer != NULL;
		c->last = s > c->last ? s : c->last;
	}
	return all;
}

static enum check_state run_chain(struct bench *b, struct chain *c)
{
	struct bytes rest = bytes_of(c->links), early = bytes_of(c->foresees), link, label;

	while (bytes_cut(&early, ',', &label))
		(void)dns_foresee(&c->asker, short_name(b, label), DNS_TXT);
	while (bytes_cut(&rest, ' ', &link)) {
		if (!look_up(b, c, link))
			return CHECK_WAITING;
		if (dns_status_is_error(c->last))
			break; /* as a check that ends with a temperror */
	}
	c->done = true;
	return CHECK_DONE;
}

static enum check_state run_all(void *user)
{
	struct bench *b = user;
	enum check_state all = CHECK_DONE;

	for (size_t i = 0; i < CHECKS; i++)
		if (b->chains[i].links && !b->chains[i].done && run_chain(b, &b->chains[i]) != CHECK_DONE)
			all = CHECK_WAITING;
	return arena_failed(b->arena) ? CHECK_NO_MEMORY : all;
}

static void wake(void *user)
{
	struct bench *b = user;

	b->wakes++;
}

static bool bench_new(struct bench *b, const struct dns_zone *z, const struct dns_script_settings *set)
{
	struct dns_pump_asker askers[CHECKS];

	b->arena = arena_new(1 << 22);
	if (!b->arena)
		return false;
	if (!b->limits.v[0])
		limits_init(&b->limits);
	b->work = (struct work){ .arena = b->arena, .limits = &b->limits };
	b->book = dns_book_new(b->arena, NULL);
	struct dns_script *s = z ? dns_script_new(z, set) : NULL;
	b->resolver = s ? dns_script_resolver(s) : NULL;
	if (!b->book || (z && !s))
		return false;
	for (size_t i = 0; i < CHECKS; i++) {
		struct chain *c = &b->chains[i];
		dns_asker_init(&c->asker, b->book, c->questions ? c->questions : 1000, 10);
		askers[i] = (struct dns_pump_asker){ &c->asker, c->budget_ms ? c->budget_ms : 20000 };
	}
	struct dns_pump_settings pump = { &b->work, b->book, b->resolver, askers, CHECKS, run_all, b, wake };
	b->pump = dns_pump_new(&pump);
	return b->pump != NULL;
}

static void bench_end(struct bench *b)
{
	dns_pump_end(b->pump);
	dns_book_end(b->book);
	dns_resolver_free(b->resolver);
	arena_free(b->arena);
}

static const struct {
	const char *name;
	struct chain first, second;
	struct dns_script_settings set;
	bool offline;
	uint32_t rounds_limit, total_limit;
	/* what is expected */
	enum dns_status first_ends, second_ends;
	uint32_t queries, rounds;
	int64_t ms;
	uint64_t reached;
} cases[] = {
	{ "a chain of three", { .links = "a b c" }, { .links = "d" }, { .latency_ms = 10 },
	  .queries = 4, .rounds = 3, .ms = 30 },
	{ "what is foreseen shortens the wait", { .links = "a b c", .foresees = "b,c" }, { .links = NULL },
	  { .latency_ms = 10 }, .queries = 3, .rounds = 1, .ms = 10 },
	{ "what is foreseen and never comes is not waited for", { .links = "a b", .foresees = "silent" },
	  { .links = NULL }, { .latency_ms = 10 }, .queries = 3, .rounds = 2, .ms = 20 },
	{ "an own budget cuts only its owner", { .links = "a silent b", .budget_ms = 100 },
	  { .links = "a b slow c" }, { .latency_ms = 10 }, .first_ends = DNS_TIMEOUT,
	  .queries = 5, .rounds = 4, .ms = 330 },
	{ "only waiting uses up a budget", { .links = "slow slow2", .budget_ms = 500 },
	  { .links = "a b c", .budget_ms = 31 }, { .latency_ms = 10 }, .first_ends = DNS_TIMEOUT,
	  .queries = 5, .rounds = 4, .ms = 500 },
	{ "the time for all together", { .links = "silent" }, { .links = "slow slow2" }, { .latency_ms = 10 },
	  .total_limit = 400, .first_ends = DNS_TIMEOUT, .second_ends = DNS_TIMEOUT,
	  .queries = 3, .rounds = 2, .ms = 400, .reached = UINT64_C(1) << LIMIT_TOTAL_TIME },
	{ "no network: everything at once", { .links = "a b" }, { .links = "c" }, .offline = true,
	  .first_ends = DNS_OFFLINE, .second_ends = DNS_OFFLINE },
	{ "answers one at a time", { .links = "a,b,c,d e" }, { .links = "f" }, { .one_at_a_time = true, .shuffle = 3 },
	  .queries = 6, .rounds = 2 },
	{ "a questions' budget", { .links = "a b c", .questions = 2 }, { .links = "d" },
	  { .latency_ms = 10 }, .first_ends = DNS_TIMEOUT, .queries = 3, .rounds = 2, .ms = 20 },
	{ "rounds run out", { .links = "a b c d e f g h i j k l m n o" }, { .links = NULL }, { .latency_ms = 1 },
	  .rounds_limit = 10, .first_ends = DNS_TIMEOUT, .queries = 9, .rounds = 9, .ms = 9,
	  .reached = UINT64_C(1) << LIMIT_ROUNDS },
	{ "many answers, one by one, use up no rounds of a short chain",
	  { .links = "q,r,s,t,u,v,w,x,y,z,aa,bb,cc,dd,ee,ff,gg,hh,ii,jj,kk" }, { .links = "a b c" },
	  { .one_at_a_time = true, .shuffle = 5 }, .rounds_limit = 10, .queries = 24, .rounds = 3 },
};

static struct dns_zone *all_names(void)
{
	return zone_of("*.example TXT any\n"
	               ";!fault silent.example TXT timeout\n"
	               ";!fault slow.example TXT delay=290\n"
	               ";!fault slow2.example TXT delay=290\n");
}

static void test_cases(const struct dns_zone *z)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b = { .chains = { cases[i].first, cases[i].second } };

		limits_init(&b.limits);
		if (cases[i].rounds_limit)
			b.limits.v[LIMIT_ROUNDS] = cases[i].rounds_limit;
		if (cases[i].total_limit)
			b.limits.v[LIMIT_TOTAL_TIME] = cases[i].total_limit;
		tap_begin("%s", cases[i].name);
		CHECK(bench_new(&b, cases[i].offline ? NULL : z, &cases[i].set));
		CHECK(dns_pump_run(b.pump) == CHECK_DONE);
		CHECK_MSG(b.chains[0].last == cases[i].first_ends, "first: %s", dns_status_name(b.chains[0].last));
		CHECK_MSG(b.chains[1].last == cases[i].second_ends, "second: %s", dns_status_name(b.chains[1].last));
		CHECK_MSG(dns_book_queries(b.book) == cases[i].queries, "%u queries", dns_book_queries(b.book));
		CHECK_MSG(dns_book_rounds(b.book) == cases[i].rounds, "%u rounds", dns_book_rounds(b.book));
		if (b.resolver) {
			int64_t ms = b.resolver->ops->now_ms(b.resolver);
			CHECK_MSG(ms == cases[i].ms, "%d ms", (int)ms);
		}
		CHECK(b.work.reached == cases[i].reached);
		tap_end();
		bench_end(&b);
	}
}

static void test_steps(const struct dns_zone *z)
{
	struct bench b = { .chains = { { .links = "a b" }, { .links = "silent", .budget_ms = 50 } } };
	struct dns_script_settings set = { .latency_ms = 10 };
	int64_t deadline = 0;

	tap_begin("step by step, as an event loop does it");
	CHECK(bench_new(&b, z, &set));
	CHECK(dns_pump_step(b.pump, &deadline) == CHECK_WAITING && deadline == 50 && b.wakes == 0);
	CHECK(dns_pump_step(b.pump, &deadline) == CHECK_WAITING && dns_pump_runs(b.pump) == 1);
	CHECK(b.resolver->ops->wait(b.resolver, deadline) && b.wakes == 1);
	CHECK(dns_pump_step(b.pump, &deadline) == CHECK_WAITING && dns_pump_runs(b.pump) == 2);
	CHECK(b.resolver->ops->wait(b.resolver, deadline) && b.wakes == 2);
	CHECK(dns_pump_step(b.pump, &deadline) == CHECK_WAITING && b.chains[0].done && deadline == 50);
	CHECK(b.resolver->ops->wait(b.resolver, deadline) && b.wakes == 2);
	CHECK(dns_pump_step(b.pump, &deadline) == CHECK_DONE && b.chains[1].last == DNS_TIMEOUT);
	CHECK(dns_pump_step(b.pump, &deadline) == CHECK_DONE && dns_pump_runs(b.pump) == 4);
	CHECK(!b.resolver->ops->wait(b.resolver, 1000)); /* the silent question is forgotten */
	tap_end();

	tap_begin("more to judge later; the time between is charged to nobody");
	struct bench more = { .chains = { { .links = "a", .budget_ms = 25 }, { .links = NULL } } };
	CHECK(bench_new(&more, z, &set));
	CHECK(dns_pump_run(more.pump) == CHECK_DONE);
	dns_script_sleep((struct dns_script *)more.resolver, 100000);
	more.chains[0].links = "a b";
	more.chains[0].done = false;
	dns_pump_more(more.pump);
	CHECK(dns_pump_run(more.pump) == CHECK_DONE && more.chains[0].last == DNS_OK);
	CHECK(more.resolver->ops->now_ms(more.resolver) == 100020);
	tap_end();
	bench_end(&more);
	bench_end(&b);
}

static void test_memory(const struct dns_zone *z)
{
	bool done = false;

	tap_begin("memory may end anywhere: the pump says so and ends");
	for (int offline = 0; offline < 2; offline++, done = false) {
		for (long n = 0; n < 300 && !done; n++) {
			struct bench b = { .chains = { { .links = "a b c" }, { .links = "d,e,f,g g,h,i" } } };
			mem_fail_after(n, true);
			bool began = bench_new(&b, offline ? NULL : z, NULL);
			enum check_state state = began ? dns_pump_run(b.pump) : CHECK_NO_MEMORY;
			done = state == CHECK_DONE;
			CHECK(state != CHECK_WAITING);
			CHECK(!done || offline || (b.chains[0].done && b.chains[1].done));
			mem_fail_after(-1, false);
			bench_end(&b);
		}
		CHECK(done);
	}
	tap_end();
}

int main(void)
{
	struct dns_zone *z = all_names();

	test_cases(z);
	test_steps(z);
	test_memory(z);
	dns_zone_free(z);
	return tap_done();
}
