/* bench_whole.c - everything that is checked of one mail, with all answers in the shared cache:
 * index, author, SPF of MAIL FROM and of HELO, one DKIM signature, no ARC, DMARC, against the floor
 * of its one signature. Beside it what the library's own interface adds: copies of the
 * session, the Authentication-Results field, and the JSON. */
#include "bench.h"
#include "dns/dns_pump.h"
#include "floor.h"
#include "kit.h"
#include "verify/lookups.h"
#include "verify/verify_authres.h"

#define PIECE 65536u

static struct kit kit;

static const char zone[] =
	"example. SOA ns.example. hostmaster.example. 1 3600 600 86400 3600\n" /* how long absence is known */
	"perf.example. TXT \"v=spf1 include:_spf.provider.example -all\"\n"
	"_spf.provider.example. TXT \"v=spf1 ip4:192.0.2.0/24 ip6:2001:db8:25::/64 -all\"\n"
	"out1.provider.example. TXT \"v=spf1 a -all\"\n"
	"out1.provider.example. A 192.0.2.25\n"
	"_dmarc.perf.example. TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@perf.example\"\n";

struct job {
	struct bytes mail;
	bool pieces;                /* fed as it streams, instead of as a whole */
	bool authres;               /* and the result written as a field */
	struct tf_context *context;
};

static struct verify *judged(const struct job *j)
{
	static const struct verify_session from = {
		.ip = { 4, { 192, 0, 2, 25 } }, .helo = B("out1.provider.example"),
		.mail_from = B("alice@perf.example"), .has_mail_from = true,
	};
	struct verify_settings settings = {
		.limits = &kit.limits, .authserv_id = B("mx.example.net"), .now = KIT_NOW, .dns_time = KIT_NOW,
	};
	struct dns_source source = dns_hub_source(kit.hub);
	struct verify *v = verify_new(&settings, &from);

	BENCH_NEED(v);
	dns_book_set_source(v->book, &source);
	if (!j->pieces) {
		BENCH_NEED(verify_whole(v, j->mail));
	} else {
		for (size_t at = 0; at < j->mail.n; at += PIECE)
			BENCH_NEED(verify_feed(v, bytes_sub(j->mail, at, PIECE)));
		BENCH_NEED(verify_end(v));
	}
	BENCH_NEED(lookups_drive(dns_hub_resolver(kit.hub), v) == CHECK_DONE);
	return v;
}

static void judge(void *user)
{
	const struct job *j = user;
	struct verify *v = judged(j);

	BENCH_NEED(v->dmarc.result == DMARC_PASS && v->spf.result == SPF_PASS && v->helo_spf.result == SPF_PASS &&
	           v->dkim.n == 1 && v->dkim.results[0].result == DKIM_PASS && v->arc.result == ARC_NONE);
	if (j->authres) {
		struct buf field;
		buf_init(&field, 65536);
		verify_authres(&field, v, "\r\n");
		BENCH_NEED(!field.failed);
		buf_free(&field);
	}
	verify_free(v);
}

static void through_library(void *user)
{
	static const struct tf_session from = { "192.0.2.25", "out1.provider.example", "alice@perf.example", NULL, KIT_NOW };
	const struct job *j = user;
	struct tf_message *m = tf_message_new(j->context, &from);

	BENCH_NEED(m && tf_message_feed(m, j->mail.p, j->mail.n) == 0);
	struct tf_result *r = tf_message_end(m);
	BENCH_NEED(r && strcmp(tf_result_dmarc(r), "pass") == 0);
	tf_result_free(r);
}

static void bench_mail(const char *group, size_t body)
{
	struct mail plain = { .from = "alice@perf.example", .to = "bob@example.org", .seed = body, .body = body,
	                      .attachment = body > 8192 };
	struct buf text;

	if (!bench_wants(group))
		return;
	struct bytes mail = kit_sign(&kit, mail_write(&text, &plain), "rsa", "perf.example", KIT_RSA2048);
	struct floor *floor = floor_new(mail, kit.publics[KIT_RSA2048]);
	struct job whole = { mail, false, false, NULL }, pieces = { mail, true, false, NULL };
	struct job field = { mail, false, true, NULL }, library = { mail, true, true, kit_context(&kit, zone) };
	struct bench_way ways[] = {
		{ "floor", floor_verify, floor },
		{ "truefrom", judge, &whole },
		{ "truefrom, as it streams", judge, &pieces },
		{ "truefrom, with the result as a field", judge, &field },
		{ "libtruefrom, with field and JSON", through_library, &library },
	};
	bench_group(group, mail.n, ways, ARRAY_LEN(ways));
	tf_context_free(library.context);
	floor_free(floor);
	buf_free(&text);
}

int main(int argc, char **argv)
{
	bench_begin(argc, argv);
	kit_begin(&kit);
	kit_zone(&kit, zone);
	kit_publish(&kit, "rsa", "perf.example", KIT_RSA2048);
	kit_warm(&kit, "rsa._domainkey.perf.example", DNS_TXT);
	kit_warm(&kit, "perf.example", DNS_TXT);
	kit_warm(&kit, "_spf.provider.example", DNS_TXT);
	kit_warm(&kit, "out1.provider.example", DNS_TXT);
	kit_warm(&kit, "out1.provider.example", DNS_A);
	kit_warm(&kit, "_dmarc.perf.example", DNS_TXT);
	kit_warm(&kit, "_dmarc.example", DNS_TXT); /* the walk ends at the top */
	bench_mail("whole-4k", 4096);
	bench_mail("whole-75k", 75 << 10);
	bench_mail("whole-1m", 1 << 20);
	kit_end(&kit);
	return 0;
}
