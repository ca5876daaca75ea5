/* fuzz_encoded_word.c - any bytes as a display name: what comes out is UTF-8. */
#include "base/idn.h"
#include "mail/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1 << 26);
	struct bytes shown = { NULL, 0 };

	if (!a)
		abort();
	shown = display_name_decode(a, (struct bytes){ data, size });
	if (arena_failed(a) || !utf8_valid(shown, NULL) || shown.n > 3 * size)
		abort();
	arena_free(a);
	return 0;
}
