#include "base/ip.h"
#include "base/mem.h"
#include "content/wallet.h"
#include "explain/redact.h"
#include "mail/address.h"
#include "mime/mime.h"
#include "tap.h"
#include "verify/case.h"

static struct lookalike_tables *tables;

/* --- helpers --- */

static struct redact *redactor(const char *key)
{
	struct redact *r = redact_new(tables, &(struct redact_options){ .key = bytes_of(key) });

	assert(r);
	return r;
}

static bool has(struct bytes text, const char *what)
{
	return bytes_search(text, bytes_of(what)) < text.n;
}

/* The message alone, in a static buffer of its own for each of a few calls. */
static struct bytes message_of(const char *key, struct bytes message, const char *session)
{
	static uint8_t buffers[4][1 << 18];
	static unsigned turn;
	struct bytes in[REDACT_TEXTS] = { message, bytes_of(session) }, out[REDACT_TEXTS];
	struct redact *r = redactor(key);
	uint8_t *to = buffers[turn++ % 4];

	if (!redact_case(r, in, out) || out[0].n > sizeof(buffers[0])) {
		tap_check(false, __FILE__, __LINE__, "out of memory");
		out[0].n = 0;
	}
	if (out[0].n)
		memcpy(to, out[0].p, out[0].n);
	redact_free(r);
	return (struct bytes){ to, out[0].n };
}

/* Does the text look like the pattern? "*" is any text, "?" a small letter, "^" a large one, "#" a digit; "{1}" is
 * what stood at "{1:????}". */
struct glob {
	struct bytes seen[10];
};

static bool matches(struct glob *g, struct bytes text, const char *p)
{
	if (*p == '\0')
		return text.n == 0;
	if (*p == '*') {
		for (size_t i = 0; i <= text.n; i++)
			if (matches(g, bytes_from(text, i), p + 1))
				return true;
		return false;
	}
	if (*p == '{' && p[2] == '}') {
		struct bytes was = g->seen[p[1] - '0'];
		return bytes_same(bytes_sub(text, 0, was.n), was) && matches(g, bytes_from(text, was.n), p + 3);
	}
	if (*p == '{') {
		size_t n = strcspn(p + 3, "}");
		char inner[64];
		snprintf(inner, sizeof(inner), "%.*s", (int)n, p + 3);
		struct bytes part = bytes_sub(text, 0, n);
		g->seen[p[1] - '0'] = part;
		return matches(g, part, inner) && matches(g, bytes_from(text, n), p + 4 + n);
	}
	if (text.n == 0)
		return false;
	uint8_t c = text.p[0];
	bool same = *p == '?'   ? c >= 'a' && c <= 'z'
	            : *p == '^' ? c >= 'A' && c <= 'Z'
	            : *p == '#' ? c >= '0' && c <= '9'
	                        : c == (uint8_t)*p;
	return same && matches(g, bytes_from(text, 1), p + 1);
}

/* --- single fields and texts --- */

#define A "??????????"          /* what a mailbox, or the word of a domain, becomes */
#define L "????????"            /* a label below it */

static const struct {
	const char *name, *in, *want;
} cases[] = {
	/* addresses */
	{ "a name and an address", "From: Alice Example <alice@example.org>\n\n", "From: ^???? ^?????? <{1:" A "}@{2:" A "}.example>\n\n" },
	{ "the first letter stays large", "From: Alice <a.b@example.org>\n\n", "From: *<" A "@" A ".example>\n\n" },
	{ "the same everywhere", "From: alice@example.org\nTo: <Alice@EXAMPLE.org>, bob@example.org\n\n",
	  "From: {1:" A "}@{2:" A "}.example\nTo: <{1}@{2}.example>, " A "@{2}.example\n\n" },
	{ "one registrable domain, whatever its suffix", "From: a@mail.firm.co.uk\nTo: b@firm.co.uk, c@alice-pc.firm.co.uk\n\n",
	  "From: " A "@mail.{2:" A "}.example\nTo: " A "@{2}.example, " A "@" L ".{2}.example\n\n" },
	{ "a word of a name is the same word in the text", "From: alice <x@example.org>\nSubject: zoology alice\n\nalice!\n",
	  "From: {1:?????} <*\nSubject: ??????? {1}\n\n{1}!\n" },
	{ "a mailbox of a role", "From: MAILER-DAEMON <mailer-daemon@example.org>\nTo: postmaster@example.org\n\n",
	  "From: *<mailer-daemon@{1:" A "}.example>\nTo: postmaster@{1}.example\n\n" },
	{ "a tag behind a plus", "To: alice+news@example.org, alice@example.org\n\n",
	  "To: {1:" A "}+news@{2:" A "}.example, {1}@{2}.example\n\n" },
	{ "VERP", "Return-Path: <bounces+7-bob=example.net@list.example>\nTo: bob@example.net\n\n",
	  "Return-Path: <bounces+" A "={2:" A "}.example@{3:" A "}.example>\nTo: " A "@{2}.example\n\n" },
	{ "SRS", "Return-Path: <SRS0=k3Xa=RT=example.org=alice@club.example>\nFrom: alice@example.org\n\n",
	  "Return-Path: <SRS0=k3Xa=RT={2:" A "}.example={1:" A "}@" A ".example>\nFrom: {1}@{2}.example\n\n" },
	{ "BATV", "Return-Path: <prvs=4123a1b2c3=alice@example.org>\nTo: alice@example.org\n\n",
	  "Return-Path: <prvs=4123a1b2c3={1:" A "}@{2:" A "}.example>\nTo: {1}@{2}.example\n\n" },
	{ "BATV the other way round", "Return-Path: <prvs=alice=4123a1b2c3@example.org>\nTo: alice@example.org\n\n",
	  "Return-Path: <prvs={1:" A "}=4123a1b2c3@{2:" A "}.example>\nTo: {1}@{2}.example\n\n" },
	{ "addresses of a list", "Return-Path: <garden-bounces@lists.club.example>\nTo: garden@lists.club.example\n\n",
	  "Return-Path: <{1:" A "}-bounces@lists.{2:" A "}.example>\nTo: {1}@lists.{2}.example\n\n" },
	{ "a quoted local part", "From: \"alice smith\"@example.org\n\n", "From: " A "@" A ".example\n\n" },
	{ "an address literal", "From: alice@[198.51.100.7]\n\n", "From: " A "@[198.51.*]\n\n" },
	{ "an encoded name", "From: =?iso-8859-1?q?J=FCrgen_Schmidt?= <j@example.org>\nSubject: J\xc3\xbcrgen\n\n",
	  "From: =*utf-8*B*= <" A "@" A ".example>\nSubject: ^?????\n\n" },
	{ "nobody", "Return-Path: <>\nTo: undisclosed-recipients:;\n\n", "Return-Path: <>\nTo: *:;\n\n" },

	/* identifiers */
	{ "a Message-ID and its echo", "Message-ID: <20261116.4711@example.org>\nReferences: <x@y.example>\n <20261116.4711@example.org>\n\n",
	  "Message-ID: <{1:********************}@{2:" A "}.example>\nReferences: <*>\n <{1}@{2}.example>\n\n" },
	{ "a Message-ID does not make its host one of people",
	  "Received: from mta.other.example (mta.other.example [192.0.2.9]) by mx.example.net; Mon, 16 Nov 2026 09:00:00 +0000\n"
	  "Message-ID: <1@mta.other.example>\n\n",
	  "Received: from mta.other.example (mta.other.example [192.0.*]) by mx.example.net; Mon, 16 Nov 2026 09:00:00 +0000\n"
	  "Message-ID: <*@*>\n\n" },
	{ "words in In-Reply-To", "In-Reply-To: Your letter of Monday about Zoology <1@x.example>\n\n",
	  "In-Reply-To: Your ?????? of Monday about ^?????? <*@*>\n\n" },

	/* the trace and results */
	{ "the trace keeps its shape",
	  "Received: from pc.example.org (host.example.org [203.0.113.9])\n\t(Authenticated sender: alice@example.org)\n"
	  "\tby mx.provider.example (Postfix) with ESMTPSA id 4F0A12B3C\n\tfor <bob@example.net>; Mon, 23 Nov 2026 20:00:05 +0100\n"
	  "From: alice@example.org\n\n",
	  "Received: from {5:" L "}.{2:" A "}.example (host.{2}.example [203.0.*])\n\t(Authenticated sender: {1:" A "}@{2}.example)\n"
	  "\tby mx.provider.example (Postfix) with ESMTPSA id 4F0A12B3C\n\tfor <" A "@" A ".example>; Mon, 23 Nov 2026 20:00:05 +0100\n"
	  "From: {1}@{2}.example\n\n" },
	{ "a log-in without a domain, the name of a computer",
	  "Received: from alicelaptop (unknown [192.168.1.20]) (Authenticated sender: alice) by mx.provider.example with ESMTPA\n"
	  "From: alice@example.org\n\n",
	  "Received: from " L " (unknown [192.168.1.20]) (Authenticated sender: {1:" A "}) by mx.provider.example with ESMTPA\n"
	  "From: {1}@" A ".example\n\n" },
	{ "a program on the host", "Received: by www.provider.example (Postfix, from userid 33)\n\tid 4F0A12B3C\n\n",
	  "Received: by www.provider.example (Postfix, from userid 33)\n\tid 4F0A12B3C\n\n" },
	{ "results", "Authentication-Results: mx.provider.example; spf=pass smtp.mailfrom=alice@example.org;\n"
	             " dkim=pass header.d=example.org header.i=@example.org header.s=s1; dmarc=pass header.from=example.org\n"
	             "From: alice@example.org\n\n",
	  "Authentication-Results: mx.provider.example; spf=pass smtp.mailfrom={1:" A "}@{2:" A "}.example;\n"
	  " dkim=pass header.d={2}.example header.i=@{2}.example header.s=s1; dmarc=pass header.from={2}.example\n"
	  "From: {1}@{2}.example\n\n" },
	{ "a signature, without the copy of the header in it",
	  "DKIM-Signature: v=1; d=example.org; s=s1; h=from:to; z=From:Alice|To:Bob; bh=QUJDQUJDQUJDQUJD; b=QUJD\n\tRUZH\nFrom: a@example.org\n\n",
	  "DKIM-Signature: v=1; d={2:" A "}.example; s=s1; h=from:to; z=; bh=************QUJD; b=****\n\tRUZH\nFrom: *@{2}.example\n\n" },
	{ "a domain of ours within a name of somebody else's",
	  "Received: from exampleorg.other.net (example-org.mail.protection.other.net [192.0.2.9])\n\tby example.org.other.net; date\n"
	  "Received: from example.helpdesk.net (x.example.net) by a; date\nFrom: alice@example.org\n\n",
	  "Received: from {1:" A "}example.other.net ({1}-example.mail.protection.other.net [192.0.*])\n\tby {1}.example.other.net; date\n"
	  "Received: from {1}.helpdesk.net (" L "." A ".example) by a; date\nFrom: " A "@{1}.example\n\n" },
	{ "an address that only a quoted header has", "\nReturned:\nTo: <bob@firm.example>\n\nx.firm.example\n",
	  "\nReturned:\nTo: <" A "@{1:" A "}.example>\n\n" L ".{1}.example\n" },
	{ "dates and what machines say stay", "Date: Mon, 16 Nov 2026 10:12:19 +0100\nMIME-Version: 1.0\nAuto-Submitted: auto-replied\n\n",
	  "Date: Mon, 16 Nov 2026 10:12:19 +0100\nMIME-Version: 1.0\nAuto-Submitted: auto-replied\n\n" },
	{ "an unknown field loses its words", "X-Customer: Zacharias Quintus, 4711\n\n", "X-Customer: ^???????? ^??????, ####\n\n" },

	/* texts */
	{ "words that everybody uses stay", "\nDear Zacharias, your mailbox is full.\n", "\nDear *, your mailbox is full.\n" },
	{ "words of threats stay, in any letters", "\nI hacked your webcam, Zacharias! Ihr Passwort: B\xd1\x96tcoin\n",
	  "\nI hacked your webcam, *! Ihr Passwort: B\xd1\x96tcoin\n" },
	{ "capitals", "\nQUINTUS Quintus quintus\n", "\n*\n" },
	{ "numbers", "\nCall +49 30 1234567 or 555-0199-22, code 471199, 3 times\n",
	  "\nCall +## ## ####### or ###-####-##, code ######, 3 times\n" },
	{ "codes of SMTP", "\n550 5.1.1 <bob@example.net>: user unknown\n", "\n550 5.1.1 <" A "@" A ".example>: user unknown\n" },
	{ "a link, and its text", "\nhttps://www.bank.example/login?user=alice&id=471199#top or www.bank.example\n",
	  "\nhttps://www.{2:" A "}.example/login*user=?????&id=######*??? or www.{2}.example\n" },
	{ "a link to a number, with a port", "\nhttp://203.0.113.9:8080/x.exe\n", "\nhttp://203.0.*:8080/?.exe\n" },
	{ "a link that hides its host", "\nhttp://bank.example@evil.example/\n", "\nhttp://{1:" A "}.example@{2:" A "}.example/\n" },
	{ "a letter in a link as a number", "\nhttp://x.example/%61%6C%2F\n", "\nhttp://" A ".example/%78%78%2F\n" },
	{ "a returned header in a text",
	  "\nUndeliverable:\n\nReceived: from alicelaptop by mx.provider.example; Mon, 16 Nov 2026 09:00:00 +0000\nSubject: Zoology\n",
	  "\nUndeliverable:\n\nReceived: from " L " by mx.provider.example; Mon, 16 Nov 2026 09:00:00 +0000\nSubject: ^??????\n" },
	{ "no header, though it begins like one", "\nStatus: Zacharias\nReceived: Zacharias\nDate: Zacharias\n",
	  "\nStatus: *\nReceived: *\nDate: *\n" },
	{ "marks stay", "\n\xe2\x82\xac \xf0\x9f\x8e\x89 \xe2\x80\x94 !%%\n", "\n\xe2\x82\xac \xf0\x9f\x8e\x89 \xe2\x80\x94 !%%\n" },
};

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes in = heap_copy(cases[i].in);
		struct glob g = { 0 };

		tap_begin("%s", cases[i].name);
		struct bytes out = message_of("key", in, "");
		CHECK_MSG(matches(&g, out, cases[i].want), "\n#  got %.*s\n# want %s", BYTES_ARG(out), cases[i].want);
		CHECK(!has(out, "alice") && !has(out, "Alice") && !has(out, "Zacharias") && !has(out, "uintus") &&
		      !has(out, "QUINTUS") && !has(out, "oology"));
		tap_end();
		heap_free(in);
	}
}

/* --- a whole case --- */

static const char session[] =
	"# a remark about Alice\n"
	"ip = 192.0.2.25\nhelo = out1.example.org\nmail-from = alice@example.org\nrcpt-to = bob@firm.co.uk\n"
	"at = 2026-11-16T09:12:21Z\nowner = alice@example.org\nname = Alice%20Example\ntrust = 192.0.2.0/24\ntrust = mx.firm.co.uk\n"
	"login = alice\nabout = Alice writes to Bob\nredacted = no\n";
static const char zone[] =
	"; Alice's domain\n"
	"example.org. 3600 TXT \"v=spf1 ip4:192.0.2.24/29 include:_spf.provider.example a:out1.example.org -all\"\n"
	"_dmarc.example.org. 3600 TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@example.org!10m,mailto:x@provider.example\"\n"
	"s1._domainkey.example.org. TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n"
	"out1.example.org. A 192.0.2.25\n"
	"25.2.0.192.in-addr.arpa. PTR out1.example.org.\n"
	"25.2.0.192.origin.asn.cymru.com. TXT \"64500 | 192.0.2.0/24 | US | arin | \"\n"
	"*.wild.example.org. A 192.0.2.26\n"
	";!fault _dmarc.co.uk TXT nodata\n"
	";!fault alicelaptop * timeout\n";
static const char log_text[] =
	"Nov 16 09:12:20 mx postfix/submission/smtpd[9]: 4SZn: client=host[198.51.100.77], sasl_method=PLAIN, sasl_username=alice\n"
	"Nov 16 09:12:20 mx postfix/cleanup[9]: 4SZn: message-id=<20261116091219.5e1a@example.org>\n"
	"Nov 16 09:12:21 mx postfix/qmgr[9]: 4SZn: from=<alice@example.org>, size=1, nrcpt=1 (queue active)\n"
	"Nov 16 09:12:21 mx dovecot: imap-login: Login: user=<alice>, method=PLAIN, rip=198.51.100.77, lip=192.0.2.10\n";
static const char sent[] =
	"From alice@example.org Mon Nov 16 09:12:20 2026\n"
	"From: Alice Example <alice@example.org>\nTo: bob@firm.co.uk\nSubject: Zoology\nMessage-ID: <20261116091219.5e1a@example.org>\n\n";
static const char message[] =
	"Received: from out1.example.org (out1.example.org [192.0.2.25]) by mx.firm.co.uk with ESMTP; Mon, 16 Nov 2026 09:12:21 +0000\n"
	"From: Alice Example <alice@example.org>\nTo: bob@firm.co.uk\nSubject: Zoology\nMessage-ID: <20261116091219.5e1a@example.org>\n"
	"Date: Mon, 16 Nov 2026 09:12:20 +0000\n\nDear Bob, call Alice.\n";

static void texts_of(struct bytes in[REDACT_TEXTS])
{
	in[REDACT_MESSAGE] = bytes_of(message);
	in[REDACT_SESSION] = bytes_of(session);
	in[REDACT_ZONE] = bytes_of(zone);
	in[REDACT_LOG] = bytes_of(log_text);
	in[REDACT_SENT] = bytes_of(sent);
}

/* What stands in text between `front` and the first byte of `ends`. */
static struct bytes after(struct bytes text, const char *front, const char *ends)
{
	struct bytes rest = bytes_from(text, bytes_search(text, bytes_of(front)) + strlen(front));
	size_t n = 0;

	while (n < rest.n && !strchr(ends, rest.p[n]))
		n++;
	return bytes_sub(rest, 0, n);
}

static void check_same(struct bytes x, struct bytes y, const char *what)
{
	CHECK_MSG(x.n > 0 && bytes_same(x, y), "%s: \"%.*s\" and \"%.*s\"", what, BYTES_ARG(x), BYTES_ARG(y));
}

static void test_whole(void)
{
	static const char *const secrets[] = { "alice", "Alice", "bob", "Bob", "example.org", "firm", "oology", "4711", "5e1a",
		                               "192.0.2.", "2.0.192", "198.51.100", "11qYAYKx", "remark" };
	struct bytes in[REDACT_TEXTS], out[REDACT_TEXTS];
	struct redact *r = redactor("key");
	struct arena *a = arena_new(1 << 20);
	struct case_session s;
	struct case_err err;

	texts_of(in);
	tap_begin("nothing of the people is left in any of the texts");
	assert(a);
	CHECK(redact_case(r, in, out));
	for (size_t i = 0; i < REDACT_TEXTS; i++)
		for (size_t k = 0; k < ARRAY_LEN(secrets); k++)
			CHECK_MSG(!has(out[i], secrets[k]), "%s in %.*s", secrets[k], BYTES_ARG(out[i]));
	tap_end();

	tap_begin("the session can be read, and says that it is redacted");
	CHECK(case_session_parse(a, out[REDACT_SESSION], &s, &err) && s.redacted && s.n_owner == 1 && s.n_trust == 2);
	tap_end();
	if (s.n_owner != 1 || s.n_trust != 2 || s.n_name != 1 || s.n_rcpt_to != 1)
		exit(1);

	tap_begin("one person is the same in all of them");
	struct bytes address = s.owner[0], local = bytes_sub(address, 0, bytes_find(address, '@', 0));
	struct bytes domain = bytes_from(address, local.n + 1);
	check_same(address, s.mail_from, "mail-from");
	check_same(local, s.login, "login");
	check_same(address, after(out[REDACT_MESSAGE], "\nFrom: ", "\n").n ? after(out[REDACT_MESSAGE], " <", ">") : local, "From");
	check_same(s.name[0], bytes_trim(after(out[REDACT_MESSAGE], "\nFrom: ", "<")), "name");
	check_same(s.rcpt_to[0], after(out[REDACT_MESSAGE], "\nTo: ", "\n"), "rcpt-to");
	check_same(local, after(out[REDACT_LOG], "sasl_username=", "\n"), "log-in");
	check_same(local, after(out[REDACT_LOG], "user=<", ">"), "log-in to IMAP");
	check_same(address, after(out[REDACT_LOG], "from=<", ">"), "log");
	check_same(address, after(out[REDACT_SENT], "From ", " "), "Sent");
	check_same(after(out[REDACT_MESSAGE], "Message-ID: <", ">"), after(out[REDACT_LOG], "message-id=<", ">"), "id");
	check_same(after(out[REDACT_MESSAGE], "Message-ID: <", ">"), after(out[REDACT_SENT], "Message-ID: <", ">"), "id");
	check_same(after(out[REDACT_MESSAGE], "Subject: ", "\n"), after(out[REDACT_SENT], "Subject: ", "\n"), "Subject");
	tap_end();

	tap_begin("the zone has the names and networks that the mail has");
	struct bytes z = out[REDACT_ZONE];
	struct ip_net net;
	check_same(domain, after(z, "", " ").n ? bytes_sub(z, 0, domain.n) : domain, "owner name");
	check_same(domain, bytes_sub(after(z, "dmarc@", "!"), 0, domain.n), "rua");
	check_same(s.helo, after(z, "a:", " "), "helo");
	CHECK(ip_net_parse(after(z, "ip4:", " "), &net) && net.bits == 29 && ip_in(&s.ip, &net));
	CHECK(ip_net_parse(s.trust[0], &net) && net.bits == 24 && ip_in(&s.ip, &net));
	CHECK(ip_net_parse(after(z, "64500 | ", " "), &net) && net.bits == 24 && ip_in(&s.ip, &net));
	char backwards[64];
	snprintf(backwards, sizeof(backwards), "\n%u.%u.%u.%u.in-addr.arpa. PTR out1.", s.ip.b[3], s.ip.b[2], s.ip.b[1], s.ip.b[0]);
	CHECK(has(z, backwards) && s.ip.b[0] == 192 && s.ip.b[1] == 0);
	snprintf(backwards, sizeof(backwards), "\n%u.%u.%u.%u.origin.asn", s.ip.b[3], s.ip.b[2], s.ip.b[1], s.ip.b[0]);
	CHECK(has(z, backwards) && has(z, "\ns1._domainkey.") && has(z, "\n*.") && has(z, ";!fault _dmarc.example TXT nodata"));
	CHECK(has(z, "include:_spf.provider.example")); /* an address in rua= alone makes nobody's domain one of people */
	tap_end();

	tap_begin("a text that is not there is not there, an empty one is empty");
	for (size_t i = 0; i < REDACT_TEXTS; i++)
		in[i] = i == REDACT_LOG ? B("") : (struct bytes){ NULL, 0 };
	CHECK(redact_case(r, in, out) && !out[0].p && !out[REDACT_ZONE].p && out[REDACT_LOG].p && out[REDACT_LOG].n == 0);
	tap_end();
	redact_free(r);
	redact_free(NULL);
	arena_free(a);
}

static void test_wallets(void)
{
	static const char *const wallets[] = { "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "0x52908400098527886E0F7030069857D2E4169EE7",
		                               "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq" };

	for (size_t i = 0; i < ARRAY_LEN(wallets); i++) {
		char mail[128];
		snprintf(mail, sizeof(mail), "\n%s %s\n", wallets[i], wallets[i]);
		tap_begin("a wallet stays one: %s", wallets[i]);
		struct bytes out = bytes_trim(message_of("key", bytes_of(mail), "")), first = bytes_sub(out, 0, bytes_find(out, ' ', 0));
		CHECK_MSG(!bytes_eq(first, wallets[i]) && wallet_kind_of(first) == wallet_kind_of(bytes_of(wallets[i])) &&
		                  wallet_kind_of(first) != WALLET_NONE,
		          "%.*s", BYTES_ARG(first));
		check_same(first, bytes_from(out, first.n + 1), "twice");
		tap_end();
	}
}

static void test_keys(void)
{
	static const struct bytes mail = B("From: Alice Example <alice@example.org>\nTo: x@y.example\nSubject: Zoology\n\n203.0.113.9\n");
	struct bytes first = message_of("key", mail, ""), again = message_of("key", mail, ""), other = message_of("yek", mail, "");

	tap_begin("the same key gives the same, another key another replacement");
	CHECK(bytes_same(first, again) && !bytes_same(first, other));
	struct bytes more = message_of("key", B("Subject: Zoology\nFrom: alice@example.org\n\n"), "");
	check_same(after(first, "Subject: ", "\n"), after(more, "Subject: ", "\n"), "a word in another case");
	check_same(after(first, " <", ">"), after(more, "From: ", "\n"), "an address in another case");
	tap_end();

	tap_begin("without a key each redactor has its own");
	first = message_of("", mail, "");
	CHECK(!bytes_same(first, message_of("", mail, "")));
	tap_end();

	tap_begin("addresses of hosts may stay");
	struct redact *r = redact_new(tables, &(struct redact_options){ .key = B("key"), .keep_hosts = true });
	struct bytes in[REDACT_TEXTS] = { mail }, out[REDACT_TEXTS];
	CHECK(r && redact_case(r, in, out) && has(out[0], "203.0.113.9"));
	redact_free(r);
	tap_end();
}

/* --- imitations --- */

/* What lookalike_find says of the author of a mail, against the owner and name of a session. */
static const char *looks(struct bytes mail, struct bytes session_text)
{
	static char to[2][256];
	static unsigned turn;
	char *at = to[turn++ % 2];
	struct arena *a = arena_new(1 << 22);
	struct limits limits;
	struct work w = { .arena = a, .limits = &limits };
	struct header h;
	struct author author;
	struct case_session s;
	struct case_err err;
	struct lookalike *found = NULL;
	struct path owner;
	size_t n = 0, used = 0;

	limits_init(&limits);
	at[0] = '\0';
	header_index(&w, &h, mail);
	author_read(&w, &h, &author);
	if (author.n != 1 || !case_session_parse(a, session_text, &s, &err) || !path_parse(a, s.owner[0], &owner, NULL)) {
		arena_free(a);
		return "unreadable";
	}
	struct mailbox *m = &author.candidates[0];
	struct lookalike_shown shown = { "From", display_name_decode(a, m->display_name),
		                         arena_printf(a, "%.*s@%.*s", BYTES_ARG(m->local), BYTES_ARG(m->domain.text)), m->domain };
	struct lookalike_ours ours = { &owner.domain, 1, s.owner, 1, s.name, s.n_name };
	if (!lookalike_find(tables, a, &ours, &shown, 1, &found, &n))
		snprintf(at, 256, "out of memory");
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(at + used, 256 - used, "%s ", lookalike_kind_name(found[i].kind));
	arena_free(a);
	return at;
}

static const struct {
	const char *from, *want;
} imitations[] = {
	{ "alice@example.org", "" },
	{ "x@mail.example.org", "" },
	{ "x@other.net", "" },
	{ "x@examp1e.org", "domain " },
	{ "x@exmaple.org", "domain " },
	{ "x@example.net", "domain " },
	{ "x@xn--exmple-4nf.org", "domain mixed_script " },
	{ "x@mail-example.com", "domain_inside " },
	{ "x@example-org.com", "domain_inside " },
	{ "x@example.org.evil.net", "domain_inside " },
	{ "x@www.examp1e.org", "domain " },
	{ "Alice Example <alice@example.org>", "" },
	{ "Alice Example <x@evil.net>", "name " },
	{ "Example, Alice <x@evil.net>", "unreadable" },
	{ "\"Example, Alice\" <x@evil.net>", "name " },
	{ "A1ice Example <x@evil.net>", "name " },
	{ "=?utf-8?q?=D0=90lice?= Example <x@evil.net>", "name mixed_script " },
	{ "=?utf-8?q?Ali=E2=80=8Bce?= Example <x@evil.net>", "name invisible " },
	{ "=?utf-8?q?Bob=E2=80=AE?= <x@evil.net>", "bidi " },
	{ "Bob <x@evil.net>", "" },
	{ "\"alice@example.org\" <x@evil.net>", "name name_address " },
	{ "\"support@shop.net\" <x@evil.net>", "name_address " },
	{ "\"bob@evil.net\" <bob@evil.net>", "" },
	{ "\"example.org team\" <x@evil.net>", "name " },
};

static void test_imitations(void)
{
	static const char owner[] = "owner = alice@example.org\nname = Alice Example\n";

	for (size_t i = 0; i < ARRAY_LEN(imitations); i++) {
		char mail[256];
		snprintf(mail, sizeof(mail), "From: %s\nTo: alice@example.org\n\n", imitations[i].from);
		struct bytes in[REDACT_TEXTS] = { bytes_of(mail), bytes_of(owner) }, out[REDACT_TEXTS];
		struct redact *r = redactor("key");

		tap_begin("imitation: %s", imitations[i].from);
		const char *before = looks(in[0], in[1]);
		CHECK_MSG(strcmp(before, imitations[i].want) == 0, "before: %s", before);
		if (redact_case(r, in, out)) {
			const char *now = looks(out[0], out[1]);
			CHECK_MSG(strcmp(before, now) == 0, "before: %s, now %s: %.*s", before, now, BYTES_ARG(out[0]));
			CHECK(!has(out[0], "lice") && !has(out[0], "example.org") && !has(out[0], "evil"));
		} else {
			CHECK(false);
		}
		tap_end();
		redact_free(r);
	}
}

/* --- parts --- */

static const char parts[] =
	"From: alice@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b1\"\r\n\r\nzoology\r\n"
	"--b1\r\nContent-Type: multipart/alternative; boundary=b2\r\n\r\n"
	"--b2\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
	"J=FCrgen =80 you\r\n"
	"--b2\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
	/* <p class=x title="Zoology">J&uuml;rgen &#65;lice &amp; you</p><a href="https://evil.example/a?u=alice">www.bank.example</a>
	 * <img src=cid:p1@example.org width=1><alice@example.org><!--Zoology--><style>p{color:red}</style> */
	"PHAgY2xhc3M9eCB0aXRsZT0iWm9vbG9neSI+SiZ1dW1sO3JnZW4gJiM2NTtsaWNlICZhbXA7IHlvdTwvcD48YSBocmVmPSJodHRwczovL2V2aWwuZXhh\r\n"
	"bXBsZS9hP3U9YWxpY2UiPnd3dy5iYW5rLmV4YW1wbGU8L2E+PGltZyBzcmM9Y2lkOnAxQGV4YW1wbGUub3JnIHdpZHRoPTE+PGFsaWNlQGV4YW1wbGUu\r\n"
	"b3JnPjwhLS1ab29sb2d5LS0+PHN0eWxlPnB7Y29sb3I6cmVkfTwvc3R5bGU+\r\n"
	"--b2--\r\n"
	"--b1\r\nContent-Type: application/pdf; name=\"Alice Zoology.pdf.exe\"\r\nContent-Transfer-Encoding: base64\r\n"
	"Content-ID: <p1@example.org>\r\n"
	"Content-Disposition: attachment; filename*=iso-8859-1''J%FCrgen.pdf; size=12\r\n\r\n"
	"JVBERi0xLjRBTElDRQ==\r\n" /* %PDF-1.4ALICE */
	"--b1\r\nContent-Type: message/rfc822\r\n\r\nFrom: bob@example.net\r\nSubject: Zoology\r\n\r\nalice\r\n"
	"--b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.provider.example\r\n\r\n"
	"Final-Recipient: rfc822; bob@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <bob@example.net>: no\r\n"
	"--b1\r\nContent-Type: application/octet-stream\r\n\r\nalice, as she is\r\n"
	"--b1--\r\n";

static struct bytes part_of(struct work *w, const struct mime *m, size_t i)
{
	return i < m->n ? mime_content(w, m, i, 1 << 20, NULL) : (struct bytes){ NULL, 0 };
}

static void test_parts(void)
{
	static const char *const secrets[] = { "lice", "rgen", "oology", "example.org", "evil", "bank", "ALICE", "example.net" };
	struct bytes out = message_of("key", bytes_of(parts), "");
	struct arena *a = arena_new(1 << 22);
	struct limits limits;
	struct work w = { .arena = a, .limits = &limits };
	struct mime before, m;

	limits_init(&limits);
	tap_begin("a mail keeps its parts");
	CHECK(mime_read(&w, bytes_of(parts), &before) && mime_read(&w, out, &m) && before.n == m.n && m.n == 9);
	for (size_t i = 0; i < m.n && i < before.n; i++) {
		CHECK(bytes_same(m.parts[i].type, before.parts[i].type) && bytes_same(m.parts[i].encoding, before.parts[i].encoding));
		struct bytes text = part_of(&w, &m, i);
		for (size_t k = 0; k < ARRAY_LEN(secrets); k++)
			CHECK_MSG(!has(text, secrets[k]) && !has(out, secrets[k]), "%s in part %zu: %.*s", secrets[k], i, BYTES_ARG(text));
	}
	tap_end();
	if (m.n != 9)
		exit(1);

	tap_begin("a text in another charset is UTF-8 now");
	CHECK_BYTES(m.parts[2].charset, "utf-8");
	CHECK(matches(&(struct glob){ 0 }, part_of(&w, &m, 2), "^????? * you\r\n") || matches(&(struct glob){ 0 }, part_of(&w, &m, 2), "^????? * you"));
	tap_end();

	tap_begin("a page keeps its tags");
	struct bytes page = part_of(&w, &m, 3);
	struct glob g = { 0 };
	CHECK_MSG(matches(&g, page, "<p class=x title=\"^??????\">^????? ^???? &amp; you</p><a href=\"https://{1:" A "}.example/a*=?????\">www.{2:" A
	                            "}.example</a><img src=cid:*@{3:" A "}.example width=1><*@{3}.example><!--*--><style>p*color:red*</style>") &&
	                  !bytes_same(g.seen[1], g.seen[2]),
	          "%.*s", BYTES_ARG(page));
	tap_end();

	tap_begin("a file keeps its first bytes and its size, and the end of its name");
	struct bytes file = part_of(&w, &m, 4);
	CHECK(file.n == 13 && bytes_istarts(file, "%PDF-1.4") && file.p[8] == 0 && file.p[12] == 0);
	CHECK(has(m.parts[4].header, ".pdf.exe\"") && has(m.parts[4].header, ".pdf; size=12"));
	check_same(after(page, "cid:", " >"), after(m.parts[4].header, "Content-ID: <", ">"), "Content-ID");
	struct bytes bare = part_of(&w, &m, 8);
	CHECK_MSG(bytes_istarts(bare, "alice, a") == false && bare.n == 16, "%.*s", BYTES_ARG(bare));
	tap_end();

	tap_begin("a report stays one");
	CHECK(has(part_of(&w, &m, 7), "Reporting-MTA: dns; mx.provider.example\r\n") &&
	      has(part_of(&w, &m, 7), "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <"));
	tap_end();
	mime_end(&before);
	mime_end(&m);
	arena_free(a);
}

/* --- bad days --- */

static void test_large(void)
{
	static const char *const seeds[] = { "a.", "a@b.c ", "<a@b> ", "\"a\"@", "=?utf-8?q?a?= ", "1.2.3.4 ", "http://a/", "word ",
		                             "<p a=b>", "<!--", "<style>", "&#65;", "\xff", "0.0.0.", "+1 ", "From: a\n", "\n", "--\n",
		                             "=?", "a=", "<", "::", "SRS0=" };
	size_t n = 1 << 17;
	char *text = malloc(n + 128);

	assert(text);
	tap_begin("an eighth of a megabyte of anything, as header, text and page");
	for (size_t s = 0; s < ARRAY_LEN(seeds); s++)
		for (size_t way = 0; way < 4; way++) {
			static const char *const fronts[] = { "From: ", "From: a@b.example\n\n", "Content-Type: text/html\n\n", "" };
			struct bytes in[REDACT_TEXTS] = { { NULL, 0 } }, out[REDACT_TEXTS];
			struct redact *r = redactor("key");
			size_t at = (size_t)snprintf(text, n, "%s", fronts[way]);
			for (size_t i = 0; at < n; at++, i++)
				text[at] = seeds[s][i % strlen(seeds[s])];
			in[way == 3 ? REDACT_LOG : REDACT_MESSAGE] = (struct bytes){ (uint8_t *)text, n };
			int64_t start = tap_cpu_ms();
			CHECK_MSG(redact_case(r, in, out), "%s, %zu: out of memory", seeds[s], way);
			int64_t ms = tap_cpu_ms() - start;
			CHECK_MSG(ms < 6000, "%s, %zu: %d ms", seeds[s], way, (int)ms);
			redact_free(r);
		}
	tap_end();
	free(text);
}

static void test_memory(void)
{
	struct bytes in[REDACT_TEXTS], out[REDACT_TEXTS];
	bool whole = false;
	long n = 0;

	texts_of(in);
	in[REDACT_MESSAGE] = bytes_of(parts);
	tap_begin("every allocation may fail");
	for (; !whole && n < 200000; n += 1 + n / 16) {
		struct redact *r;
		for (size_t i = 0; i < REDACT_TEXTS; i++)
			out[i] = (struct bytes){ NULL, 7 };
		mem_fail_arenas();
		mem_fail_after(n, false);
		r = redact_new(tables, &(struct redact_options){ .key = B("key") });
		whole = r && redact_case(r, in, out);
		mem_fail_after(-1, false);
		CHECK(whole || (out[0].n == 7 && out[REDACT_SENT].n == 7));
		if (r && !whole)
			CHECK(redact_case(r, in, out) && out[0].n > 1000); /* and it works again */
		redact_free(r);
	}
	CHECK_MSG(whole && n > 100, "after %ld", n);
	tap_end();
}

int main(void)
{
	mime_start();
	tables = lookalike_start();
	if (!tables)
		return 1;
	test_cases();
	test_whole();
	test_wallets();
	test_keys();
	test_imitations();
	test_parts();
	test_large();
	test_memory();
	lookalike_stop(tables);
	return tap_done();
}
