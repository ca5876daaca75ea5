#include "spf/spf_macro.h"
#include "tap.h"

#define LONG50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	const char *name, *text;
	enum spf_macro_use use;
	const char *refused; /* NULL: fine */
	size_t at;
} splits[] = {
	{ "all letters in an explanation", "%{s}%{l}%{o}%{d}%{i}%{p}%{h}%{c}%{r}%{t}%{v}", SPF_MACRO_TEXT },
	{ "letters of either case", "%{S}%{D}.example.com", SPF_MACRO_NAME },
	{ "c in a name", "%{c}.example.com", SPF_MACRO_NAME, "this macro letter belongs in explanations only", 2 },
	{ "r in a name", "a.%{R}", SPF_MACRO_NAME, "this macro letter belongs in explanations only", 4 },
	{ "t in a foreign modifier", "%{t}", SPF_MACRO_MODIFIER },
	{ "an unknown letter", "x%{z}", SPF_MACRO_MODIFIER, "there is no such macro letter", 3 },
	{ "every transformer", "%{d2R.-+,/_=}", SPF_MACRO_NAME },
	{ "no part kept", "%{d0}", SPF_MACRO_NAME, "a macro that keeps no part of its value", 3 },
	{ "many parts kept", "%{d99999999999999999999}", SPF_MACRO_NAME },
	{ "a number behind the r", "%{dr2}", SPF_MACRO_NAME, "a byte that no macro has", 4 },
	{ "a space in a macro", "%{d }", SPF_MACRO_TEXT, "a byte that no macro has", 3 },
	{ "not closed", "ab%{d", SPF_MACRO_NAME, "a macro is not closed", 2 },
	{ "not even a letter", "%{", SPF_MACRO_NAME, "a macro is not closed", 0 },
	{ "no letter", "%{}", SPF_MACRO_NAME, "there is no such macro letter", 2 },
	{ "percent alone", "100%", SPF_MACRO_TEXT, "a percent sign that begins no macro", 3 },
	{ "percent and a letter", "%(ir).example.com", SPF_MACRO_NAME, "a percent sign that begins no macro", 0 },
	{ "the three short ones", "%%%_%-", SPF_MACRO_NAME },
	{ "a space in a name", "a b", SPF_MACRO_NAME, "a byte that no macro string has", 1 },
	{ "a space in an explanation", "a b", SPF_MACRO_TEXT },
	{ "a byte over 127", "a\x80", SPF_MACRO_TEXT, "a byte that no macro string has", 1 },
	{ "a tab", "a\tb", SPF_MACRO_TEXT, "a byte that no macro string has", 1 },
	{ "nothing at all", "", SPF_MACRO_TEXT },
};

/* as in RFC 7208 section 7.4, with addresses of our own */
static const struct {
	const char *text, *want; /* want NULL: no such name */
	const char *client, *local, *helo;
} names[] = {
	{ "%{s}", "strong-bad@email.example.com" },
	{ "%{o}", "email.example.com" },
	{ "%{d}", "sub.email.example.com" },
	{ "%{d4}", "sub.email.example.com" },
	{ "%{d3}", "email.example.com" },
	{ "%{d2}", "example.com" },
	{ "%{d1}", "com" },
	{ "%{dr}", "com.example.email.sub" },
	{ "%{d2r}", "email.sub" },
	{ "%{l}.x", "strong-bad.x" },
	{ "%{l-}.x", "strong.bad.x" },
	{ "%{lr}.x", "strong-bad.x" },
	{ "%{lr-}.x", "bad.strong.x" },
	{ "%{l1r-}.x", "strong.x" },
	{ "%{l2r+-}.x", "bar.foo.x", .local = "foo-bar+zip+quux", },
	{ "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com" },
	{ "%{i}.%{v}", "2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.b.0.1.ip6", .client = "2001:db8::cb01" },
	{ "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com" },
	{ "%{p}.x", "mx.example.org.x" },
	{ "%{h}", "helo.example.net" },
	{ "%{h}", NULL, .helo = "" },
	{ "%{h}.x", NULL, .helo = "" },
	{ "%{H}.x", "jumpin%27%20jupiter.x", .helo = "JUMPIN' JUPITER" },
	{ "%{h}", "a.example", .helo = "A.Example." },
	{ "%{h}.x", NULL, .helo = "A.Example." }, /* two dots in a row */
	{ "%{h}", NULL, .helo = LONG50 LONG50 },  /* a label over 63 bytes */
	{ "%%%_%-.x", "% %20.x" },
	{ "%{L}.x", "~jack%26jill%3dup-a_b3.c.x", .local = "~jack&jill=up-a_b3.c" },
	{ "%{l2r+-}.x", "quux.zip.x", .local = "zip-quux" },
	{ "%{l1}.%{d1}", "c.com", .local = "a.b.c" },
	{ "%{d255}", "sub.email.example.com" },
	{ "%{l}.x", "postmaster.x", .local = "" },
	/* 5 * 51 + 3 bytes: two labels too many */
	{ "%{h}.%{h}.%{h}.%{h}.%{h}.com", LONG50 "." LONG50 "." LONG50 "." LONG50 ".com", .helo = LONG50 },
	/* exactly 253, and 254 */
	{ "1234567890123456789012345678901234567890123456.%{h}.%{h}.%{h}.%{h}.%{d1}x",
	  LONG50 "." LONG50 "." LONG50 "." LONG50 ".comx", .helo = LONG50 },
	{ "123456789012345678901234567890123456789012345.%{h}.%{h}.%{h}.%{h}.%{d1}",
	  "123456789012345678901234567890123456789012345." LONG50 "." LONG50 "." LONG50 "." LONG50 ".com", .helo = LONG50 },
};

struct setting {
	struct spf_input in;
	struct spf_values v;
};

static struct setting setting(struct arena *a, const char *client, const char *local, const char *helo)
{
	struct setting s = { .in = { .local = bytes_of(local ? local : "strong-bad"),
	                             .helo = bytes_of(helo ? helo : "helo.example.net"),
	                             .receiver = B("mx.example.net"), .time = 1700000000 } };

	CHECK(ip_parse(bytes_of(client ? client : "192.0.2.3"), &s.in.client));
	CHECK(dname_parse(a, B("email.example.com"), DNAME_HOST, &s.in.domain, NULL));
	s.v = (struct spf_values){ .arena = a, .validated = B("mx.example.org") };
	CHECK(dname_parse(a, B("sub.email.example.com"), DNAME_HOST, &s.v.domain, NULL));
	return s;
}

static void test_split(void)
{
	for (size_t i = 0; i < ARRAY_LEN(splits); i++) {
		struct bytes text = heap_copy(splits[i].text);
		struct parse_err err = { 0 };
		struct spf_split split;

		tap_begin("split: %s", splits[i].name);
		if (spf_macro_split(text, splits[i].use, NULL, &split, &err))
			CHECK(!splits[i].refused);
		else
			CHECK_MSG(splits[i].refused && strcmp(err.what, splits[i].refused) == 0 && err.at == splits[i].at,
			          "%s at %zu", err.what, err.at);
		tap_end();
		heap_free(text);
	}
	tap_begin("split: what stands at the end, and %%{p}");
	struct spf_split split;
	CHECK(spf_macro_split(B("%{P}.example.com"), SPF_MACRO_NAME, NULL, &split, NULL) && split.n == 2 && split.uses_p);
	CHECK_BYTES(split.end, ".example.com");
	CHECK(spf_macro_split(B("x.%%"), SPF_MACRO_NAME, NULL, &split, NULL) && split.end.n == 0 && !split.uses_p);
	tap_end();
}

static void test_names(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct setting s = setting(a, names[i].client, names[i].local, names[i].helo);
		struct spf_piece pieces[64];
		struct spf_split split;
		uint8_t to[DNAME_TEXT_MAX];
		struct dname name;

		tap_begin("name: %s %s", names[i].text, names[i].want ? names[i].want : "cannot be");
		s.v.in = &s.in;
		CHECK(spf_macro_split(bytes_of(names[i].text), SPF_MACRO_NAME, pieces, &split, NULL));
		if (spf_macro_name(pieces, split.n, &s.v, to, &name))
			CHECK_BYTES(name.text, names[i].want ? names[i].want : "(none)");
		else
			CHECK(!names[i].want);
		tap_end();
	}
}

static void test_texts(struct arena *a)
{
	static const char text[] = "%{c} is %{ir}.%{v}.arpa, %{s} at %{t}, seen by %{r}%_%%%- %{p}.";
	struct spf_piece pieces[64];
	struct spf_split split;
	struct bytes out = { NULL, 0 };
	struct setting s = setting(a, "2001:db8::1", "a b", NULL);

	tap_begin("explanations");
	s.v.in = &s.in;
	CHECK(spf_macro_split(bytes_of(text), SPF_MACRO_TEXT, pieces, &split, NULL));
	s.v.validated = (struct bytes){ NULL, 0 };
	s.in.receiver = (struct bytes){ NULL, 0 };
	CHECK(spf_macro_text(pieces, split.n, &s.v, 4096, &out));
	CHECK_BYTES(out, "2001:db8::1 is 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6.arpa, "
	                 "a b@email.example.com at 1700000000, seen by unknown %%20 unknown.");
	size_t n = out.n;
	CHECK(spf_macro_text(pieces, split.n, &s.v, n, &out) && out.n == n);
	CHECK(!spf_macro_text(pieces, split.n, &s.v, n - 1, &out));
	tap_end();

	tap_begin("an explanation cannot start a line of its own");
	s.in.local = B("x\r\n250 fine\0\xc3\xa9");
	CHECK(spf_macro_split(B("%{l}"), SPF_MACRO_TEXT, pieces, &split, NULL));
	CHECK(spf_macro_text(pieces, split.n, &s.v, 4096, &out));
	CHECK_BYTES(out, "x??250 fine???");
	tap_end();

	tap_begin("a value of a megabyte costs no more than what is kept");
	struct bytes big = { arena_alloc(a, 1 << 20), 1 << 20 };
	memset((uint8_t *)(uintptr_t)big.p, 'x', big.n);
	s.in.helo = big;
	uint8_t to[DNAME_TEXT_MAX];
	struct dname name;
	for (int i = 0; i < 20000; i++) {
		CHECK(spf_macro_split(B("%{h1r-}%{h}%{H}%{hr}%{h2}.example.com"), SPF_MACRO_NAME, pieces, &split, NULL));
		CHECK(!spf_macro_name(pieces, split.n - 1 + (i > 0), &s.v, to, &name) || i > 0);
		if (i > 2)
			s.in.helo = B("a.b");
	}
	tap_end();
}

int main(void)
{
	struct arena *a = arena_new(1 << 24);

	test_split();
	test_names(a);
	test_texts(a);
	arena_free(a);
	return tap_done();
}
