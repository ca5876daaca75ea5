#include "base/lanes.h"
#include "base/scan.h"
#include "tap.h"

/* the same, one byte after the other */
static size_t printable_twin(struct bytes b, size_t at)
{
	while (at < b.n && b.p[at] >= 0x20 && b.p[at] <= 0x7e)
		at++;
	return at;
}

static void test_each_byte(void)
{
	tap_begin("each byte at each place of two steps and a rest");
	for (size_t n = 0; n < 2 * LANES + 9; n++)
		for (size_t at = 0; at < n; at++)
			for (int c = 0; c < 256; c++) {
				char text[64] = "";
				memset(text, 'a', n);
				struct bytes b = heap_bytes((struct bytes){ (uint8_t *)text, n });
				((uint8_t *)(uintptr_t)b.p)[at] = (uint8_t)c;
				for (size_t from = 0; from <= n; from += n - from > 7 ? 7 : 1)
					CHECK(scan_printable(b, from) == printable_twin(b, from));
				heap_free(b);
			}
	tap_end();
}

static void test_lanes(void)
{
	tap_begin("the mask of lanes has a bit for each");
	for (unsigned wanted = 0; wanted < 1u << LANES; wanted += 7) {
		uint8_t held[LANES];
		for (unsigned i = 0; i < LANES; i++)
			held[i] = wanted >> i & 1 ? 0xff : 0;
		CHECK(lanes_mask(lanes_load(held)) == wanted);
	}
	tap_end();
}

int main(void)
{
	test_each_byte();
	test_lanes();
	return tap_done();
}
