/* fuzz_dkim_tags.c - what is read of a tag list lies within it, in order, and reads the same again. */
#include "dkim/dkim_tags.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_tag(const struct dkim_tags *tags, size_t i, const uint8_t **at, const uint8_t *end)
{
	const struct dkim_tag *t = &tags->list[i];
	struct bytes rest = t->value, item;
	char name[64];

	must(t->name.n > 0 && t->name.p >= *at && t->name.p + t->name.n < t->span.p);
	must(t->value.p >= t->span.p && t->value.p + t->value.n <= t->span.p + t->span.n);
	must(t->span.p + t->span.n <= end && t->span.p[-1] == '=' && !bytes_has(t->span, ';'));
	*at = t->span.p + t->span.n;
	if (t->name.n < sizeof(name)) {
		memcpy(name, t->name.p, t->name.n);
		name[t->name.n] = 0;
		must(dkim_tags_find(tags, name) == t);
	}
	while (dkim_tags_item(&rest, &item))
		must(!bytes_has(item, ':') && item.n <= t->value.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { data, size };
	struct dkim_tags tags, again;
	struct parse_err err = { .at = SIZE_MAX };

	if (!dkim_tags_parse(text, &tags, &err)) {
		must(err.what && err.at <= size);
		return 0;
	}
	const uint8_t *at = data;
	must(tags.n > 0 && tags.n <= DKIM_TAGS_MAX);
	for (size_t i = 0; i < tags.n; i++)
		check_tag(&tags, i, &at, data + size);
	must(dkim_tags_parse(bytes_trim(text), &again, NULL) && again.n == tags.n);
	return 0;
}
