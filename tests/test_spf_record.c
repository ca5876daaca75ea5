#include "base/mem.h"
#include "spf/spf_policy.h"
#include "tap.h"

static const struct {
	const char *name, *text, *refused; /* refused NULL: fine */
	size_t at, terms;
} cases[] = {
	{ "nothing but the version", "v=spf1", .terms = 0 },
	{ "spaces in a row and at the end", "v=spf1   a   -all  ", .terms = 2 },
	{ "any case", "V=sPf1 Ip4:192.0.2.1 A:Mail.Example.COM REDIRECT=example.com", .terms = 2 },
	{ "every mechanism", "v=spf1 a mx ptr ip4:192.0.2.0/24 ip6:2001:db8::/32 exists:%{i}.example.com include:example.org +all", .terms = 8 },
	{ "an unknown mechanism at the end", "v=spf1 ip4:192.0.2.1 -all moo", "there is no such mechanism", 26 },
	{ "a modifier with a qualifier", "v=spf1 -redirect=example.com", "there is no such mechanism", 8 },
	{ "redirect as a mechanism", "v=spf1 redirect:example.com", "there is no such mechanism", 7 },
	{ "a qualifier alone", "v=spf1 -", "there is no such mechanism", 8 },
	{ "two qualifiers", "v=spf1 --all", "there is no such mechanism", 8 },
	{ "a tab between terms", "v=spf1 a\tptr -all", "there is no such mechanism", 7 },
	{ "a byte over 127", "v=spf1 \x96" "all", "there is no such mechanism", 7 },
	{ "all with a colon", "v=spf1 -all:example.com", "this mechanism takes nothing behind its name", 11 },
	{ "all with a length", "v=spf1 all/8", "this mechanism takes nothing behind its name", 10 },
	{ "all with a dot", "v=spf1 all.", "there is no such mechanism", 7 },
	{ "include without a name", "v=spf1 include", "this mechanism needs a colon and a name", 14 },
	{ "include with an empty name", "v=spf1 include: -all", "a name is missing", 15 },
	{ "include with a length", "v=spf1 include:example.com/24", "no top-level domain has such a label", 23 },
	{ "a with an empty name", "v=spf1 a:", "a name is missing", 9 },
	{ "a with two lengths", "v=spf1 a/24//64 mx//64 a:example.com/24 mx:%{d}//3", .terms = 4 },
	{ "a with one slash and two lengths", "v=spf1 a/24/64", "a network's length is out of range", 12 },
	{ "a with 33 bits", "v=spf1 a/33", "a network's length is out of range", 9 },
	{ "a with 129 bits", "v=spf1 a//129", "a network's length is out of range", 10 },
	{ "a with a leading zero", "v=spf1 a/024", "a network's length is a number without leading zeros", 9 },
	{ "a with no digits", "v=spf1 a:example.com/", "a network's length is a number without leading zeros", 21 },
	{ "a with a length of twenty-one digits", "v=spf1 a/111111111111111111111", "a network's length is a number without leading zeros", 9 },
	{ "slashes and colons in a name", "v=spf1 a:foo:bar/baz.example.com", .terms = 1 },
	{ "a port", "v=spf1 a:example.com:8080", "no top-level domain has such a label", 17 },
	{ "an address for a name", "v=spf1 a:192.0.2.1", "an address where a name belongs; ip4: and ip6: take addresses", 9 },
	{ "a number for a top-level domain", "v=spf1 mx:abc.123", "no top-level domain has such a label", 14 },
	{ "one label", "v=spf1 a:museum", "a name needs at least two labels, or ends in a macro", 9 },
	{ "one label and a dot", "v=spf1 a:museum.", "a name needs at least two labels, or ends in a macro", 9 },
	{ "two labels and a dot", "v=spf1 a:example.com.", .terms = 1 },
	{ "two final dots", "v=spf1 a:example.com..", "no top-level domain has such a label", 21 },
	{ "a hyphen first", "v=spf1 a:example.-com", "no top-level domain has such a label", 17 },
	{ "an A-label on top", "v=spf1 a:foo.example.xn--zckzah", .terms = 1 },
	{ "a macro at the end", "v=spf1 exists:x%{d}", .terms = 1 },
	{ "a dot behind the last macro", "v=spf1 exists:%{d}.", "a name needs at least two labels, or ends in a macro", 18 },
	{ "text behind the last macro", "v=spf1 exists:%{d}com", "a name needs at least two labels, or ends in a macro", 18 },
	{ "a brace behind the last macro", "v=spf1 exists:%{d}}", "a name needs at least two labels, or ends in a macro", 18 },
	{ "a name behind a macro", "v=spf1 exists:%{d}}.example.com", .terms = 1 },
	{ "a percent sign for the end", "v=spf1 exists:x.%%", .terms = 1 },
	{ "a name no DNS has", "v=spf1 a:mail..example.com", .terms = 1 },
	{ "ptr with a length", "v=spf1 ptr/0", "this mechanism needs a colon and a name", 10 },
	{ "ip4 without an address", "v=spf1 ip4", "an address is missing", 10 },
	{ "ip4 and only a length", "v=spf1 ip4:/24", "an address is missing", 10 },
	{ "ip4 cut short", "v=spf1 ip4:192.0.2", "this is no IPv4 address", 11 },
	{ "ip4 with a port", "v=spf1 ip4:192.0.2.1:25", "this is no IPv4 address", 11 },
	{ "ip4 with an IPv6 address", "v=spf1 ip4:2001:db8::1", "this is no IPv4 address", 11 },
	{ "ip4 with a mapped address", "v=spf1 ip4:::ffff:192.0.2.1", "this is no IPv4 address", 11 },
	{ "ip4 with two slashes", "v=spf1 ip4:192.0.2.1//32", "a network's length is a number without leading zeros", 21 },
	{ "ip4 with leading zeros", "v=spf1 ip4:192.0.2.01", "this is no IPv4 address", 11 },
	{ "ip4 with 033 bits", "v=spf1 ip4:192.0.2.1/032", "a network's length is a number without leading zeros", 21 },
	{ "ip4 with nothing behind the slash", "v=spf1 ip4:192.0.2.1/", "a network's length is a number without leading zeros", 21 },
	{ "ip4 with a line feed", "v=spf1 ip4:192.0.2.5\n include:example.com", "this is no IPv4 address", 11 },
	{ "ip6 with an IPv4 address", "v=spf1 ip6:192.0.2.1", "this is no IPv6 address", 11 },
	{ "ip6 with a mapped address", "v=spf1 ip6:::ffff:192.0.2.1 ip6:::ffff:0:0/90", .terms = 2 },
	{ "ip6 with 129 bits", "v=spf1 ip6:::1/129", "a network's length is out of range", 15 },
	{ "ip6 with a zone", "v=spf1 ip6:fe80::1%eth0", "this is no IPv6 address", 11 },
	{ "redirect twice", "v=spf1 redirect=a.example redirect=b.example", "a second modifier of this name", 26 },
	{ "exp twice", "v=spf1 exp=a.example -all EXP=a.example", "a second modifier of this name", 26 },
	{ "exp without a name", "v=spf1 exp= -all", "a name is missing", 11 },
	{ "exp with a mechanism", "v=spf1 exp=-all", "a name needs at least two labels, or ends in a macro", 11 },
	{ "exp with a letter of explanations", "v=spf1 exp=%{r}.example.com", "this macro letter belongs in explanations only", 13 },
	{ "an unknown modifier", "v=spf1 moo.cow-far_out=man:dog/cat -all", .terms = 1 },
	{ "an unknown modifier without a value", "v=spf1 x= -all", .terms = 1 },
	{ "an unknown modifier with a bad macro", "v=spf1 -all foo=%abc", "a percent sign that begins no macro", 16 },
	{ "a modifier's name with a slash", "v=spf1 moo.cow/x=y", "there is no such mechanism", 7 },
	{ "a modifier's name that begins with a digit", "v=spf1 1up=foo", "there is no such mechanism", 7 },
	{ "no modifier's name", "v=spf1 =all", "there is no such mechanism", 7 },
};

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = heap_copy(cases[i].text);
		struct parse_err err = { 0 };
		struct spf_record *r = spf_record_parse(text, &err);

		tap_begin("%s", cases[i].name);
		if (r)
			CHECK_MSG(!cases[i].refused && r->n == cases[i].terms, "%zu terms", r->n);
		else
			CHECK_MSG(cases[i].refused && strcmp(err.what, cases[i].refused) == 0 && err.at == cases[i].at,
			          "%s at %zu", err.what, err.at);
		tap_end();
		spf_record_free(r);
		heap_free(text);
	}
}

static void test_fields(void)
{
	struct bytes text = B("v=spf1 -a:Mail.Example.com./24//64 ~mx ?ip6:2001:db8::/32 exists:%{p}.x.example "
	                      "exp=e.example redirect=r.example");
	struct parse_err err;
	struct spf_record *r = spf_record_parse(text, &err);
	char ip[IP_TEXT];

	tap_begin("what a program holds");
	if (CHECK(r && r->n == 4 && r->redirect && r->exp)) {
		const struct spf_term *t = r->terms;
		CHECK(t[0].kind == SPF_TERM_A && t[0].outcome == SPF_FAIL && t[0].bits4 == 24 && t[0].bits6 == 64);
		CHECK_BYTES(t[0].spec.name.text, "mail.example.com");
		CHECK_BYTES(spf_term_text(r, &t[0]), "-a:Mail.Example.com./24//64");
		CHECK(t[1].kind == SPF_TERM_MX && t[1].outcome == SPF_SOFTFAIL && !t[1].spec.given && t[1].bits4 == 32);
		CHECK(t[2].outcome == SPF_NEUTRAL && t[2].net.bits == 32);
		CHECK(strcmp(ip_text(&t[2].net.ip, ip), "2001:db8::") == 0);
		CHECK(t[3].outcome == SPF_PASS && t[3].spec.uses_p && t[3].spec.n == 2 && t[3].spec.pieces[0].letter == 'p');
		CHECK_BYTES(r->exp->spec.name.text, "e.example");
		CHECK_BYTES(r->redirect->spec.name.text, "r.example");
		CHECK_BYTES(spf_term_text(r, r->redirect), "redirect=r.example");
		CHECK(r->bytes < 1000);
	}
	spf_record_free(r);
	tap_end();

	tap_begin("a NUL is an error, not an end");
	CHECK(!spf_record_parse(B("v=spf1 a:foo.example.com\0 -all"), &err) && err.at == 24);
	CHECK(!spf_record_parse(B("v=spf1 a\0b=c"), &err) && err.at == 7);
	tap_end();
}

static void test_sizes(void)
{
	size_t n = 70000;
	uint8_t *p = malloc(n);
	struct parse_err err;

	tap_begin("large records");
	memset(p, ' ', n);
	memcpy(p, "v=spf1", 6);
	for (size_t i = 7; i < 65530; i += 2)
		p[i] = 'a';
	struct spf_record *r = spf_record_parse((struct bytes){ p, SPF_RECORD_MAX }, &err);
	CHECK(r && r->n == 32762);
	spf_record_free(r);
	memset(p + 7, '%', n - 7);
	memcpy(p + 7, "exists:", 7);
	r = spf_record_parse((struct bytes){ p, 60000 }, &err);
	CHECK(r && r->n == 1 && r->terms[0].spec.n == (60000 - 14) / 2);
	spf_record_free(r);
	CHECK(!spf_record_parse((struct bytes){ p, n }, &err) && err.at == SPF_RECORD_MAX);
	free(p);
	tap_end();

	tap_begin("out of memory");
	mem_fail_after(0, false);
	CHECK(!spf_record_parse(B("v=spf1 -all"), &err) && !err.what);
	mem_fail_after(-1, false);
	tap_end();
}

static void test_select(void)
{
	static const char *const texts[] = { "v=spf10 a", "v=spf1\t-all", " v=spf1 -all", "V=SPF1", "v=spf1", "v=spf" };
	struct dns_record records[ARRAY_LEN(texts)] = { 0 };
	struct bytes text = { NULL, 0 };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		records[i].text = bytes_of(texts[i]);
	tap_begin("which texts are SPF records");
	struct dns_answer_view v = { .status = DNS_OK, .n = 3, .records = records };
	CHECK(spf_select(&v, &text) == 0 && text.n == 0);
	v.n = 4;
	CHECK(spf_select(&v, &text) == 1);
	CHECK_BYTES(text, "V=SPF1");
	v.n = 6;
	CHECK(spf_select(&v, &text) == 2);
	tap_end();
}

static void free_other(struct dns_parsed *p)
{
	free(p);
}

static void test_policy(struct arena *a)
{
	static const char other;
	struct dns_record record = { .text = B("v=spf1 -all") };
	struct dns_answer_view v = { .question.type = DNS_TXT, .status = DNS_OK, .n = 1, .records = &record };
	struct spf_policy *own;

	CHECK(dname_parse(a, B("example.com"), DNAME_HOST, &v.question.name, NULL));
	tap_begin("an answer is parsed once, and its memory is known");
	struct dns_answer *answer = dns_answer_new(&v);
	size_t before = dns_answer_bytes(answer);
	const struct spf_policy *p = spf_policy_of(answer, &own), *again;
	CHECK(p && !own && p->record && p->record->n == 1);
	CHECK(dns_answer_bytes(answer) > before + sizeof(*p));
	mem_fail_after(0, true);
	again = spf_policy_of(answer, &own);
	mem_fail_after(-1, false);
	CHECK(again == p && !own);
	dns_answer_unref(answer);
	tap_end();

	tap_begin("an answer whose place is taken is parsed for the caller");
	answer = dns_answer_new(&v);
	struct dns_parsed *taken = calloc(1, sizeof(*taken));
	*taken = (struct dns_parsed){ .kind = &other, .free = free_other };
	CHECK(dns_answer_attach(answer, taken) == taken);
	p = spf_policy_of(answer, &own);
	CHECK(p && p == own && p->record);
	spf_policy_free(own);
	dns_answer_unref(answer);
	tap_end();

	tap_begin("no memory for a policy");
	answer = dns_answer_new(&v);
	for (long i = 0; i < 2; i++) {
		mem_fail_after(i, false);
		CHECK(!spf_policy_of(answer, &own));
	}
	mem_fail_after(-1, false);
	dns_answer_unref(answer);
	tap_end();
}

int main(void)
{
	struct arena *a = arena_new(1 << 20);

	test_cases();
	test_fields();
	test_sizes();
	test_select();
	test_policy(a);
	arena_free(a);
	return tap_done();
}
