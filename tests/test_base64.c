#include "base/base64.h"
#include "tap.h"

static const struct {
	const char *name, *text, *data; /* data NULL: refused */
	bool loose;
	size_t refused_at;
} cases[] = {
	{ "nothing", "", "" },
	{ "one byte", "Zg==", "f" },
	{ "two bytes", "Zm8=", "fo" },
	{ "three bytes", "Zm9v", "foo" },
	{ "white space anywhere", " Z m\r\n\t9v ", "foo" },
	{ "no padding, strict", "Zm8", NULL, .refused_at = 3 },
	{ "no padding, loose", "Zm8", "fo", .loose = true },
	{ "one digit is no byte", "Z", NULL, .loose = true, .refused_at = 1 },
	{ "bits beyond the last byte", "Zh==", NULL, .refused_at = 4 },
	{ "goes on after padding", "Zg==Zg==", NULL, .refused_at = 4 },
	{ "too much padding", "Zg===", NULL, .refused_at = 5 },
	{ "a byte that is no digit", "Zm9v!", NULL, .refused_at = 4 },
	{ "the other alphabet", "Zm-_", NULL, .refused_at = 2 },
};

int main(void)
{
	struct arena *a = arena_new(1 << 20);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = heap_copy(cases[i].text), data = { NULL, 0 };
		struct parse_err err = { 0 };

		tap_begin("%s", cases[i].name);
		if (base64_decode(a, text, cases[i].loose, &data, &err))
			CHECK(cases[i].data && bytes_eq(data, cases[i].data));
		else
			CHECK_MSG(!cases[i].data && err.at == cases[i].refused_at, "%s at %zu", err.what, err.at);
		tap_end();
		heap_free(text);
	}
	tap_begin("encoding and decoding are inverse");
	uint8_t all[256];
	for (size_t n = 0; n < sizeof(all); n++) {
		all[n] = (uint8_t)(n * 7);
		struct bytes back = { NULL, 0 }, in = { all, n };
		CHECK(base64_decode(a, base64_encode(a, in), false, &back, NULL) && bytes_same(in, back));
	}
	tap_end();
	arena_free(a);
	return tap_done();
}
