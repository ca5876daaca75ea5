/* scan.c - see scan.h */
#include "base/scan.h"

#include "base/lanes.h"

/* Those of 16 bytes that are not printable. */
static inline unsigned odd_of(const uint8_t *p)
{
	return lanes_mask((lanes)((lanes)(lanes_load(p) - 0x20) > 0x7e - 0x20));
}

size_t scan_printable(struct bytes b, size_t at)
{
	for (; b.n - at >= LANES; at += LANES) {
		unsigned odd = odd_of(b.p + at);
		if (odd)
			return at + (unsigned)__builtin_ctz(odd);
	}
	if (b.n >= LANES && at < b.n) { /* the rest, together with what was looked at before */
		unsigned odd = odd_of(b.p + b.n - LANES) >> (LANES - (b.n - at));
		return odd ? at + (unsigned)__builtin_ctz(odd) : b.n;
	}
	while (at < b.n && b.p[at] >= 0x20 && b.p[at] < 0x7f)
		at++;
	return at;
}
