/* Risks of whole mails: each kind where it is, where it is not, and where a simple look would be fooled. The owner is of
 * mine.example, the mail is to alice@mine.example. */
#include "base/base64.h"
#include "base/mem.h"
#include "content/risk.h"
#include "tap.h"

#define BTC "16L5yRNPTuciSgXGHqYwn9N6NeoKqopAu"
#define TO "From: a@x.example\nTo: Alice <alice@mine.example>\nSubject: hello\n"
#define HTML TO "Content-Type: text/html; charset=utf-8\n\n"
#define TEXT TO "Content-Type: text/plain; charset=utf-8\n\n"
#define LINK(text, href) HTML "<p>Hello <a href=\"" href "\">" text "</a> there"
#define FILE_PART(name, type) TO "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: " type "; name=\"" name \
	"\"\nContent-Disposition: attachment; filename=\"" name "\"\n\n"

static const struct {
	const char *name, *message;
	const char *want; /* kinds and what is shown of them: "KIND(WHAT>TARGET)", in order; without brackets it is not looked at */
} cases[] = {
	/* a link shows one address and leads to another */
	{ "an address that leads elsewhere", LINK("https://bank.example/", "https://bank.example.evil.example/x"),
	  "link_text_differs(https://bank.example/>https://bank.example.evil.example/x)" },
	{ "words say nothing", LINK("click here", "https://evil.example/"), "" },
	{ "the same house, another host", LINK("example.com", "https://www.example.com/x"), "" },
	{ "the same house, the other way round", LINK("https://www.example.com/", "https://example.com/login?x=1"), "" },
	{ "a name without a scheme", LINK("www.bank.example", "https://evil.example/"), "link_text_differs" },
	{ "a bare name", LINK("bank.example", "https://evil.example/"), "link_text_differs" },
	{ "a bare name with a path", LINK("example.org/login", "https://evil.example/"), "link_text_differs" },
	{ "an address among words", LINK("please visit https://bank.example/ now", "https://evil.example/"), "link_text_differs" },
	{ "tenants of one host are not one house", LINK("https://alice.github.io/", "https://mallory.github.io/"), "link_text_differs" },
	{ "towns under one suffix are not one house", LINK("https://a.co.uk/", "https://b.co.uk/"), "link_text_differs" },
	{ "a file's name is no address", LINK("report.zip", "https://files.example/report.zip"), "" },
	{ "a program's name is no address", LINK("Node.js", "https://files.example/"), "" },
	{ "a version is no address", LINK("1.2.3", "https://files.example/"), "" },
	{ "the name of nothing is no address", LINK("Inc.Everything", "https://files.example/"), "" },
	{ "the same number", LINK("http://192.168.1.1/", "http://192.168.1.1/x"), "" },
	{ "hidden letters in the text", LINK("https://ba<span style='display:none'>zzzzzzzzzzzz</span>nk.example/", "https://evil.example/"),
	  "link_text_differs(https://bank.example/>https://evil.example/) text_hidden(zzzzzzzzzzzz>)" },
	{ "a base turns a harmless link", HTML "<base href='https://evil.example/'><a href='/login'>https://bank.example/</a>",
	  "link_text_differs(https://bank.example/>/login)" },
	{ "rewritten by the reader's own gateway",
	  LINK("https://bank.example/", "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.bank.example%2Fa&amp;data=1"), "" },
	{ "rewritten by the gateway, text and all",
	  LINK("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fbank.example%2F", "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fbank.example%2F"), "" },
	{ "rewritten by another gateway", LINK("https://bank.example/", "https://urldefense.com/v3/__https://bank.example/a__;!!x!y"), "" },
	{ "behind the gateway it still differs",
	  LINK("https://bank.example/", "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2F"), "link_text_differs" },
	{ "anybody's parameter proves nothing", LINK("https://bank.example/", "https://evil.example/?url=https%3A%2F%2Fbank.example%2F"),
	  "link_text_differs" },
	{ "a gateway's name in front of another", LINK("https://bank.example/", "https://safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fbank.example%2F"),
	  "link_text_differs" },
	{ "an address of mail that is another", LINK("help@bank.example", "mailto:help@evil.example"), "link_text_differs" },
	{ "an address of mail that is the same", LINK("help@bank.example", "mailto:help@bank.example?subject=x"), "" },
	{ "an address of mail that leads to a page", LINK("alice@mine.example", "https://lists.example/settings"), "" },

	/* hosts that imitate */
	{ "one letter other than ours", LINK("our page", "https://rnine.example/"), "link_odd_host" },
	{ "ours inside", LINK("our page", "https://mine.example.evil.example/"), "link_odd_host" },
	{ "ours itself", LINK("our page", "https://www.mine.example/"), "" },
	{ "Cyrillic in a Latin name", LINK("pay", "https://p\xd0\xb0ypal.example/"), "link_odd_host" },
	{ "the same, as it stands in the DNS", LINK("pay", "https://xn--pypal-4ve.example/"), "link_odd_host" },
	{ "all Cyrillic, poses as Latin", LINK("pay", "https://\xd1\x81\xd0\xbe\xd1\x80\xd0\xb0.example/"), "link_odd_host(\xd1\x81\xd0\xbe\xd1\x80\xd0\xb0.example>https://\xd1\x81\xd0\xbe\xd1\x80\xd0\xb0.example/)" },
	{ "an honest umlaut", LINK("M\xc3\xbcnchen", "https://m\xc3\xbcnchen.example/"), "" },
	{ "an honest umlaut as it stands in the DNS", LINK("M\xc3\xbcnchen", "https://xn--mnchen-3ya.example/"), "" },
	{ "honest Cyrillic", LINK("page", "https://\xd0\xb6\xd1\x83\xd0\xba.\xd1\x80\xd1\x84/"), "" },
	{ "letters as percent signs", LINK("page", "https://%65vil.example/"), "link_odd_host(evil.example>https://%65vil.example/)" },

	/* numbers */
	{ "a number", LINK("page", "http://203.0.113.5/x"), "link_to_address(page>http://203.0.113.5/x)" },
	{ "one long number", LINK("page", "http://3405803781/x"), "link_to_address" },
	{ "a number in base 16", LINK("page", "http://0xcb007105/x"), "link_to_address" },
	{ "a number in base 8", LINK("page", "http://0313.0.0161.05/"), "link_to_address" },
	{ "IPv6", LINK("page", "http://[2001:db8::1]/"), "link_to_address" },
	{ "the reader's own router", LINK("page", "http://192.168.1.1/"), "" },
	{ "the reader's own machine, hidden", LINK("page", "http://2130706433/"), "link_to_address" },
	{ "a number in plain text", TEXT "see http://203.0.113.5/x now", "link_to_address(>http://203.0.113.5/x)" },
	{ "a version in plain text", TEXT "version 203.0.113.5 is out", "" },
	{ "a name that begins with a number", LINK("page", "http://203.0.113.5.example/"), "" },

	/* users in front */
	{ "a bank in front of the host", LINK("page", "https://www.bank.example@evil.example/"), "link_hides_host(page>https://www.bank.example@evil.example/)" },
	{ "in plain text", TEXT "https://www.bank.example:443@evil.example/", "link_hides_host" },
	{ "an @ in the path", LINK("page", "https://example.com/@alice"), "" },
	{ "an @ in a query", LINK("page", "https://example.com/?a=b@example.com"), "" },
	{ "a backslash in front of the @", LINK("page", "https://example.com\\@evil.example/"), "" },

	/* code */
	{ "a page in a link", LINK("page", "data:text/html;base64,PGI+"), "link_runs_code" },
	{ "a program in a link", LINK("page", "javascript:alert(1)"), "link_runs_code" },
	{ "with a line end in it", LINK("page", "java&#10;script:alert(1)"), "link_runs_code" },
	{ "a link that does nothing", LINK("page", "javascript:void(0);"), "" },
	{ "a picture in a link", LINK("page", "data:image/png;base64,iVBO"), "" },
	{ "a picture that is a page", LINK("page", "data:image/svg+xml;base64,iVBO"), "link_runs_code" },
	{ "a picture in the page", HTML "<img src='data:image/svg+xml;base64,x'>hello", "" },
	{ "a frame with a page in it", HTML "<iframe src='data:text/html,x'></iframe>hello", "link_runs_code" },
	{ "a link that starts a program", LINK("page", "ms-msdt:/id x"), "link_runs_code" },
	{ "refresh", HTML "<meta http-equiv=refresh content='0;url=https://evil.example/'>hello", "link_by_itself(>https://evil.example/)" },

	/* pictures */
	{ "one pixel with a number for you", HTML "<img src='https://t.example/a.gif?u=8f3a91b2c4' width=1 height=1>hello", "tracking_image(>https://t.example/a.gif?u=8f3a91b2c4)" },
	{ "hidden, with a number for you", HTML "<img src='https://t.example/8f3a91b2c4' style='display:none'>hello", "tracking_image" },
	{ "large, but made for you", HTML "<img src='https://t.example/open/8f3a91b2c4' width=600 height=50>hello", "tracking_image" },
	{ "large, with your address", HTML "<img src='https://t.example/logo.png?m=alice%40mine.example' width=600>hello", "tracking_image" },
	{ "large, with your address in base64", HTML "<img src='https://t.example/logo.png?YWxpY2VAbWluZS5leGFtcGxl' width=600>hello", "tracking_image" },
	{ "large, with your address in hexadecimal", HTML "<img src='https://t.example/616c696365406D696E652E6578616D706C65.png'>hello", "tracking_image" },
	{ "an ordinary picture", HTML "<img src='https://cdn.example/8f3a91b2c4d5e6f7/logo.png?v=20260101' width=600 height=50>hello", "" },
	{ "an ordinary picture, size unsaid", HTML "<img src='https://cdn.example/hero-2026.jpg'>hello", "" },
	{ "a line of one pixel, the same for all", HTML "<img src='https://cdn.example/spacer.gif' width=1 height=1>hello", "" },
	{ "a picture within the mail", HTML "<img src='cid:pixel1234@x' width=1 height=1>hello", "" },
	{ "a wide line", HTML "<img src='https://cdn.example/l.gif?12345678' width=600 height=1>hello", "" },

	/* forms, receipts */
	{ "a form", HTML "<form action='https://evil.example/'><input name=p></form>", "form(>https://evil.example/)" },
	{ "a form without a place", HTML "<form><input name=p></form>", "form" },
	{ "a page about forms", HTML "please fill in the form &lt;form&gt; <!-- <form> -->", "" },
	{ "a receipt", "Disposition-Notification-To: Eve <eve@evil.example>\n" TEXT "hello", "receipt_asked(Eve <eve@evil.example>>)" },
	{ "other receipts", "Return-Receipt-To: a@evil.example\nX-Confirm-Reading-To: b@evil.example\n" TEXT "hello",
	  "receipt_asked(a@evil.example>) receipt_asked(b@evil.example>)" },
	{ "an empty request", "Disposition-Notification-To: \n" TEXT "hello", "" },
	{ "a receipt that stands in the body", TEXT "Disposition-Notification-To: eve@evil.example\n", "" },

	/* files */
	{ "a program", FILE_PART("setup.exe", "application/octet-stream") "x\n--b--\n", "file_runs_code(setup.exe>)" },
	{ "a program that poses as a PDF", FILE_PART("bill.pdf.exe", "application/pdf") "x\n--b--\n", "file_runs_code file_hides_type(bill.pdf.exe>)" },
	{ "a name in pieces", TO "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/octet-stream\n"
	  "Content-Disposition: attachment; filename*0=\"bill.pdf\"; filename*1=\".exe\"\n\nx\n--b--\n", "file_runs_code file_hides_type(bill.pdf.exe>)" },
	{ "a name in another charset", TO "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/octet-stream\n"
	  "Content-Disposition: attachment; filename*=utf-8''bill%E2%80%AEfdp.exe\n\nx\n--b--\n", "file_runs_code file_hides_type" },
	{ "a script that is declared as text", FILE_PART("a.js", "text/plain") "x\n--b--\n", "file_runs_code(a.js>)" },
	{ "a program in base64", TO "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png; name=a.png\n"
	  "Content-Transfer-Encoding: base64\n\nf0VMRgIBAQ==\n--b--\n", "file_runs_code file_hides_type(a.png>)" },
	{ "a PDF", FILE_PART("bill.pdf", "application/pdf") "%PDF-1.4\n--b--\n", "" },
	{ "a locked archive", FILE_PART("a.rar", "application/x-rar") "Rar!\x1a\x07\x01\x02\n--b--\n", "" },
	{ "a document with macros", FILE_PART("a.docm", "application/octet-stream") "x\n--b--\n", "file_may_run_code(a.docm>)" },
	{ "an attached page with a program", FILE_PART("a.html", "text/html") "<script>x</script>hello\n--b--\n", "file_runs_code(a.html>)" },
	{ "an attached page with a form", FILE_PART("a.html", "text/html") "<form action=https://evil.example/></form>\n--b--\n", "form(>https://evil.example/)" },
	{ "an attached page that is said to be something else", FILE_PART("a.htm", "application/octet-stream") "<html><form action=https://evil.example/></form>\n--b--\n",
	  "form(>https://evil.example/)" },
	{ "a picture that is a page", FILE_PART("a.svg", "image/svg+xml") "<svg xmlns='x'><script>x</script></svg>\n--b--\n", "file_runs_code(a.svg>)" },
	{ "an attached page without anything", FILE_PART("a.html", "text/html") "<p>hello\n--b--\n", "" },
	{ "source of a page as text", FILE_PART("a.txt", "text/plain") "<html><script>x</script>\n--b--\n", "" },
	{ "a program in the mail's own page is not run", HTML "<script>x</script>hello", "" },
	{ "a file in a mail in the mail", FILE_PART("m.eml", "message/rfc822") "From: x@x.example\nContent-Type: application/octet-stream; name=a.exe\n\nx\n--b--\n",
	  "file_runs_code(a.exe>)" },
	{ "a mail in the mail, encoded as a whole",
	  TO "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n@Content-Type: application/octet-stream; name=a.exe\n\nx\n", "file_runs_code(a.exe>)" },

	/* text */
	{ "hidden words", HTML "<p>Hello</p><div style='font-size:0'>many hidden words</div>", "text_hidden(many hidden words>)" },
	{ "hidden by colour", HTML "<p>Hello</p><table bgcolor=#ffffff><tr><td><font color=#fefefe>many hidden words", "text_hidden" },
	{ "a preview at the top", HTML "<span style='display:none;max-height:0'>Our news: everything is cheaper</span><p>Hello</p>", "" },
	{ "a few hidden letters", HTML "<p>Hello</p><span style='display:none'>abc</span>", "" },
	{ "a threat", TEXT "I hacked your device and have access to your camera. Send bitcoin to " BTC, "asks_for_money(" BTC ">)" },
	{ "a threat in HTML alone", HTML "I <b>hac</b>ked your <i>device</i> and have access to your camera. Send bitcoin to " BTC, "asks_for_money" },
	{ "a threat in base64", TO "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n@I hacked your device and have access to "
	  "your camera. Send bitcoin to " BTC, "asks_for_money" },
	{ "a threat in UTF-16", TO "Content-Type: text/plain; charset=utf-16le\nContent-Transfer-Encoding: base64\n\n"
	  "SQAgAGgAYQBjAGsAZQBkACAAeQBvAHUAcgAgAGQAZQB2AGkAYwBlACAAYQBuAGQAIABpACAAaABhAHYAZQAgAGEAYwBjAGUAcwBzACAAdABvACAAeQBv\n"
	  "AHUAcgAgAGMAYQBtAGUAcgBhADsAIABzAGUAbgBkACAAYgBpAHQAYwBvAGkAbgA=\n", "asks_for_money" },
	{ "a threat cut by hidden letters", HTML "I hac<span style='display:none'>zz</span>ked your device. I have access to your camera. Send bitcoin to " BTC, "asks_for_money" },
	{ "a threat in disguise", TEXT "I h\xd0\xb0" "cked y\xd0\xbeur device. Send bit\xd1\x81oin to " BTC, "text_disguised asks_for_money" },
	{ "the wallet in a link alone", HTML "I hacked your device. <a href='bitcoin:" BTC "?amount=1'>Send bitcoin here</a>", "asks_for_money(" BTC ">)" },
	{ "a password in the subject", "Subject: hunter22 is your password\nFrom: x@x.example\n\nI hacked your device.\n", "names_password(h***2>)" },
	{ "a sign-in", TEXT "We noticed a new sign-in to your account from Windows.", "sign_in_notice(new sign-in to>)" },
	{ "a sign-in in German", TEXT "Neue Anmeldung bei Ihrem Konto", "sign_in_notice" },
	{ "a page to sign in", TEXT "Sign in to your account to see the news.", "" },
	{ "an honest mail", TEXT "Dear Alice,\n\nsee https://www.example.com/ for the news.\nYours\n", "" },
	{ "no body", TO "\n", "" },
};

static struct lookalike_tables *tables;

static bool find(struct arena *a, struct bytes message, const struct limits *limits, struct risk **risks, size_t *n, uint64_t *reached)
{
	static const struct dname ours = { { (const uint8_t *)"mine.example", 12 } };
	struct work w = { .arena = a, .limits = limits };
	struct header h = { 0 };
	struct mime m;

	header_index(&w, &h, message);
	if (!mime_read(&w, message, &m))
		return false;
	struct risk_input in = { .header = &h, .mime = &m, .tables = tables, .domains = &ours, .n_domains = 1 };
	bool ok = risk_find(&w, &in, risks, n);
	mime_end(&m);
	if (reached)
		*reached = w.reached;
	return ok;
}

/* In a case everything behind "\n\n@" is written in base64. */
static struct bytes message_of(struct arena *a, const char *text)
{
	const char *at = strstr(text, "\n\n@");

	if (!at)
		return bytes_of(text);
	struct bytes head = { (const uint8_t *)text, (size_t)(at - text) + 2 };
	return arena_join(a, head, base64_encode(a, bytes_of(at + 3)));
}

static struct bytes describe(struct arena *a, const struct risk *r, bool with_what)
{
	struct bytes name = bytes_of(risk_rows[r->kind].name);

	return with_what ? arena_printf(a, "%.*s(%.*s>%.*s)", BYTES_ARG(name), BYTES_ARG(r->what), BYTES_ARG(r->target)) : name;
}

/* Does the list say what is wanted? Entries are separated by " KIND", as texts may have blanks. */
static bool agrees(struct arena *a, const struct risk *risks, size_t n, struct bytes want)
{
	for (size_t i = 0; i < n; i++) {
		struct bytes with = describe(a, &risks[i], true), without = describe(a, &risks[i], false), found = without;
		if (bytes_same(bytes_sub(want, 0, with.n), with))
			found = with;
		else if (!bytes_same(bytes_sub(want, 0, without.n), without) || (want.n > without.n && want.p[without.n] != ' '))
			return false;
		want = bytes_from(want, found.n + (i + 1 < n));
	}
	return want.n == 0;
}

static struct bytes all_of(struct arena *a, const struct risk *risks, size_t n)
{
	struct bytes all = B("");

	for (size_t i = 0; i < n; i++)
		all = arena_printf(a, "%.*s%s%.*s", BYTES_ARG(all), i ? " " : "", BYTES_ARG(describe(a, &risks[i], true)));
	return all;
}

static void check_case(size_t i, const struct limits *limits)
{
	struct arena *a = arena_new(16 << 20);
	struct bytes message = heap_bytes(message_of(a, cases[i].message));
	struct risk *risks;
	size_t n;

	tap_begin("%s", cases[i].name);
	if (CHECK(find(a, message, limits, &risks, &n, NULL)))
		CHECK_MSG(agrees(a, risks, n, bytes_of(cases[i].want)), "\n#  got %.*s\n# want %s", BYTES_ARG(all_of(a, risks, n)), cases[i].want);
	tap_end();
	heap_free(message);
	arena_free(a);
}

/* Every kind of risk is among the cases. */
static void check_table(void)
{
	tap_begin("each kind of risk has a case");
	for (size_t kind = 0; kind < RISK_KINDS; kind++) {
		bool found = false;
		for (size_t i = 0; i < ARRAY_LEN(cases); i++)
			found = found || strstr(cases[i].want, risk_rows[kind].name);
		CHECK_MSG(found || kind == RISK_FILE_LOCKED, "%s", risk_rows[kind].name); /* test_risk_file.c has locked files */
	}
	tap_end();
}

static void check_limits(struct limits limits)
{
	struct arena *a = arena_new(64 << 20);
	struct bytes body = B(HTML);
	struct risk *risks;
	size_t n;
	uint64_t reached;

	tap_begin("more than are listed are counted, doubles are not");
	for (int i = 0; i < 20; i++)
		body = arena_printf(a, "%.*s<a href='http://203.0.113.%d/'>x</a><a href='http://203.0.113.1/'>x</a>", BYTES_ARG(body), i);
	CHECK(find(a, body, &limits, &risks, &n, &reached));
	CHECK(n == 5 && risks[4].more > 14 && risks[0].more == 0 && reached & UINT64_C(1) << LIMIT_RISKS);
	tap_end();

	tap_begin("links beyond the limit are not looked at, and that is said");
	limits.v[LIMIT_LINKS] = 16;
	CHECK(find(a, body, &limits, &risks, &n, &reached) && reached & UINT64_C(1) << LIMIT_LINKS && n && risks[n - 1].more < 16);
	tap_end();

	tap_begin("bytes beyond the limit are not looked at, and that is said");
	limits.v[LIMIT_TEXT_BYTES] = 4096;
	struct bytes pad = { arena_alloc(a, 5000), 5000 };
	memset((void *)(uintptr_t)pad.p, 'x', pad.n);
	CHECK(find(a, arena_printf(a, TEXT "%.*s http://203.0.113.5/", BYTES_ARG(pad)), &limits, &risks, &n, &reached));
	CHECK(n == 0 && reached & UINT64_C(1) << LIMIT_TEXT_BYTES);
	tap_end();
	arena_free(a);
}

/* Ten megabytes of parts of all kinds in bounded time. */
static void check_large(const struct limits *limits)
{
	static const char *const parts[] = {
		"\n--b\n\nhello http://203.0.113.5/ i hacked your device\n", "\n--b\nContent-Type: text/html\n\n<a href=https://x.example/>https://y.example</a><b><i>\n",
		"\n--b\nContent-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\nUEsDBAoAAAAAAA==\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct arena *a = arena_new(256 << 20);
		size_t n = 4 << 20, at, one = strlen(parts[i]), count;
		uint8_t *p = malloc(n);
		struct risk *risks;
		assert(a && p);
		const char *head = TO "Content-Type: multipart/mixed; boundary=b\n";
		memcpy(p, head, at = strlen(head));
		for (; at + one <= n; at += one)
			memcpy(p + at, parts[i], one);
		tap_begin("four megabytes of small parts, %zu", i);
		int64_t began = tap_cpu_ms();
		CHECK(find(a, (struct bytes){ p, at }, limits, &risks, &count, NULL));
		CHECK_MSG(tap_cpu_ms() - began < 4000, "%d ms", (int)(tap_cpu_ms() - began));
		tap_end();
		free(p);
		arena_free(a);
	}
}

/* Memory that runs out anywhere: no crash, no leak, and what comes out all the same is whole. */
static void check_memory(const struct limits *limits)
{
	static const char message[] = FILE_PART("a.zip", "application/zip") "PK\5\6\n--b\nContent-Type: text/html\n\n<style>.x{display:none}</style>"
		"<a href=http://203.0.113.5/?alice>https://x.example/</a><p class=x>hidden words of a mail</p>I hacked your device, send bitcoin\n--b--\n";
	long failures = 0, n = 0;

	tap_begin("each allocation fails once");
	for (; n < 20000; n++) {
		struct arena *a = arena_new(16 << 20);
		struct risk *risks;
		size_t count = 0;
		mem_fail_after(n, false);
		mem_fail_arenas();
		bool ok = a && find(a, bytes_of(message), limits, &risks, &count, NULL);
		long made = mem_count();
		mem_fail_after(-1, false);
		CHECK_MSG(!ok || count == 3, "%zu risks: %.*s", count, BYTES_ARG(all_of(a, risks, count)));
		failures += !ok;
		arena_free(a);
		if (made <= n)
			break;
	}
	CHECK_MSG(n > 20 && n < 20000 && failures > 20, "%ld allocations, %ld failures", n, failures);
	tap_end();
}

int main(void)
{
	struct limits limits;

	limits_init(&limits);
	mime_start();
	tables = lookalike_start();
	assert(tables);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_case(i, &limits);
	check_table();
	check_limits(limits);
	check_large(&limits);
	check_memory(&limits);
	lookalike_stop(tables);
	return tap_done();
}
