/* bench_spf.c - an SPF check whose answers are all known: what a busy server
 * does for most mails. And the parsing of a record, which a cache saves. */
#include "bench.h"
#include "dns/dns_master.h"
#include "spf/spf.h"

static const char zone_text[] =
	"example.org. TXT \"v=spf1 include:_spf.provider.example mx a:out.example.org -all\"\n"
	"_spf.provider.example. TXT \"v=spf1 ip4:198.51.100.0/24 include:_spf2.provider.example ~all\"\n"
	"_spf2.provider.example. TXT \"v=spf1 ip4:203.0.113.0/26 ip6:2001:db8:1::/48 ip4:203.0.113.128/26 ~all\"\n"
	"example.org. MX 10 mx1.example.org.\nexample.org. MX 20 mx2.example.org.\n"
	"mx1.example.org. A 192.0.2.1\nmx2.example.org. A 192.0.2.2\nout.example.org. A 192.0.2.25\n";

#define KNOWN_MAX 32u

static struct world {
	struct dns_zone *zone;
	struct dns_answer *known[KNOWN_MAX]; /* stands for the shared cache */
	size_t n;
	struct limits limits;
	struct dname domain;
} world;

static struct dns_answer *find(void *user, const struct dns_question *q)
{
	struct world *w = user;
	struct dns_zone_reply reply;

	for (size_t i = 0; i < w->n; i++)
		if (dns_question_same(&dns_answer_view(w->known[i])->question, q))
			return dns_answer_ref(w->known[i]);
	if (w->n == KNOWN_MAX || !dns_zone_ask(w->zone, q, &reply) || !reply.answer)
		abort();
	w->known[w->n++] = reply.answer;
	return dns_answer_ref(reply.answer);
}

static void check(void *user)
{
	struct world *w = user;
	struct arena *a = arena_new(1u << 20);
	struct work work = { .arena = a, .limits = &w->limits };
	struct dns_source source = { find, w };
	struct dns_book *book = dns_book_new(a, &source);
	struct spf_input in = { .domain = w->domain, .local = B("alice"), .helo = B("out.example.org") };
	struct spf_result result;
	struct dns_asker k;

	if (!book || !ip_parse(B("192.0.2.25"), &in.client))
		abort();
	dns_asker_init(&k, book, w->limits.v[LIMIT_SPF_QUESTIONS], w->limits.v[LIMIT_FORESEEN]);
	if (spf_check(&work, &k, &in, &result) != CHECK_DONE || result.result != SPF_PASS)
		abort();
	dns_book_end(book);
	arena_free(a);
}

int main(void)
{
	struct arena *a = arena_new(1u << 16);

	limits_init(&world.limits);
	world.zone = dns_zone_new();
	if (!a || !world.zone || !dns_master_read(world.zone, bytes_of(zone_text), NULL) ||
	    !dname_parse(a, B("example.org"), DNAME_HOST, &world.domain, NULL))
		return 1;
	bench_print("7 answers, all known: pass by the last term", check, &world, 0);
	for (size_t i = 0; i < world.n; i++)
		dns_answer_unref(world.known[i]);
	dns_zone_free(world.zone);
	arena_free(a);
	return 0;
}
