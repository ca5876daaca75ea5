/* libunbound without a network: it answers the names of RFC 6761 by itself, from inside of the
 * question; everything else meets a socket of this process where nobody reads. Real servers:
 * tests/e2e/test_dns_unbound.py. */
#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "dns/dns_hub.h"
#include "dns/dns_unbound.h"
#include "dns_helper.h"

static char deaf[64]; /* "127.0.0.1@PORT" */

static int listen_deaf(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) != 0 || getsockname(fd, (struct sockaddr *)&at, &n) != 0)
		abort();
	snprintf(deaf, sizeof(deaf), "127.0.0.1@%u", ntohs(at.sin_port));
	return fd;
}

struct guest {
	size_t got;
	enum dns_status last;
	struct dns_resolver *r;
	struct guest *forgets; /* in its call back */
};

static void on_answer(void *user, struct dns_answer *answer)
{
	struct guest *g = user;

	g->got++;
	g->last = dns_answer_view(answer)->status;
	dns_answer_unref(answer);
	if (g->forgets)
		g->r->ops->forget(g->r, g->forgets);
}

static bool ask(struct dns_resolver *r, const char *name, struct guest *g)
{
	struct dns_question q = { { bytes_of(name) }, DNS_A };

	g->r = r;
	return r->ops->ask(r, &q, on_answer, g);
}

static struct dns_resolver *resolver(uint32_t timeout_ms, bool no_dnssec)
{
	struct dns_unbound_settings set = { .servers = deaf, .timeout_ms = timeout_ms, .no_dnssec = no_dnssec };
	const char *why;
	struct dns_unbound *u = dns_unbound_new(&set, &why);

	return u ? dns_unbound_resolver(u) : NULL;
}

static void test_alone(void)
{
	struct dns_resolver *r = resolver(200, true);
	struct guest one = { 0 }, two = { 0 }, three = { 0 };

	tap_begin("an answer may come from inside of the question");
	CHECK(ask(r, "localhost", &one) && one.got == 1 && one.last == DNS_OK);
	CHECK(ask(r, "a.invalid", &one) && one.got == 2 && one.last == DNS_NXDOMAIN);
	CHECK(!r->ops->wait(r, r->ops->now_ms(r) + 1000)); /* nothing is under way */
	tap_end();

	tap_begin("silence ends at the deadline; call backs may forget others");
	one = (struct guest){ .forgets = &two };
	int64_t begun = r->ops->now_ms(r);
	CHECK(ask(r, "a.example", &one) && ask(r, "b.example", &two) && ask(r, "c.example", &three));
	while (r->ops->wait(r, begun + 20000))
		;
	CHECK(one.got == 1 && one.last == DNS_TIMEOUT && two.got == 0 && three.got == 1);
	CHECK(r->ops->now_ms(r) - begun >= 200);
	tap_end();

	tap_begin("wait ends at its own deadline, too");
	begun = r->ops->now_ms(r);
	CHECK(ask(r, "d.example", &three) && r->ops->wait(r, begun + 20) && three.got == 1);
	CHECK(r->ops->wait(r, begun) && three.got == 1);
	CHECK(r->ops->now_ms(r) - begun >= 20);
	tap_end();
	dns_resolver_free(r); /* with a question under way */

	tap_begin("questions that wait for the probe are forgotten, time out, and are freed");
	r = resolver(100, false);
	one = two = three = (struct guest){ 0 };
	CHECK(ask(r, "a.example", &one) && ask(r, "b.example", &two) && one.got == 0);
	r->ops->forget(r, &one);
	CHECK(r->ops->wait(r, r->ops->now_ms(r) + 20000) && one.got == 0 && two.got == 1);
	CHECK(ask(r, "c.example", &three));
	dns_resolver_free(r);
	CHECK(three.got == 0);
	tap_end();

	tap_begin("after the probe they are sent");
	r = resolver(5000, false);
	one = (struct guest){ 0 };
	CHECK(ask(r, "localhost", &one) && one.got == 0);
	CHECK(r->ops->wait(r, r->ops->now_ms(r) + 20000) && one.got == 1 && one.last == DNS_OK);
	dns_resolver_free(r);
	tap_end();
}

static void test_memory(void)
{
	bool done = false;

	tap_begin("memory may end anywhere");
	for (long n = 0; n < 100 && !done; n++) {
		struct guest one = { 0 };
		mem_fail_after(n, true);
		struct dns_resolver *r = resolver(1000, true);
		bool asked = r && ask(r, "localhost", &one);
		mem_fail_after(-1, false);
		CHECK(!asked || one.got == 1); /* also where memory for the answer itself ended */
		done = asked && one.last == DNS_OK;
		dns_resolver_free(r);
	}
	CHECK(done);
	tap_end();
}

#define THREADS 8

static void *one_worker(void *user)
{
	struct dns_resolver *below = resolver(50, true);
	struct dns_hub *hub = below ? dns_hub_new(user, below) : NULL;
	struct guest one = { 0 };

	if (!hub)
		return NULL;
	struct dns_resolver *r = dns_hub_resolver(hub);
	bool ok = ask(r, "localhost", &one) && ask(r, "silent.example", &one) && ask(r, "b.invalid", &one);
	while (ok && one.got < 3)
		ok = r->ops->wait(r, r->ops->now_ms(r) + 1000);
	dns_resolver_free(r);
	return ok ? user : NULL;
}

static void test_threads(void)
{
	struct dns_cache *cache = dns_cache_new(NULL);
	pthread_t threads[THREADS];
	void *result;

	tap_begin("eight threads, each with its own, and one cache");
	for (size_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, one_worker, cache) == 0);
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &result);
		CHECK(result == cache);
	}
	CHECK(dns_cache_counts(cache).entries == 3);
	tap_end();
	dns_cache_free(cache);
}

int main(void)
{
	int fd = listen_deaf();

	test_alone();
	test_memory();
	test_threads();
	close(fd);
	return tap_done();
}
