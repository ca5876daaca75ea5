/* fuzz_body_scan.c - a body read in one piece and in chunks has the same
 * defects, each kind once, at offsets within it. */
#include "mail/body_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void scan(struct work *w, struct bytes body, enum line_ends ends, size_t step, struct defects *d)
{
	struct body_scan s;

	body_scan_begin(&s, w, d, ends, 1000);
	for (size_t at = 0; at < body.n; at += step)
		body_scan_update(&s, bytes_sub(body, at, step));
	body_scan_end(&s);
}

static bool same(const struct defects *a, const struct defects *b)
{
	for (size_t i = 0; i < a->n; i++) {
		size_t k = 0;
		while (k < b->n && b->list[k].kind != a->list[i].kind)
			k++;
		if (k == b->n || b->list[k].offset != a->list[i].offset)
			return false;
	}
	return a->n == b->n && a->seen == b->seen;
}

/* The first byte chooses the line ends and the size of the chunks. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1 << 20);
	struct defects whole = { 0 }, cut = { 0 };
	struct limits limits;

	if (!a)
		abort();
	limits_init(&limits);
	struct work w = { .arena = a, .limits = &limits };
	if (size > 1) {
		struct bytes body = { data + 1, size - 1 };
		enum line_ends ends = data[0] & 1 ? LINES_LF : LINES_CRLF;
		scan(&w, body, ends, body.n, &whole);
		scan(&w, body, ends, data[0] / 2 % 17 + 1, &cut);
		if (!same(&whole, &cut) || whole.n > 5)
			abort();
		for (size_t i = 0; i < whole.n; i++)
			if (whole.list[i].offset < 1000 || whole.list[i].offset >= 1000 + body.n)
				abort();
	}
	arena_free(a);
	return 0;
}
