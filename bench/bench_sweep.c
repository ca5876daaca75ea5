/* bench_sweep.c - how cost grows with its input, over three decades: fields of a header,
 * signatures, addresses, parts within parts. The limits of these are at their largest, so that it is the code
 * that is measured and not the limit. A group for each size, the way is named by it; tools/bench
 * draws the curves and fails where cost grows faster than the bytes. */
#include "bench.h"
#include "kit.h"
#include "mail/address.h"
#include "mime/mime.h"
#include "verify/lookups.h"

#define TEXT_MAX (64u << 20)
#define ARENA_MAX (256u << 20)

static struct kit kit;

/* --- the mails: n of something --- */

static void begin_mail(struct buf *to)
{
	buf_adds(to, "From: A <alice@perf.example>\r\nTo: B <bob@example.org>\r\nSubject: growth\r\n"
	             "Date: Mon, 16 Nov 2026 10:12:19 +0100\r\nMessage-ID: <1@perf.example>\r\n");
}

/* Half of them traces, half of them of a name of their own. */
static struct bytes many_fields(struct buf *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i % 2)
			buf_addf(to, "X-Number-%zu: a value of some length, as fields of programs have\r\n", i);
		else
			buf_addf(to, "Received: from a.example (a.example [192.0.2.1]) by b.example with ESMTP id %zu;\r\n"
			             "\tMon, 16 Nov 2026 09:12:20 +0000\r\n", i);
	}
	begin_mail(to);
	buf_adds(to, "\r\nText.\r\n");
	return kit_sign(&kit, buf_bytes(to), "rsa", "perf.example", KIT_RSA2048);
}

static struct bytes many_signatures(struct buf *to, size_t n)
{
	begin_mail(to);
	buf_adds(to, "\r\nText.\r\n");
	size_t unsigned_n = to->n;
	struct bytes one = kit_sign(&kit, buf_bytes(to), "rsa", "perf.example", KIT_RSA2048);
	struct bytes field = bytes_sub(one, 0, one.n - unsigned_n), mail = arena_copy(kit.scratch, buf_bytes(to));

	to->n = 0;
	for (size_t i = 0; i < n; i++)
		buf_add(to, field);
	buf_add(to, mail);
	return buf_bytes(to);
}

/* A signature names each of them: what looks for the next of a name must not begin anew each time. */
static struct bytes many_signed(struct buf *to, size_t n)
{
	static const struct bytes names[] = { B("X-Same"), B("From") };

	for (size_t i = 2; i < n; i++) /* From is named twice */
		buf_addf(to, "X-Same: number %zu\r\n", i);
	begin_mail(to);
	buf_adds(to, "\r\nText.\r\n");
	return kit_sign_names(&kit, buf_bytes(to), "rsa", "perf.example", KIT_RSA2048, names, ARRAY_LEN(names));
}

static struct bytes many_addresses(struct buf *to, size_t n)
{
	buf_adds(to, "From: ");
	for (size_t i = 0; i < n; i++)
		buf_addf(to, "%s\"Person, number %zu\" <p%zu@d%zu.example> (a comment)", i ? ",\r\n " : "", i, i, i % 7);
	buf_adds(to, "\r\n\r\n");
	return buf_bytes(to);
}

static struct bytes many_levels(struct buf *to, size_t n)
{
	buf_adds(to, "From: a@example.org\r\nMIME-Version: 1.0\r\n");
	for (size_t i = 0; i < n; i++)
		buf_addf(to, "Content-Type: multipart/mixed; boundary=\"=-%zu-of-some-length\"\r\n\r\n"
		             "Who reads this has an old program.\r\n--=-%zu-of-some-length\r\n", i, i);
	buf_adds(to, "Content-Type: text/plain\r\n\r\nThe text in the middle.\r\n");
	for (size_t i = n; i > 0; i--)
		buf_addf(to, "--=-%zu-of-some-length--\r\n", i - 1);
	return buf_bytes(to);
}

/* --- what is measured --- */

struct job {
	struct bytes mail;
	struct arena *arena;
	size_t n;
};

static void verify(void *user)
{
	const struct job *j = user;
	struct verify_session nobody = { .has_mail_from = false };
	struct verify_settings settings = { .limits = &kit.limits, .authserv_id = B("mx.example.net"), .now = KIT_NOW };
	struct dns_source source = dns_hub_source(kit.hub);
	struct verify *v = verify_new(&settings, &nobody);

	BENCH_NEED(v);
	dns_book_set_source(v->book, &source);
	BENCH_NEED(verify_whole(v, j->mail) && lookups_drive(dns_hub_resolver(kit.hub), v) == CHECK_DONE);
	BENCH_NEED(v->dkim.n > 0 && v->dkim.results[0].result == DKIM_PASS && v->dmarc.result == DMARC_PASS);
	verify_free(v);
}

static void addresses(void *user)
{
	const struct job *j = user;
	struct work w = kit_work(&kit, j->arena);
	struct header h = { 0 };
	struct mailbox *list;
	struct author author;

	header_index(&w, &h, j->mail);
	author_read(&w, &h, &author);
	BENCH_NEED(author.n > 0 && address_list_read(&w, h.fields[0].value, j->n, &list) == j->n);
	arena_reset(j->arena);
}

static void parts(void *user)
{
	const struct job *j = user;
	struct work w = kit_work(&kit, j->arena);
	struct mime m;

	BENCH_NEED(mime_read(&w, j->mail, &m) && m.n > 1);
	mime_end(&m);
	arena_reset(j->arena);
}

static void sweep(const char *name, size_t first, struct bytes (*make)(struct buf *to, size_t n), void (*work)(void *user))
{
	static const size_t steps[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000 };
	char group[64], size[32];

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct job j = { .n = first * steps[i], .arena = arena_new(ARENA_MAX) };
		struct bench_way way = { size, work, &j };
		struct buf text;
		snprintf(group, sizeof(group), "sweep-%s", name);
		snprintf(size, sizeof(size), "%zu", j.n);
		buf_init(&text, TEXT_MAX);
		if (bench_wants(group)) {
			j.mail = make(&text, j.n);
			BENCH_NEED(!text.failed && j.arena);
			bench_group(group, j.mail.n, &way, 1);
		}
		buf_free(&text);
		arena_free(j.arena);
		arena_reset(kit.scratch);
	}
}

static const enum limit_id raised[] = {
	LIMIT_HEADER_BYTES, LIMIT_HEADER_FIELDS, LIMIT_FROM_MAILBOXES, LIMIT_RECEIVED_FIELDS, LIMIT_DEFECTS,
	LIMIT_ARENA_BYTES, LIMIT_DKIM_SIGNATURES, LIMIT_DKIM_SIGNED_FIELDS, LIMIT_MIME_DEPTH, LIMIT_MIME_PARTS,
};

int main(int argc, char **argv)
{
	bench_begin(argc, argv);
	kit_begin(&kit);
	mime_start();
	for (size_t i = 0; i < ARRAY_LEN(raised); i++)
		kit.limits.v[raised[i]] = limit_rows[raised[i]].max;
	kit_zone(&kit, "perf.example. SOA ns.example. hostmaster.example. 1 3600 600 86400 3600\n"
	               "example. SOA ns.example. hostmaster.example. 1 3600 600 86400 3600\n"
	               "_dmarc.perf.example. TXT \"v=DMARC1; p=reject\"\n");
	kit_publish(&kit, "rsa", "perf.example", KIT_RSA2048);
	kit_warm(&kit, "rsa._domainkey.perf.example", DNS_TXT);
	kit_warm(&kit, "_dmarc.perf.example", DNS_TXT);
	kit_warm(&kit, "_dmarc.example", DNS_TXT);
	sweep("fields", 10, many_fields, verify);
	sweep("signatures", 1, many_signatures, verify);
	sweep("signed", 10, many_signed, verify);
	sweep("addresses", 100, many_addresses, addresses);
	sweep("nesting", 1, many_levels, parts);
	kit_end(&kit);
	return 0;
}
