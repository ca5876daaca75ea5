/* What pages show and where they lead. Each result is a list of links, then what is shown, then what is hidden. */
#include "content/html_links.h"
#include "tap.h"

static const struct {
	const char *name, *html, *want;
} cases[] = {
	/* links */
	{ "a link", "<p>See <a href=\"https://example.com/\">the <b>page</b></a>.", "a https://example.com/ \"the page\" | See the page." },
	{ "entities in it", "<a href='https://example.com/?a=1&amp;b&#61;2'>x&lt;y</a>", "a https://example.com/?a=1&b=2 \"x<y\" | x<y" },
	{ "no quotes, no white space", "<a href=https://example.com/ title=x>x</a>", "a https://example.com/ \"x\" | x" },
	{ "a slash instead of a blank", "<a/href=https://example.com/>x</a>", "a https://example.com/ \"x\" | x" },
	{ "a form feed instead of a blank", "<a\fhref=https://example.com/>x</a>", "a https://example.com/ \"x\" | x" },
	{ "an odd attribute in front", "<a $='>' 1=2 \" href=https://example.com/>x</a>", "a https://example.com/ \"x\" | x" },
	{ "attributes without a blank between", "<a title='x'href='https://example.com/'>x</a>", "a https://example.com/ \"x\" | x" },
	{ "the first of two counts", "<a href=https://a.example/ href=https://b.example/>x</a>", "a https://a.example/ \"x\" | x" },
	{ "a NUL in the name", "<a hr\1ef=x>x</a>", " | x" },
	{ "links do not nest", "<a href=https://a.example/>one <a href=https://b.example/>two</a> three",
	  "a https://a.example/ \"one\" a https://b.example/ \"two\" | one two three" },
	{ "a link that never ends", "<p><a href=https://a.example/>one</p><p>two", "a https://a.example/ \"one\" | one/two" },
	{ "a name is no link", "<a name=x>y</a>", " | y" },
	{ "an area", "<map><area href=https://a.example/></map>", "a https://a.example/ \"\" |" },
	{ "a link in a picture", "<svg><a xlink:href=https://a.example/>x</a></svg>", "a https://a.example/ \"x\" | x" },
	{ "a link's hidden text is not its text", "<a href=https://evil.example/>https://ba<span style='display:none'>zzzzzzzzzz</span>nk.example</a>",
	  "a https://evil.example/ \"https://bank.example\" | https://bank.example | zzzzzzzzzz" },
	{ "behind the end of the page", "<html><body>x</body></html><a href=https://a.example/>y</a>",
	  "a https://a.example/ \"y\" | x/y" },
	{ "in a table's wrong place", "<table><a href=https://a.example/>y</a><tr><td>x</table>", "a https://a.example/ \"y\" | y/x" },
	{ "in noscript", "<noscript><a href=https://a.example/>y</a></noscript>", "a https://a.example/ \"y\" | y" },

	/* what is no tag to a browser, and what is */
	{ "in a comment", "<!-- <a href=https://a.example/>x</a> -->y", " | y" },
	{ "a comment that ends at once", "<!--><a href=https://a.example/>x</a><!-- -->", "a https://a.example/ \"x\" | x" },
	{ "a comment that ends nearly at once", "<!---><a href=https://a.example/>x</a>", "a https://a.example/ \"x\" | x" },
	{ "a comment that ends badly", "<!-- --!><a href=https://a.example/>x</a>", "a https://a.example/ \"x\" | x" },
	{ "a comment that never ends", "x<!-- <a href=https://a.example/>x</a>", " | x" },
	{ "only for Outlook", "<!--[if mso]><a href=https://a.example/>x</a><![endif]-->y", " | y" },
	{ "not for Outlook", "<!--[if !mso]><!--><a href=https://a.example/>x</a><!--<![endif]-->", "a https://a.example/ \"x\" | x" },
	{ "a declaration is skipped", "<!x><?y><![CDATA[z]]></ w>v", " | v" },
	{ "a comment within a word", "bit<!-- x -->coin", " | bitcoin" },
	{ "a tag within a word", "bit<b></b>coin", " | bitcoin" },
	{ "in a text area", "<textarea><a href=https://a.example/>x</a></textarea>", " | a href=https://a.example/>x /a>" },
	{ "in a program", "<script>var a='<a href=https://a.example/>'; // </scriptx <a href=b></script>y", "script | y" },
	{ "in a style", "<style><a href=https://a.example/></style>y", " | y" },
	{ "a title is not shown", "<title>x</title>y", " | y" },
	{ "plain text to the end", "a<plaintext></plaintext><a href=x>", " | a//plaintext> a href=x>" },
	{ "a less-than sign", "1 < 2 <3 a<", " | 1 2 3 a" },

	/* what else leads away */
	{ "a picture", "<img src=https://a.example/x.png width=100 height=50>", "img https://a.example/x.png |" },
	{ "one pixel", "<img src=https://a.example/x.gif width=1 height=1>", "img https://a.example/x.gif tiny |" },
	{ "one pixel by style", "<img src=https://a.example/x.gif style='width:1px;height:1px'>", "img https://a.example/x.gif tiny |" },
	{ "no height", "<img src=https://a.example/x.gif height=0px>", "img https://a.example/x.gif tiny |" },
	{ "a line between parts of the page", "<img src=https://a.example/x.gif width=600 height=1>", "img https://a.example/x.gif |" },
	{ "a hidden picture", "<div style='display:none'><img src=https://a.example/x.gif></div>", "img https://a.example/x.gif hidden |" },
	{ "a form", "<form action=https://a.example/><input name=a></form>", "form https://a.example/ |" },
	{ "a form to itself", "<form><input name=a></form>", "form  |" },
	{ "a button that leads elsewhere", "<button formaction=https://a.example/>x</button>", "form https://a.example/ | x" },
	{ "a frame", "<iframe src=https://a.example/>x</iframe>y", "frame https://a.example/ | x/y" },
	{ "an object", "<object data=https://a.example/>x</object>", "frame https://a.example/ | x" },
	{ "refresh", "<meta http-equiv=Refresh content=\"0; URL='https://a.example/'\">x", "refresh https://a.example/ | x" },
	{ "refresh without url=", "<meta http-equiv=refresh content='3,https://a.example/'>x", "refresh https://a.example/ | x" },
	{ "refresh to itself", "<meta http-equiv=refresh content=30>x", " | x" },
	{ "another meta", "<meta name=viewport content='0; url=x'>x", " | x" },
	{ "a base", "<base href=https://evil.example/><base href=https://b.example/><a href=/x>y</a>",
	  "base https://evil.example/ a /x \"y\" | y" },
	{ "a program in an attribute", "<body onload='x()'>y", "script | y" },
	{ "a page in another charset's name", "<meta charset=utf-16><p>x\xc3\xa4", " | x\xc3\xa4" },

	/* what is hidden */
	{ "behind something that is seen", "<p>Hello<div style='display:none'>secret words</div>", " | Hello | secret words" },
	{ "white on white", "<p>Hello<font color=white>secret words</font>", " | Hello | secret words" },
	{ "white on blue is seen", "<p>Hello<table><tr><td bgcolor=#0000ff><font color=#ffffff>not secret</font></td></table>",
	  " | Hello/not secret" },
	{ "white on a picture is seen", "<p>Hello<div background=https://a.example/x.png><font color=#ffffff>not secret</font></div>",
	  " | Hello/not secret" },
	{ "the page's own colours", "<body bgcolor=black text=#000000><font color=red>Hello</font> secret words", " | Hello | secret words" },
	{ "by a class", "<style>.x{font-size:0px}</style>Hello<p class='a x'>secret words</p>", " | Hello | secret words" },
	{ "by a class that comes later", "Hello<p class=x>secret words</p><style>.x{font-size:0px}</style>", " | Hello | secret words" },
	{ "shown on other screens", "<style>.x{display:none}@media(max-width:600px){.x{display:block}}</style>Hello<p class=x>words</p>",
	  " | Hello/words" },
	{ "no size around, a size inside", "<p>Hello<div style='font-size:0'><span style='font-size:14px'>seen</span></div>", " | Hello/seen" },
	{ "the attribute", "<p>Hello<p hidden>secret words", " | Hello | secret words" },
	{ "a preview at the top is no secret", "<div style='display:none'>Our news of this week &zwnj;&nbsp;&zwnj;</div><p>Hello", " | Hello" },
	{ "but not without end",
	  "<div style='display:none'>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</div><p>Hello",
	  " | Hello | +" },
};

static const char *kinds[] = { "a", "refresh", "form", "img", "frame" };

static struct bytes joined(struct arena *a, struct bytes text)
{
	uint8_t *p = arena_alloc(a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '\n')
			p[n++] = text.p[i];
		else if (i + 1 < text.n)
			p[n++] = '/';
	return bytes_trim((struct bytes){ p, n });
}

static struct bytes describe(struct arena *a, const struct html_page *page)
{
	struct bytes out = B("");

	if (page->program)
		out = B("script");
	if (page->base.n)
		out = arena_printf(a, "base %.*s", BYTES_ARG(page->base));
	for (size_t i = 0; i < page->n; i++) {
		const struct html_link *l = &page->links[i];
		out = arena_printf(a, "%.*s%s%s %.*s", BYTES_ARG(out), out.n ? " " : "", kinds[l->kind], BYTES_ARG(l->target));
		if (l->kind == HTML_LINK)
			out = arena_printf(a, "%.*s \"%.*s\"", BYTES_ARG(out), BYTES_ARG(l->text));
		out = arena_printf(a, "%.*s%s%s", BYTES_ARG(out), l->tiny ? " tiny" : "", l->hidden ? " hidden" : "");
	}
	struct bytes text = joined(a, page->text);
	out = arena_printf(a, "%.*s |%s%.*s", BYTES_ARG(out), text.n ? " " : "", BYTES_ARG(text));
	if (page->hidden.n)
		out = arena_printf(a, "%.*s | %.*s", BYTES_ARG(out), BYTES_ARG(page->hidden.n > 200 ? B("+") : page->hidden));
	return out;
}

static bool read_page(struct arena *a, struct bytes html, struct html_page *page)
{
	static struct limits limits;
	limits_init(&limits);
	struct work w = { .arena = a, .limits = &limits };

	return html_links_read(&w, html, page);
}

static const struct { const char *name, *seed; } long_ones[] = {
	{ "open elements", "<b>" }, { "ends that fit nothing", "</b>" }, { "opened and closed by another", "<b></i>" },
	{ "comments", "<!-- " }, { "comments that end at once", "<!-->" }, { "a tag in a tag", "<a href=" },
	{ "attributes", "<a a1 b2 c3 d4" }, { "one tag of attributes", "x " }, { "entities", "&amp;" }, { "ampersands", "&" },
	{ "tables", "<table><tr><td>" }, { "scripts", "<script>" }, { "styles", "<style>.a{color:red}</style>" },
	{ "a quote", "<a b='" }, { "links", "<a href=x>" }, { "styles in tags", "<p style='color:red'>" },
	{ "lists", "<li><ul>" }, { "forms", "<form>" }, { "half of a tag", "<" }, { "line ends", "\r\n" },
	{ "classes", "<p class='a b c d e f g h i j'>" }, { "bytes that are no UTF-8", "\xff" },
};

static void long_one(const char *name, const char *start, const char *seed)
{
	size_t n = 1 << 18, skip = strlen(start), seed_n = strlen(seed);
	uint8_t *p = malloc(n);
	struct arena *a = arena_new(256 << 20);
	struct html_page page;

	assert(p && a);
	memcpy(p, start, skip);
	for (size_t i = skip; i < n; i++)
		p[i] = (uint8_t)seed[(i - skip) % seed_n];
	tap_begin("a quarter of a megabyte of %s", name);
	int64_t began = tap_cpu_ms();
	CHECK(read_page(a, (struct bytes){ p, n }, &page));
	CHECK_MSG(tap_cpu_ms() - began < 4000, "%d ms", (int)(tap_cpu_ms() - began));
	tap_end();
	free(p);
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(16 << 20);
		struct bytes html = heap_copy(cases[i].html);
		struct html_page page;
		for (size_t k = 0; k < html.n; k++)
			if (html.p[k] == 1)
				*(uint8_t *)(uintptr_t)&html.p[k] = 0; /* a literal cannot hold a NUL */
		tap_begin("%s", cases[i].name);
		if (CHECK(read_page(a, html, &page))) {
			struct bytes got = describe(a, &page);
			CHECK_MSG(bytes_eq(got, cases[i].want), "\n#  got %.*s\n# want %s", BYTES_ARG(got), cases[i].want);
		}
		tap_end();
		heap_free(html);
		arena_free(a);
	}

	tap_begin("a link below 10,000 open elements is found");
	struct arena *a = arena_new(64 << 20);
	struct bytes deep = { NULL, 0 };
	uint8_t *p = arena_alloc(a, 50100);
	for (size_t i = 0; i < 10000; i++)
		memcpy(p + 5 * i, "<div>", 5);
	memcpy(p + 50000, "<a href=https://a.example/>x</a>", 32);
	deep = (struct bytes){ p, 50032 };
	struct html_page page;
	CHECK(read_page(a, deep, &page) && page.cut && page.n == 1 && bytes_eq(page.links[0].target, "https://a.example/") &&
	      bytes_eq(page.links[0].text, "x"));
	tap_end();
	arena_free(a);

	for (size_t i = 0; i < ARRAY_LEN(long_ones); i++)
		long_one(long_ones[i].name, "", long_ones[i].seed);
	long_one("attributes of one tag", "<a ", "a1 b2 ");
	long_one("classes of one tag", "<style>.a{color:red}</style><p class='", "a ");
	long_one("one style", "<style>", ".a,.b{color:red}");
	long_one("one style's selectors", "<style>", ".a,");
	long_one("one style's media", "<style>", "@media{");
	long_one("one declaration list", "<p style='", "display:none;");
	return tap_done();
}
