/* Parts stand within the message and within each other, and content keeps to its bound. */
#include "base/idn.h"
#include "mime/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool inside(struct bytes part, struct bytes whole)
{
	return part.p >= whole.p && part.p + part.n <= whole.p + whole.n;
}

static void check(struct work *w, const struct mime *m, size_t i, struct bytes message)
{
	const struct mime_part *p = &m->parts[i];
	bool cut = false;

	if (!inside(p->header, message) || !inside(p->raw, message) || p->raw.p < p->header.p + p->header.n)
		abort();
	if (i ? p->parent >= i || !m->parts[p->parent].container || !inside(p->raw, m->parts[p->parent].raw) ||
	                p->depth != m->parts[p->parent].depth + 1
	      : p->parent != MIME_NO_PART || p->depth)
		abort();
	struct bytes whole = mime_content(w, m, i, SIZE_MAX, &cut);
	if (whole.p && cut)
		abort();
	struct bytes some = mime_content(w, m, i, 10, &cut);
	if (whole.p && some.p && (some.n > 10 || cut != (whole.n > some.n) || !bytes_same(some, bytes_sub(whole, 0, some.n))))
		abort();
	if (whole.p && bytes_istarts(p->type, "text/") && !utf8_valid(whole, NULL))
		abort();
	if (!utf8_valid(p->name, NULL))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes message = { data, size };
	struct arena *a = arena_new(1u << 26);
	struct limits l;
	struct mime m;

	limits_init(&l);
	mime_start();
	l.v[LIMIT_MIME_PARTS] = 16;
	l.v[LIMIT_MIME_DEPTH] = 6;
	struct work w = { .arena = a, .limits = &l };
	if (a && mime_read(&w, message, &m)) {
		if (m.n == 0 || m.n > 16 || m.cut != (w.reached != 0))
			abort();
		for (size_t i = 0; i < m.n; i++)
			check(&w, &m, i, message);
		mime_end(&m);
	}
	if (a && !arena_failed(a) && !utf8_valid(mime_words(a, message), NULL))
		abort();
	arena_free(a);
	return 0;
}
