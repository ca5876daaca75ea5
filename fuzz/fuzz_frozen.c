/* fuzz_frozen.c - frozen.ini of any bytes: what is read is written as it was. */
#include "explain/frozen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1u << 20);
	struct evidence *list = arena_array(a, struct evidence, evidence_row_count);
	struct frozen f;
	size_t line, n = 0;

	if (list && frozen_parse(a, (struct bytes){ data, size }, &f, &line)) {
		frozen_apply(&f, list, &n);
		assert(n <= evidence_row_count);
		for (size_t i = 1; i < n; i++)
			assert(list[i - 1].strength >= list[i].strength);
	}
	arena_free(a);
	return 0;
}
