#include "mail/address.h"
#include "tap.h"

#define M(lit) lit, sizeof(lit) - 1

static const struct {
	const char *name, *text;
	size_t n;
	const char *local, *domain, *written; /* local NULL: refused */
	size_t refused_at;
} cases[] = {
	{ "in brackets", M("<a@b.example>"), "a", "b.example", "a@b.example" },
	{ "without brackets", M("a@b.example"), "a", "b.example", "a@b.example" },
	{ "the domain in lower case, the local part as it is", M("<A.B@B.Example>"), "A.B",
	  "b.example", "A.B@b.example" },
	{ "all of atext", M("!#$%&'*+-/=?^_`{|}~@b.example"), "!#$%&'*+-/=?^_`{|}~", "b.example",
	  "!#$%&'*+-/=?^_`{|}~@b.example" },
	{ "quotes", M("<\"a b\"@c.example>"), "a b", "c.example", "\"a b\"@c.example" },
	{ "quotes with pairs, brackets and signs", M("<\"a\\\"<@>,\\\\\"@c.example>"), "a\"<@>,\\",
	  "c.example",
	  "\"a\\\"<@>,\\\\\"@c.example" },
	{ "empty quotes", M("\"\"@c.example"), "", "c.example", "\"\"@c.example" },
	{ "UTF-8", M("<j\xc3\xb6rg@b\xc3\xbc" "cher.example>"), "j\xc3\xb6rg", "xn--bcher-kva.example",
	  "j\xc3\xb6rg@xn--bcher-kva.example" },
	{ "an IPv4 literal", M("<a@[192.0.2.1]>"), "a", "", "a@[192.0.2.1]" },
	{ "an IPv6 literal", M("<a@[IPv6:2001:db8::1]>"), "a", "", "a@[IPv6:2001:db8::1]" },
	{ "postmaster", M("<Postmaster>"), "Postmaster", "", "Postmaster" },
	{ "a route", M("<@c.example,@d.example:a@b.example>"), "a", "b.example", "a@b.example" },
	{ "a route without brackets", M("@c.example:a@b.example"), "a", "b.example", "a@b.example" },
	{ "underscores", M("<a@_x.b_c.example>"), "a", "_x.b_c.example", "a@_x.b_c.example" },

	{ "blanks around", M(" <a@b.example>"), .refused_at = 0 },
	{ "a blank behind", M("<a@b.example> "), .refused_at = 14 },
	{ "a blank within", M("<a@b .example>"), .refused_at = 4 },
	{ "empty brackets with a blank", M("< >"), .refused_at = 1 },
	{ "one bracket", M("<"), .refused_at = 1 },
	{ "brackets open only", M("<a@b.example"), .refused_at = 12 },
	{ "brackets closed only", M("a@b.example>"), .refused_at = 11 },
	{ "brackets twice", M("<<a@b.example>>"), .refused_at = 1 },
	{ "no domain", M("<a>"), .refused_at = 2 },
	{ "an empty domain", M("<a@>"), .refused_at = 3 },
	{ "no local part", M("<@b.example>"), .refused_at = 11 },
	{ "no local part behind a route", M("<@c.example:@b.example>"), .refused_at = 12 },
	{ "a route without an address", M("<@c.example,a@b.example>"), .refused_at = 12 },
	{ "a route with a bad domain", M("<@c..example:a@b.example>"), .refused_at = 4 },
	{ "two addresses", M("<a@b.example,c@d.example>"), .refused_at = 12 },
	{ "two at signs", M("a@b@c.example"), .refused_at = 3 },
	{ "dots first", M(".a@b.example"), .refused_at = 0 },
	{ "dots last", M("a.@b.example"), .refused_at = 2 },
	{ "dots in a row", M("<a..b@c.example>"), .refused_at = 3 },
	{ "a final dot", M("<a@b.example.>"), .refused_at = 12 },
	{ "an empty label", M("<a@b..example>"), .refused_at = 5 },
	{ "a parenthesis", M("<any@l.example(a.t.example>"), .refused_at = 14 },
	{ "a comment", M("<a(x)@b.example>"), .refused_at = 2 },
	{ "a quote without end", M("<\"a@b.example>"), .refused_at = 1 },
	{ "text behind quotes", M("\"a\"b@c.example"), .refused_at = 3 },
	{ "quotes in the midst", M("a\"b\"@c.example"), .refused_at = 1 },
	{ "a NUL", M("a@b.example\0.c.example"), .refused_at = 11 },
	{ "a NUL in quotes", M("\"a\0\"@b.example"), .refused_at = 2 },
	{ "a CRLF in quotes", M("\"a\r\n b\"@b.example"), .refused_at = 2 },
	{ "a DEL in a quoted pair", M("\"a\\\x7f\"@b.example"), .refused_at = 3 },
	{ "UTF-8 in a quoted pair", M("\"a\\\xc3\xbc\"@b.example"), .refused_at = 3 },
	{ "bytes that are not UTF-8", M("a\xff@b.example"), .refused_at = 1 },
	{ "such bytes in the domain", M("a@b\xff.example"), .refused_at = 2 },
	{ "a character that does not show", M("a@b\xe2\x80\x8b.example"), .refused_at = 3 },
	{ "a bad literal", M("a@[192.0.2.256]"), .refused_at = 2 },
	{ "a literal without end", M("a@[192.0.2.1"), .refused_at = 2 },
	{ "a literal and more", M("a@[192.0.2.1].example"), .refused_at = 2 },
	{ "a literal of no known kind", M("a@[x:y]"), .refused_at = 2 },
};

static void test_long(struct arena *a)
{
	char text[3000];
	struct path path;
	struct parse_err err;

	tap_begin("local parts up to 1000 bytes");
	memset(text, 'a', sizeof(text));
	memcpy(text + 1000, "@b.example", 10);
	CHECK(path_parse(a, (struct bytes){ (uint8_t *)text, 1010 }, &path, &err) && path.local.n == 1000);
	memcpy(text + 1000, "a@b.example", 11);
	CHECK(!path_parse(a, (struct bytes){ (uint8_t *)text, 1011 }, &path, &err) && err.at == 0);
	text[1] = '@';
	CHECK(!path_parse(a, (struct bytes){ (uint8_t *)text, 3000 }, &path, &err) && err.at == 2);
	tap_end();
}

static void test_memory(void)
{
	struct path path = { .null = true };

	tap_begin("memory may fail: refused, and untouched");
	for (size_t cap = 16; cap < 4000; cap += 16) {
		struct arena *a = arena_new(cap);
		struct parse_err err = { 0 };
		if (path_parse(a, B("<\"a b\"@b\xc3\xbc" "cher.example>"), &path, &err)) {
			CHECK_BYTES(path.text, "\"a b\"@xn--bcher-kva.example");
			path.null = true;
		} else {
			CHECK(path.null && err.what);
		}
		arena_free(a);
	}
	tap_end();
}

int main(void)
{
	struct arena *a = arena_new(1 << 20);
	struct path path;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = heap_bytes((struct bytes){ (const uint8_t *)cases[i].text, cases[i].n });
		struct parse_err err = { 0 };

		tap_begin("%s", cases[i].name);
		if (path_parse(a, text, &path, &err)) {
			CHECK(cases[i].local && !path.null);
			if (cases[i].local) {
				CHECK_BYTES(path.local, cases[i].local);
				CHECK_BYTES(path.domain.text, cases[i].domain);
				CHECK_BYTES(path.text, cases[i].written);
			}
		} else {
			CHECK_MSG(!cases[i].local && err.at == cases[i].refused_at, "%s at %zu", err.what, err.at);
		}
		tap_end();
		heap_free(text);
	}
	tap_begin("the null path");
	CHECK(path_parse(a, B(""), &path, NULL) && path.null && path.text.n == 0 && dname_is_none(path.domain));
	CHECK(path_parse(a, B("<>"), &path, NULL) && path.null);
	CHECK(!path_parse(a, B(" "), &path, NULL));
	tap_end();
	test_long(a);
	arena_free(a);
	test_memory();
	return tap_done();
}
