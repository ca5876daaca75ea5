#include "mail/body_scan.h"
#include "tap.h"

#define M(lit) lit, sizeof(lit) - 1
#define ENVELOPE "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nFrom: x\r\n\r\ny\r\n"

static const struct {
	const char *name, *body;
	size_t n;
	const char *defects; /* "name@offset", a blank between, in order of offset */
	enum line_ends ends;
} cases[] = {
	{ "lines of CRLF", M("a\r\n\r\nb\r\n"), "" },
	{ "no line end at the end", M("a\r\nb"), "" },
	{ "nothing", M(""), "" },
	{ "a lone dot of a plain mail", M("a\r\n.\r\nMAIL FROM:<a@b.example>\r\n"), "" },
	{ "a lone dot on the first line", M(".\r\nb\r\n"), "" },
	{ "dots and more", M("a\n..\n.a\n. \n"), "body_bare_lf@1" },
	{ "commands in a plain mail", M("DATA\r\nRSET\r\n"), "" },
	{ "lines of LF", M("a\n\n.\nb\n.\n"), "", LINES_LF },
	{ "a lone dot on the first line, LF", M(".\nb\n"), "", LINES_LF },
	{ "a lone dot on the first line, CRLF under a header of LF", M(".\r\nb\r\n"), "", LINES_LF },
	{ "lines of CRLF under a header of LF", M("a\r\n.\r\nb\r\n"), "", LINES_LF },

	{ "a bare LF", M("ab\ncd\n\r\n"), "body_bare_lf@2" },
	{ "a bare CR", M("ab\rcd\r\r\n"), "body_bare_cr@2" },
	{ "a bare CR among LFs", M("ab\rcd\n"), "body_bare_cr@2", LINES_LF },
	{ "a bare CR at the end", M("ab\r"), "body_bare_cr@2" },
	{ "NULs", M("ab\0c\0\r\n"), "body_nul@2" },

	{ "LF . LF", M("a\n.\nb\r\n"), "body_bare_lf@1 smuggled_end_of_data@2" },
	{ "LF . CR", M("a\n.\rb\r\n"), "body_bare_lf@1 smuggled_end_of_data@2 body_bare_cr@3" },
	{ "CR . LF", M("a\r.\nb\r\n"), "body_bare_cr@1 smuggled_end_of_data@2 body_bare_lf@3" },
	{ "CR . CR", M("a\r.\rb\r\n"), "body_bare_cr@1 smuggled_end_of_data@2" },
	{ "LF . CRLF", M("a\n.\r\nb\r\n"), "body_bare_lf@1 smuggled_end_of_data@2" },
	{ "CR . CRLF", M("a\r.\r\nb\r\n"), "body_bare_cr@1 smuggled_end_of_data@2" },
	{ "CRLF NUL . CRLF", M("a\r\n\0.\r\nb\r\n"), "smuggled_end_of_data@3 body_nul@3" },
	{ "CRLF . CR CRLF", M("a\r\n.\r\r\nb\r\n"), "smuggled_end_of_data@3 body_bare_cr@4" },
	{ "CR CRLF . CR CRLF", M("a\r\r\n.\r\r\nb\r\n"), "body_bare_cr@1 smuggled_end_of_data@4" },
	{ "CRLF . LF", M("a\r\n.\nb\r\n"), "smuggled_end_of_data@3 body_bare_lf@4" },
	{ "CRLF . CR", M("a\r\n.\rb\r\n"), "smuggled_end_of_data@3 body_bare_cr@4" },
	{ "a NUL behind the dot", M("a\r\n.\0\r\nb\r\n"), "smuggled_end_of_data@3 body_nul@4" },
	{ "right behind the header", M(".\nb\r\n"), "smuggled_end_of_data@0 body_bare_lf@1" },
	{ "two of them: the first counts", M("\n.\n\n.\n"), "body_bare_lf@0 smuggled_end_of_data@1" },
	{ "among LFs, LF . CR LF", M("a\n.\r\nb\n"), "smuggled_end_of_data@2", LINES_LF },
	{ "among LFs, CR . LF", M("a\r.\nb\n"), "body_bare_cr@1 smuggled_end_of_data@2", LINES_LF },
	{ "among LFs, LF . CR", M("a\n.\rb\n"), "smuggled_end_of_data@2 body_bare_cr@3", LINES_LF },
	{ "among LFs, LF NUL . LF", M("a\n\0.\nb\n"), "smuggled_end_of_data@2 body_nul@2", LINES_LF },

	{ "commands behind it", M("a\n.\r\n" ENVELOPE),
	  "body_bare_lf@1 smuggled_end_of_data@2 smuggled_commands@5" },
	{ "in lower case, with other line ends",
	  M("a\r\n.\rmail from:<a@b.example>\rrcpt to:<c>\rdata\r\n"),
	  "smuggled_end_of_data@3 body_bare_cr@4 smuggled_commands@5" },
	{ "behind some junk", M("a\n.\nb\n\nc\nEHLO x\n"),
	  "body_bare_lf@1 smuggled_end_of_data@2 smuggled_commands@9" },
	{ "a word that is no command", M("a\n.\nData is here\nmail to\n"),
	  "body_bare_lf@1 smuggled_end_of_data@2" },
	{ "a command alone", M("a\n.\nDATA \r\n"),
	  "body_bare_lf@1 smuggled_end_of_data@2 smuggled_commands@4" },
	{ "a command on the last line without end", M("a\n.\nquit"),
	  "body_bare_lf@1 smuggled_end_of_data@2 smuggled_commands@4" },
	{ "commands before it", M(ENVELOPE "\n.\nb\r\n"), "body_bare_lf@68 smuggled_end_of_data@69" },
	{ "far behind it", NULL, 0, "body_bare_lf@0 smuggled_end_of_data@1" }, /* body: far_behind */
};

static struct limits limits;
static struct work work;

static int by_offset(const void *a, const void *b)
{
	const struct defect *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->kind < y->kind ? -1 : x->kind > y->kind;
}

static void dump(struct defects *d, char *to, size_t room)
{
	size_t n = 0;

	to[0] = 0;
	if (d->n)
		qsort(d->list, d->n, sizeof(*d->list), by_offset);
	for (size_t i = 0; i < d->n; i++)
		n += (size_t)snprintf(to + n, room - n, "%s%s@%zu", i ? " " : "", defect_rows[d->list[i].kind].name,
		                      d->list[i].offset);
}

static void scan(struct bytes body, enum line_ends ends, size_t step, struct defects *out)
{
	struct body_scan s;

	*out = (struct defects){ 0 };
	body_scan_begin(&s, &work, out, ends, 0);
	for (size_t at = 0; at < body.n; at += step) {
		struct bytes chunk = heap_bytes(bytes_sub(body, at, step));
		body_scan_update(&s, chunk);
		body_scan_update(&s, bytes_sub(chunk, 0, 0));
		heap_free(chunk);
	}
	body_scan_end(&s);
}

static struct bytes far_behind(void)
{
	static char text[300];
	size_t n = 3;

	memcpy(text, "\n.\n", 3);
	for (int i = 0; i < 100; i++)
		n += (size_t)snprintf(text + n, 3, "x\n");
	n += (size_t)snprintf(text + n, sizeof(text) - n, "DATA\n");
	return (struct bytes){ (uint8_t *)text, n };
}

static void test_cases(void)
{
	char text[1000];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes body = { (const uint8_t *)cases[i].body, cases[i].n };
		if (!body.p)
			body = far_behind();
		tap_begin("%s", cases[i].name);
		for (size_t step = 1; step <= body.n + 1; step++) {
			struct defects d;
			scan(body, cases[i].ends, step, &d);
			dump(&d, text, sizeof(text));
			if (!CHECK_BYTES(bytes_of(text), cases[i].defects))
				break;
		}
		tap_end();
	}
}

/* Bytes that come one by one are looked at one by one: the plain twin of what is passed over in lines. */
static void test_random(void)
{
	static const char *const words[] = {
		"\r\n", "\n", "\r", ".\r\n", ".\n", "..\r\n", "data\r\n", "\r\n.\r", "word ",
		"a line of a mail as most of them are, and nothing is wrong with it\r\n",
		"a line of stored mail as most of them are, and nothing is wrong with it\n",
	};
	unsigned seed = 51764;

	tap_begin("3000 random bodies: as a whole and in pieces as if byte by byte");
	for (int i = 0; i < 3000; i++) {
		char text[1000], want[1000], got[1000];
		enum line_ends ends = i % 2 ? LINES_LF : LINES_CRLF;
		struct defects d;
		size_t n = 0, parts = (size_t)rand_r(&seed) % 12;
		for (size_t k = 0; k < parts; k++) {
			bool odd = rand_r(&seed) % 6 == 0;
			struct bytes word = bytes_of(odd ? words[(size_t)rand_r(&seed) % 9] : words[9 + i % 2]);
			memcpy(text + n, word.p, word.n);
			n += word.n;
		}
		if (n && rand_r(&seed) % 10 == 0)
			text[(size_t)rand_r(&seed) % n] = 0;
		struct bytes body = { (const uint8_t *)text, n };
		scan(body, ends, 1, &d);
		dump(&d, want, sizeof(want));
		for (size_t step = 90; step <= 1000; step += 455) {
			scan(body, ends, step, &d);
			dump(&d, got, sizeof(got));
			CHECK_BYTES(bytes_of(got), want);
		}
	}
	tap_end();
}

static void test_offsets(void)
{
	struct body_scan s;
	struct defects d = { 0 };

	tap_begin("offsets count from the start of the message");
	body_scan_begin(&s, &work, &d, LINES_CRLF, 100);
	body_scan_update(&s, B("ab\r"));
	body_scan_update(&s, B(".\r\n"));
	body_scan_end(&s);
	CHECK(d.n == 2 && d.list[0].kind == DEFECT_BODY_BARE_CR && d.list[0].offset == 102);
	CHECK(d.n == 2 && d.list[1].kind == DEFECT_SMUGGLED_END && d.list[1].offset == 103);
	tap_end();
}

static void test_floods(void)
{
	static const char *const pieces[] = { "\r", "\n", "\r\n", ".\r\n", "\n.", "a", "data\r.\n" };
	const size_t size = 4 << 20;
	uint8_t *text = malloc(size);
	struct defects d;

	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		int64_t start = tap_cpu_ms();
		tap_begin("four million bytes, %zu", i);
		for (size_t at = 0; at < size; at++)
			text[at] = (uint8_t)pieces[i][at % strlen(pieces[i])];
		scan((struct bytes){ text, size }, LINES_CRLF, 65536, &d);
		CHECK(d.n <= 5);
		CHECK_MSG(tap_cpu_ms() - start < 10000, "took %lld ms", (long long)(tap_cpu_ms() - start));
		tap_end();
	}
	free(text);
}

int main(void)
{
	limits_init(&limits);
	work = (struct work){ .arena = arena_new(1 << 26), .limits = &limits };
	test_cases();
	test_random();
	test_offsets();
	test_floods();
	arena_free(work.arena);
	work.arena = arena_new(16);
	tap_begin("without memory: nothing but the kinds");
	struct defects d;
	scan(B("a\n.\n"), LINES_CRLF, 9, &d);
	CHECK(arena_failed(work.arena) && d.n == 0 && defects_have(&d, DEFECT_SMUGGLED_END));
	tap_end();
	arena_free(work.arena);
	return tap_done();
}
