#include "base/buf.h"
#include "tap.h"
#include "verify/session.h"

static struct work w;
static struct limits limits;

#define AT "; Mon, 23 Nov 2026 20:00:05 +0100\r\n"
#define FROM "From: Ann <ann@example.org>\r\n"

/* lines that many cases share */
#define LMTP "Received: from mx.ours.example ([192.0.2.10])\r\n\tby imap.ours.example with LMTP id 9" AT
#define EVIL "Received: from evil.example (host.isp.example [203.0.113.5])\r\n\tby mx.ours.example (Postfix) with ESMTP id 1" AT
#define BANK "Received: from bank.example (bank.example [198.51.100.1])\r\n\tby mx.ours.example (Postfix) with ESMTPS id 0" AT
#define AR(id) "Authentication-Results: " id "; dmarc=pass header.from=example.org\r\n"
#define FILTER \
	"Received: from localhost (localhost [127.0.0.1])\r\n\tby mx.ours.example (Postfix) with ESMTP id 2" AT \
	"Received: from evil.example ([203.0.113.5])\r\n\tby localhost (mx.ours.example [127.0.0.1]) (amavisd-new, port 10024)" \
	"\r\n\twith ESMTP id x" AT

struct settings {
	const char *hosts[3], *nets[3], *ids[2];
};
static const struct settings none = { .hosts = { NULL } };
static const struct settings ours = { .hosts = { "ours.example" } };
static const struct settings ours_nets = { .hosts = { "ours.example" }, .nets = { "192.0.2.0/24" } };
static const struct settings only_mx = { .hosts = { "mx.ours.example" } };
static const struct settings with_id = { .hosts = { "ours.example" }, .ids = { "gate.provider.example" } };
static const struct settings only_id = { .ids = { "mx.ours.example" } };
static const struct settings google = { .hosts = { "google.com" } };

/* Expected: "none", or "IP HELO by=BY line=N/TRUSTED [rdns=] [inferred] [inside] [auth[=user]] [spf=N|spf=no]
 * [ar=i,j] [forged=i,j] [unsure=i,j]"; spf= is given where it is another line. */
static const struct {
	const char *name;
	const struct settings *trust;
	const char *header, *want;
} cases[] = {
	/* with trust settings */
	{ "one hop", &ours, EVIL FROM, "203.0.113.5 evil.example by=mx.ours.example line=0/1 rdns=host.isp.example" },
	{ "an LMTP line on top", &ours, LMTP EVIL FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=1/2 rdns=host.isp.example" },
	{ "an LMTP line by a store that is not named", &only_mx, LMTP EVIL FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=1/2 rdns=host.isp.example" },
	{ "a store on the same host, without a client", &only_mx,
	  "Received: by store.example (Dovecot) with LMTP id 3" AT EVIL FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=1/2 rdns=host.isp.example" },
	{ "forged lines below tell nothing", &ours, LMTP EVIL BANK BANK FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=1/2 rdns=host.isp.example" },
	{ "a log-in typed by a stranger lower down", &ours,
	  EVIL "Received: from laptop (home [198.51.100.7]) (Authenticated sender: ann@example.org)\r\n\tby mx.ours.example "
	  "(Postfix) with ESMTPSA id 7" AT FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=0/1 rdns=host.isp.example" },
	{ "a log-in typed in HELO", &ours,
	  "Received: from a (Authenticated sender: ann@example.org) (unknown [203.0.113.5])\r\n\tby mx.ours.example (Postfix) with "
	  "ESMTP id 1" AT FROM, "203.0.113.5 a by=mx.ours.example line=0/1" },
	{ "a real log-in", &ours,
	  LMTP "Received: from laptop (home.isp.example [198.51.100.7]) (Authenticated sender: ann@example.org)\r\n\tby "
	  "mx.ours.example (Postfix) with ESMTPSA id 7" AT FROM,
	  "198.51.100.7 laptop by=mx.ours.example line=1/2 rdns=home.isp.example auth=ann@example.org spf=no" },
	{ "a log-in from the local network", &ours,
	  "Received: from pc ([192.168.1.9]) (Authenticated sender: ann)\r\n\tby mx.ours.example (Postfix) with ESMTPA id 7" AT
	  BANK FROM, "192.168.1.9 pc by=mx.ours.example line=0/1 auth=ann spf=no" },
	{ "a content filter that puts mail in again", &ours, LMTP FILTER EVIL FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=3/4 rdns=host.isp.example" },
	{ "a content filter, and a host's line that differs", &ours, FILTER BANK FROM,
	  "203.0.113.5 evil.example by=localhost line=1/2" },
	{ "a filter inside that leaves no line: a typed local line may not tell of a log-in", &ours,
	  "Received: from filter ([10.0.0.2])\r\n\tby mx.ours.example (Postfix) with ESMTP id 2" AT
	  "Received: from x ([198.51.100.7]) (Authenticated sender: ann)\r\n\tby localhost (Postfix) with ESMTPSA id 3" AT FROM,
	  "198.51.100.7 x by=localhost line=1/2" },
	{ "our backup MX, by its network", &ours_nets,
	  "Received: from backup (unknown [192.0.2.9])\r\n\tby mx.ours.example (Postfix) with ESMTP id 2" AT
	  "Received: from evil.example ([203.0.113.5])\r\n\tby backup.ours.example (Postfix) with ESMTP id 1" AT BANK FROM,
	  "203.0.113.5 evil.example by=backup.ours.example line=1/2" },
	{ "our backup MX, by the name that was checked", &ours,
	  "Received: from backup (backup.ours.example [198.51.100.9])\r\n\tby mx.ours.example (Postfix) with ESMTP id 2" AT
	  "Received: from evil.example ([203.0.113.5])\r\n\tby backup.ours.example (Postfix) with ESMTP id 1" AT FROM,
	  "203.0.113.5 evil.example by=backup.ours.example line=1/2" },
	{ "trap: a HELO that names our backup MX", &ours,
	  "Received: from backup.ours.example (unknown [203.0.113.5])\r\n\tby mx.ours.example (Postfix) with ESMTP id 2" AT BANK
	  FROM, "203.0.113.5 backup.ours.example by=mx.ours.example line=0/1" },
	{ "trap: a name by DNS that does not lead back", &ours,
	  "Received: from x (backup.ours.example [203.0.113.5] (may be forged))\r\n\tby mx.ours.example (8.17.1/8.17.1) with ESMTP "
	  "id 2" AT BANK FROM, "203.0.113.5 x by=mx.ours.example line=0/1 rdns=backup.ours.example" },
	{ "trap: the server does not check the name", &ours,
	  "Received: from x (backup.ours.example [203.0.113.5])\r\n\tby mx.ours.example with ESMTP id 2" AT BANK
	  FROM, "203.0.113.5 x by=mx.ours.example line=0/1 rdns=backup.ours.example" },
	{ "trap: an address of ours in HELO", &ours_nets,
	  "Received: from [192.0.2.10] (unknown [203.0.113.5])\r\n\tby mx.ours.example (Postfix) with ESMTP id 2" AT BANK FROM,
	  "203.0.113.5 [192.0.2.10] by=mx.ours.example line=0/1" },
	{ "trap: no address and a HELO that names us", &ours,
	  "Received: from mx.ours.example by mx.ours.example with ESMTP id 2" AT BANK FROM,
	  "- mx.ours.example by=mx.ours.example line=0/1 spf=no" },
	{ "trap: a name that ends like ours", &ours,
	  "Received: from evil ([203.0.113.5]) by notours.example (Postfix) with ESMTP id 2" AT EVIL FROM, "none" },
	{ "fetchmail, the provider is named", &ours,
	  "Received: from pop.ours.example [192.0.2.110]\r\n\tby laptop.home.example with POP3 (fetchmail-6.4.37)\r\n\tfor "
	  "<ann@localhost> (single-drop)" AT LMTP EVIL FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=2/3 rdns=host.isp.example" },
	{ "fetchmail, and a provider that is not named", &(const struct settings){ .hosts = { "laptop.home.example" } },
	  "Received: from pop.ours.example [192.0.2.110]\r\n\tby laptop.home.example with POP3 (fetchmail-6.4.37)" AT EVIL FROM,
	  "192.0.2.110 pop.ours.example by=laptop.home.example line=0/1 inside spf=no" },
	{ "the mail lies with somebody else", &ours,
	  "Received: from fwd.example ([198.51.100.3]) by mx.google.com with ESMTPS id a" AT EVIL FROM, "none" },
	{ "the mail lies with somebody else, and a stranger types our lines", &ours,
	  "Received: by 2002:a05:6a10:1::1 with SMTP id q" AT
	  "Received: from evil.example ([203.0.113.5]) by mx.google.com with ESMTPS id a" AT BANK FROM, "none" },
	{ "it began on our host", &ours, "Received: by www.ours.example (Postfix, from userid 33)\r\n\tid 3" AT FROM,
	  "-  by=www.ours.example line=0/1 inside spf=no" },
	{ "a network named, no host: by address only", &(const struct settings){ .nets = { "192.0.2.0/24" } },
	  "Received: from evil.example ([203.0.113.5]) by 192.0.2.10 with SMTP id 1" AT FROM,
	  "203.0.113.5 evil.example by=192.0.2.10 line=0/1" },
	{ "no Received at all", &ours, FROM, "none" },
	{ "rubbish for Received", &ours, "Received: (((\r\nReceived: ;;;\r\n" FROM, "none" },

	/* inferred */
	{ "inferred: one hop", &none, EVIL FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=0/1 rdns=host.isp.example inferred" },
	{ "inferred: an LMTP line on top", &none, LMTP EVIL FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=1/2 rdns=host.isp.example inferred" },
	{ "inferred: the store has another name than the MX", &none,
	  "Received: from mx.ours.example ([10.1.1.1]) by store.hosting.example with LMTP id 1" AT EVIL FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=1/2 rdns=host.isp.example inferred" },
	{ "inferred: a content filter", &none, FILTER EVIL BANK FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=2/3 rdns=host.isp.example inferred" },
	{ "inferred: servers of one house, then a log-in", &none,
	  LMTP "Received: from out.ours.example (out.ours.example [192.0.2.25])\r\n\tby mx.ours.example (Postfix) with ESMTPS id 4" AT
	  "Received: from [192.168.1.20] (client.isp.example [198.51.100.77])\r\n\t(Authenticated sender: ann@example.org)\r\n\tby "
	  "out.ours.example (Postfix) with ESMTPSA id 5" AT FROM,
	  "198.51.100.77 [192.168.1.20] by=out.ours.example line=2/3 rdns=client.isp.example inferred auth=ann@example.org spf=1" },
	{ "inferred: servers of one house, and no more", &none,
	  "Received: from out.ours.example (out.ours.example [192.0.2.25])\r\n\tby mx.ours.example (Postfix) with ESMTPS id 4" AT FROM,
	  "192.0.2.25 out.ours.example by=mx.ours.example line=0/1 rdns=out.ours.example inferred inside" },
	{ "inferred: fetchmail", &none,
	  "Received: from localhost (localhost [127.0.0.1])\r\n\tby laptop.home.example (Postfix) with ESMTP id 1" AT
	  "Received: from pop.ours.example [192.0.2.110]\r\n\tby laptop.home.example with IMAP (fetchmail-6.4.37)" AT EVIL FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=2/3 rdns=host.isp.example inferred" },
	{ "inferred: qmail's remarks between the lines", &none,
	  "Received: (qmail 12 invoked from network); 23 Nov 2026 19:00:05 -0000\r\n"
	  "Received: from unknown (HELO evil.example) (203.0.113.5)\r\n  by mx.ours.example with SMTP" AT BANK FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=1/2 inferred" },
	{ "inferred: all names are local", &none,
	  "Received: from compute.internal (compute.nyi.internal [10.202.2.42])\r\n\tby store.internal (Cyrus 3.9) with LMTPA" AT
	  "Received: from evil.example (unknown [203.0.113.5])\r\n\tby mailmx.nyi.internal (Postfix) with ESMTPS id 5" AT FROM,
	  "203.0.113.5 evil.example by=mailmx.nyi.internal line=1/2 inferred" },
	{ "inferred: a stranger's line under an internal one", &none,
	  "Received: from filter ([10.0.0.2])\r\n\tby mx.ours.example (Postfix) with ESMTP id 2" AT
	  "Received: from bank.example ([198.51.100.1])\r\n\tby relay.evil.example (Postfix) with ESMTP id 3" AT FROM,
	  "10.0.0.2 filter by=mx.ours.example line=0/1 inferred inside spf=no" },
	{ "inferred: a house under a two-level suffix", &none,
	  "Received: from mx.other.co.uk (mx.other.co.uk [203.0.113.5])\r\n\tby mx.ours.co.uk (Postfix) with ESMTP id 2" AT
	  "Received: from x ([198.51.100.1]) by mx.other.co.uk (Postfix) with ESMTP id 3" AT FROM,
	  "203.0.113.5 mx.other.co.uk by=mx.ours.co.uk line=0/1 rdns=mx.other.co.uk inferred" },
	{ "inferred: no Received at all", &none, FROM, "none" },

	/* large providers */
	{ "gmail", &none,
	  "Delivered-To: ann@example.com\r\n"
	  "Received: by 2002:a05:6a10:1::1 with SMTP id q1csp1" AT
	  "X-Received: by 2002:a05:600c:2::2 with SMTP id z" AT
	  "Return-Path: <bob@example.org>\r\n"
	  "Received: from mail.example.org (mail.example.org. [203.0.113.5])\r\n by mx.google.com with ESMTPS id a1\r\n for "
	  "<ann@example.com>" AT
	  "Received-SPF: pass (google.com: ok) client-ip=203.0.113.5;\r\n"
	  AR("mx.google.com") AR("mx.google.com") BANK FROM,
	  "203.0.113.5 mail.example.org by=mx.google.com line=1/2 rdns=mail.example.org inferred ar=6 forged=7" },
	{ "gmail, named", &google,
	  "Received: by 2002:a05:6a10:1::1 with SMTP id q1csp1" AT
	  "Received: from mail.example.org ([203.0.113.5]) by mx.google.com with ESMTPS id a1" AT AR("mx.google.com") FROM,
	  "203.0.113.5 mail.example.org by=mx.google.com line=1/2 ar=2" },
	{ "gmail to gmail: another customer's server is outside", &none,
	  "Received: by 2002:a05:6a10:1::1 with SMTP id q1csp1" AT
	  "Received: from mail-sor-f41.google.com (mail-sor-f41.google.com. [198.51.100.41])\r\n by mx.google.com with SMTPS id b" AT
	  FROM, "198.51.100.41 mail-sor-f41.google.com by=mx.google.com line=1/2 rdns=mail-sor-f41.google.com inferred" },
	{ "microsoft 365", &none,
	  "Received: from A1.eurprd02.prod.outlook.com (2603:10a6:10:1::2)\r\n by D2.eurprd02.prod.outlook.com with HTTPS" AT
	  "Received: from DB8EUR05FT003.eop-eur05.prod.protection.outlook.com (2603:10a6:10:2::3)\r\n by "
	  "AM0PR01.outlook.office365.com (2603:10a6:20::4) with Microsoft SMTP Server id 15 via Frontend Transport" AT
	  "Authentication-Results: spf=fail (sender IP is 203.0.113.5) smtp.mailfrom=example.org;dmarc=fail action=none\r\n"
	  "Received: from evil.example (203.0.113.5) by\r\n DB8EUR05FT003.mail.protection.outlook.com (10.233.238.1) with Microsoft "
	  "SMTP Server id 15 via Frontend Transport" AT
	  "Authentication-Results: spf=pass smtp.mailfrom=example.org;dmarc=pass\r\n" BANK FROM,
	  "203.0.113.5 evil.example by=DB8EUR05FT003.mail.protection.outlook.com line=2/3 inferred ar=2" },
	{ "trap: microsoft 365, a customer's address at the border", &none,
	  "Received: from VM.eurprd02.prod.outlook.com (2603:1020:203:1::99) by\r\n DB8EUR05FT003.mail.protection.outlook.com "
	  "(10.233.238.1) with Microsoft SMTP Server id 15 via Frontend Transport" AT
	  "Received: from bank.example (198.51.100.1) by X.prod.outlook.com (10.0.0.1) with Microsoft SMTP Server id 1" AT FROM,
	  "2603:1020:203:1::99 VM.eurprd02.prod.outlook.com by=DB8EUR05FT003.mail.protection.outlook.com line=0/1 inferred" },
	{ "yahoo", &none,
	  "Authentication-Results: atlas.v2.omega.yahoo.com; dkim=none; spf=fail smtp.mailfrom=example.org\r\n"
	  "Received: from 127.0.0.1  (EHLO evil.example) (203.0.113.5)\r\n by atlas.v2.omega.yahoo.com with SMTPs" AT FROM,
	  "203.0.113.5 evil.example by=atlas.v2.omega.yahoo.com line=0/1 inferred ar=0" },
	{ "yahoo: its own user; a log-in by a name without a domain is not believed", &none,
	  "Received: from sonic.gate.mail.ne1.yahoo.com by sonic301.consmr.mail.ne1.yahoo.com with HTTP" AT
	  "Received: by hermes--production-ne1-abc (Yahoo Inc. Hermes SMTP Server) with ESMTPA ID 0123" AT FROM,
	  "-  by=hermes--production-ne1-abc line=1/2 inferred inside spf=no" },

	/* Authentication-Results */
	{ "results: ours above, forged below", &ours, LMTP AR("mx.ours.example") EVIL AR("mx.ours.example")
	  "Subject: x\r\n" AR("MX.Ours.Example. 1") AR("mx.evil.example") FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=1/2 rdns=host.isp.example ar=1 forged=3,5" },
	{ "results: directly below and none above", &ours, EVIL "DKIM-Filter: OpenDKIM\r\n" AR("mx.ours.example")
	  AR("mx.ours.example") "Subject: x\r\n" AR("mx.ours.example") FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=0/1 rdns=host.isp.example forged=5 unsure=2,3" },
	{ "results: an id that is named", &with_id, AR("gate.provider.example") AR("mx.ours.example") EVIL
	  "Subject: x\r\n" AR("gate.provider.example") FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=0/1 rdns=host.isp.example ar=0 forged=4" },
	{ "results: only an id is named", &only_id, AR("mx.ours.example") AR("imap.ours.example") EVIL FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=0/1 rdns=host.isp.example inferred ar=0" },
	{ "results: inferred", &none, LMTP AR("mx.ours.example") AR("mx.other.example") EVIL
	  "Subject: x\r\n" AR("\"mx.ours.example\"") FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=1/2 rdns=host.isp.example inferred ar=1 forged=5" },
	{ "results: without an id they count for nothing", &ours, "Authentication-Results: spf=pass; dmarc=pass\r\n" EVIL FROM,
	  "203.0.113.5 evil.example by=mx.ours.example line=0/1 rdns=host.isp.example" },
	{ "results: without a trace they count for nothing", &ours, AR("mx.ours.example") FROM, "none" },
};

static struct trust trust_of(const struct settings *s)
{
	struct dname *hosts = arena_array(w.arena, struct dname, 3);
	struct ip_net *nets = arena_array(w.arena, struct ip_net, 3);
	struct bytes *ids = arena_array(w.arena, struct bytes, 2);
	struct trust t = { .hosts = hosts, .networks = nets, .authserv_ids = ids };

	for (; t.n_hosts < 3 && s->hosts[t.n_hosts]; t.n_hosts++)
		if (!dname_parse(w.arena, bytes_of(s->hosts[t.n_hosts]), DNAME_HOST, &hosts[t.n_hosts], NULL))
			abort();
	for (; t.n_networks < 3 && s->nets[t.n_networks]; t.n_networks++)
		if (!ip_net_parse(bytes_of(s->nets[t.n_networks]), &nets[t.n_networks]))
			abort();
	for (; t.n_authserv_ids < 2 && s->ids[t.n_authserv_ids]; t.n_authserv_ids++)
		ids[t.n_authserv_ids] = bytes_of(s->ids[t.n_authserv_ids]);
	return t;
}

static struct bytes add_list(struct bytes to, const char *name, const size_t *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to = arena_printf(w.arena, "%.*s%s%s%s%zu", BYTES_ARG(to), i ? "," : " ", i ? "" : name, i ? "" : "=", items[i]);
	return to;
}

static struct bytes describe(const struct handover *h)
{
	char ip[IP_TEXT];

	if (!h->found)
		return B("none");
	struct bytes to = arena_printf(w.arena, "%s %.*s by=%.*s line=%zu/%zu", h->has_ip ? ip_text(&h->ip, ip) : "-",
	                               BYTES_ARG(h->helo), BYTES_ARG(h->by), h->received_index, h->n_trusted);
	if (h->rdns.n)
		to = arena_printf(w.arena, "%.*s rdns=%.*s", BYTES_ARG(to), BYTES_ARG(h->rdns));
	to = arena_printf(w.arena, "%.*s%s%s%s%s%.*s", BYTES_ARG(to), h->inferred ? " inferred" : "",
	                  h->internal ? " inside" : "", h->authenticated ? " auth" : "", h->auth_user.n ? "=" : "",
	                  BYTES_ARG(h->auth_user));
	if (h->spf_index == h->n_lines)
		to = arena_printf(w.arena, "%.*s spf=no", BYTES_ARG(to));
	else if (h->spf_index != h->received_index)
		to = arena_printf(w.arena, "%.*s spf=%zu", BYTES_ARG(to), h->spf_index);
	to = add_list(to, "ar", h->authres, h->n_authres);
	to = add_list(to, "forged", h->forged_authres, h->n_forged_authres);
	return add_list(to, "unsure", h->unsure_authres, h->n_unsure_authres);
}

static void run_cases(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = heap_copy(cases[i].header);
		struct handover ho;
		struct header h;

		tap_begin("%s", cases[i].name);
		arena_reset(w.arena);
		struct trust trust = trust_of(cases[i].trust);
		header_index(&w, &h, text);
		handover_find(&w, &h, &trust, &ho);
		struct bytes got = describe(&ho);
		CHECK_MSG(bytes_eq(got, cases[i].want), "\n#  got %.*s\n# want %s", BYTES_ARG(got), cases[i].want);
		CHECK(ho.note && (!ho.found || ho.field_index < h.n));
		tap_end();
		heap_free(text);
	}
}

/* --- nothing that a stranger writes below his own line moves the hand-over -------------- */

static void run_injection(void)
{
	struct handover plain, spiced;
	struct header h;

	tap_begin("whatever stands below, the hand-over is the same");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		arena_reset(w.arena);
		struct trust trust = trust_of(cases[i].trust);
		header_index(&w, &h, bytes_of(EVIL FROM));
		handover_find(&w, &h, &trust, &plain);
		struct bytes mixed = arena_printf(w.arena, "%s%s", EVIL, cases[i].header);
		header_index(&w, &h, mixed);
		handover_find(&w, &h, &trust, &spiced);
		CHECK_MSG(plain.found == spiced.found && plain.received_index == spiced.received_index && plain.has_ip == spiced.has_ip &&
		          (!plain.has_ip || ip_same(&plain.ip, &spiced.ip)) && !spiced.authenticated && spiced.n_authres == 0,
		          "with the header of \"%s\" below", cases[i].name);
	}
	tap_end();
}

static void run_limits(void)
{
	struct handover ho;
	struct header h;
	struct trust trust = { .n_hosts = 0 };
	struct buf text;

	tap_begin("a thousand lines: the limit is kept and said");
	arena_reset(w.arena);
	w.reached = 0;
	text = (struct buf){ .cap = 1 << 20 };
	for (int i = 0; i < 1000; i++)
		buf_adds(&text, LMTP AR("mx.ours.example"));
	buf_adds(&text, FROM);
	header_index(&w, &h, buf_bytes(&text));
	handover_find(&w, &h, &trust, &ho);
	CHECK(ho.n_lines == limits.v[LIMIT_RECEIVED_FIELDS] && ho.n_authres <= limits.v[LIMIT_AUTHRES_FIELDS]);
	CHECK(w.reached >> LIMIT_RECEIVED_FIELDS & 1);
	CHECK(w.reached >> LIMIT_AUTHRES_FIELDS & 1);
	buf_free(&text);
	tap_end();
}

int main(void)
{
	limits_init(&limits);
	w = (struct work){ .arena = arena_new(64 << 20), .limits = &limits };
	run_cases();
	run_injection();
	run_limits();
	arena_free(w.arena);
	return tap_done();
}
