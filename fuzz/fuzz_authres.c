/* Any bytes as the value of Authentication-Results, alone and inside an ARC set: what is
 * read lies in the text or the arena, and ids compare alike both ways. */
#include "mail/authres.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t touch(struct bytes b)
{
	size_t sum = 0;

	for (size_t i = 0; i < b.n; i++)
		sum += b.p[i]; /* the address sanitizer looks */
	return sum;
}

static void walk(struct work *w, const struct authres *ar)
{
	size_t sum = touch(ar->id) + touch(ar->version);

	for (size_t i = 0; i < ar->n; i++) {
		const struct authres_result *r = &ar->results[i];
		if (!r->method.n)
			abort();
		sum += touch(r->method) + touch(r->version) + touch(r->result) + touch(r->reason) + touch(r->comment) +
		       touch(authres_dmarc_policy(r));
		for (size_t p = 0; p < r->n; p++)
			sum += touch(r->props[p].ptype) + touch(r->props[p].property) + touch(r->props[p].value);
	}
	if (ar->id.n && ar->n && authres_id_same(w->arena, ar->id, ar->results[0].result) !=
	                                authres_id_same(w->arena, ar->results[0].result, ar->id))
		abort();
	if (sum == SIZE_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits limits;
	struct work w = { .arena = arena_new(4 << 20), .limits = &limits };
	struct authres ar;
	unsigned instance;

	limits_init(&limits);
	if (!w.arena)
		return 0;
	if (authres_parse(&w, (struct bytes){ data, size }, &ar))
		walk(&w, &ar);
	if (authres_parse_arc(&w, (struct bytes){ data, size }, &instance, &ar))
		walk(&w, &ar);
	arena_free(w.arena);
	return 0;
}
