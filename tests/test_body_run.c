#include "mail/body_run.h"
#include "tap.h"

/* one byte after the other */
static size_t find_twin(const uint8_t *p, size_t n, enum line_ends ends)
{
	uint8_t before = p[-1];

	for (size_t at = 0; at < n; before = p[at++]) {
		if (p[at] == 0 || (p[at] == '.' && before == '\n') || (before == '\r' && p[at] != '\n'))
			return at;
		if (p[at] == '\n' && before != '\r' && ends == LINES_CRLF)
			return at;
	}
	return n;
}

static const char *const words[] = {
	"\r\n", "\r\n", "\r\n", "\n", "\r", "\n.", "\r\n.", ".", "a", "word ",
	"a line without anything odd that is a bit longer than others are\r\n",
	"AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKKKKLLLLMMMMNNNNOOOOPPPPQQQQRRRRSSSS\r\n",
};

/* Text of what matters, mostly ordinary lines; now and then a NUL. */
static struct bytes random_text(unsigned *seed, size_t n)
{
	uint8_t text[400];
	size_t put = 0;

	while (put < n) {
		size_t odd = rand_r(seed) % 4 ? 2 : 0, i = (size_t)rand_r(seed) % ARRAY_LEN(words);
		struct bytes word = bytes_of(words[odd && i > 2 ? ARRAY_LEN(words) - 1 - i % 2 : i]);
		word = bytes_sub(word, 0, n - put);
		memcpy(text + put, word.p, word.n);
		put += word.n;
	}
	if (n && rand_r(seed) % 8 == 0)
		text[(size_t)rand_r(seed) % n] = 0;
	return heap_bytes((struct bytes){ text, n });
}

static void check_ways(struct bytes text)
{
	const struct body_run_way *way;

	for (enum line_ends ends = LINES_CRLF; ends <= LINES_LF; ends++) {
		size_t want = find_twin(text.p + 1, text.n - 1, ends), run = want;
		for (size_t i = 0; (way = body_run_way(i)); i++) {
			size_t got = way->find(text.p + 1, text.n - 1, ends);
			CHECK_MSG(got == want, "%s: %zu, not %zu, of %zu", way->name, got, want, text.n - 1);
		}
		if (run && text.p[run] == '\r') /* the byte before what was found: text.p is one ahead */
			run--;
		CHECK(body_run(text.p + 1, text.n - 1, ends) == run);
	}
}

static void test_random(void)
{
	unsigned seed = 2023;

	tap_begin("each way finds what the twin finds in random text");
	for (int i = 0; i < 20000; i++) {
		struct bytes text = random_text(&seed, 1 + (size_t)rand_r(&seed) % 390);
		check_ways(text);
		heap_free(text);
	}
	tap_end();
}

static void test_each_place(void)
{
	static const char *const odd[] = { "\r", "\n", "\n.", "\r\n.", "x", "." };

	tap_begin("each odd thing at each place of plain text of each length");
	for (size_t n = 1; n < 110; n++)
		for (size_t at = 0; at < n; at++)
			for (size_t k = 0; k <= ARRAY_LEN(odd); k++) {
				uint8_t plain[120];
				memset(plain, 'x', sizeof(plain));
				if (k < ARRAY_LEN(odd))
					memcpy(plain + at, odd[k], strlen(odd[k]));
				else
					plain[at] = 0;
				struct bytes text = heap_bytes((struct bytes){ plain, n });
				check_ways(text);
				heap_free(text);
			}
	tap_end();
}

int main(void)
{
	test_random();
	test_each_place();
	tap_begin("the last way is the one that every processor knows");
	size_t n = 0;
	while (body_run_way(n))
		n++;
	CHECK(n > 0 && strcmp(body_run_way(n - 1)->name, "lanes") == 0 && !body_run_way(n + 1));
	tap_end();
	return tap_done();
}
