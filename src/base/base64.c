/* base64.c - see base64.h */
#include "base/base64.h"

#include "base/ascii.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* What each byte stands for, plus one; 0: it is no digit. */
static const uint8_t values[256] = {
#define EIGHT(a, b, c, d, e, f, g, h, from) \
	[a] = (from) + 1, [b] = (from) + 2, [c] = (from) + 3, [d] = (from) + 4, [e] = (from) + 5, \
	[f] = (from) + 6, [g] = (from) + 7, [h] = (from) + 8
	EIGHT('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 0),
	EIGHT('I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 8),
	EIGHT('Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 16),
	EIGHT('Y', 'Z', 'a', 'b', 'c', 'd', 'e', 'f', 24),
	EIGHT('g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 32),
	EIGHT('o', 'p', 'q', 'r', 's', 't', 'u', 'v', 40),
	EIGHT('w', 'x', 'y', 'z', '0', '1', '2', '3', 48),
	EIGHT('4', '5', '6', '7', '8', '9', '+', '/', 56),
#undef EIGHT
};

/* 0 to 63; all bits set for a byte that is no digit. */
static uint32_t value_of(uint8_t c)
{
	return (uint32_t)values[c] - 1;
}

/* Decodes digits by four, as many as stand in a row at the front of text: three bytes each, and one more is
 * written behind them. Returns how many fours there were. */
static size_t decode_fours(struct bytes text, uint8_t *to)
{
	const uint8_t *p = text.p, *const end = p + text.n / 4 * 4;

	for (; p < end; p += 4, to += 3) {
		uint32_t v = value_of(p[0]) << 18 | value_of(p[1]) << 12 | value_of(p[2]) << 6 | value_of(p[3]);
		if (v >> 24)
			break;
		uint8_t out[4] = { (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v, 0 };
		memcpy(to, out, sizeof(out));
	}
	return (size_t)(p - text.p) / 4;
}

bool base64_decode(struct arena *a, struct bytes text, bool loose, struct bytes *out,
                   struct parse_err *err)
{
	uint8_t *to = arena_alloc(a, text.n / 4 * 3 + 4);
	uint32_t bits = 0;
	size_t digits = 0, pads = 0, n = 0, i;

	if (!to)
		return parse_fail_at(err, 0, "out of memory");
	for (i = 0; i < text.n; i++) {
		if (digits % 4 == 0 && pads == 0) {
			size_t fours = decode_fours(bytes_from(text, i), to + n);
			digits += 4 * fours;
			n += 3 * fours;
			if ((i += 4 * fours) == text.n)
				break;
		}
		uint8_t c = text.p[i];
		if (ascii_is_space(c))
			continue;
		if (c == '=') {
			pads++;
			continue;
		}
		if (value_of(c) > 63)
			return parse_fail_at(err, i, "not a base64 digit");
		if (pads)
			return parse_fail_at(err, i, "base64 goes on after its padding");
		bits = bits << 6 | value_of(c);
		if (++digits % 4 == 0) {
			to[n++] = (uint8_t)(bits >> 16);
			to[n++] = (uint8_t)(bits >> 8);
			to[n++] = (uint8_t)bits;
		}
	}
	size_t tail = digits % 4, wanted = tail ? 4 - tail : 0;
	if (tail == 1 || (pads != wanted && !(loose && pads == 0)))
		return parse_fail_at(err, i, "base64 is cut off or wrongly padded");
	if ((tail == 2 && (bits & 0xf)) || (tail == 3 && (bits & 0x3)))
		return parse_fail_at(err, i, "base64 has bits beyond its last byte");
	if (tail == 2)
		to[n++] = (uint8_t)(bits >> 4);
	if (tail == 3) {
		to[n++] = (uint8_t)(bits >> 10);
		to[n++] = (uint8_t)(bits >> 2);
	}
	*out = (struct bytes){ to, n };
	return true;
}

struct bytes base64_encode(struct arena *a, struct bytes data)
{
	size_t n = 0;
	uint8_t *to = arena_alloc(a, data.n / 3 * 4 + 5);

	if (!to)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < data.n; i += 3) {
		size_t have = data.n - i < 3 ? data.n - i : 3;
		uint32_t v = (uint32_t)data.p[i] << 16;
		if (have > 1)
			v |= (uint32_t)data.p[i + 1] << 8;
		if (have > 2)
			v |= data.p[i + 2];
		to[n++] = (uint8_t)alphabet[v >> 18];
		to[n++] = (uint8_t)alphabet[v >> 12 & 63];
		to[n++] = have > 1 ? (uint8_t)alphabet[v >> 6 & 63] : '=';
		to[n++] = have > 2 ? (uint8_t)alphabet[v & 63] : '=';
	}
	return (struct bytes){ to, n };
}
