/* page.c - see page.h */
#include "explain/page.h"

#include "base/clock.h"
#include "base/columns.h"

#define TEXT_MAX 65536u /* bytes of one paragraph before it is wrapped */

/* --- links --- */

/* What terminals and editors make a link of; written as people write of such links who do not want them followed. */
static const struct {
	const char *found, *shown;
} links[] = {
	{ "http:", "hxxp:" },       { "https:", "hxxps:" }, { "ftp:", "fxp:" }, { "www.", "www[.]" },
	{ "mailto:", "mailto[:]" }, { "tel:", "tel[:]" },   { "file:", "file[:]" },
};

void page_unlink(struct buf *out, struct bytes text)
{
	for (size_t i = 0, len; i < text.n; i += len) {
		struct bytes rest = bytes_from(text, i);
		size_t k = 0;
		while (k < ARRAY_LEN(links) && !bytes_istarts(rest, links[k].found))
			k++;
		len = k < ARRAY_LEN(links) ? strlen(links[k].found) : 1;
		if (k < ARRAY_LEN(links))
			buf_adds(out, links[k].shown);
		else
			buf_add_byte(out, text.p[i]);
	}
}

struct bytes page_safe(struct page *p, struct bytes text)
{
	struct bytes head = columns_head(text, PAGE_STRANGER);
	struct buf safe;

	buf_init(&safe, TEXT_MAX);
	wrap_safe(&safe, head);
	if (head.n < text.n)
		buf_adds(&safe, "...");
	if (safe.failed)
		arena_fail(p->a);
	struct bytes copy = arena_copy(p->a, buf_bytes(&safe));
	buf_free(&safe);
	return copy;
}

struct bytes page_time(struct page *p, int64_t at)
{
	char text[CLOCK_TEXT];
	struct bytes date = bytes_of(clock_rfc5322(at, text)); /* "Mon, 16 Nov 2026 09:15:00 +0000" */
	size_t time = date.n - 14;                             /* "09:15:00 +0000" */

	return arena_printf(p->a, "%.*s at %.*s UTC", BYTES_ARG(bytes_trim(bytes_sub(date, 5, time - 5))),
	                    BYTES_ARG(bytes_sub(date, time, 5)));
}

/* --- paragraphs --- */

static void add_colour(struct page *p, const char *code)
{
	if (p->colour)
		buf_addf(p->out, "\033[%sm", code);
}

void page_headline(struct page *p, enum page_colour c, const char *word, const char *sure)
{
	static const char *const codes[] = { [PAGE_BAD] = "1;31", [PAGE_GOOD] = "1;32", [PAGE_OPEN] = "1;33" };

	add_colour(p, codes[c]);
	buf_adds(p->out, word);
	add_colour(p, "0");
	if (*sure)
		buf_addf(p->out, " (%s)", sure);
	buf_adds(p->out, "\n");
}

void page_title(struct page *p, const char *title)
{
	buf_adds(p->out, "\n");
	add_colour(p, "1");
	buf_adds(p->out, title);
	add_colour(p, "0");
	buf_adds(p->out, "\n");
}

static void add_formatted(struct page *p, const char *first, const char *format, va_list args)
{
	struct buf text, safe;

	buf_init(&text, TEXT_MAX);
	buf_init(&safe, 2 * TEXT_MAX);
	buf_addv(&text, format, args);
	page_unlink(&safe, buf_bytes(&text));
	p->out->failed |= text.failed || safe.failed;
	wrap_add(p->out, first, columns_of(bytes_of(first)), buf_bytes(&safe));
	buf_free(&safe);
	buf_free(&text);
}

void page_row(struct page *p, const char *label, const char *format, ...)
{
	char first[PAGE_LABEL + 1];
	va_list args;

	snprintf(first, sizeof(first), "  %-*s", (int)PAGE_LABEL - 2, label);
	va_start(args, format);
	add_formatted(p, first, format, args);
	va_end(args);
}

void page_item(struct page *p, const char *mark, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_formatted(p, mark, format, args);
	va_end(args);
}

void page_text(struct page *p, const char *mark, struct bytes text)
{
	wrap_add(p->out, mark, columns_of(bytes_of(mark)), text);
}
