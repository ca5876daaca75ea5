#include "crypto/hmac.h"

#include "tap.h"

/* RFC 2202 section 3: cases 1, 2 and 6, and the empty key and text */
static const struct {
	const char *name, *key, *text, *hex;
	uint8_t fill; /* not 0: the key is so many of this byte instead */
	size_t times;
} cases[] = {
	{ "a key of 20 bytes", "", "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00", 0x0b, 20 },
	{ "a short key", "Jefe", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
	{ "a key longer than a block", "", "Test Using Larger Than Block-Size Key - Hash Key First",
	  "aa4ae5e15272d00e95705637ce8a3b55ed402112", 0xaa, 80 },
	{ "no key, no text", "", "", "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d" },
};

static const char *hex(const uint8_t sum[HMAC_SHA1_BYTES])
{
	static char text[2 * HMAC_SHA1_BYTES + 1];

	for (size_t i = 0; i < HMAC_SHA1_BYTES; i++)
		snprintf(text + 2 * i, 3, "%02x", sum[i]);
	return text;
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t sum[HMAC_SHA1_BYTES], filled[80];
		struct bytes text = heap_copy(cases[i].text);
		memset(filled, cases[i].fill, sizeof(filled));
		struct bytes made = { filled, cases[i].times };
		struct bytes key = cases[i].times ? heap_bytes(made) : heap_copy(cases[i].key);

		tap_begin("%s: in every pair of pieces", cases[i].name);
		for (size_t cut = 0; cut <= text.n; cut++) {
			struct bytes pieces[] = { bytes_sub(text, 0, cut), bytes_from(text, cut) };
			CHECK(hmac_sha1(key, pieces, 2, sum));
			CHECK_BYTES(bytes_of(hex(sum)), cases[i].hex);
		}
		tap_end();
		heap_free(key);
		heap_free(text);
	}
	return tap_done();
}
