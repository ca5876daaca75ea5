/* Evidence that a redacted case keeps: its file, and how it takes the place of what is seen now. */
#include "explain/frozen.h"
#include "tap.h"

static const struct {
	const char *name, *text;
	size_t rows, line; /* line: where it is refused; 0: it is not */
} files[] = {
	{ "empty", "", 0, 0 },
	{ "two rows, a comment, an empty line", "# kept\n\ndkim_pass strong The mail bears a signature.\nspf_fail none not seen\n", 2, 0 },
	{ "CRLF", "dkim_pass strong text\r\n", 1, 0 },
	{ "no such evidence", "dkim_pass strong x\nmagic strong x\n", 0, 2 },
	{ "no such strength", "dkim_pass sure x\n", 0, 1 },
	{ "stronger than the row can be", "spf_pass proof x\n", 0, 1 },
	{ "a word is missing", "dkim_pass\n", 0, 1 },
};

static struct evidence seen(const char *id, enum strength s)
{
	return (struct evidence){ evidence_find(bytes_of(id)), s, B("seen"), B("now"), false };
}

static void check_file(size_t i)
{
	struct arena *a = arena_new(1 << 16);
	struct frozen f = { NULL, 0 };
	size_t line = 0;

	tap_begin("%s", files[i].name);
	struct bytes text = heap_copy(files[i].text);
	bool ok = frozen_parse(a, text, &f, &line);
	CHECK(ok == (files[i].line == 0));
	CHECK(ok ? f.n == files[i].rows : line == files[i].line);
	heap_free(text);
	arena_free(a);
	tap_end();
}

/* The signature broke, and a failure that was not there appeared: written down, and undone again. */
static void check_round(void)
{
	struct arena *a = arena_new(1 << 16);
	struct evidence before[] = { seen("dkim_pass", STRENGTH_STRONG), seen("old_mail", STRENGTH_WEAK) };
	struct evidence *now = arena_array(a, struct evidence, evidence_row_count);
	struct frozen f;
	struct buf text;
	size_t n = 2, line;

	tap_begin("what redaction changed is written and undone");
	now[0] = seen("spf_fail", STRENGTH_FAIR);
	now[1] = seen("old_mail", STRENGTH_WEAK);
	buf_init(&text, 4096);
	frozen_write(&text, before, 2, now, 2);
	CHECK_BYTES(buf_bytes(&text), "spf_fail none not seen in the original\ndkim_pass strong seen\n");
	CHECK(frozen_parse(a, buf_bytes(&text), &f, &line));
	frozen_apply(&f, now, &n);
	CHECK(n == 2 && bytes_eq(bytes_of(now[0].row->id), "dkim_pass") && now[0].frozen && now[0].strength == STRENGTH_STRONG);
	CHECK(bytes_eq(bytes_of(now[1].row->id), "old_mail") && !now[1].frozen);
	buf_free(&text);
	arena_free(a);
	tap_end();
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		check_file(i);
	check_round();
	return tap_done();
}
