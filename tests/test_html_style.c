/* Styles: what can be seen and what cannot. */
#include "content/html_sheet.h"
#include "tap.h"

static const struct { const char *name, *style; bool seen; } inline_cases[] = {
	{ "nothing said", "", true },
	{ "display none", "display:none", false },
	{ "display none, in capitals and important", "DISPLAY : NONE !important", false },
	{ "a comment in between", "/* x */display:/* y */none/* z */", false },
	{ "the later wins", "display:none;display:block", true },
	{ "visibility", "color:red; visibility:hidden", false },
	{ "no size", "font-size:0", false },
	{ "one pixel", "font-size:1px", false },
	{ "a tenth of an em", "font-size:.1em", false },
	{ "two percent", "font-size:2%", false },
	{ "one em", "font-size:1em", true },
	{ "small", "font-size:small", true },
	{ "eight points", "font-size: 8pt", true },
	{ "font with no size", "font:0/0 a", false },
	{ "font with a weight first", "font: bold 700 12px/1.5 serif", true },
	{ "see-through", "opacity:0", false },
	{ "half see-through", "opacity:.5", true },
	{ "white on white", "color:#fff", false },
	{ "nearly white on white", "color: #fdfdfd", false },
	{ "white by name", "color:white", false },
	{ "white as rgb", "color:rgb(255, 255, 255)", false },
	{ "white as percent", "color:rgb(100% 100% 100%)", false },
	{ "transparent", "color:transparent", false },
	{ "rgba without alpha", "color:rgba(1,2,3,0)", false },
	{ "white on blue", "color:#fff;background:#00f", true },
	{ "white on blue, the other way round", "background-color:#0000ff;color:#fff", true },
	{ "white on a picture", "background:url(https://x.example/y.png);color:white", true },
	{ "white on white with a picture", "background:#fff url(x.png) no-repeat;color:white", true },
	{ "white on a gradient", "background-image:linear-gradient(red,blue);color:#fff", true },
	{ "black on black", "background:#000", false },
	{ "grey on white can be read", "color:#ccc", true },
	{ "no height, cut off", "max-height:0; overflow:hidden", false },
	{ "no height, not cut off", "height:0", true },
	{ "cut off, but with a height", "height:20px;overflow:hidden", true },
	{ "off the page", "position:absolute;left:-9999px", false },
	{ "a little to the left", "margin-left:-20px", true },
	{ "far indent", "text-indent:-10000px", false },
	{ "only Outlook hides it", "mso-hide:all", true },
	{ "a word that is not a property", "x-display:none", true },
	{ "a broken declaration", "display none; :none; color", true },
};

static void sheet_cases(void)
{
	static const char css[] = "/* a, .no { display:none } */ .gone, td.thin{display:none}\n#one{font-size:0} p { color:#333 }"
	                          " .a .b{display:none} .c>p{display:none} @import url(x); .pale{color:#fff}"
	                          "@media screen and (max-width:600px) { .phone { display:block!important } td .x{color:red} }"
	                          " .phone{display:none} .last{display:none";
	static const struct { const char *tag, *id, *classes; bool seen, media; } cases[] = {
		{ "p", "", "gone", false, false },      { "p", "", "a gone b", false, false }, { "p", "", "Gone", true, false },
		{ "td", "", "thin", false, false },     { "p", "", "thin", true, false },      { "TD", "", "thin", false, false },
		{ "b", "one", "", false, false },       { "b", "two", "", true, false },       { "p", "", "b", true, false },
		{ "a", "", "", true, false },           { "p", "", "pale", false, false },     { "p", "", "no", true, false },
		{ "p", "", "phone", false, true },      { "p", "", "x", true, true },          { "p", "", "last", false, false },
	};
	struct arena *a = arena_new(1 << 22);
	struct bytes text = heap_copy(css);
	struct html_sheet *s = html_sheet_new(a);

	CHECK(s && html_sheet_add(s, text));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct html_style style = HTML_STYLE_NONE;
		struct html_look look = HTML_LOOK_PAGE;
		tap_begin("sheet: <%s id=%s class=\"%s\">", cases[i].tag, cases[i].id, cases[i].classes);
		CHECK(html_sheet_apply(s, bytes_of(cases[i].tag), bytes_of(cases[i].id), bytes_of(cases[i].classes), &style) ==
		      cases[i].media);
		html_look_apply(&look, &style);
		CHECK(html_look_seen(&look) == cases[i].seen);
		tap_end();
	}
	heap_free(text);

	tap_begin("sheet: more rules than it keeps");
	for (int i = 0; i < 5000; i++)
		CHECK(html_sheet_add(s, arena_printf(a, ".r%d{display:none}", i)));
	struct html_style first = HTML_STYLE_NONE, late = HTML_STYLE_NONE;
	html_sheet_apply(s, B("p"), B(""), B("r1"), &first);
	html_sheet_apply(s, B("p"), B(""), B("r4999"), &late);
	CHECK(first.shown == HTML_NO && late.shown == HTML_UNSAID);
	tap_end();
	arena_free(a);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(inline_cases); i++) {
		struct bytes text = heap_copy(inline_cases[i].style);
		struct html_style style = HTML_STYLE_NONE;
		struct html_look look = HTML_LOOK_PAGE;
		tap_begin("%s", inline_cases[i].name);
		html_style_read(text, &style);
		html_look_apply(&look, &style);
		CHECK(html_look_seen(&look) == inline_cases[i].seen);
		tap_end();
		heap_free(text);
	}

	tap_begin("what is inherited");
	struct html_look look = HTML_LOOK_PAGE;
	struct html_style tiny = HTML_STYLE_NONE, normal = HTML_STYLE_NONE, gone = HTML_STYLE_NONE, shown = HTML_STYLE_NONE;
	html_style_read(B("font-size:0"), &tiny);
	html_style_read(B("font-size:14px"), &normal);
	html_style_read(B("display:none"), &gone);
	html_style_read(B("display:block;visibility:visible"), &shown);
	html_look_apply(&look, &tiny);
	CHECK(!html_look_seen(&look));
	html_look_apply(&look, &normal);
	CHECK(html_look_seen(&look));
	html_look_apply(&look, &gone);
	html_look_apply(&look, &shown);
	CHECK(!html_look_seen(&look));
	tap_end();

	tap_begin("lengths");
	static const struct { const char *text; int32_t px; } lengths[] = {
		{ "1", 1 }, { "1px", 1 }, { "0.4px", 1 }, { "0", 0 }, { "0%", 0 }, { "100%", -1 }, { "", -1 }, { "auto", -1 },
		{ "-5px", -1 }, { "2em", 32 }, { " 7 ", 7 }, { "99999999999999999999px", 1000000 },
	};
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++)
		CHECK_MSG(html_pixels(bytes_of(lengths[i].text)) == lengths[i].px, "%s is %d", lengths[i].text,
		          (int)html_pixels(bytes_of(lengths[i].text)));
	tap_end();
	sheet_cases();
	return tap_done();
}
