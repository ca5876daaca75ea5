/* bench_dkim.c - verifying one signature, relaxed/relaxed: the floor, ours with the key
 * in the cache and with a key that comes anew, and libopendkim. Ours begins with the bytes
 * of the mail and a new arena, and ends with the result, as in src/verify/verify.c. */
#include "bench.h"
#include "floor.h"
#include "kit.h"
#include "peer.h"

#define ARENA_MAX (16u << 20)

static struct kit kit;

struct job {
	struct bytes mail;
	struct dns_source source;
};

/* The answer as it comes from the network: nothing is parsed yet. */
static struct dns_answer *find_anew(void *user, const struct dns_question *q)
{
	struct bytes *record = user;
	struct dns_record r = { .text = *record };
	struct dns_answer_view view = { .question = *q, .ttl = 3600, .n = 1, .records = &r };

	return dns_answer_new(&view);
}

static void verify(void *user)
{
	struct job *j = user;
	struct arena *a = arena_new(ARENA_MAX);
	struct work w = kit_work(&kit, a);
	struct dns_book *book = dns_book_new(a, &j->source);
	struct header h = { 0 };
	struct dkim_set set;
	struct dns_asker asker;

	dns_asker_init(&asker, book, 10, 10);
	header_index(&w, &h, j->mail);
	struct dkim_bodies *bodies = dkim_bodies_new(&w, h.ends);
	BENCH_NEED(bodies && dkim_begin(&w, &h, NULL, 0, bodies, &set));
	dkim_bodies_update(bodies, bytes_from(j->mail, h.body_at));
	dkim_bodies_end(bodies);
	BENCH_NEED(dkim_check(&w, &asker, &set) == CHECK_DONE && set.n == 1 && set.results[0].result == DKIM_PASS);
	dns_book_end(book);
	dkim_bodies_free(bodies);
	arena_free(a);
}

static void bench_mail(const char *group, size_t body, enum kit_key key)
{
	struct mail plain = { .from = "alice@perf.example", .to = "bob@example.org", .seed = body, .body = body,
	                      .attachment = body > 8192 };
	struct buf text;
	if (!bench_wants(group))
		return;
	const char *selector = key == KIT_RSA2048 ? "rsa" : "ed";
	struct bytes mail = kit_sign(&kit, mail_write(&text, &plain), selector, "perf.example", key);
	struct floor *floor = floor_new(mail, kit.publics[key]);
	struct job warm = { mail, dns_hub_source(kit.hub) };
	struct job cold = { mail, { find_anew, &kit.records[key] } };
	struct peer_dkim *peer = peer_dkim_new(mail, kit.records[key]);
	struct bench_way ways[] = {
		{ "floor", floor_verify, floor },
		{ "truefrom", verify, &warm },
		{ "truefrom, key not cached", verify, &cold },
		{ "hashing alone", floor_hash, floor },
		{ "libopendkim", peer_dkim_verify, peer },
	};

	bench_group(group, mail.n, ways, ARRAY_LEN(ways) - !peer_dkim_there());
	peer_dkim_free(peer);
	floor_free(floor);
	buf_free(&text);
}

int main(int argc, char **argv)
{
	bench_begin(argc, argv);
	kit_begin(&kit);
	kit_publish(&kit, "rsa", "perf.example", KIT_RSA2048);
	kit_publish(&kit, "ed", "perf.example", KIT_ED25519);
	kit_warm(&kit, "rsa._domainkey.perf.example", DNS_TXT);
	kit_warm(&kit, "ed._domainkey.perf.example", DNS_TXT);
	bench_mail("dkim-4k", 4096, KIT_RSA2048);
	bench_mail("dkim-75k", 75 << 10, KIT_RSA2048);
	bench_mail("dkim-1m", 1 << 20, KIT_RSA2048);
	bench_mail("dkim-ed25519-4k", 4096, KIT_ED25519);
	kit_end(&kit);
	return 0;
}
