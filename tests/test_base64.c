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

/* One digit after the other, in its plain form: no white space, no padding, whole bytes. */
static struct bytes decode_twin(struct bytes text, uint8_t *to)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0, have = 0;
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		const char *at = text.p[i] ? strchr(alphabet, text.p[i]) : NULL;
		if (!at)
			continue;
		bits = bits << 6 | (uint32_t)(at - alphabet);
		have += 6;
		if (have >= 8) {
			have -= 8;
			to[n++] = (uint8_t)(bits >> have);
		}
	}
	return (struct bytes){ to, n };
}

/* Random digits with white space and other bytes at random places. */
static void test_random(struct arena *a)
{
	static const char bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned seed = 86;

	tap_begin("random text against a plain twin: any cut by white space, any byte that is no digit");
	for (int i = 0; i < 20000; i++) {
		uint8_t text[80], want[80];
		size_t n = (size_t)rand_r(&seed) % sizeof(text), digits = 0;
		for (size_t k = 0; k < n; k++) {
			bool space = rand_r(&seed) % 20 == 0;
			text[k] = space ? ' ' : (uint8_t)bytes[rand_r(&seed) % 64];
			digits += !space;
		}
		size_t spoiled = rand_r(&seed) % 3 == 0 && n ? (size_t)rand_r(&seed) % n : n;
		if (spoiled < n)
			text[spoiled] = (uint8_t)(rand_r(&seed) % 2 ? 0x80 + rand_r(&seed) % 128 : '-');
		struct bytes in = heap_bytes((struct bytes){ text, n }), out = { NULL, 0 };
		struct parse_err err = { 0 };
		bool ok = base64_decode(a, in, true, &out, &err);
		if (spoiled < n)
			CHECK(!ok && err.at == spoiled);
		else if (digits % 4 == 0)
			CHECK(ok && bytes_same(out, decode_twin(in, want)));
		heap_free(in);
		arena_reset(a);
	}
	tap_end();
}

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
	test_random(a);
	arena_free(a);
	return tap_done();
}
