#include "mail/received_spf.h"
#include "tap.h"

static const struct {
	const char *name, *value;
	const char *result, *ip, *from, *helo, *receiver; /* NULL: not given */
	bool damaged;
} cases[] = {
	{ "as RFC 7208 has it",
	  " pass (mybox.example.org: domain of\r\n    myname@example.com designates 192.0.2.1 as permitted sender)\r\n"
	  "       receiver=mybox.example.org; client-ip=192.0.2.1;\r\n       envelope-from=\"myname@example.com\"; helo=foo.example.com;",
	  "pass", "192.0.2.1", "myname@example.com", "foo.example.com", "mybox.example.org" },
	{ "gmail", "softfail (google.com: domain of transitioning a@example.org does not designate 2001:db8::1 as permitted sender) "
	  "client-ip=2001:db8::1;", "softfail", "2001:db8::1" },
	{ "microsoft 365", "Pass (protection.outlook.com: domain of example.org designates 192.0.2.1 as permitted sender)\r\n "
	  "receiver=protection.outlook.com; client-ip=192.0.2.1;\r\n helo=mail.example.org; pr=C",
	  "Pass", "192.0.2.1", NULL, "mail.example.org", "protection.outlook.com" },
	{ "a policy service of Postfix", "Fail (mailfrom) identity=mailfrom; client-ip=203.0.113.5; helo=evil.example; "
	  "envelope-from=<ceo@example.com>; receiver=<UNKNOWN>", "Fail", "203.0.113.5", "ceo@example.com", "evil.example", "<UNKNOWN>" },
	{ "no semicolons", "none client-ip=192.0.2.1 helo=x.example envelope-from=a@b.example",
	  "none", "192.0.2.1", "a@b.example", "x.example" },
	{ "the null sender", "pass client-ip=192.0.2.1; envelope-from=\"<>\"; helo=x", "pass", "192.0.2.1", "", "x" },
	{ "an empty sender", "pass client-ip=192.0.2.1; envelope-from=; helo=x", "pass", "192.0.2.1", "", "x" },
	{ "a key twice: the first", "pass client-ip=192.0.2.1; client-ip=192.0.2.2; helo=a; helo=b", "pass", "192.0.2.1", NULL, "a" },
	{ "not an address", "pass client-ip=mail; helo=a", "pass", NULL, NULL, "a", .damaged = true },
	{ "a result alone", "neutral", "neutral" },
	{ "nothing", "", "" },
	{ "a comment that never ends", "pass (x client-ip=192.0.2.1", "pass", .damaged = true },
	{ "words without =", "pass well; client-ip=192.0.2.1", "pass", "192.0.2.1", .damaged = true },
	{ "quotes keep what stands in them", "pass envelope-from=\"a;client-ip=1.2.3.4 \\\"b\"@x.example",
	  "pass", NULL, "a;client-ip=1.2.3.4 \"b@x.example" },
};

int main(void)
{
	struct arena *a = arena_new(1 << 20);
	char ip[IP_TEXT];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes value = heap_copy(cases[i].value);
		struct received_spf r;

		tap_begin("%s", cases[i].name);
		CHECK(received_spf_parse(a, value, &r));
		CHECK_BYTES(r.result, cases[i].result);
		CHECK(r.has_ip == (cases[i].ip != NULL));
		CHECK(!r.has_ip || !cases[i].ip || strcmp(ip_text(&r.client_ip, ip), cases[i].ip) == 0);
		CHECK((r.envelope_from.p != NULL) == (cases[i].from != NULL));
		CHECK_BYTES(r.envelope_from, cases[i].from ? cases[i].from : "");
		CHECK_BYTES(r.helo, cases[i].helo ? cases[i].helo : "");
		CHECK_BYTES(r.receiver, cases[i].receiver ? cases[i].receiver : "");
		CHECK(r.damaged == cases[i].damaged);
		tap_end();
		heap_free(value);
	}
	arena_free(a);
	return tap_done();
}
