#include "base/dname.h"
#include "base/idn.h"
#include "tap.h"

#define A63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define L60 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."

static const struct {
	const char *name, *text, *want; /* want NULL: refused */
	enum dname_rule rule;
	size_t refused_at;
} cases[] = {
	{ "lower case, no final dot", "Example.COM.", "example.com", DNAME_HOST },
	{ "underscores occur", "_dmarc.example.com", "_dmarc.example.com", DNAME_HOST },
	{ "U-labels become A-labels", "b\xc3\xbc" "cher.example", "xn--bcher-kva.example", DNAME_HOST },
	{ "nothing", "", NULL, DNAME_HOST, 0 },
	{ "the root", ".", NULL, DNAME_HOST, 0 },
	{ "an empty label", "a..b", NULL, DNAME_HOST, 2 },
	{ "a leading dot", ".a", NULL, DNAME_HOST, 0 },
	{ "a label of 63", A63 ".b", A63 ".b", DNAME_HOST },
	{ "a label of 64", "a" A63 ".b", NULL, DNAME_HOST, 0 },
	{ "a name of 254", L60 L60 L60 L60 "0123456789", NULL, DNAME_HOST, 253 },
	{ "a name of 253", L60 L60 L60 L60 "012345678", L60 L60 L60 L60 "012345678", DNAME_HOST },
	{ "a space", "a b.example", NULL, DNAME_HOST, 1 },
	{ "a parenthesis", "L(a.T", NULL, DNAME_HOST, 1 },
	{ "a hyphen at the end", "a-.example", NULL, DNAME_HOST, 0 },
	{ "any byte in DNS", "a b(.example", "a b(.example", DNAME_WIRE },
	{ "an empty label behind a U-label", "\xc3\xbc..a", NULL, DNAME_HOST, 0 },
	{ "bytes that are not UTF-8", "a\xff.example", NULL, DNAME_HOST, 0 },
};

int main(void)
{
	struct arena *a = arena_new(1 << 20);
	struct dname d, e;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = heap_copy(cases[i].text);
		struct parse_err err = { 0 };

		tap_begin("%s", cases[i].name);
		if (dname_parse(a, text, cases[i].rule, &d, &err))
			CHECK(cases[i].want && bytes_eq(d.text, cases[i].want));
		else
			CHECK_MSG(!cases[i].want && err.at == cases[i].refused_at, "%s at %zu", err.what, err.at);
		tap_end();
		heap_free(text);
	}
	tap_begin("a NUL never ends a name");
	CHECK(!dname_parse(a, B("a.example\0.evil.example"), DNAME_HOST, &d, NULL));
	CHECK(!dname_parse(a, B("a.example\0.evil.example"), DNAME_WIRE, &d, NULL));
	tap_end();
	tap_begin("a name written where the caller says");
	uint8_t room[16];
	CHECK(dname_write(B("A b.Example."), room, &d) && d.text.p == room);
	CHECK_BYTES(d.text, "a b.example");
	CHECK(!dname_write(B(""), room, &d) && !dname_write(B("a..b"), room, &d) && !dname_write(B("a\0b"), room, &d));
	tap_end();
	tap_begin("labels, parents, tails, below");
	CHECK(dname_parse(a, B("a.b.example"), DNAME_HOST, &d, NULL) && dname_labels(d) == 3);
	CHECK_BYTES(dname_parent(d).text, "b.example");
	CHECK_BYTES(dname_last(d, 2).text, "b.example");
	CHECK(dname_is_none(dname_parent(dname_last(d, 1))));
	CHECK(dname_within(d, dname_last(d, 2)) && dname_within(d, d));
	CHECK(dname_parse(a, B("xb.example"), DNAME_HOST, &e, NULL) && !dname_within(e, dname_last(d, 2)));
	CHECK(dname_prepend(a, B("_dmarc"), d, &e));
	CHECK_BYTES(e.text, "_dmarc.a.b.example");
	tap_end();
	tap_begin("UTF-8: overlong forms and surrogates are refused, the rest is kept");
	CHECK(!utf8_valid(B("\xc0\xaf"), NULL) && !utf8_valid(B("\xed\xa0\x80"), NULL));
	CHECK(utf8_valid(B("\xf0\x9f\x98\x80"), NULL));
	CHECK_BYTES(utf8_clean(a, B("a\xff" "b")), "a\xef\xbf\xbd" "b");
	CHECK_BYTES(idn_to_unicode(a, B("xn--bcher-kva.example")), "b\xc3\xbc" "cher.example");
	tap_end();
	arena_free(a);
	return tap_done();
}
