#include "base/ascii.h"
#include "dkim/dkim_relaxed.h"
#include "tap.h"

/* --- plain twins: one byte after the other, as the rules are said --- */

static size_t same_value_twin(struct bytes b, size_t at)
{
	for (; at < b.n; at++) {
		bool behind = at + 1 < b.n && b.p[at + 1] > ' ';
		if (b.p[at] < ' ' || (b.p[at] == ' ' && !behind))
			break;
	}
	return at;
}

static size_t same_twin(const uint8_t *p, size_t n)
{
	size_t at = 0;

	while (at < n && p[at] != '\t' && !(p[at] == ' ' && p[at + 1] <= ' '))
		at++;
	return at;
}

static size_t pack_twin(const uint8_t *p, size_t n, uint8_t *to)
{
	size_t put = 0;

	for (size_t i = 0; i < n; i++) {
		if (!ascii_is_wsp(p[i])) {
			to[put++] = p[i];
			continue;
		}
		bool line_ends = p[i + 1] == '\r' && p[i + 2] == '\n';
		if (!ascii_is_wsp(p[i + 1]) && !line_ends)
			to[put++] = ' ';
	}
	return put;
}

/* --- random text of what matters --- */

static const char *const words[] = {
	" ", " ", "\t", "\r\n", "\r", "\n", "a", "word ", "  \r\n", " \t\r\n", "\x01", "\x80\xff", "\x7f",
	"a text that is longer than thirty two bytes without any odd thing in it, ",
	"AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKKKKLLLLMMMMNNNNOOOOPPPPQQQQRRRRSSSS\r\n",
};

static struct bytes random_text(unsigned *seed, size_t n)
{
	uint8_t *p = malloc(n + 1);
	size_t put = 0;

	assert(p);
	while (put < n) {
		struct bytes word = bytes_of(words[(size_t)rand_r(seed) % ARRAY_LEN(words)]);
		word = bytes_sub(word, 0, n - put);
		memcpy(p + put, word.p, word.n);
		put += word.n;
	}
	struct bytes copy = heap_bytes((struct bytes){ p, n });
	free(p);
	return copy;
}

static void test_value(void)
{
	unsigned seed = 4871;

	tap_begin("values of fields: where they stay the same, from every place");
	for (int i = 0; i < 3000; i++) {
		struct bytes b = random_text(&seed, (size_t)rand_r(&seed) % 120);
		for (size_t at = 0; at <= b.n; at++)
			CHECK_MSG(dkim_relaxed_same_value(b, at) == same_value_twin(b, at), "%zu of %zu", at, b.n);
		heap_free(b);
	}
	tap_end();
}

static void check_way(const struct dkim_relaxed *way, struct bytes text)
{
	size_t n = text.n - 2; /* two more are read */
	uint8_t *to = malloc(n + DKIM_RELAXED_SLACK), *want = malloc(n + 1);

	assert(to && want);
	CHECK_MSG(way->same(text.p, n) == same_twin(text.p, n), "%zu bytes", n);
	size_t put = way->pack(text.p, n, to), wanted = pack_twin(text.p, n, want);
	CHECK_MSG(put == wanted && memcmp(to, want, put) == 0, "%zu bytes, not %zu, of %zu", put, wanted, n);
	free(to);
	free(want);
}

static void test_ways(void)
{
	const struct dkim_relaxed *way;
	size_t i = 0;

	for (; (way = dkim_relaxed_way(i)); i++) {
		unsigned seed = 20261124;
		tap_begin("bodies: %s does as its twin on random text", way->name);
		for (int k = 0; k < 4000; k++) {
			struct bytes text = random_text(&seed, 2 + (size_t)rand_r(&seed) % 400);
			check_way(way, text);
			heap_free(text);
		}
		tap_end();
		tap_begin("bodies: %s on every number of bytes of plain text, of spaces, of line ends", way->name);
		for (size_t n = 2; n < 300; n++)
			for (size_t c = 0; c < 3; c++) {
				static const char kinds[] = "a  \r\n";
				struct bytes text = random_text(&(unsigned){ 1 }, n);
				for (size_t at = 0; at < n; at++)
					((uint8_t *)(uintptr_t)text.p)[at] = (uint8_t)kinds[c == 2 ? 3 + at % 2 : c];
				check_way(way, text);
				heap_free(text);
			}
		tap_end();
	}
	tap_begin("there is always a way, and the last is the one that every processor knows");
	CHECK(i > 0 && strcmp(dkim_relaxed_way(i - 1)->name, "lanes") == 0);
	CHECK(dkim_relaxed_way(i) == NULL && dkim_relaxed_way(i + 1) == NULL);
	tap_end();
}

int main(void)
{
	test_value();
	test_ways();
	return tap_done();
}
