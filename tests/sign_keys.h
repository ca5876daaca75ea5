/* sign_keys.h - for tests that sign: the private keys of tests/vectors/keys and
 * the TXT records of their public halves. Header only. */
#pragma once
#include "base/base64.h"
#include "crypto/pubkey.h"
#include "tap.h"

enum test_key { KEY_RSA1024, KEY_RSA2048, KEY_ED25519, TEST_KEYS };

struct test_keys {
	struct privkey *key[TEST_KEYS];
	struct bytes record[TEST_KEYS]; /* in the arena */
};

static inline void test_keys_load(struct test_keys *keys, struct arena *a)
{
	static const char *const files[] = { "rsa1024.pem", "rsa2048.pem", "ed25519.pem" };
	uint8_t pub[PUBKEY_DER_MAX];
	const char *why = NULL;
	size_t n = 0;
	char path[64];

	for (size_t i = 0; i < TEST_KEYS; i++) {
		snprintf(path, sizeof(path), "vectors/keys/%s", files[i]);
		struct bytes text = read_file(test_path(path));
		keys->key[i] = privkey_new(text, &why);
		heap_free(text);
		if (!keys->key[i] || !privkey_public(keys->key[i], pub, &n)) {
			printf("Bail out! cannot read %s: %s\n", path, why);
			exit(1);
		}
		struct bytes p = base64_encode(a, (struct bytes){ pub, n });
		keys->record[i] = arena_printf(a, "v=DKIM1; k=%s; p=%.*s",
		                               i == KEY_ED25519 ? "ed25519" : "rsa", BYTES_ARG(p));
	}
}

static inline void test_keys_free(struct test_keys *keys)
{
	for (size_t i = 0; i < TEST_KEYS; i++)
		privkey_free(keys->key[i]);
}
