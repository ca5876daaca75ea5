/* fuzz_dkim.c - a whole message against a fixed zone of keys. The first byte chooses
 * how the body comes and what the DNS does; when the body comes must not matter. */
#include "dkim/dkim.h"
#include "dns/dns_zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* the keys of RFC 8463 appendix A.2 */
#define ED25519_KEY "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define RSA_KEY \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bd" \
	"OKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4h" \
	"stT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"

static const struct dns_zone *keys(void)
{
	static struct dns_zone *z; /* kept for all runs, and reachable at the end */

	if (z)
		return z;
	z = dns_zone_new();
	must(z != NULL);
	must(dns_zone_put(z, B("brisbane._domainkey.football.example.com"), DNS_TXT, 60,
	                  B("v=DKIM1; k=ed25519; p=" ED25519_KEY)));
	must(dns_zone_put(z, B("test._domainkey.football.example.com"), DNS_TXT, 60,
	                  B("v=DKIM1; k=rsa; t=y; p=" RSA_KEY)));
	must(dns_zone_put(z, B("gone._domainkey.football.example.com"), DNS_TXT, 60, B("v=DKIM1; p=")));
	return z;
}

struct run {
	struct work work;
	struct header header;
	struct dkim_bodies *bodies;
	struct dkim_set set;
	struct dns_book *book;
};

static void bring_answers(struct run *r)
{
	struct dns_question q;
	struct dns_zone_reply reply;

	while (dns_book_next(r->book, &q)) {
		must(dns_zone_ask(keys(), &q, &reply) && reply.answer);
		dns_book_bring(r->book, reply.answer);
	}
}

static void feed(struct run *r, struct bytes body, size_t step)
{
	for (; r->bodies && body.n; body = bytes_from(body, step), step = step * 7 % 61 + 1)
		dkim_bodies_update(r->bodies, bytes_sub(body, 0, step));
	if (r->bodies)
		dkim_bodies_end(r->bodies);
}

static void verify(struct run *r, struct bytes message, bool no_body, bool body_first, bool cut,
                   size_t step)
{
	struct dname author = { B("football.example.com") };
	struct dns_asker asker;

	header_index(&r->work, &r->header, message);
	header_end(&r->work, &r->header);
	struct bytes body = bytes_from(message, r->header.body_at);
	r->bodies = no_body ? NULL : dkim_bodies_new(&r->work, r->header.ends);
	r->book = dns_book_new(r->work.arena, NULL);
	dns_asker_init(&asker, r->book, 100, 0);
	must(dkim_begin(&r->work, &r->header, &author, 1, r->bodies, &r->set));
	if (body_first)
		feed(r, body, step);
	enum check_state first = dkim_check(&r->work, &asker, &r->set);
	must(first != CHECK_NO_MEMORY);
	if (cut)
		asker.cut = DNS_TIMEOUT;
	else
		bring_answers(r);
	must(dkim_check(&r->work, &asker, &r->set) != CHECK_NO_MEMORY);
	if (!body_first)
		feed(r, body, step);
	must(dkim_check(&r->work, &asker, &r->set) == CHECK_DONE);
}

static void end(struct run *r)
{
	dns_book_end(r->book);
	dkim_bodies_free(r->bodies);
}

static void check_result(const struct dkim_result *d, bool no_body)
{
	must(d->decided && d->field && d->result < DKIM_OUTCOMES && d->result != DKIM_NONE);
	must((d->reason == NULL) == (d->result == DKIM_PASS));
	must(d->result != DKIM_PASS || (d->header_ok && d->body_ok && d->bits >= 256 && !no_body));
	must(!d->counts || (d->result == DKIM_PASS && d->uncovered == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits limits;
	struct run runs[2];

	if (size == 0)
		return 0;
	limits_init(&limits);
	bool no_body = (data[0] & 3) == 3, cut = (data[0] & 12) == 12;
	for (int i = 0; i < 2; i++) {
		runs[i] = (struct run){ .work = { .arena = arena_new(1 << 26), .limits = &limits, .now = 1600000000 } };
		must(runs[i].work.arena != NULL);
		verify(&runs[i], (struct bytes){ data + 1, size - 1 }, no_body, i == 1, cut, i ? 1 : data[0] + 1u);
	}
	must(runs[0].set.n == runs[1].set.n && runs[0].set.n <= limits.v[LIMIT_DKIM_SIGNATURES]);
	for (size_t i = 0; i < runs[0].set.n; i++) {
		const struct dkim_result *a = &runs[0].set.results[i], *b = &runs[1].set.results[i];
		check_result(a, no_body);
		must(a->result == b->result && a->reason == b->reason && a->weaknesses == b->weaknesses);
		must(a->header_ok == b->header_ok && a->body_ok == b->body_ok && a->uncovered == b->uncovered);
	}
	for (int i = 0; i < 2; i++) {
		end(&runs[i]);
		arena_free(runs[i].work.arena);
	}
	return 0;
}
