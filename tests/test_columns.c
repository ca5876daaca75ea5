#include "base/columns.h"
#include "base/wrap.h"
#include "tap.h"

#define WIDE "\xe6\xbc\xa2"            /* a Chinese letter */
#define ACUTE "\xcc\x81"               /* combining acute */
#define EMOJI "\xf0\x9f\x98\x80"

static const struct {
	const char *name, *text;
	size_t columns;
	size_t head_of;     /* and columns_head(text, head_of) ... */
	size_t head_bytes;  /* ... has so many bytes */
} cases[] = {
	{ "nothing", "", 0, 5, 0 },
	{ "plain letters", "hello", 5, 3, 3 },
	{ "letters of two bytes", "\xc3\xa9\xc3\xa9", 2, 1, 2 },
	{ "Chinese letters take two", WIDE WIDE, 4, 3, 3 },
	{ "a wide one that only half fits is left out", "a" WIDE, 3, 2, 1 },
	{ "a mark on a letter takes none, and stays with it", "e" ACUTE "e", 2, 1, 3 },
	{ "emoji take two", EMOJI, 2, 1, 0 },
	{ "half-width letters of Japan take one", "\xef\xbd\xb1\xef\xbd\xb2", 2, 1, 3 },
	{ "a byte that is not UTF-8 takes one", "a\xff" "b", 3, 2, 2 },
	{ "Korean", "\xed\x95\x9c\xea\xb5\xad", 4, 4, 6 },
};

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = heap_copy(cases[i].text);

		tap_begin("%s", cases[i].name);
		CHECK_MSG(columns_of(text) == cases[i].columns, "%zu columns", columns_of(text));
		struct bytes head = columns_head(text, cases[i].head_of);
		CHECK_MSG(head.n == cases[i].head_bytes, "a head of %zu bytes", head.n);
		CHECK(columns_of(head) <= cases[i].head_of);
		tap_end();
		heap_free(text);
	}
	tap_begin("wide letters are wrapped by their width");
	struct buf b, text;
	struct bytes rest, line;
	size_t lines = 0;

	buf_init(&b, 1 << 16);
	buf_init(&text, 1 << 16);
	for (int i = 0; i < 100; i++)
		buf_adds(&text, WIDE);
	wrap_add(&b, "12345", 5, buf_bytes(&text));
	for (rest = buf_bytes(&b); bytes_cut(&rest, '\n', &line); lines++)
		CHECK_MSG(columns_of(line) <= WRAP_COLUMNS, "%zu columns", columns_of(line));
	CHECK_MSG(lines == 3, "%zu lines", lines); /* 37, 37 and 26 of them */
	tap_end();

	tap_begin("a heap of marks on one letter is cut");
	text.n = b.n = 0;
	for (int i = 0; i < 50; i++)
		buf_adds(&text, ACUTE);
	wrap_safe(&b, buf_bytes(&text));
	CHECK_MSG(columns_of(buf_bytes(&b)) == 46, "%zu columns", columns_of(buf_bytes(&b)));
	tap_end();
	buf_free(&text);
	buf_free(&b);
	return tap_done();
}
