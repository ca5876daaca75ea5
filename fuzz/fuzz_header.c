/* fuzz_header.c - a header read in one piece and in chunks is the same header;
 * its fields lie in order within the message; a milter's way in survives all. */
#include "mail/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void same(const struct header *a, const struct header *b)
{
	must(a->n == b->n && a->hidden_n == b->hidden_n && a->ends == b->ends && a->body_at == b->body_at);
	must(a->defects.n == b->defects.n && a->defects.seen == b->defects.seen);
	for (size_t i = 0; i < a->n; i++)
		must(bytes_same(a->fields[i].raw, b->fields[i].raw) &&
		     bytes_same(a->fields[i].value, b->fields[i].value) &&
		     a->fields[i].offset == b->fields[i].offset && a->fields[i].id == b->fields[i].id);
	for (size_t i = 0; i < a->defects.n; i++)
		must(a->defects.list[i].kind == b->defects.list[i].kind &&
		     a->defects.list[i].offset == b->defects.list[i].offset);
}

static void lies_within(const struct header *h, struct bytes message)
{
	size_t last = 0;

	for (size_t i = 0; i < h->n; i++) {
		must(h->fields[i].offset >= last && h->fields[i].raw.p == message.p + h->fields[i].offset);
		last = h->fields[i].offset + h->fields[i].raw.n;
		must(last <= h->body_at);
	}
	must(h->body_at <= message.n);
	for (size_t i = 0; i < h->defects.n; i++)
		must(h->defects.list[i].offset <= message.n);
}

static void feed(struct work *w, struct header *h, struct bytes message, size_t step)
{
	for (size_t at = 0; at < message.n;) {
		struct bytes chunk = bytes_sub(message, at, step);
		size_t used = header_feed(w, h, chunk);
		at += used;
		if (used < chunk.n)
			break;
		step = step * 7 % 61 + 1;
	}
	header_end(w, h);
}

/* The first byte chooses caps and the size of the chunks. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits limits;
	struct header whole, fed = { 0 }, added = { 0 };

	if (size == 0)
		return 0;
	struct bytes message = { data + 1, size - 1 };
	limits_init(&limits);
	if (data[0] & 1) {
		limits.v[LIMIT_HEADER_FIELDS] = 16;
		limits.v[LIMIT_HEADER_BYTES] = 1024;
	}
	struct arena *a = arena_new(1 << 26);
	struct work w = { .arena = a, .limits = &limits };
	must(a != NULL);
	header_index(&w, &whole, message);
	lies_within(&whole, message);
	feed(&w, &fed, message, data[0] / 4 + 1);
	same(&whole, &fed);
	for (size_t i = 0; i < whole.n; i++)
		header_add(&w, &added, whole.fields[i].name, whole.fields[i].value);
	header_add(&w, &added, bytes_sub(message, 0, data[0]), bytes_from(message, data[0]));
	header_end(&w, &added);
	arena_free(a);
	return 0;
}
