/* What is kept of one mail: its keys, its network, its time; and all campaigns of forged mail and its bounces. */
#include "base/mem.h"
#include "dns/dns_master.h"
#include "dns/dns_script.h"
#include "explain/campaign.h"
#include "tap.h"

#define TODAY 1794996000 /* 2026-11-18T10:00:00Z */
#define ZONE \
	"mine.example. 60 TXT \"v=spf1 ip4:192.0.2.10 -all\"\n" \
	"_dmarc.mine.example. 60 TXT \"v=DMARC1; p=reject\"\n" \
	"thief.example. 60 TXT \"v=spf1 ip4:203.0.113.0/24 -all\"\n"

#define TRACE(ip, helo) \
	"Received: from " helo " (unknown [" ip "])\r\n\tby mx.example.net (Postfix) with ESMTP id 4XyZ\r\n" \
	"\tfor <alice@mine.example>; Mon, 16 Nov 2026 09:15:00 +0000 (UTC)\r\n"
#define WORDS "I have full access to all of your devices and have watched you for many weeks now, so pay me soon.\r\n"
#define DSN(returned) \
	TRACE("198.51.100.7", "mx.bouncer.example") "From: MAILER-DAEMON@bouncer.example\r\nTo: alice@mine.example\r\n" \
	"Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n" \
	"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" \
	"--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n" \
	"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.bouncer.example\r\n\r\n" \
	"Final-Recipient: rfc822; bob@bouncer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" \
	"--b\r\nContent-Type: message/rfc822\r\n\r\n" returned "\r\n--b--\r\n"
#define RETURNED(ip) \
	"Received: from x (unknown [" ip "])\r\n\tby mx.bouncer.example (Postfix) with ESMTP id 9;\r\n" \
	"\tMon, 16 Nov 2026 09:14:00 +0000\r\n" \
	"From: Alice <alice@mine.example>\r\nTo: bob@bouncer.example\r\nSubject: You were hacked\r\n" \
	"Message-ID: <1@x.example>\r\n\r\n" WORDS

static const struct {
	const char *name, *message;
	const char *keys;       /* "subject:...", "body", "place:...", sorted as they come, by blanks; places last */
	const char *net;        /* "": unknown */
	int64_t time;
	bool bounce, own, owner;
} cases[] = {
	{ "forged in the owner's name: subject, text, where it leads to",
	  TRACE("203.0.113.66", "thief.example") "From: alice@mine.example\r\nTo: alice@mine.example\r\n"
	  "Subject: Re: You were HACKED 4711\r\n\r\n" WORDS "See https://pay.thief.example/x and https://www.mine.example/y\r\n",
	  "subject:Re: You were HACKED 4711 body place:", "203.0.113.0", 1794820500, .owner = true },
	{ "from the owner's own system", TRACE("192.0.2.10", "mail.mine.example")
	  "From: alice@mine.example\r\nTo: bob@example.net\r\nSubject: minutes of the meeting\r\n\r\nshort\r\n",
	  "subject:minutes of the meeting", "192.0.2.0", 1794820500, .own = true, .owner = true },
	{ "an IPv6 network", TRACE("IPv6:2001:db8:1:2::3", "thief.example") "From: x@thief.example\r\n\r\nshort\r\n", "",
	  "2001:db8:1::", 1794820500 },
	{ "without a trace: the Date field, no network", "From: x@thief.example\r\nDate: Mon, 16 Nov 2026 09:00:00 +0000\r\n"
	  "Subject: hi\r\n\r\nshort\r\n", "", "", 1794819600 },
	{ "no time at all", "From: x@thief.example\r\nDate: soon\r\n\r\nshort\r\n", "", "", -1 },
	{ "a bounce counts for what it is about", DSN(RETURNED("203.0.113.66")), "subject:You were hacked", "203.0.113.0",
	  1794820500, .bounce = true },
	{ "a bounce of a mail that the owner's system sent", DSN(RETURNED("192.0.2.10")), "subject:You were hacked", "192.0.2.0",
	  1794820500, .bounce = true, .own = true },
	{ "an automatic reply has only the subject", TRACE("198.51.100.7", "mx.replier.example")
	  "From: bob@replier.example\r\nTo: alice@mine.example\r\nAuto-Submitted: auto-replied\r\n"
	  "Subject: Automatic reply: You were hacked\r\n\r\nI am away until Monday.\r\n",
	  "subject:Automatic reply: You were hacked", "", 1794820500, .bounce = true },
};

struct world {
	struct dns_zone *zone;
	struct limits limits;
	struct lookalike_tables *looks;
	struct bytes owner;
};

/* Judges; the caller ends *x. */
static bool judge(const struct world *w, struct bytes message, struct explain *x)
{
	struct explain_settings s = {
		.limits = &w->limits, .owners = &w->owner, .n_owners = 1, .today = TODAY, .sources.looks = w->looks,
	};
	struct dns_script *script = dns_script_new(w->zone, NULL);
	struct dns_resolver *r = script ? dns_script_resolver(script) : NULL;
	bool ok = explain_begin(x, &s, message) && r && explain_drive(x, r) == CHECK_DONE && explain_judge(x);

	if (r)
		dns_resolver_free(r);
	return ok;
}

static void add_keys(struct buf *out, const struct campaign_mail *m)
{
	static const char *const names[] = { [CAMPAIGN_SUBJECT] = "subject:", [CAMPAIGN_BODY] = "body", [CAMPAIGN_PLACE] = "place:" };

	for (size_t i = 0; i < m->n_keys; i++)
		buf_addf(out, "%s%s%.*s", i ? " " : "", names[m->keys[i].kind], (int)m->keys[i].n, m->keys[i].text);
}

static void check_case(const struct world *w, size_t i)
{
	struct bytes message = heap_copy(cases[i].message);
	struct campaign_mail m = { 0 };
	char ip[IP_TEXT];
	struct explain x;
	struct buf keys;

	buf_init(&keys, 1 << 16);
	tap_begin("%s", cases[i].name);
	if (CHECK(judge(w, message, &x)) && CHECK(campaign_read(&x, &m))) {
		add_keys(&keys, &m);
		bool place = strstr(cases[i].keys, "place:") != NULL; /* how much of a host counts is content_payload's matter */
		if (place)
			CHECK_MSG(bytes_istarts(buf_bytes(&keys), cases[i].keys) &&
			          bytes_search(buf_bytes(&keys), B("mine.example")) == keys.n, "%.*s", BYTES_ARG(buf_bytes(&keys)));
		else
			CHECK_BYTES(buf_bytes(&keys), cases[i].keys);
		CHECK_BYTES(bytes_of(ip_text(&m.net.ip, ip)), cases[i].net);
		CHECK_MSG(m.time == cases[i].time, "time %lld", (long long)m.time);
		CHECK_MSG(m.bounce == cases[i].bounce && m.own == cases[i].own && m.in_owner_name == cases[i].owner,
		          "bounce %d, own %d, owner %d: %s", m.bounce, m.own, m.in_owner_name, verdict_name(m.verdict));
		CHECK(m.author != 0);
	}
	tap_end();
	explain_end(&x);
	buf_free(&keys);
	heap_free(message);
}

/* Forged mail, its bounces, replies: one campaign; and what else lies in the folder is not of it. */
static void check_campaign(const struct world *w)
{
	static const size_t of_it[] = { 0, 0, 5, 5, 7, 0 }, other[] = { 1, 2, 3, 4 };
	struct campaigns *c = campaign_new(&w->limits);
	struct campaign_summary s = { 0 };
	struct campaign_mail m;
	struct explain x;

	tap_begin("forged mails, their bounces and replies are one campaign");
	assert(c);
	for (size_t i = 0; i < ARRAY_LEN(of_it) + ARRAY_LEN(other); i++) {
		size_t at = i < ARRAY_LEN(of_it) ? of_it[i] : other[i - ARRAY_LEN(of_it)];
		CHECK(judge(w, bytes_of(cases[at].message), &x) && campaign_read(&x, &m) && campaign_add(c, &m));
		explain_end(&x);
	}
	if (CHECK(campaign_finish(c, &s)) && CHECK_MSG(s.n == 1, "%zu", s.n)) {
		CHECK_MSG(s.list[0].mails == 6 && s.list[0].bounces == 3 && s.list[0].in_owner_name == 3, "%zu", s.list[0].mails);
		CHECK(s.list[0].kind == CAMPAIGN_FORGED && s.list[0].networks == 1 && s.list[0].own_networks == 0);
	}
	tap_end();
	campaign_free(c);
}

/* Memory may end at any point of campaign_read. */
static void check_memory(const struct world *w)
{
	struct campaign_mail m;
	struct explain x;
	bool done = false;

	tap_begin("every allocation of campaign_read may fail");
	for (long n = 0; n < 2000 && !done; n++) {
		CHECK(judge(w, bytes_of(cases[0].message), &x));
		mem_fail_after(n, true);
		mem_fail_arenas();
		done = campaign_read(&x, &m);
		mem_fail_after(-1, false);
		explain_end(&x);
	}
	CHECK(done);
	tap_end();
}

int main(void)
{
	struct world w = { .zone = dns_zone_new(), .looks = lookalike_start(), .owner = B("alice@mine.example") };
	struct dns_master_err err;

	limits_init(&w.limits);
	mime_start();
	assert(w.zone && w.looks && dns_master_read(w.zone, bytes_of(ZONE), &err));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_case(&w, i);
	check_campaign(&w);
	check_memory(&w);
	lookalike_stop(w.looks);
	dns_zone_free(w.zone);
	return tap_done();
}
