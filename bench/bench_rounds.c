/* bench_rounds.c - how long a message waits for a DNS of which nothing is known yet and in which
 * each question takes 50 ms: SPF with six includes on one level, two signatures, DMARC
 * of a domain of three labels. The clock is the script's: no waiting is done. */
#include "bench.h"
#include "dns/dns_script.h"
#include "kit.h"
#include "verify/lookups.h"

#define LATENCY_MS 50u

static const char zone[] =
	"news.mail.example. TXT \"v=spf1 include:i1.example include:i2.example include:i3.example "
	"include:i4.example include:i5.example include:i6.example -all\"\n"
	"i1.example. TXT \"v=spf1 ip4:203.0.113.1 -all\"\ni2.example. TXT \"v=spf1 ip4:203.0.113.2 -all\"\n"
	"i3.example. TXT \"v=spf1 ip4:203.0.113.3 -all\"\ni4.example. TXT \"v=spf1 ip4:203.0.113.4 -all\"\n"
	"i5.example. TXT \"v=spf1 ip4:203.0.113.5 -all\"\ni6.example. TXT \"v=spf1 ip4:192.0.2.25 -all\"\n"
	"_dmarc.mail.example. TXT \"v=DMARC1; p=reject\"\n";

int main(int argc, char **argv)
{
	static const struct verify_session from = {
		.ip = { 4, { 192, 0, 2, 25 } }, .helo = B("out.news.mail.example"),
		.mail_from = B("alice@news.mail.example"), .has_mail_from = true,
	};
	struct mail plain = { .from = "alice@news.mail.example", .to = "bob@example.org", .body = 4096 };
	struct dns_script_settings slow = { .latency_ms = LATENCY_MS };
	struct buf text;
	struct kit kit;

	bench_begin(argc, argv);
	kit_begin(&kit);
	kit_zone(&kit, zone);
	kit_publish(&kit, "rsa", "news.mail.example", KIT_RSA2048);
	kit_publish(&kit, "ed", "news.mail.example", KIT_ED25519);
	struct bytes mail = kit_sign(&kit, mail_write(&text, &plain), "rsa", "news.mail.example", KIT_RSA2048);
	mail = kit_sign(&kit, mail, "ed", "news.mail.example", KIT_ED25519);
	struct verify_settings settings = { .limits = &kit.limits, .now = KIT_NOW, .dns_time = KIT_NOW };
	struct verify *v = verify_new(&settings, &from);
	struct dns_script *script = dns_script_new(kit.zone, &slow);
	BENCH_NEED(v && script && verify_whole(v, mail));
	struct dns_resolver *r = dns_script_resolver(script);
	BENCH_NEED(lookups_drive(r, v) == CHECK_DONE);
	BENCH_NEED(v->spf.result == SPF_PASS && v->dmarc.result == DMARC_PASS && v->dkim.n == 2 &&
	           v->dkim.results[0].result == DKIM_PASS && v->dkim.results[1].result == DKIM_PASS);
	double waited = (double)r->ops->now_ms(r);
	bench_figure("cold-dns", "questions", "questions", 0, dns_script_counts(script).queries);
	bench_figure("cold-dns", "waited", "ms", 0, waited);
	bench_figure("cold-dns", "round trips", "round trips", 0, waited / LATENCY_MS);
	verify_free(v);
	dns_resolver_free(r);
	buf_free(&text);
	kit_end(&kit);
	return 0;
}
