/* redact_wallet.c - see redact_wallet.h */
#include "explain/redact_wallet.h"

#include "content/wallet.h"
#include "crypto/digest.h"

enum { HASH = 20, WITH_KIND = HASH + 1, WHOLE = WITH_KIND + 4, WORD_MIN = 25, WORD_MAX = 110 };

/* Digits of base 58, the highest first; a zero byte in front is a "1". */
static void write_base58(const uint8_t data[WHOLE], struct buf *out)
{
	static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
	uint8_t number[WHOLE];
	char digits[2 * WHOLE];
	size_t n = 0;

	memcpy(number, data, WHOLE);
	for (bool more = true; more;) {
		unsigned rest = 0;
		more = false;
		for (size_t i = 0; i < WHOLE; i++) { /* one division by 58 */
			rest = rest << 8 | number[i];
			number[i] = (uint8_t)(rest / 58);
			rest %= 58;
			more = more || number[i];
		}
		digits[n++] = alphabet[rest];
	}
	for (size_t i = 0; i < WHOLE && data[i] == 0; i++)
		digits[n++] = '1';
	while (n > 0)
		buf_add_byte(out, (uint8_t)digits[--n]);
}

/* Of Bitcoin, whatever it was of: Base58Check of a hash that no key is known for. */
static bool write_bitcoin(struct redact *r, struct bytes word, struct buf *out)
{
	uint8_t data[WHOLE] = { 0 }, once[SHA256_BYTES], twice[SHA256_BYTES];

	redact_hash_fill(&r->hash, REDACT_TOKEN, word, data + 1, HASH);
	if (!digest_sha256((struct bytes){ data, WITH_KIND }, once) ||
	    !digest_sha256((struct bytes){ once, sizeof(once) }, twice)) {
		r->hash.failed = true;
		return true;
	}
	memcpy(data + WITH_KIND, twice, WHOLE - WITH_KIND);
	write_base58(data, out);
	return true;
}

/* In small letters an address of Ethereum has no sum (EIP-55). */
static bool write_ethereum(struct redact *r, struct bytes word, struct buf *out)
{
	uint8_t hash[HASH];

	redact_hash_fill(&r->hash, REDACT_TOKEN, arena_lower(r->work.arena, word), hash, sizeof(hash));
	buf_adds(out, "0x");
	for (size_t i = 0; i < sizeof(hash); i++)
		buf_addf(out, "%02x", hash[i]);
	return true;
}

bool redact_wallet(struct redact *r, struct bytes word, struct buf *out)
{
	enum wallet_kind kind = word.n < WORD_MIN || word.n > WORD_MAX ? WALLET_NONE : wallet_kind_of(word);

	if (kind == WALLET_NONE)
		return false;
	return kind == WALLET_ETHEREUM ? write_ethereum(r, word, out) : write_bitcoin(r, word, out);
}
