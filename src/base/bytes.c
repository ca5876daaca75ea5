/* bytes.c - see bytes.h */
#include "base/bytes.h"

#include "base/ascii.h"
#include "base/fold.h"

struct bytes bytes_of(const char *text)
{
	return (struct bytes){ (const uint8_t *)text, text ? strlen(text) : 0 };
}

#define EACH_BYTE UINT64_C(0x0101010101010101)

/* Do two times eight bytes differ in nothing but the case of ASCII letters? */
static bool same_eight(const uint8_t *a, const uint8_t *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	uint64_t differs = x ^ y;
	if (differs & ~(EACH_BYTE * 0x20))
		return false;
	/* bit 7 of each byte that is a letter: from "a" on, not beyond "z", and ASCII */
	uint64_t lower = (x | EACH_BYTE * 0x20) & EACH_BYTE * 0x7f;
	uint64_t letter = (lower + EACH_BYTE * (0x80 - 'a')) & ~(lower + EACH_BYTE * (0x7f - 'z')) & ~x;
	return (differs << 2 & EACH_BYTE * 0x80 & ~letter) == 0;
}

bool bytes_isame(struct bytes a, struct bytes b)
{
	size_t i = 0;

	if (a.n != b.n)
		return false;
	for (; a.n - i >= 8; i += 8)
		if (!same_eight(a.p + i, b.p + i))
			return false;
	for (; i < a.n; i++)
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	return true;
}

bool bytes_eq(struct bytes a, const char *text)
{
	return bytes_same(a, bytes_of(text));
}

bool bytes_ieq(struct bytes a, const char *text)
{
	return bytes_isame(a, bytes_of(text));
}

bool bytes_istarts(struct bytes a, const char *prefix)
{
	struct bytes want = bytes_of(prefix);

	return a.n >= want.n && bytes_isame(bytes_sub(a, 0, want.n), want);
}

bool bytes_iends(struct bytes a, const char *suffix)
{
	struct bytes want = bytes_of(suffix);

	return a.n >= want.n && bytes_isame(bytes_from(a, a.n - want.n), want);
}

int bytes_compare(struct bytes a, struct bytes b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

size_t bytes_find(struct bytes b, uint8_t c, size_t from)
{
	if (from >= b.n)
		return b.n;
	const uint8_t *hit = memchr(b.p + from, c, b.n - from);
	return hit ? (size_t)(hit - b.p) : b.n;
}

size_t bytes_search(struct bytes b, struct bytes needle)
{
	if (needle.n == 0)
		return 0;
	for (size_t at = 0; (at = bytes_find(b, needle.p[0], at)) < b.n; at++)
		if (bytes_same(bytes_sub(b, at, needle.n), needle))
			return at;
	return b.n;
}

bool bytes_has(struct bytes b, uint8_t c)
{
	return bytes_find(b, c, 0) < b.n;
}

bool bytes_cut(struct bytes *rest, uint8_t sep, struct bytes *piece)
{
	if (rest->n == 0)
		return false;
	size_t at = bytes_find(*rest, sep, 0);
	*piece = bytes_sub(*rest, 0, at);
	*rest = bytes_from(*rest, at < rest->n ? at + 1 : at);
	return true;
}

struct bytes bytes_trim_left(struct bytes b)
{
	while (b.n && ascii_is_space(b.p[0]))
		b = bytes_from(b, 1);
	return b;
}

struct bytes bytes_trim_right(struct bytes b)
{
	while (b.n && ascii_is_space(b.p[b.n - 1]))
		b.n--;
	return b;
}

struct bytes bytes_trim(struct bytes b)
{
	return bytes_trim_right(bytes_trim_left(b));
}

bool bytes_to_u64(struct bytes b, uint64_t *out)
{
	uint64_t v = 0;

	if (b.n == 0 || b.n > 20)
		return false;
	for (size_t i = 0; i < b.n; i++) {
		if (!ascii_is_digit(b.p[i]))
			return false;
		uint64_t d = (uint64_t)(b.p[i] - '0');
		if (v > (UINT64_MAX - d) / 10)
			return false;
		v = v * 10 + d;
	}
	*out = v;
	return true;
}

/* --- hashing: eight bytes at a time --- */

static uint64_t eight_at(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* Up to eight bytes, as a number. */
static uint64_t few_at(const uint8_t *p, size_t n)
{
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++)
		word = word << 8 | p[i];
	return word;
}

/* The seed is in both factors: nobody who does not know it can choose bytes that make the product
 * 0, or that undo what other bytes changed. */
uint64_t bytes_hash(struct bytes b, uint64_t seed)
{
	uint64_t factor = (seed ^ UINT64_C(0x9e3779b97f4a7c15)) | 1, h = seed ^ UINT64_C(0xd6e8feb86659fd93) ^ b.n;
	size_t at = 0;

	for (; b.n - at > 8; at += 8)
		h = fold(h ^ eight_at(b.p + at), factor);
	h ^= b.n >= 8 ? eight_at(b.p + b.n - 8) : few_at(b.p, b.n);
	return fold(fold(h, factor), UINT64_C(0xff51afd7ed558ccd));
}
