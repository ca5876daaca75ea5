/* Links as a browser reads them. Each result is one line: scheme, user, host or number, the rest. */
#include "base/arena.h"
#include "content/url.h"
#include "tap.h"

static const struct {
	const char *name, *link, *base, *want; /* want NULL: no link */
} cases[] = {
	{ "plain", "https://www.example.com/a?b#c", NULL, "https www.example.com /a?b#c" },
	{ "capitals and a port", "HTTPS://WWW.Example.COM:8443/A", NULL, "https www.example.com /A" },
	{ "white space around, line ends within", " \n\thttps://exa\nmple.com/a\tb ", NULL, "https example.com /ab" },
	{ "a user is not the host", "https://www.bank.example@evil.example/x", NULL,
	  "https user=www.bank.example evil.example /x" },
	{ "the last @ counts", "https://a@b@evil.example", NULL, "https user=a@b evil.example " },
	{ "an @ in the path is no user", "https://example.com/@b", NULL, "https example.com /@b" },
	{ "an @ behind a ? is no user", "https://example.com?x@b", NULL, "https example.com ?x@b" },
	{ "a backslash ends the host", "https://evil.example\\@bank.example/", NULL, "https evil.example \\@bank.example/" },
	{ "slashes of any kind and number", "https:\\\\/\\evil.example\\x", NULL, "https evil.example \\x" },
	{ "no slash at all", "http:evil.example/x", NULL, "http evil.example /x" },
	{ "the scheme of the page", "//evil.example/x", NULL, "http evil.example /x" },
	{ "www. without a scheme", "www.example.com/x", NULL, "http www.example.com /x" },
	{ "a final dot", "https://example.com./", NULL, "https example.com /" },
	{ "a host in percent signs", "https://%65vil.example/", NULL, "https evil.example encoded /" },
	{ "a host in UTF-8", "https://m\xc3\xbcnchen.example/", NULL, "https xn--mnchen-3ya.example /" },
	{ "a host in wide letters", "https://\xef\xbd\x85vil.example/", NULL, "https evil.example /" },
	{ "an ideographic full stop", "https://bank\xe3\x80\x82" "example/", NULL, "https bank.example /" },
	{ "underscores occur", "https://a_b.example/", NULL, "https a_b.example /" },

	{ "four decimals", "http://192.0.2.1/x", NULL, "http 192.0.2.1 /x" },
	{ "one decimal", "http://3221225985/", NULL, "http 192.0.2.1 odd /" },
	{ "hexadecimal", "http://0xC0000201/", NULL, "http 192.0.2.1 odd /" },
	{ "octal", "http://0300.0.2.1/", NULL, "http 192.0.2.1 odd /" },
	{ "three parts", "http://192.0.513/", NULL, "http 192.0.2.1 odd /" },
	{ "two parts of two kinds", "http://0xc0.513/", NULL, "http 192.0.2.1 odd /" },
	{ "a number in wide digits", "http://\xef\xbc\x91\xef\xbc\x99\xef\xbc\x92.0.2.1/", NULL, "http 192.0.2.1 /" },
	{ "a number in percent signs", "http://%31%39%32.0.2.1/", NULL, "http 192.0.2.1 encoded /" },
	{ "IPv6", "http://[2001:db8::1]:80/", NULL, "http 2001:db8::1 /" },
	{ "a number too large is no host", "http://192.0.2.256/", NULL, NULL },
	{ "five parts are no host", "http://1.2.3.4.5/", NULL, NULL },
	{ "a name that begins with a number", "http://192.0.2.1.example/", NULL, "http 192.0.2.1.example /" },
	{ "0x is a number to browsers: 0", "http://0x/", NULL, "http 0.0.0.0 odd /" },

	{ "javascript with a tab in it", "java\tscript:alert(1)", NULL, "javascript alert(1)" },
	{ "control characters in front", "\x01\x02 javascript:x", NULL, "javascript x" },
	{ "data", "DATA:text/html,<b>", NULL, "data text/html,<b>" },
	{ "an address of mail", "mailto:a@example.com", NULL, "mailto a@example.com" },
	{ "a file of another computer", "file://evil.example/x", NULL, "file evil.example /x" },
	{ "a file of this computer", "file:///x", NULL, "file /x" },

	{ "relative to nothing", "/x", NULL, " /x" },
	{ "relative to a base", "login", "https://evil.example/a/", "https evil.example login" },
	{ "a base does not change a whole link", "https://example.com/", "https://evil.example/", "https example.com /" },
	{ "a fragment only", "#top", "https://evil.example/", "https evil.example #top" },

	{ "nothing", "", NULL, NULL },
	{ "white space", " \n", NULL, NULL },
	{ "no host", "https://", NULL, NULL },
	{ "no host behind a user", "https://a@/", NULL, NULL },
	{ "a space in the host", "https://a b/", NULL, NULL },
	{ "an open bracket", "http://[2001:db8::1/", NULL, NULL },
	{ "two empty labels", "http://a..b/", NULL, NULL },
	{ "a NUL in the host", "http://a%00.example/", NULL, NULL },
};

static const char *describe(struct arena *a, const struct url *u)
{
	char ip[IP_TEXT];

	return arena_cstr(a, arena_printf(a, "%.*s %s%.*s%s%.*s%s%s%s%.*s", BYTES_ARG(u->scheme), u->user.n ? "user=" : "",
	                                  BYTES_ARG(u->user), u->user.n ? " " : "", BYTES_ARG(u->host.text),
	                                  ip_text(&u->ip, ip), u->odd_number ? " odd" : "",
	                                  u->encoded ? " encoded" : "", BYTES_ARG(u->rest)));
}

/* what describe() says, with one blank between host and rest */
static void check_one(size_t i)
{
	struct arena *a = arena_new(1 << 20);
	struct bytes link = heap_copy(cases[i].link), base = heap_copy(cases[i].base ? cases[i].base : "");
	struct url from, u;
	bool has_base = cases[i].base && url_parse(a, base, NULL, &from);

	tap_begin("%s", cases[i].name);
	if (!url_parse(a, link, has_base ? &from : NULL, &u)) {
		CHECK_MSG(!cases[i].want, "refused");
	} else {
		struct bytes rest = u.rest;
		u.rest = (struct bytes){ NULL, 0 };
		const char *head = describe(a, &u);
		struct bytes got = url_has_host(&u)
		                           ? arena_printf(a, "%s %.*s", head, BYTES_ARG(rest))
		                           : arena_printf(a, "%s%.*s", head, BYTES_ARG(rest));
		CHECK_MSG(cases[i].want && bytes_eq(got, cases[i].want), "\n#  got %.*s\n# want %s", BYTES_ARG(got),
		          cases[i].want ? cases[i].want : "no link");
	}
	tap_end();
	heap_free(link);
	heap_free(base);
	arena_free(a);
}

static const struct { const char *name, *text, *links; } texts[] = {
	{ "in a sentence", "See https://example.com/a, or (www.example.org). Bye", "https://example.com/a www.example.org" },
	{ "in angle brackets", "<https://example.com/a b>", "https://example.com/a" },
	{ "brackets that belong to it", "https://example.com/a_(b) (https://example.com/c)",
	  "https://example.com/a_(b) https://example.com/c" },
	{ "a quote ends it", "href=\"http://example.com/\"", "http://example.com/" },
	{ "backslashes", "https:\\\\example.com\\x", "https:\\\\example.com\\x" },
	{ "capitals", "HTTP://EXAMPLE.COM", "HTTP://EXAMPLE.COM" },
	{ "not inside a word", "xhttp://example.com ahttps://b.example a@www.example.com", "" },
	{ "no link", "example.com, http and www and version 1.2.3.4", "" },
	{ "at the very end", "http://", "http://" },
};

int main(void)
{
	struct arena *a = arena_new(64 << 20);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_one(i);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct bytes text = heap_copy(texts[i].text), link, all = { NULL, 0 };
		size_t at = 0;
		tap_begin("text: %s", texts[i].name);
		while (url_next(text, &at, &link))
			all = arena_printf(a, "%.*s%s%.*s", BYTES_ARG(all), all.n ? " " : "", BYTES_ARG(link));
		CHECK_MSG(bytes_eq(all, texts[i].links), "got %.*s", BYTES_ARG(all));
		tap_end();
		heap_free(text);
	}

	tap_begin("parameters");
	struct url u;
	CHECK(url_parse(a, B("https://r.example/x?A=1&url=https%3A%2F%2Fbank.example%2Fa%zz&b#url=no"), NULL, &u));
	CHECK_BYTES(url_parameter(a, &u, "url"), "https://bank.example/a%zz");
	CHECK_BYTES(url_parameter(a, &u, "a"), "1");
	CHECK(url_parameter(a, &u, "c").n == 0);
	tap_end();

	tap_begin("a megabyte of anything is read once");
	static const char *const seeds[] = { "https://", "@", "https://a@", "a.", "%41", "\xc3\xbc", "(", ")", "www.", "1." };
	for (size_t s = 0; s < ARRAY_LEN(seeds); s++) {
		uint8_t *p = malloc(1 << 20);
		struct bytes text = { p, 1 << 20 }, link;
		size_t at = 0;
		assert(p);
		for (size_t i = 0; i < text.n; i++)
			p[i] = (uint8_t)seeds[s][i % strlen(seeds[s])];
		while (url_next(text, &at, &link))
			;
		memcpy(p, "http://", 7);
		CHECK(!url_parse(a, text, NULL, &u) || url_has_host(&u));
		arena_reset(a);
		free(p);
	}
	tap_end();
	arena_free(a);
	return tap_done();
}
