#include "crypto/digest.h"

#include "base/mem.h"
#include "tap.h"

/* FIPS 180-4's examples and the empty text */
static const struct {
	const char *text, *hex;
} cases[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

static const char *hex(const uint8_t sum[SHA256_BYTES])
{
	static char text[2 * SHA256_BYTES + 1];

	for (size_t i = 0; i < SHA256_BYTES; i++)
		snprintf(text + 2 * i, 3, "%02x", sum[i]);
	return text;
}

static void check_case(const char *text, const char *want)
{
	struct bytes b = heap_copy(text);
	uint8_t sum[SHA256_BYTES];
	struct digest *d = digest_new();

	tap_begin("%zu bytes: at once, in every pair of pieces, after a restart", b.n);
	CHECK(digest_sha256(b, sum) && !strcmp(hex(sum), want));
	for (size_t cut = 0; cut <= b.n; cut++) {
		CHECK(digest_restart(d) && digest_update(d, bytes_sub(b, 0, cut)));
		CHECK(digest_update(d, bytes_from(b, cut)) && digest_peek(d, sum));
		CHECK(!strcmp(hex(sum), want));
		memset(sum, 0, sizeof(sum));
		CHECK(digest_end(d, sum) && !strcmp(hex(sum), want));
		CHECK(!digest_update(d, B("a")) && !digest_end(d, sum) && !strcmp(hex(sum), want));
	}
	tap_end();
	digest_free(d);
	heap_free(b);
}

int main(void)
{
	uint8_t sum[SHA256_BYTES], again[SHA256_BYTES] = { 1 };
	struct digest *d;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_case(cases[i].text, cases[i].hex);

	tap_begin("a look in between changes nothing");
	d = digest_new();
	CHECK(digest_update(d, B("a")) && digest_peek(d, sum));
	CHECK(digest_sha256(B("a"), again) && !memcmp(sum, again, sizeof(sum)));
	CHECK(digest_update(d, B("bc")) && digest_peek(d, sum) && digest_peek(d, again));
	CHECK(!memcmp(sum, again, sizeof(sum)) && !strcmp(hex(sum), cases[1].hex));
	digest_free(d);
	tap_end();

	tap_begin("a copy goes its own way");
	d = digest_new();
	CHECK(digest_update(d, B("ab")));
	struct digest *copy = digest_copy(d);
	CHECK(copy && digest_update(copy, B("c")) && digest_peek(copy, sum) && !strcmp(hex(sum), cases[1].hex));
	CHECK(digest_update(d, B("c")) && digest_peek(d, sum) && !strcmp(hex(sum), cases[1].hex));
	digest_free(copy);
	mem_fail_after(0, false);
	CHECK(digest_copy(d) == NULL);
	mem_fail_after(-1, false);
	digest_free(d);
	tap_end();

	tap_begin("{ NULL, 0 } is the empty text");
	CHECK(digest_sha256((struct bytes){ NULL, 0 }, sum) && !strcmp(hex(sum), cases[0].hex));
	tap_end();

	tap_begin("no memory: NULL; freeing NULL does nothing");
	mem_fail_after(0, false);
	CHECK(digest_new() == NULL);
	mem_fail_after(-1, false);
	digest_free(NULL);
	tap_end();
	return tap_done();
}
