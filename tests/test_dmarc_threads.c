/* Eight threads judge messages of one author with the same answers, as the cache hands them out: the
 * record is read once or eight times at once, and all see the same. */
#include <pthread.h>

#include "dmarc_helper.h"

#define THREADS 8

static struct dns_answer *shared[2];

static struct dns_answer *find(void *user, const struct dns_question *q)
{
	for (size_t i = 0; i < ARRAY_LEN(shared); i++)
		if (dns_question_same(&dns_answer_view(shared[i])->question, q))
			return dns_answer_ref(shared[i]);
	return NULL;
}

static void *judge(void *arg)
{
	struct dns_source source = { .find = find };
	bool *good = arg;
	struct run r;

	run_begin(&r);
	r.work = (struct work){ .arena = r.arena, .limits = &r.limits };
	r.book = dns_book_new(r.arena, &source);
	dns_asker_init(&r.asker, r.book, 10, 10);
	struct dmarc_input in = input_of(r.arena, "example.com", "dkim=pass:example.com");
	r.state = dmarc_check(&r.work, &r.asker, &in, &r.result);
	*good = bytes_eq(bytes_of(run_line(&r)), "pass p=reject @example.com by author org=example.com dkim:1");
	run_end(&r);
	return NULL;
}

static struct dns_answer *ask(const struct dns_zone *zone, struct arena *a, const char *name)
{
	struct dns_question q = question_of(a, name, DNS_TXT);
	struct dns_zone_reply reply = { 0 };

	if (!dns_zone_ask(zone, &q, &reply) || !reply.answer)
		abort();
	return reply.answer;
}

int main(void)
{
	struct arena *a = arena_new(1 << 16);
	struct dns_zone *zone = zone_of("_dmarc.example.com. TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com\"\n");
	bool good[THREADS] = { false };
	pthread_t threads[THREADS];

	tap_begin("eight threads, one record");
	for (int round = 0; round < 50; round++) {
		shared[0] = ask(zone, a, "_dmarc.example.com");
		shared[1] = ask(zone, a, "_dmarc.com");
		for (size_t i = 0; i < THREADS; i++)
			CHECK(pthread_create(&threads[i], NULL, judge, &good[i]) == 0);
		for (size_t i = 0; i < THREADS; i++)
			CHECK(pthread_join(threads[i], NULL) == 0 && good[i]);
		dns_answer_unref(shared[0]);
		dns_answer_unref(shared[1]);
	}
	tap_end();
	dns_zone_free(zone);
	arena_free(a);
	return tap_done();
}
