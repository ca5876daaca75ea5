/* fuzz_tag.c - any bytes as an address with a tag, and as a file of keys. What is
 * bared of its tag is shorter, and what is made is read again. */
#include "bounce/tag.h"

#define DAY INT64_C(86400)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void read_back(struct arena *a, struct bytes address, const struct tag_keys *keys)
{
	struct bytes made = tag_batv_make(a, address, &keys->keys[0], 20785 * DAY);
	struct tag tag;

	if (!made.p)
		return;
	must(tag_read(a, made, keys, 20780 * DAY, &tag));
	must(tag.kind == TAG_BATV && tag.state == TAG_VALID && bytes_isame(tag.original, address));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct tag_key list[] = { { TAG_BATV, 0, B("secret") }, { TAG_SRS0, 0, B("tops3cr3t") } };
	const struct tag_keys keys = { list, ARRAY_LEN(list), 7, 21, -1 };
	struct arena *a = arena_new(1 << 26);
	struct bytes text = { data, size };
	struct tag_keys parsed;
	struct tag tag;
	char why[200];

	must(a != NULL);
	must(tag_read(a, text, &keys, 20780 * DAY, &tag));
	must((tag.kind == TAG_NONE) == (tag.state == TAG_ABSENT) && tag.state != TAG_UNKNOWN);
	must(tag.kind == TAG_NONE ? bytes_same(tag.original, text) : tag.original.n < size);
	read_back(a, text, &keys);
	if (tag_keys_parse(a, text, &parsed, why, sizeof(why)))
		for (size_t i = 0; i < parsed.n; i++)
			must(parsed.keys[i].number <= 9 && parsed.keys[i].secret.n > 0);
	must(!arena_failed(a));
	arena_free(a);
	return 0;
}
