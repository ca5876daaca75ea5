/* dkim_relaxed.c - see dkim_relaxed.h. The way that every processor knows: 16 bytes a step, as lanes.h
 * has them. */
#include "dkim/dkim_relaxed.h"

#include "base/ascii.h"
#include "base/lanes.h"

size_t dkim_relaxed_same_value(struct bytes b, size_t at)
{
	for (; b.n - at > LANES; at += LANES) {
		lanes here = lanes_load(b.p + at), next = lanes_load(b.p + at + 1);
		unsigned odd = lanes_mask((lanes)((here < ' ') | ((here == ' ') & (next <= ' '))));
		if (odd)
			return at + (unsigned)__builtin_ctz(odd);
	}
	while (at < b.n && (b.p[at] > ' ' || (b.p[at] == ' ' && at + 1 < b.n && b.p[at + 1] > ' ')))
		at++;
	return at;
}

/* Those of 16 bytes that may not stay: a TAB, or a space with another byte below "!" behind it. */
static inline unsigned odd_of(const uint8_t *p)
{
	lanes here = lanes_load(p), next = lanes_load(p + 1);

	return lanes_mask((lanes)((here == '\t') | ((here == ' ') & (next <= ' '))));
}

static size_t same_lanes(const uint8_t *p, size_t n)
{
	size_t at = 0;

	for (; n - at >= LANES; at += LANES) {
		unsigned odd = odd_of(p + at);
		if (odd)
			return at + (unsigned)__builtin_ctz(odd);
	}
	while (at < n && p[at] != '\t' && !(p[at] == ' ' && p[at + 1] <= ' '))
		at++;
	return at;
}

static size_t pack_lanes(const uint8_t *p, size_t n, uint8_t *to)
{
	size_t at = 0, put = 0;

	while (at < n) {
		if (n - at >= LANES) {
			unsigned odd = odd_of(p + at);
			memcpy(to + put, p + at, LANES);
			unsigned same = odd ? (unsigned)__builtin_ctz(odd) : LANES;
			at += same;
			put += same;
			if (!odd)
				continue;
		}
		if (!ascii_is_wsp(p[at]))
			to[put++] = p[at];
		else if (!ascii_is_wsp(p[at + 1]) && !(p[at + 1] == '\r' && p[at + 2] == '\n'))
			to[put++] = ' ';
		at++;
	}
	return put;
}

const struct dkim_relaxed *dkim_relaxed_way(size_t i)
{
	static const struct dkim_relaxed lanes_way = { "lanes", same_lanes, pack_lanes };
	const struct dkim_relaxed *special = dkim_relaxed_special(i);

	if (special)
		return special;
	return i == 0 || dkim_relaxed_special(i - 1) ? &lanes_way : NULL;
}
