/* kit.c - see kit.h */
#include "kit.h"

#include <unistd.h>

#include "arc/arc_seal.h"
#include "base/base64.h"
#include "base/clock.h"
#include "bench.h"
#include "dkim/dkim_sign.h"
#include "dns/dns_master.h"

#define FILE_MAX 16384u
#define ARENA_MAX (1u << 30)

/* What real signers sign, and as many as the measured baseline: 12 of 18. */
static const char *const signed_names[] = {
	"From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version",
	"Content-Type", "Content-Transfer-Encoding", "List-Unsubscribe",
};

/* --- a resolver that is never asked: all answers are in the cache, but looking at the clock, which
 * the cache needs to know what is still good, costs what it costs in a program --- */

static bool ask_nobody(struct dns_resolver *r, const struct dns_question *q, dns_on_answer *cb, void *user)
{
	fprintf(stderr, "bench: %s of %.*s\n", dns_type_name(q->type), BYTES_ARG(q->name.text));
	bench_fail("all answers are in the cache");
}

static void forget_nothing(struct dns_resolver *r, void *user)
{
}

static bool wait_for_nothing(struct dns_resolver *r, int64_t deadline_ms)
{
	return false;
}

static int64_t real_time(struct dns_resolver *r)
{
	return clock_mono_ms();
}

static const struct dns_resolver_ops nobody_ops = {
	.name = "nobody", .ask = ask_nobody, .forget = forget_nothing, .wait = wait_for_nothing,
	.now_ms = real_time, .free = (void (*)(struct dns_resolver *r))free,
};

static struct dns_resolver *nobody(void)
{
	struct dns_resolver *r = malloc(sizeof(*r));

	BENCH_NEED(r);
	r->ops = &nobody_ops;
	return r;
}

/* --- keys and the rest --- */

static void read_key(struct kit *k, enum kit_key key, const char *name)
{
	char path[4096];
	const char *why;
	uint8_t der[PUBKEY_DER_MAX], *text = arena_alloc(k->arena, FILE_MAX);
	size_t n;

	snprintf(path, sizeof(path), KEYS "/%s", name);
	FILE *f = fopen(path, "rb");
	BENCH_NEED(f && text);
	k->pem[key] = (struct bytes){ text, fread(text, 1, FILE_MAX - 1, f) };
	fclose(f);
	k->keys[key] = privkey_new(k->pem[key], &why);
	BENCH_NEED(k->keys[key] && privkey_public(k->keys[key], der, &n));
	k->publics[key] = arena_copy(k->arena, (struct bytes){ der, n });
	struct bytes p = base64_encode(k->arena, k->publics[key]);
	k->records[key] = arena_printf(k->arena, "v=DKIM1; k=%s; p=%.*s", key == KIT_RSA2048 ? "rsa" : "ed25519",
	                               BYTES_ARG(p));
}

void kit_begin(struct kit *k)
{
	*k = (struct kit){ .arena = arena_new(ARENA_MAX), .scratch = arena_new(ARENA_MAX), .zone = dns_zone_new() };
	limits_init(&k->limits);
	BENCH_NEED(k->arena && k->scratch && k->zone);
	read_key(k, KIT_RSA2048, "rsa2048.pem");
	read_key(k, KIT_ED25519, "ed25519.pem");
	k->cache = dns_cache_new(&k->limits);
	BENCH_NEED(k->cache && (k->hub = dns_hub_new(k->cache, nobody())));
}

void kit_end(struct kit *k)
{
	dns_resolver_free(dns_hub_resolver(k->hub));
	dns_cache_free(k->cache);
	dns_zone_free(k->zone);
	for (size_t i = 0; i < KIT_KEYS; i++)
		privkey_free(k->keys[i]);
	arena_free(k->scratch);
	arena_free(k->arena);
}

void kit_zone(struct kit *k, const char *text)
{
	BENCH_NEED(dns_master_read(k->zone, bytes_of(text), NULL));
}

void kit_publish(struct kit *k, const char *selector, const char *domain, enum kit_key key)
{
	struct bytes owner = arena_printf(k->arena, "%s._domainkey.%s", selector, domain);

	BENCH_NEED(dns_zone_put(k->zone, owner, DNS_TXT, 3600, k->records[key]));
}

static struct dname name_in(struct arena *a, const char *text)
{
	struct dname name;

	BENCH_NEED(dname_parse(a, bytes_of(text), DNAME_WIRE, &name, NULL));
	return name;
}

struct dname kit_name(struct kit *k, const char *text)
{
	return name_in(k->arena, text);
}

struct work kit_work(struct kit *k, struct arena *a)
{
	return (struct work){ .arena = a, .limits = &k->limits, .now = KIT_NOW };
}

static struct dkim_bodies *hash_body(struct dkim_bodies *bodies, const struct header *h, struct bytes mail)
{
	dkim_bodies_update(bodies, bytes_from(mail, h->body_at));
	dkim_bodies_end(bodies);
	return bodies;
}

struct bytes kit_sign_names(struct kit *k, struct bytes mail, const char *selector, const char *domain,
                            enum kit_key key, const struct bytes *names, size_t n)
{
	struct work w = kit_work(k, k->scratch);
	struct dkim_sign_options o;
	struct dkim_signing *s;
	struct bytes field;
	const char *why;
	struct header h;

	header_index(&w, &h, mail);
	struct dkim_bodies *bodies = dkim_bodies_new(&w, h.ends);
	dkim_sign_options_init(&o, name_in(k->scratch, domain), bytes_of(selector), privkey_type(k->keys[key]));
	o.fields = names;
	o.n_fields = n;
	o.signed_at = KIT_NOW - 4;
	BENCH_NEED(bodies && dkim_sign_begin(&w, &h, bodies, &o, &s, &why));
	hash_body(bodies, &h, mail);
	BENCH_NEED(dkim_sign_with(&w, s, k->keys[key], &field));
	dkim_bodies_free(bodies);
	return arena_join(k->scratch, field, mail);
}

struct bytes kit_sign(struct kit *k, struct bytes mail, const char *selector, const char *domain, enum kit_key key)
{
	struct bytes names[ARRAY_LEN(signed_names)];

	for (size_t i = 0; i < ARRAY_LEN(signed_names); i++)
		names[i] = bytes_of(signed_names[i]);
	return kit_sign_names(k, mail, selector, domain, key, names, ARRAY_LEN(names));
}

struct bytes kit_seal(struct kit *k, struct bytes mail, const char *selector, const char *domain, bool first)
{
	struct work w = kit_work(k, k->scratch);
	struct arc_seal_options o;
	struct arc_sealing *s;
	struct arc_sealed sealed;
	const char *why;
	struct header h;

	header_index(&w, &h, mail);
	struct dkim_bodies *bodies = dkim_bodies_new(&w, h.ends);
	arc_seal_options_init(&o, name_in(k->scratch, domain), bytes_of(selector), CRYPTO_RSA,
	                      B("mx.example.net; spf=pass smtp.mailfrom=example.org; dkim=pass header.d=example.org"));
	o.status = first ? ARC_NONE : ARC_PASS;
	BENCH_NEED(bodies && arc_seal_begin(&w, &h, bodies, &o, &s, &why));
	hash_body(bodies, &h, mail);
	BENCH_NEED(arc_seal_with(&w, s, k->keys[KIT_RSA2048], &sealed));
	dkim_bodies_free(bodies);
	return arena_join(k->scratch, sealed.all, mail);
}

void kit_warm(struct kit *k, const char *name, enum dns_type type)
{
	struct dns_question q = { kit_name(k, name), type };
	struct dns_zone_reply reply;

	BENCH_NEED(dns_zone_ask(k->zone, &q, &reply) && reply.answer);
	dns_cache_store(k->cache, reply.answer, clock_mono_ms());
	dns_answer_unref(reply.answer);
}

struct tf_context *kit_context(struct kit *k, const char *zone)
{
	char path[] = "/tmp/truefrom-bench-XXXXXX", why[256];
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	struct tf_settings settings = { .authserv_id = "mx.example.net", .zone = path };

	BENCH_NEED(f);
	fprintf(f, "%srsa._domainkey.perf.example. TXT ", zone);
	for (struct bytes rest = k->records[KIT_RSA2048]; rest.n; rest = bytes_from(rest, 200))
		fprintf(f, "\"%.*s\" ", BYTES_ARG(bytes_sub(rest, 0, 200)));
	fputc('\n', f);
	BENCH_NEED(fclose(f) == 0);
	struct tf_context *c = tf_context_new(&settings, why, sizeof(why));
	unlink(path);
	BENCH_NEED(c);
	return c;
}
