/* The scripted resolver: virtual time, orders of arrival, silence. */
#include "base/mem.h"
#include "dns_helper.h"

#define MANY 8

struct log { /* what came, in order */
	char names[MANY * 4 + 1];
	size_t n;
	struct dns_resolver *again; /* asks once more from within the call back */
	struct dns_question question;
};

static void note(void *user, struct dns_answer *answer)
{
	struct log *log = user;
	struct bytes name = dns_answer_view(answer)->question.name.text;

	log->names[log->n++] = (char)name.p[0];
	log->names[log->n] = 0;
	dns_answer_unref(answer);
	if (log->again) {
		struct dns_resolver *r = log->again;
		log->again = NULL;
		CHECK(r->ops->ask(r, &log->question, note, log));
	}
}

static bool ask(struct dns_resolver *r, struct arena *a, const char *name, struct log *log)
{
	struct dns_question q = question_of(a, name, DNS_TXT);

	return r->ops->ask(r, &q, note, log);
}

static void test_time(struct arena *a, const struct dns_zone *z)
{
	struct dns_script_settings set = { .latency_ms = 10, .start_ms = 1000 };
	struct dns_script *s = dns_script_new(z, &set);
	struct dns_resolver *r = dns_script_resolver(s);
	struct log log = { .n = 0 };

	tap_begin("time jumps to the next answers that are due");
	CHECK(!r->ops->wait(r, 5000) && r->ops->now_ms(r) == 1000);
	CHECK(ask(r, a, "slow.example", &log) && ask(r, a, "a.example", &log) && ask(r, a, "b.example", &log));
	CHECK(log.n == 0);
	CHECK(r->ops->wait(r, 5000) && r->ops->now_ms(r) == 1010);
	CHECK_BYTES(bytes_of(log.names), "ab");
	CHECK(r->ops->wait(r, 1020) && r->ops->now_ms(r) == 1020 && log.n == 2);
	CHECK(r->ops->wait(r, 5000) && r->ops->now_ms(r) == 1060);
	CHECK_BYTES(bytes_of(log.names), "abs");
	CHECK(!r->ops->wait(r, 5000));
	tap_end();

	tap_begin("what never comes is waited for until the deadline");
	CHECK(ask(r, a, "never.example", &log));
	CHECK(r->ops->wait(r, 3000) && r->ops->now_ms(r) == 3000 && log.n == 3);
	CHECK(r->ops->wait(r, 2000) && r->ops->now_ms(r) == 3000); /* time does not go back */
	tap_end();

	tap_begin("it counts");
	CHECK(dns_script_counts(s).queries == 4 && dns_script_counts(s).rounds == 2 &&
	      dns_script_counts(s).silent == 1);
	tap_end();

	tap_begin("forgotten questions do not call back");
	struct log other = { .n = 0 };
	CHECK(ask(r, a, "a.example", &log) && ask(r, a, "b.example", &other));
	r->ops->forget(r, &log);
	CHECK(r->ops->wait(r, 5000) && log.n == 3 && other.n == 1);
	CHECK(!r->ops->wait(r, 5000));
	CHECK(ask(r, a, "a.example", &log)); /* and what is left at the end is freed */
	tap_end();
	dns_resolver_free(r);
}

static bool not_b(void *user, const struct dns_question *q)
{
	return q->name.text.p[0] != 'b';
}

static void test_orders(struct arena *a, const struct dns_zone *z)
{
	char seen[24][5] = { "" };
	size_t kinds = 0;

	tap_begin("one at a time, and seeds reach every order of four");
	for (uint64_t seed = 1; seed < 400; seed++) {
		struct dns_script_settings set = { .one_at_a_time = true, .shuffle = seed };
		struct dns_resolver *r = dns_script_resolver(dns_script_new(z, &set));
		struct log log = { .n = 0 };
		size_t i = 0;

		for (const char *name = "abcd"; *name; name++)
			CHECK(ask(r, a, (char[]){ *name, '.', 'x', 0 }, &log));
		for (size_t n = 1; n <= 4; n++)
			CHECK(r->ops->wait(r, 10) && log.n == n);
		while (i < kinds && memcmp(seen[i], log.names, 4) != 0)
			i++;
		if (i == kinds)
			memcpy(seen[kinds++], log.names, 5);
		dns_resolver_free(r);
	}
	CHECK_MSG(kinds == 24, "%zu orders", kinds);
	tap_end();

	tap_begin("a question asked from a call back comes in the next round");
	struct dns_script *s = dns_script_new(z, NULL);
	struct dns_resolver *r = dns_script_resolver(s);
	struct log log = { .again = r, .question = question_of(a, "z.example", DNS_TXT) };
	CHECK(ask(r, a, "a.example", &log) && ask(r, a, "b.example", &log));
	CHECK(r->ops->wait(r, 10) && log.n == 2);
	CHECK(r->ops->wait(r, 10) && log.n == 3 && dns_script_counts(s).rounds == 2);
	dns_resolver_free(r);
	tap_end();

	tap_begin("a test may silence questions");
	struct dns_script_settings set = { .answers = not_b };
	s = dns_script_new(z, &set);
	r = dns_script_resolver(s);
	log = (struct log){ .n = 0 };
	CHECK(ask(r, a, "a.example", &log) && ask(r, a, "b.example", &log));
	CHECK(r->ops->wait(r, 10) && log.n == 1 && r->ops->wait(r, 10) && log.n == 1);
	CHECK(dns_script_counts(s).silent == 1);
	dns_resolver_free(r);
	tap_end();
}

static void test_memory(struct arena *a, const struct dns_zone *z)
{
	bool done = false;

	tap_begin("memory may end anywhere");
	for (long n = 0; n < 100 && !done; n++) {
		struct log log = { .n = 0 };
		mem_fail_after(n, true);
		struct dns_script *s = dns_script_new(z, NULL);
		struct dns_resolver *r = s ? dns_script_resolver(s) : NULL;
		done = r && ask(r, a, "a.example", &log) && ask(r, a, "b.example", &log);
		mem_fail_after(-1, false);
		dns_resolver_free(r);
	}
	CHECK(done);
	tap_end();
}

int main(void)
{
	struct arena *a = arena_new(1 << 20);
	struct dns_zone *z = zone_of("$ORIGIN example.\n"
	                             "a TXT a\nb TXT b\nslow TXT s\n"
	                             ";!fault slow TXT delay=50\n"
	                             ";!fault never TXT timeout\n");

	test_time(a, z);
	test_orders(a, z);
	test_memory(a, z);
	dns_zone_free(z);
	arena_free(a);
	return tap_done();
}
