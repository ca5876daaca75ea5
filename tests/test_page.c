/* What a stranger wrote does no harm on a page: it cannot be clicked, moves no cursor, hides nothing. */
#include "base/columns.h"
#include "explain/country.h"
#include "explain/page.h"
#include "tap.h"

static const struct {
	const char *name, *text, *shown;
} links[] = {
	{ "plain text stays", "Hello, world", "Hello, world" },
	{ "http and https", "see http://a.example/ and https://b.example/", "see hxxp://a.example/ and hxxps://b.example/" },
	{ "in capitals", "HTTPS://A.EXAMPLE", "hxxps://A.EXAMPLE" },
	{ "without a scheme", "www.a.example", "www[.]a.example" },
	{ "both", "http://www.a.example", "hxxp://www[.]a.example" },
	{ "a mail address with its scheme", "mailto:alice@example.org", "mailto[:]alice@example.org" },
	{ "a telephone number", "tel:+123", "tel[:]+123" },
	{ "a link in a link", "http://a.example/?u=http://b.example", "hxxp://a.example/?u=hxxp://b.example" },
	{ "cut in the middle", "htt", "htt" },
};

static void test_safe(struct arena *a)
{
	struct buf out;
	struct page p = { .out = &out, .a = a };
	uint8_t with_nul[] = "alice\0evil";

	buf_init(&out, 1 << 20);
	tap_begin("a NUL does not hide what stands behind it");
	CHECK_BYTES(page_safe(&p, (struct bytes){ with_nul, 10 }), "alice?evil");
	tap_end();
	tap_begin("escape sequences and turned text are shown as ?");
	CHECK_BYTES(page_safe(&p, B("\033[31m\xe2\x80\xae")), "?[31m?");
	tap_end();
	tap_begin("a long text is cut, and says so");
	struct buf big;
	buf_init(&big, 1 << 20);
	for (int i = 0; i < 1000; i++)
		buf_adds(&big, "\xe6\xbc\xa2");
	struct bytes cut = page_safe(&p, buf_bytes(&big));
	CHECK(columns_of(cut) == PAGE_STRANGER + 3 && bytes_iends(cut, "..."));
	buf_free(&big);
	tap_end();
	tap_begin("a time is written as people write it");
	CHECK_BYTES(page_time(&p, 1794820505), "16 Nov 2026 at 09:15 UTC");
	tap_end();
	buf_free(&out);
}

static void test_shape(struct arena *a)
{
	struct buf out;
	struct page p = { .out = &out, .a = a };

	buf_init(&out, 1 << 20);
	tap_begin("rows and items are indented as their labels are wide");
	page_row(&p, "Label", "%s", "a b");
	page_item(&p, "  + ", "%s", "see http://a.example");
	page_text(&p, "     ", B("mailto:abuse@example.net"));
	CHECK_BYTES(buf_bytes(&out), "  Label             a b\n  + see hxxp://a.example\n     mailto:abuse@example.net\n");
	tap_end();
	tap_begin("without colour there is no escape sequence, with colour there is");
	out.n = 0;
	page_headline(&p, PAGE_BAD, "FORGED", "very sure");
	page_title(&p, "Why");
	CHECK_BYTES(buf_bytes(&out), "FORGED (very sure)\n\nWhy\n");
	out.n = 0;
	p.colour = true;
	page_headline(&p, PAGE_BAD, "FORGED", "");
	CHECK_BYTES(buf_bytes(&out), "\033[1;31mFORGED\033[0m\n");
	tap_end();
	buf_free(&out);
}

int main(void)
{
	struct arena *a = arena_new(1 << 20);
	struct buf out;

	buf_init(&out, 1 << 16);
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		struct bytes text = heap_copy(links[i].text);
		tap_begin("links: %s", links[i].name);
		out.n = 0;
		page_unlink(&out, text);
		CHECK_BYTES(buf_bytes(&out), links[i].shown);
		tap_end();
		heap_free(text);
	}
	buf_free(&out);
	test_safe(a);
	test_shape(a);
	tap_begin("countries are found by their code, and nothing else is");
	CHECK(strcmp(country_find(B("NL")), "Netherlands") == 0 && strcmp(country_find(B("AD")), "Andorra") == 0 &&
	      strcmp(country_find(B("ZW")), "Zimbabwe") == 0 && strcmp(country_find(B("MA")), "Morocco") == 0);
	CHECK(!country_find(B("")) && !country_find(B("N")) && !country_find(B("NLX")) && !country_find(B("ZZ")) &&
	      !country_find(B("nl")));
	tap_end();
	arena_free(a);
	return tap_done();
}
