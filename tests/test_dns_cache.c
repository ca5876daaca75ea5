/* The cache: how long it believes, how much it holds, parsed parts, threads. */
#include <pthread.h>
#include <stdatomic.h>

#include "base/mem.h"
#include "dns/dns_cache.h"
#include "dns_helper.h"

static struct dns_answer *make(struct dns_question q, enum dns_status status, uint32_t ttl, struct bytes text)
{
	struct dns_record r = { .text = text };
	struct dns_answer_view v = { q, status, DNSSEC_UNKNOWN, ttl, 1, &r };

	return dns_answer_new(&v);
}

static void store(struct dns_cache *c, struct dns_question q, enum dns_status status, uint32_t ttl, int64_t at)
{
	struct dns_answer *answer = make(q, status, ttl, B("text"));

	dns_cache_store(c, answer, at);
	dns_answer_unref(answer);
}

/* The status that it holds; DNS_STATUSES: nothing. */
static enum dns_status held(struct dns_cache *c, struct dns_question q, int64_t at)
{
	struct dns_answer *answer = dns_cache_find(c, &q, at);
	enum dns_status s = answer ? dns_answer_view(answer)->status : DNS_STATUSES;

	dns_answer_unref(answer);
	return s;
}

static const struct {
	const char *name;
	enum dns_status status;
	uint32_t ttl, kept; /* seconds */
} lives[] = {
	{ "a TTL is kept", DNS_OK, 300, 300 },
	{ "a TTL of 0 has the floor", DNS_OK, 0, 5 },
	{ "a TTL of a month has the ceiling", DNS_OK, 2592000, 86400 },
	{ "absence of a record", DNS_NODATA, 60, 60 },
	{ "absence of a name", DNS_NXDOMAIN, 60, 60 },
	{ "absence has a ceiling of its own", DNS_NXDOMAIN, 86400, 900 },
	{ "absence without an SOA has the floor", DNS_NODATA, 0, 5 },
	{ "a server's failure", DNS_SERVFAIL, 3600, 5 },
	{ "silence", DNS_TIMEOUT, 0, 5 },
	{ "a refusal", DNS_REFUSED, 0, 5 },
	{ "a forged answer", DNS_BOGUS, 0, 5 },
	{ "nobody was asked", DNS_OFFLINE, 300, 0 },
};

static void test_lives(struct arena *a)
{
	struct dns_question q = question_of(a, "a.example", DNS_TXT);

	for (size_t i = 0; i < ARRAY_LEN(lives); i++) {
		struct dns_cache *c = dns_cache_new(NULL);
		int64_t end = 1000 + (int64_t)lives[i].kept * 1000;

		tap_begin("%s: %u s", lives[i].name, lives[i].kept);
		store(c, q, lives[i].status, lives[i].ttl, 1000);
		CHECK(dns_cache_ttl_left(c, &q, 1000) == lives[i].kept);
		if (lives[i].kept) {
			CHECK(held(c, q, end - 1) == lives[i].status);
			CHECK(dns_cache_ttl_left(c, &q, end - 1) == 1);
		}
		CHECK(held(c, q, end) == DNS_STATUSES && dns_cache_ttl_left(c, &q, end) == 0);
		CHECK(dns_cache_counts(c).entries == 0 && dns_cache_counts(c).bytes == 0);
		tap_end();
		dns_cache_free(c);
	}
}

static void test_replacing(struct arena *a)
{
	struct dns_cache *c = dns_cache_new(NULL);
	struct dns_question q = question_of(a, "a.example", DNS_TXT), mx = question_of(a, "a.example", DNS_MX);

	tap_begin("one answer a question: the last one, but an error drives out no good one");
	store(c, q, DNS_NXDOMAIN, 60, 0);
	store(c, q, DNS_OK, 60, 0);
	CHECK(held(c, q, 1) == DNS_OK && held(c, mx, 1) == DNS_STATUSES);
	store(c, q, DNS_SERVFAIL, 0, 2);
	CHECK(held(c, q, 3) == DNS_OK);
	store(c, q, DNS_TIMEOUT, 0, 61000);
	CHECK(held(c, q, 61001) == DNS_TIMEOUT);
	store(c, q, DNS_OK, 60, 61002);
	CHECK(held(c, q, 61003) == DNS_OK && dns_cache_counts(c).entries == 1);
	tap_end();
	dns_cache_free(c);
}

struct parsed {
	struct dns_parsed base;
	atomic_int *freed;
};

static void free_parsed(struct dns_parsed *p)
{
	atomic_fetch_add(((struct parsed *)p)->freed, 1);
	free(p);
}

static const int kind;

/* What a check does: take what was parsed, or parse and leave it for the next. */
static bool use_parsed(struct dns_answer *answer, size_t bytes, atomic_int *made, atomic_int *freed)
{
	if (dns_answer_parsed(answer, &kind))
		return true;
	struct parsed *p = malloc(sizeof(*p));
	if (!p)
		abort();
	*p = (struct parsed){ { &kind, free_parsed, bytes }, freed };
	atomic_fetch_add(made, 1);
	dns_answer_attach(answer, &p->base);
	return false;
}

static void test_parsed(struct arena *a)
{
	struct limits set;
	atomic_int made = 0, freed = 0;
	struct dns_question q = question_of(a, "a.example", DNS_TXT);

	limits_init(&set);
	set.v[LIMIT_DNS_CACHE_BYTES] = 16 * 8192;
	struct dns_cache *c = dns_cache_new(&set);
	tap_begin("what was parsed once is there for the next");
	store(c, q, DNS_OK, 60, 0);
	size_t before = dns_cache_counts(c).bytes;
	for (int i = 0; i < 3; i++) {
		struct dns_answer *answer = dns_cache_find(c, &q, 1);
		CHECK(use_parsed(answer, 1000, &made, &freed) == (i > 0));
		dns_answer_unref(answer);
	}
	CHECK(made == 1 && freed == 0);
	tap_end();
	tap_begin("and counts among the bytes");
	CHECK(dns_cache_counts(c).bytes == before + 1000);
	tap_end();
	/* a cache of its own: in one shard with the other answer that would be let go first */
	dns_cache_free(c);
	c = dns_cache_new(&set);
	made = freed = 0;
	tap_begin("what is over the cap alone is let go, and lives as long as it is used");
	struct dns_question big = question_of(a, "big.example", DNS_TXT);
	store(c, big, DNS_OK, 60, 0);
	struct dns_answer *answer = dns_cache_find(c, &big, 1);
	use_parsed(answer, 10000, &made, &freed);
	struct dns_answer *again = dns_cache_find(c, &big, 1);
	CHECK(again == answer && dns_cache_counts(c).evicted >= 1 && freed == 0);
	CHECK(held(c, big, 1) == DNS_STATUSES);
	dns_answer_unref(again);
	dns_answer_unref(answer);
	CHECK(freed >= 1);
	tap_end();
	dns_cache_free(c);
}

static void test_bound(struct arena *a)
{
	struct limits set;
	struct dns_question often = question_of(a, "often.example", DNS_TXT);
	size_t kept = 0, most = 0;

	tap_begin("bytes are bounded, and what is used stays");
	limits_init(&set);
	set.v[LIMIT_DNS_CACHE_BYTES] = 262144;
	struct dns_cache *c = dns_cache_new(&set);
	store(c, often, DNS_OK, 86400, 0);
	for (int i = 0; i < 5000; i++) {
		struct bytes text = arena_printf(a, "n%d.example", i);
		store(c, (struct dns_question){ { text }, DNS_TXT }, DNS_OK, 60, 0);
		CHECK(held(c, often, 1) == DNS_OK);
		size_t bytes = dns_cache_counts(c).bytes;
		most = bytes > most ? bytes : most;
	}
	for (int i = 0; i < 5000; i++) {
		struct bytes text = arena_printf(a, "n%d.example", i);
		kept += held(c, (struct dns_question){ { text }, DNS_TXT }, 1) == DNS_OK;
	}
	struct dns_cache_counts counts = dns_cache_counts(c);
	CHECK_MSG(most <= 262144 && most > 200000, "%zu bytes", most);
	CHECK_MSG(kept > 500 && kept < 4000, "%zu kept", kept);
	CHECK(counts.entries == kept + 1 && counts.evicted == 5000 - kept && counts.stored == 5001);
	tap_end();
	dns_cache_free(c);
}

#define THREADS 8
#define NAMES 200
#define TURNS 3000

struct crowd {
	struct dns_cache *cache;
	struct dname names[NAMES];
	atomic_int made, freed, wrong;
	atomic_uint next;
};

static void *use_cache(void *user)
{
	struct crowd *crowd = user;
	uint32_t dice = atomic_fetch_add(&crowd->next, 1) + 1;

	for (int i = 0; i < TURNS; i++) {
		dice = dice * 1664525u + 1013904223u;
		struct dns_question q = { crowd->names[(dice >> 16) % NAMES], DNS_TXT };
		struct dns_answer *answer = dns_cache_find(crowd->cache, &q, i);
		if (!answer) {
			answer = make(q, DNS_OK, 2, q.name.text); /* expires while others use it */
			dns_cache_store(crowd->cache, answer, i);
		}
		use_parsed(answer, dice >> 24, &crowd->made, &crowd->freed);
		if (!bytes_same(dns_answer_view(answer)->records[0].text, q.name.text) ||
		    !dns_answer_parsed(answer, &kind))
			atomic_fetch_add(&crowd->wrong, 1);
		dns_answer_unref(answer);
		if (i % 500 == 0)
			(void)dns_cache_counts(crowd->cache);
	}
	return NULL;
}

static void test_threads(struct arena *a)
{
	struct crowd *crowd = calloc(1, sizeof(*crowd));
	struct limits set;
	pthread_t threads[THREADS];

	tap_begin("eight threads");
	limits_init(&set);
	set.v[LIMIT_DNS_CACHE_BYTES] = 65536; /* small: much is driven out */
	set.v[LIMIT_DNS_TTL_FLOOR] = 0;
	crowd->cache = dns_cache_new(&set);
	for (size_t i = 0; i < NAMES; i++)
		crowd->names[i] = (struct dname){ arena_printf(a, "t%zu.example", i) };
	for (size_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, use_cache, crowd) == 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	struct dns_cache_counts counts = dns_cache_counts(crowd->cache);
	CHECK(counts.hits + counts.misses == THREADS * TURNS && counts.evicted > 0 && counts.hits > 0);
	CHECK(counts.bytes <= 65536 && crowd->wrong == 0);
	dns_cache_free(crowd->cache);
	CHECK(crowd->made == crowd->freed); /* nothing leaks, nothing is freed twice */
	tap_end();
	free(crowd);
}

static void test_memory(struct arena *a)
{
	struct dns_question q = question_of(a, "a.example", DNS_TXT);
	struct dns_answer *answer = make(q, DNS_OK, 60, B("text"));
	bool done = false;

	tap_begin("memory may end anywhere");
	for (long n = 0; n < 100 && !done; n++) {
		mem_fail_after(n, true);
		struct dns_cache *c = dns_cache_new(NULL);
		if (c)
			dns_cache_store(c, answer, 0);
		mem_fail_after(-1, false);
		done = c && held(c, q, 1) == DNS_OK;
		dns_cache_free(c);
	}
	CHECK(done);
	tap_end();
	dns_answer_unref(answer);
}

int main(void)
{
	struct arena *a = arena_new(1 << 22);

	test_lives(a);
	test_replacing(a);
	test_parsed(a);
	test_bound(a);
	test_threads(a);
	test_memory(a);
	arena_free(a);
	return tap_done();
}
