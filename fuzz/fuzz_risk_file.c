/* An attached file of any name and any bytes: what is said of it is UTF-8 or its own name. The input: a name, a NUL, the content. */
#include "content/risk_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes content = { data, size }, name = { NULL, 0 };
	struct limits limits;
	struct arena *a = arena_new(64 << 20);
	struct risk_file r;

	bytes_cut(&content, 0, &name);
	limits_init(&limits);
	limits.v[LIMIT_ARCHIVE_BYTES] = 1 << 20;
	struct work w = { .arena = a, .limits = &limits };
	struct file_budget budget = file_budget_of(&w);
	if (a && risk_file_look(&w, &(struct risk_file_input){ name, B("image/png"), content, &budget }, &r) && r.type >= FILE_TYPES)
		abort();
	arena_free(a);
	return 0;
}
