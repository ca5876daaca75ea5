/* fuzz_arc_set.c - a header's ARC fields put into sets */
#include "arc/arc_set.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is said to be whole must be whole. */
static void check_sets(const struct arc_sets *sets)
{
	assert(sets->n <= 50 && (sets->broken || sets->n == sets->highest));
	assert(!sets->broken || (sets->n == 0 && sets->any));
	for (size_t i = 0; i < sets->n; i++) {
		const struct arc_set *s = &sets->list[i];
		assert(s->instance == i + 1 && s->results && s->message.sig && s->seal.sig);
		assert(s->seal.bad || s->seal.cv == (i ? ARC_CV_PASS : ARC_CV_NONE));
		assert(s->message.bad || !dname_is_none(s->message.sig->key_name));
		assert(s->seal.bad || !dname_is_none(s->seal.sig->key_name));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits limits;
	struct work w = { .arena = arena_new(16u << 20), .limits = &limits, .now = 1795000000 };
	struct bytes text = { data, size }, rest;
	struct header h = { 0 };
	struct arc_sets sets;
	unsigned instance;

	limits_init(&limits);
	header_index(&w, &h, text);
	if (arc_sets_read(&w, &h, &sets))
		check_sets(&sets);
	if (arc_instance_of(text, &instance, &rest))
		assert(instance >= 1 && instance <= 99 && rest.p >= data &&
		       rest.p + rest.n <= data + size);
	arena_free(w.arena);
	return 0;
}
