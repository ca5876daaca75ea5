/* bench_sign.c - signing, beside libopendkim (which reads the key anew for each mail, as
 * its interface asks) and the bare signature; and ARC: adding a set, and verifying chains. */
#include "arc/arc_seal.h"
#include "bench.h"
#include "dkim/dkim_sign.h"
#include "kit.h"
#include "peer.h"

#define ARENA_MAX (16u << 20)

static struct kit kit;

struct job {
	struct bytes mail;
	enum kit_key key;
	struct dname domain;
	size_t sets;      /* of ARC */
};

static void bare(void *user)
{
	static const uint8_t digest[DKIM_DIGEST];
	const struct job *j = user;
	uint8_t signature[SIGNATURE_MAX];
	size_t n;

	BENCH_NEED(privkey_sign(kit.keys[j->key], digest, signature, &n));
}

static struct dkim_bodies *hashed(struct work *w, const struct header *h, struct bytes mail, struct dkim_bodies *bodies)
{
	dkim_bodies_update(bodies, bytes_from(mail, h->body_at));
	dkim_bodies_end(bodies);
	return bodies;
}

static void sign(void *user)
{
	const struct job *j = user;
	struct arena *a = arena_new(ARENA_MAX);
	struct work w = kit_work(&kit, a);
	struct header h = { 0 };
	struct dkim_sign_options o;
	struct dkim_signing *s;
	struct bytes field;
	const char *why;

	header_index(&w, &h, j->mail);
	struct dkim_bodies *bodies = dkim_bodies_new(&w, h.ends);
	dkim_sign_options_init(&o, j->domain, B("sel"), privkey_type(kit.keys[j->key]));
	BENCH_NEED(bodies && dkim_sign_begin(&w, &h, bodies, &o, &s, &why));
	hashed(&w, &h, j->mail, bodies);
	BENCH_NEED(dkim_sign_with(&w, s, kit.keys[j->key], &field));
	dkim_bodies_free(bodies);
	arena_free(a);
}

static void bench_signing(const char *group, size_t body, enum kit_key key)
{
	struct mail plain = { .from = "alice@perf.example", .to = "bob@example.org", .seed = body, .body = body,
	                      .attachment = body > 8192 };
	struct buf text;

	if (!bench_wants(group))
		return;
	struct job j = { mail_write(&text, &plain), key, kit_name(&kit, "perf.example"), 0 };
	bool beside = peer_dkim_there() && key == KIT_RSA2048;
	struct peer_dkim *peer = beside ? peer_dkim_signer(j.mail, kit.pem[key], "sel", "perf.example") : NULL;
	struct bench_way ways[] = {
		{ "the signature alone", bare, &j }, { "truefrom", sign, &j }, { "libopendkim", peer_dkim_sign, peer },
	};
	bench_group(group, j.mail.n, ways, ARRAY_LEN(ways) - !beside);
	peer_dkim_free(peer);
	buf_free(&text);
}

static void chain(void *user)
{
	const struct job *j = user;
	struct arena *a = arena_new(ARENA_MAX);
	struct work w = kit_work(&kit, a);
	struct dns_source source = dns_hub_source(kit.hub);
	struct dns_book *book = dns_book_new(a, &source);
	struct header h = { 0 };
	struct arc_chain *c;
	struct arc_result result;
	struct dns_asker asker;

	dns_asker_init(&asker, book, 100, 10);
	header_index(&w, &h, j->mail);
	struct dkim_bodies *bodies = dkim_bodies_new(&w, h.ends);
	BENCH_NEED(bodies && arc_begin(&w, &h, bodies, &c));
	hashed(&w, &h, j->mail, bodies);
	BENCH_NEED(arc_check(&w, &asker, c, &result) == CHECK_DONE && result.result == (j->sets ? ARC_PASS : ARC_NONE));
	dns_book_end(book);
	dkim_bodies_free(bodies);
	arena_free(a);
}

static void seal(void *user)
{
	const struct job *j = user;
	struct arena *a = arena_new(ARENA_MAX);
	struct work w = kit_work(&kit, a);
	struct header h = { 0 };
	struct arc_seal_options o;
	struct arc_sealing *s;
	struct arc_sealed sealed;
	const char *why;

	header_index(&w, &h, j->mail);
	struct dkim_bodies *bodies = dkim_bodies_new(&w, h.ends);
	arc_seal_options_init(&o, j->domain, B("sel"), CRYPTO_RSA, B("mx.example.net; spf=pass smtp.mailfrom=example.org"));
	o.status = j->sets ? ARC_PASS : ARC_NONE;
	BENCH_NEED(bodies && arc_seal_begin(&w, &h, bodies, &o, &s, &why));
	hashed(&w, &h, j->mail, bodies);
	BENCH_NEED(arc_seal_with(&w, s, kit.keys[KIT_RSA2048], &sealed));
	dkim_bodies_free(bodies);
	arena_free(a);
}

static void bench_chain(const char *group, size_t sets)
{
	struct mail plain = { .from = "alice@perf.example", .to = "bob@example.org", .body = 4096 };
	struct buf text;

	if (!bench_wants(group))
		return;
	struct bytes mail = mail_write(&text, &plain);
	for (size_t i = 0; i < sets; i++)
		mail = kit_seal(&kit, mail, "rsa", "perf.example", i == 0);
	struct job j = { mail, KIT_RSA2048, kit_name(&kit, "perf.example"), sets };
	struct bench_way ways[] = { { "verifying the chain", chain, &j }, { "adding a set", seal, &j } };
	bench_group(group, mail.n, ways, ARRAY_LEN(ways));
	buf_free(&text);
}

int main(int argc, char **argv)
{
	bench_begin(argc, argv);
	kit_begin(&kit);
	kit_publish(&kit, "rsa", "perf.example", KIT_RSA2048);
	kit_warm(&kit, "rsa._domainkey.perf.example", DNS_TXT);
	bench_signing("sign-4k", 4096, KIT_RSA2048);
	bench_signing("sign-1m", 1 << 20, KIT_RSA2048);
	bench_signing("sign-ed25519-4k", 4096, KIT_ED25519);
	bench_chain("arc-0", 0);
	bench_chain("arc-3", 3);
	bench_chain("arc-10", 10);
	kit_end(&kit);
	return 0;
}
