/* The verdict on stored mail: what a person is told, for each kind of message. */
#include "explain/explain.h"
#include "explain/explain_words.h"
#include "dns/dns_master.h"
#include "dns/dns_script.h"
#include "tap.h"

#define TODAY 1794996000 /* 2026-11-18T10:00:00Z */
#define ZONE \
	"mine.example. 60 TXT \"v=spf1 ip4:192.0.2.10 -all\"\n" \
	"_dmarc.mine.example. 60 TXT \"v=DMARC1; p=reject\"\n" \
	"soft.example. 60 TXT \"v=spf1 ip4:192.0.2.10 ~all\"\n" \
	"_dmarc.soft.example. 60 TXT \"v=DMARC1; p=none\"\n" \
	"news.mine.example. 60 TXT \"v=spf1 ip4:198.51.100.9 -all\"\n" \
	"thief.example. 60 TXT \"v=spf1 ip4:203.0.113.0/24 -all\"\n" \
	"bare.example. 60 A 192.0.2.10\n" \
	"slow.example. 60 A 192.0.2.10\n" \
	";!fault slow.example. TXT timeout\n" \
	";!fault _dmarc.slow.example. TXT timeout\n"

#define TRACE(ip, helo) \
	"Received: from " helo " (unknown [" ip "])\r\n\tby mx.example.net (Postfix) with ESMTP id 4XyZ\r\n" \
	"\tfor <alice@mine.example>; Mon, 16 Nov 2026 09:15:00 +0000 (UTC)\r\n"
#define BODY "Subject: hello\r\nDate: Mon, 16 Nov 2026 09:14:00 +0000\r\n\r\nbody\r\n"
#define AR(results) "Authentication-Results: mx.example.net; " results "\r\n"

static const struct {
	const char *name, *owner, *message;
	const char *verdict, *confidence;
	const char *evidence;   /* an identifier that must be among the evidence; NULL: not looked at */
	bool trusted;           /* mx.example.net is named as trusted */
	bool offline;
	int64_t today;          /* 0: TODAY */
} cases[] = {
	{ "forged in the owner's name, strict policy", "alice@mine.example",
	  "Return-Path: <x@thief.example>\r\n" TRACE("203.0.113.66", "thief.example")
	  "From: Alice <alice@mine.example>\r\nTo: alice@mine.example\r\n" BODY,
	  "forged", "strong", "dmarc_fail", .trusted = true },
	{ "the same, nobody named as trusted: one step less sure", "alice@mine.example",
	  "Return-Path: <x@thief.example>\r\n" TRACE("203.0.113.66", "thief.example")
	  "From: Alice <alice@mine.example>\r\nTo: alice@mine.example\r\n" BODY,
	  "forged", "fair", "spf_fail" },
	{ "from the owner's own server", "alice@mine.example",
	  "Return-Path: <alice@mine.example>\r\n" TRACE("192.0.2.10", "mail.mine.example")
	  "From: Alice <alice@mine.example>\r\nTo: bob@example.net\r\n" BODY,
	  "genuine", "fair", "spf_pass", .trusted = true },
	{ "through a service that sends under a sub-domain of the owner's", "alice@mine.example",
	  "Return-Path: <bounces@news.mine.example>\r\n" TRACE("198.51.100.9", "out.service.example")
	  "From: Alice <alice@mine.example>\r\nTo: bob@example.net\r\n" BODY,
	  "genuine", "fair", "spf_pass", .trusted = true },
	{ "the domain publishes nothing, mail from somewhere", "alice@bare.example",
	  "Return-Path: <alice@bare.example>\r\n" TRACE("203.0.113.66", "thief.example")
	  "From: alice@bare.example\r\n" BODY,
	  "forged", "fair", "nothing_vouches", .trusted = true },
	{ "a broken From with the owner in it", "alice@mine.example",
	  "Return-Path: <x@thief.example>\r\n" TRACE("203.0.113.66", "thief.example")
	  "From: <alice@mine.example>, <x@thief.example>\r\n" BODY,
	  "forged", "strong", "broken_from", .trusted = true },
	{ "another's name, proven by SPF", "alice@mine.example",
	  "Return-Path: <bob@thief.example>\r\n" TRACE("203.0.113.66", "thief.example")
	  "From: bob@thief.example\r\n" BODY,
	  "proven", "fair", "spf_pass", .trusted = true },
	{ "another's name, forged", "bob@example.net",
	  "Return-Path: <x@thief.example>\r\n" TRACE("203.0.113.66", "thief.example")
	  "From: alice@mine.example\r\n" BODY,
	  "forged", "strong", "dmarc_fail", .trusted = true },
	{ "the DNS is silent and the provider wrote nothing", "alice@slow.example",
	  "Return-Path: <x@thief.example>\r\n" TRACE("203.0.113.66", "thief.example")
	  "From: alice@slow.example\r\n" BODY,
	  "cannot_tell", "weak", NULL, .trusted = true },
	{ "offline, the provider wrote fail", "alice@mine.example",
	  AR("spf=pass smtp.mailfrom=x@thief.example; dkim=none; dmarc=fail (p=REJECT) header.from=mine.example")
	  "Return-Path: <x@thief.example>\r\n" TRACE("203.0.113.66", "thief.example")
	  "From: alice@mine.example\r\n" BODY,
	  "forged", "strong", "dmarc_fail", .trusted = true, .offline = true },
	{ "offline, and a stranger's results further down are not believed", "alice@mine.example",
	  "Return-Path: <x@thief.example>\r\n" TRACE("203.0.113.66", "thief.example")
	  AR("spf=pass smtp.mailfrom=alice@mine.example; dmarc=pass header.from=mine.example")
	  "From: alice@mine.example\r\n" BODY,
	  "cannot_tell", "weak", NULL, .trusted = true, .offline = true },
	{ "old mail: what the provider wrote outranks a fail from today's DNS", "alice@mine.example",
	  AR("spf=pass smtp.mailfrom=alice@mine.example; dkim=pass header.d=mine.example; dmarc=pass header.from=mine.example")
	  "Return-Path: <alice@mine.example>\r\n" TRACE("198.51.100.7", "old.mine.example")
	  "From: alice@mine.example\r\n" BODY,
	  "genuine", "fair", "old_mail", .trusted = true, .today = TODAY + 40 * 86400 },
	{ "nobody in From: nobody is forged", "alice@mine.example",
	  TRACE("203.0.113.66", "thief.example") "Subject: a\r\n\r\nno sender\r\n", "unproven", "weak", NULL, .trusted = true },
	{ "no trace at all", "alice@mine.example", "From: alice@mine.example\r\n" BODY, "cannot_tell", "weak", NULL },
	{ "no owner given: taken from Delivered-To", NULL,
	  "Delivered-To: alice@mine.example\r\nReturn-Path: <x@thief.example>\r\n" TRACE("203.0.113.66", "thief.example")
	  "From: alice@mine.example\r\n" BODY,
	  "forged", "strong", "dmarc_fail", .trusted = true },
};

static void check_words(struct explain *x)
{
	struct buf page;
	struct bytes rest, line;

	buf_init(&page, 1 << 20);
	explain_words(&page, x, (struct words_style){ false });
	CHECK(!page.failed && page.n > 400);
	for (rest = buf_bytes(&page); bytes_cut(&rest, '\n', &line);)
		CHECK_MSG(line.n <= 80, "a line of %zu: %.*s", line.n, BYTES_ARG(line));
	CHECK(bytes_search(buf_bytes(&page), B("What to do\n  1. ")) < page.n);
	CHECK(bytes_search(buf_bytes(&page), B("What would settle it")) < page.n);
	buf_free(&page);
}

static bool has_evidence(const struct explain *x, const char *id)
{
	for (size_t i = 0; i < x->n_evidence; i++)
		if (strcmp(x->evidence[i].row->id, id) == 0)
			return true;
	return false;
}

static void run(size_t i, struct dns_zone *zone)
{
	struct limits limits;
	struct dname host = { B("mx.example.net") };
	struct bytes owner = bytes_of(cases[i].owner), id = B("mx.example.net");
	struct dns_script *script = dns_script_new(zone, NULL);
	struct dns_resolver *r = script ? dns_script_resolver(script) : NULL;
	struct explain x;

	limits_init(&limits);
	struct explain_settings settings = {
		.limits = &limits, .owners = &owner, .n_owners = cases[i].owner != NULL,
		.today = cases[i].today ? cases[i].today : TODAY, .offline = cases[i].offline,
	};
	if (cases[i].trusted)
		settings.trust = (struct trust){ .hosts = &host, .n_hosts = 1, .authserv_ids = &id, .n_authserv_ids = 1 };
	tap_begin("%s", cases[i].name);
	struct bytes message = heap_copy(cases[i].message);
	CHECK(r && explain_begin(&x, &settings, message));
	CHECK(explain_drive(&x, cases[i].offline ? NULL : r) == CHECK_DONE && explain_judge(&x));
	CHECK_MSG(strcmp(verdict_name(x.verdict.kind), cases[i].verdict) == 0, "verdict %s", verdict_name(x.verdict.kind));
	CHECK_MSG(strcmp(strength_name(x.verdict.confidence), cases[i].confidence) == 0, "confidence %s",
	          strength_name(x.verdict.confidence));
	CHECK_MSG(!cases[i].evidence || has_evidence(&x, cases[i].evidence), "no evidence %s", cases[i].evidence);
	for (size_t k = 0; k < x.n_evidence; k++)
		printf("# %s %s: %.*s\n", x.evidence[k].row->id, strength_name(x.evidence[k].strength),
		       BYTES_ARG(x.evidence[k].text));
	check_words(&x);
	json_t *json = explain_json(&x);
	CHECK(json && json_is_string(json_object_get(json, "verdict")) && json_is_array(json_object_get(json, "dkim")));
	json_decref(json);
	tap_end();
	explain_end(&x);
	heap_free(message);
	dns_resolver_free(r);
}

int main(void)
{
	struct dns_zone *zone = dns_zone_new();

	if (!zone || !dns_master_read(zone, B(ZONE), NULL))
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		run(i, zone);
	dns_zone_free(zone);
	return tap_done();
}
