/* The hub: cache, one flight for equal questions, forgetting; and a pump on top of it. */
#include "base/mem.h"
#include "dns/dns_hub.h"
#include "dns/dns_pump.h"
#include "dns_helper.h"

struct stage {
	struct arena *arena;
	struct dns_zone *zone;
	struct dns_cache *cache;
	struct dns_script *script;
	struct dns_hub *hub;
	struct dns_resolver *r;
};

struct guest { /* who asks */
	size_t got;
	enum dns_status last;
	struct stage *stage;
	struct guest *forgets;      /* in its call back */
	const char *asks;           /* in its call back */
};

static bool ask(struct stage *st, const char *name, struct guest *g);

static void on_answer(void *user, struct dns_answer *answer)
{
	struct guest *g = user;
	const char *again = g->asks;

	g->got++;
	g->last = dns_answer_view(answer)->status;
	dns_answer_unref(answer);
	g->asks = NULL;
	if (g->forgets)
		g->stage->r->ops->forget(g->stage->r, g->forgets);
	if (again)
		CHECK(ask(g->stage, again, g));
}

static bool ask(struct stage *st, const char *name, struct guest *g)
{
	struct dns_question q = question_of(st->arena, name, DNS_TXT);

	g->stage = st;
	return st->r->ops->ask(st->r, &q, on_answer, g);
}

static bool stage_new(struct stage *st)
{
	struct dns_script_settings set = { .latency_ms = 10 };

	st->cache = dns_cache_new(NULL);
	st->script = dns_script_new(st->zone, &set);
	st->hub = st->script ? dns_hub_new(st->cache, dns_script_resolver(st->script)) : NULL;
	st->r = st->hub ? dns_hub_resolver(st->hub) : NULL;
	return st->cache && st->r;
}

static void stage_end(struct stage *st)
{
	dns_resolver_free(st->r);
	dns_cache_free(st->cache);
}

static void test_flights(struct stage *st)
{
	struct guest one = { 0 }, two = { 0 };

	CHECK(stage_new(st));
	tap_begin("equal questions share a flight, later ones the cache");
	CHECK(ask(st, "a.example", &one) && ask(st, "a.example", &two) && ask(st, "b.example", &one));
	CHECK(one.got == 0 && st->r->ops->wait(st->r, 1000) && one.got == 2 && two.got == 1);
	CHECK(ask(st, "a.example", &two) && two.got == 2 && two.last == DNS_OK);
	struct dns_hub_counts n = dns_hub_counts(st->hub);
	CHECK(n.asked == 4 && n.sent == 2 && n.joined == 1 && n.cached == 1 && n.refused == 0);
	CHECK(dns_script_counts(st->script).queries == 2);
	tap_end();

	tap_begin("until the TTL is over");
	dns_script_sleep(st->script, 60000);
	CHECK(ask(st, "a.example", &two) && two.got == 2);
	CHECK(st->r->ops->wait(st->r, 100000) && two.got == 3 && dns_hub_counts(st->hub).sent == 3);
	tap_end();

	tap_begin("who forgets is not called, the others are, the cache learns");
	CHECK(ask(st, "c.example", &one) && ask(st, "c.example", &two) && ask(st, "d.example", &one));
	st->r->ops->forget(st->r, &one);
	CHECK(st->r->ops->wait(st->r, 100000) && one.got == 2 && two.got == 4);
	CHECK(ask(st, "d.example", &one) && one.got == 3 && one.last == DNS_NXDOMAIN);
	tap_end();

	tap_begin("call backs ask and forget");
	struct guest x = { .forgets = &two, .asks = "e.example" }, y = { .forgets = &two, .asks = "f.example" };
	one = two = (struct guest){ 0 };
	CHECK(ask(st, "f.example", &x) && ask(st, "f.example", &two) && ask(st, "f.example", &y));
	CHECK(ask(st, "g.example", &two));
	CHECK(st->r->ops->wait(st->r, 100000) && two.got <= 1);
	CHECK(st->r->ops->wait(st->r, 100000) && x.got == 2 && y.got == 2);
	CHECK(!st->r->ops->wait(st->r, 100000) && two.got <= 1);
	tap_end();
	CHECK(ask(st, "silent.example", &one) && ask(st, "silent.example", &two)); /* under way at the end */
	stage_end(st);
}

/* A check that needs two names, one after the other. */
struct check {
	struct dns_asker asker;
	struct arena *arena;
};

static enum check_state run(void *user)
{
	struct check *c = user;

	if (!dns_need(&c->asker, name_of(c->arena, "a.example"), DNS_TXT) ||
	    !dns_need(&c->asker, name_of(c->arena, "b.example"), DNS_TXT))
		return arena_failed(c->arena) ? CHECK_NO_MEMORY : CHECK_WAITING;
	return CHECK_DONE;
}

/* One message: how many runs it took, or 0 where memory ended. */
static uint32_t one_message(struct stage *st, uint32_t *queries)
{
	struct limits limits;
	struct work work = { .arena = arena_new(1 << 20), .limits = &limits };
	struct dns_source source = dns_hub_source(st->hub);
	struct dns_book *book = work.arena ? dns_book_new(work.arena, &source) : NULL;
	struct check c = { .arena = work.arena };
	uint32_t runs = 0;

	limits_init(&limits);
	if (book) {
		dns_asker_init(&c.asker, book, 10, 10);
		struct dns_pump_asker asker = { &c.asker, 1000 };
		struct dns_pump_settings set = { &work, book, st->r, &asker, 1, run, &c, NULL };
		struct dns_pump *p = dns_pump_new(&set);
		if (p && dns_pump_run(p) == CHECK_DONE)
			runs = dns_pump_runs(p);
		*queries = dns_book_queries(book);
		dns_pump_end(p);
		dns_book_end(book);
	}
	arena_free(work.arena);
	return runs;
}

static void test_warm(struct stage *st)
{
	uint32_t queries = 0;

	CHECK(stage_new(st));
	tap_begin("a cold message waits, a warm one is one run without questions");
	CHECK(one_message(st, &queries) == 3 && queries == 2);
	CHECK(one_message(st, &queries) == 1 && queries == 0);
	CHECK(dns_script_counts(st->script).queries == 2);
	tap_end();
	stage_end(st);
}

static void test_memory(struct stage *st)
{
	bool done = false;

	tap_begin("memory may end anywhere");
	for (long n = 0; n < 300 && !done; n++) {
		struct guest one = { 0 }, two = { 0 };
		uint32_t queries;
		mem_fail_after(n, true);
		if (stage_new(st)) {
			done = ask(st, "a.example", &one) && ask(st, "a.example", &two) &&
			       st->r->ops->wait(st->r, 1000) && ask(st, "a.example", &one) &&
			       one_message(st, &queries) > 0;
		}
		mem_fail_after(-1, false);
		stage_end(st);
	}
	CHECK(done);
	tap_end();
}

int main(void)
{
	struct stage st = {
		.arena = arena_new(1 << 22),
		.zone = zone_of("$TTL 60\na.example TXT a\nb.example TXT b\nc.example TXT c\n"
		                "f.example TXT f\n;!fault silent.example TXT timeout\n"),
	};

	test_flights(&st);
	test_warm(&st);
	test_memory(&st);
	dns_zone_free(st.zone);
	arena_free(st.arena);
	return tap_done();
}
