#include "crypto/digest.h"
#include "dkim_body_twin.h"
#include "tap.h"

static struct limits limits;
static struct work work = { .limits = &limits };

/* --- runs --- */

static void feed_in_pieces(struct dkim_bodies *b, struct bytes body, size_t most, unsigned *seed)
{
	while (body.n) {
		size_t n = most ? 1 + (size_t)rand_r(seed) % most : body.n;
		struct bytes piece = heap_bytes(bytes_sub(body, 0, n)); /* of its own, so that ASan sees its borders */
		dkim_bodies_update(b, piece);
		heap_free(piece);
		body = bytes_from(body, n);
	}
	dkim_bodies_end(b);
}

static bool same_digest(const struct dkim_bodies *b, int index, struct bytes text)
{
	uint8_t want[SHA256_BYTES];

	return digest_sha256(text, want) && memcmp(want, dkim_bodies_digest(b, index), sizeof(want)) == 0;
}

static void check_against_twin(struct bytes body, enum line_ends ends, size_t most, unsigned *seed)
{
	struct dkim_bodies *b = dkim_bodies_new(&work, ends);

	for (int canon = DKIM_SIMPLE; canon <= DKIM_RELAXED; canon++) {
		struct buf want = body_twin(work.arena, body, (enum dkim_canon)canon, ends);
		uint64_t cut[3] = { 0, want.n / 3, want.n };
		int all, part[3];

		b = dkim_bodies_new(&work, ends);
		all = dkim_bodies_want(b, (enum dkim_canon)canon, DKIM_BODY_ALL);
		for (int i = 2; i >= 0; i--)
			part[i] = dkim_bodies_want(b, (enum dkim_canon)canon, cut[i]);
		feed_in_pieces(b, body, most, seed);
		CHECK(!dkim_bodies_failed(b) && dkim_bodies_ended(b));
		CHECK_MSG(dkim_bodies_length(b, all) == want.n, "%d: length %llu, not %zu", canon,
		          (unsigned long long)dkim_bodies_length(b, all), want.n);
		CHECK_MSG(same_digest(b, all, buf_bytes(&want)), "canon %d, ends %d, pieces %zu, body of %zu bytes", canon,
		          (int)ends, most, body.n);
		for (int i = 0; i < 3; i++)
			CHECK(same_digest(b, part[i], bytes_sub(buf_bytes(&want), 0, (size_t)cut[i])));
		dkim_bodies_free(b);
		buf_free(&want);
	}
	arena_reset(work.arena);
}

static const struct {
	const char *name, *body, *simple, *relaxed;
	enum line_ends ends;
} cases[] = {
	{ "an empty body", "", "\r\n", "", LINES_CRLF },
	{ "empty lines alone", "\r\n\r\n\r\n", "\r\n", "", LINES_CRLF },
	{ "white space alone", " \t", " \t\r\n", "", LINES_CRLF },
	{ "a line of white space", " \r\n", " \r\n", "", LINES_CRLF },
	{ "no last line end", "abc", "abc\r\n", "abc\r\n", LINES_CRLF },
	{ "white space before the missing line end", "abc \t", "abc \t\r\n", "abc\r\n", LINES_CRLF },
	{ "runs of white space", " C \t \r\nD \t E\r\n\r\n\r\n", " C \t \r\nD \t E\r\n",
	  " C\r\nD E\r\n", LINES_CRLF },
	{ "empty lines in the middle", "a\r\n\r\n\r\nb\r\n", "a\r\n\r\n\r\nb\r\n", "a\r\n\r\n\r\nb\r\n",
	  LINES_CRLF },
	{ "white space in the last empty lines", "a\r\n \r\n\t\r\n", "a\r\n \r\n\t\r\n", "a\r\n",
	  LINES_CRLF },
	{ "a TAB between words", "a\tb\r\n", "a\tb\r\n", "a b\r\n", LINES_CRLF },
	{ "a space at the line's start", " a\r\n  b\r\n", " a\r\n  b\r\n", " a\r\n b\r\n", LINES_CRLF },
	{ "a bare CR", "a \r b\r\r\n\r", "a \r b\r\r\n\r\r\n", "a \r b\r\r\n\r\r\n", LINES_CRLF },
	{ "a bare LF", "a \n\nb\n", "a \n\nb\n\r\n", "a \n\nb\n\r\n", LINES_CRLF },
	{ "a CR before a TAB", "a\r\tb", "a\r\tb\r\n", "a\r b\r\n", LINES_CRLF },
	{ "LF lines", "a \n\nb\n\n", "a \r\n\r\nb\r\n", "a\r\n\r\nb\r\n", LINES_LF },
	{ "CRLF among LF lines", "a\r\nb\n", "a\r\nb\r\n", "a\r\nb\r\n", LINES_LF },
};

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		unsigned seed = 1;

		tap_begin("%s", cases[i].name);
		struct buf twin = body_twin(work.arena, bytes_of(cases[i].body), DKIM_SIMPLE, cases[i].ends);
		CHECK_BYTES(buf_bytes(&twin), cases[i].simple);
		buf_free(&twin);
		twin = body_twin(work.arena, bytes_of(cases[i].body), DKIM_RELAXED, cases[i].ends);
		CHECK_BYTES(buf_bytes(&twin), cases[i].relaxed);
		buf_free(&twin);
		for (size_t most = 0; most < 4; most++)
			check_against_twin(bytes_of(cases[i].body), cases[i].ends, most, &seed);
		tap_end();
	}
}

/* Lines of an attachment, as many as are hashed where they lie, and more than are looked through at once. */
static char lines[200 * 78 + 1], many_lines[1000 * 78 + 1];

static void fill_lines(char *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = i % 78 == 76 ? '\r' : i % 78 == 77 ? '\n' : (char)('A' + i % 26);
}

/* Bodies of what matters: spaces, tabs, line ends and their halves, and words of several lengths. */
static struct bytes random_body(unsigned *seed, size_t parts)
{
	static const char *const words[] = {
		" ", " ", "\t", "\r\n", "\r\n", "\n", "\r", "a", "b ", "\r\n\r\n\r\n", "  \r\n", "\x80\xff",
		"a line of fifteen or so words that needs no change at all, as most lines of mail do",
	};
	struct buf b;

	buf_init(&b, 1 << 24);
	buf_adds(&b, "");
	for (size_t i = 0; i < parts; i++)
		buf_adds(&b, words[(size_t)rand_r(seed) % ARRAY_LEN(words)]);
	struct bytes copy = heap_bytes(buf_bytes(&b));
	buf_free(&b);
	return copy;
}

static void test_random(void)
{
	unsigned seed = 20261123;

	tap_begin("3000 random bodies in random pieces, against the twin");
	for (int i = 0; i < 3000; i++) {
		struct bytes body = random_body(&seed, (size_t)rand_r(&seed) % 60);
		enum line_ends ends = rand_r(&seed) % 2 ? LINES_LF : LINES_CRLF;
		check_against_twin(body, ends, (size_t)rand_r(&seed) % 40, &seed);
		heap_free(body);
	}
	tap_end();
	tap_begin("long runs that need no change, whatever stands before and after them");
	for (int i = 0; i < 300; i++) {
		struct bytes parts[] = { random_body(&seed, 5), random_body(&seed, 5), random_body(&seed, 40) };
		struct bytes run = bytes_sub(bytes_of(lines), (size_t)rand_r(&seed) % 90, 900 + (size_t)rand_r(&seed) % 9000);
		struct buf b;
		buf_init(&b, 1 << 20);
		buf_add(&b, parts[0]);
		buf_add(&b, run);
		buf_add(&b, parts[1]);
		buf_add(&b, i % 50 ? run : bytes_of(many_lines));
		buf_add(&b, parts[2]);
		check_against_twin(buf_bytes(&b), i % 4 ? LINES_CRLF : LINES_LF, i % 3 ? 6000 : 0, &seed);
		buf_free(&b);
		for (size_t k = 0; k < ARRAY_LEN(parts); k++)
			heap_free(parts[k]);
	}
	tap_end();
	tap_begin("byte by byte until what is joined is nearly full, and then all the rest");
	for (size_t singles = 8000; singles < 8400; singles += 7) {
		struct bytes body = random_body(&seed, 3000), rest = body;
		struct buf want = body_twin(work.arena, body, DKIM_RELAXED, LINES_CRLF);
		struct dkim_bodies *b = dkim_bodies_new(&work, LINES_CRLF);
		int all = dkim_bodies_want(b, DKIM_RELAXED, DKIM_BODY_ALL);
		for (size_t k = 0; k < singles; k++, rest = bytes_from(rest, 1))
			dkim_bodies_update(b, bytes_sub(rest, 0, 1));
		dkim_bodies_update(b, rest);
		dkim_bodies_end(b);
		CHECK(same_digest(b, all, buf_bytes(&want)));
		dkim_bodies_free(b);
		buf_free(&want);
		heap_free(body);
		arena_reset(work.arena);
	}
	tap_end();
	tap_begin("bodies larger than every buffer inside");
	for (int i = 0; i < 20; i++) {
		struct bytes body = random_body(&seed, 3000);
		check_against_twin(body, i % 2 ? LINES_LF : LINES_CRLF, i % 3 ? 20000 : 0, &seed);
		heap_free(body);
	}
	tap_end();
}

static void test_sharing(void)
{
	struct dkim_bodies *b = dkim_bodies_new(&work, LINES_CRLF);

	tap_begin("equal wishes share a digest; a length beyond the end gives the whole");
	int all = dkim_bodies_want(b, DKIM_RELAXED, DKIM_BODY_ALL), beyond = dkim_bodies_want(b, DKIM_RELAXED, 1000);
	CHECK(dkim_bodies_want(b, DKIM_RELAXED, DKIM_BODY_ALL) == all && all != beyond);
	CHECK(dkim_bodies_want(b, DKIM_SIMPLE, DKIM_BODY_ALL) != all);
	dkim_bodies_update(b, B("abc\r\n"));
	dkim_bodies_end(b);
	dkim_bodies_end(b);
	CHECK(same_digest(b, all, B("abc\r\n")) && same_digest(b, beyond, B("abc\r\n")));
	CHECK(dkim_bodies_length(b, beyond) == 5);
	dkim_bodies_free(b);
	tap_end();
	tap_begin("nobody wants anything");
	b = dkim_bodies_new(&work, LINES_LF);
	dkim_bodies_update(b, B("abc\n"));
	dkim_bodies_end(b);
	CHECK(dkim_bodies_ended(b) && !dkim_bodies_failed(b));
	dkim_bodies_free(b);
	dkim_bodies_free(NULL);
	tap_end();
}

static void test_a_million_lines(void)
{
	enum { LINES = 1000000 };
	uint8_t *text = malloc(LINES * 2 + 1);
	struct dkim_bodies *b = dkim_bodies_new(&work, LINES_CRLF);
	int index[2];

	assert(text);
	tap_begin("a million empty lines and then a word");
	for (size_t i = 0; i < LINES; i++)
		memcpy(text + 2 * i, "\r\n", 2);
	text[LINES * 2] = 'x';
	for (int canon = DKIM_SIMPLE; canon <= DKIM_RELAXED; canon++)
		index[canon] = dkim_bodies_want(b, (enum dkim_canon)canon, LINES * 2 + 1);
	dkim_bodies_update(b, (struct bytes){ text, LINES * 2 + 1 });
	dkim_bodies_end(b);
	for (int canon = DKIM_SIMPLE; canon <= DKIM_RELAXED; canon++) {
		CHECK(same_digest(b, index[canon], (struct bytes){ text, LINES * 2 + 1 }));
		CHECK(dkim_bodies_length(b, index[canon]) == LINES * 2 + 3);
	}
	dkim_bodies_free(b);
	free(text);
	tap_end();
}

int main(void)
{
	limits_init(&limits);
	work.arena = arena_new(1 << 24);
	fill_lines(lines, sizeof(lines) - 1);
	fill_lines(many_lines, sizeof(many_lines) - 1);
	test_cases();
	test_random();
	test_sharing();
	test_a_million_lines();
	arena_free(work.arena);
	return tap_done();
}
