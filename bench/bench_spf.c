/* bench_spf.c - an SPF check whose answers are all in the shared cache, beside libspf2:
 * what a busy server does for most mails. Ours begins with the address as the socket gives it
 * and MAIL FROM as text, asks a cache that other threads may use at the same time, and
 * keeps its arena from one check to the next, as a worker can. */
#include "bench.h"
#include "kit.h"
#include "mail/address.h"
#include "peer.h"
#include "spf/spf.h"
#include "spf/spf_words.h"

#define ARENA_MAX (16u << 20)

static struct kit kit;

/* Policy A: one term. */
static const struct peer_record one_term[] = {
	{ "a.example", "TXT", "v=spf1 ip4:192.0.2.0/24 -all" },
};

/* Policy B: eight questions, the last of which finds the client. */
static const struct peer_record eight_questions[] = {
	{ "b.example", "TXT", "v=spf1 include:i1.b.example include:i2.b.example include:i3.b.example a mx -all" },
	{ "i1.b.example", "TXT", "v=spf1 ip4:203.0.113.0/28 ip4:203.0.113.16/28 ip4:203.0.113.32/28 ip4:203.0.113.48/28 -all" },
	{ "i2.b.example", "TXT", "v=spf1 ip4:203.0.113.64/28 ip4:203.0.113.80/28 ip4:203.0.113.96/28 ip4:203.0.113.112/28 -all" },
	{ "i3.b.example", "TXT", "v=spf1 ip4:203.0.113.128/28 ip4:203.0.113.144/28 ip4:203.0.113.160/28 ip4:203.0.113.176/28 -all" },
	{ "b.example", "A", "198.51.100.1" },
	{ "b.example", "MX", "mx1.b.example" },
	{ "b.example", "MX", "mx2.b.example" },
	{ "mx1.b.example", "A", "198.51.100.2" },
	{ "mx2.b.example", "A", "192.0.2.25" },
};

struct job {
	struct arena *arena;
	struct dns_source source;
	struct ip client;
	const char *mail_from;
	bool words; /* also the sentence that says why */
};

static void check(void *user)
{
	struct job *j = user;
	struct work w = kit_work(&kit, j->arena);
	struct dns_book *book = dns_book_new(j->arena, &j->source);
	struct dns_asker asker;
	struct spf_result result;
	struct path path;

	dns_asker_init(&asker, book, w.limits->v[LIMIT_SPF_QUESTIONS], w.limits->v[LIMIT_FORESEEN]);
	BENCH_NEED(path_parse(j->arena, bytes_of(j->mail_from), &path, NULL));
	struct spf_input in = { .client = j->client, .domain = path.domain, .local = path.local };
	BENCH_NEED(spf_check(&w, &asker, &in, &result) == CHECK_DONE && result.result == SPF_PASS);
	if (j->words) {
		struct buf text;
		buf_init(&text, 4096);
		spf_words(&in.client, &result, &text);
		BENCH_NEED(!text.failed);
		buf_free(&text);
	}
	dns_book_end(book);
	arena_reset(j->arena);
}

static void publish(const struct peer_record *r)
{
	BENCH_NEED(strcmp(r->type, "MX") == 0
	                   ? dns_zone_put_mx(kit.zone, bytes_of(r->name), 3600, 10, bytes_of(r->data))
	                   : dns_zone_put(kit.zone, bytes_of(r->name), strcmp(r->type, "A") ? DNS_TXT : DNS_A, 3600,
	                                  bytes_of(r->data)));
}

static void bench_policy(const char *group, const struct peer_record *records, size_t n, const char *mail_from)
{
	static const struct { const char *word; enum dns_type type; } types[] = {
		{ "TXT", DNS_TXT }, { "A", DNS_A }, { "MX", DNS_MX },
	};

	if (!bench_wants(group))
		return;
	for (size_t i = 0; i < n; i++)
		publish(&records[i]);
	for (size_t i = 0; i < n; i++)
		for (size_t t = 0; t < ARRAY_LEN(types); t++)
			if (strcmp(types[t].word, records[i].type) == 0)
				kit_warm(&kit, records[i].name, types[t].type);
	struct job job = { arena_new(ARENA_MAX), dns_hub_source(kit.hub), { 0 }, mail_from, false };
	BENCH_NEED(ip_parse(B("192.0.2.25"), &job.client));
	struct job with_words = job;
	with_words.words = true;
	struct peer_spf *zone = peer_spf_new(records, n, "192.0.2.25", mail_from, false);
	struct peer_spf *cache = peer_spf_new(records, n, "192.0.2.25", mail_from, true);
	struct bench_way ways[] = {
		{ "truefrom", check, &job },
		{ "truefrom, with the reason in words", check, &with_words },
		{ "libspf2, its zone", peer_spf_check, zone },
		{ "libspf2, its cache", peer_spf_check, cache },
	};
	bench_group(group, 0, ways, peer_spf_there() ? ARRAY_LEN(ways) : 2);
	peer_spf_free(zone);
	peer_spf_free(cache);
	arena_free(job.arena);
}

int main(int argc, char **argv)
{
	bench_begin(argc, argv);
	kit_begin(&kit);
	bench_policy("spf-one-term", one_term, ARRAY_LEN(one_term), "alice@a.example");
	bench_policy("spf-eight-questions", eight_questions, ARRAY_LEN(eight_questions), "alice@b.example");
	kit_end(&kit);
	return 0;
}
