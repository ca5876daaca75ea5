/* base64.c - see base64.h */
#include "base/base64.h"

#include "base/ascii.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int value_of(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (ascii_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
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
		uint8_t c = text.p[i];
		if (ascii_is_space(c))
			continue;
		if (c == '=') {
			pads++;
			continue;
		}
		int v = value_of(c);
		if (v < 0)
			return parse_fail_at(err, i, "not a base64 digit");
		if (pads)
			return parse_fail_at(err, i, "base64 goes on after its padding");
		bits = bits << 6 | (uint32_t)v;
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
