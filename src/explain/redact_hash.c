/* redact_hash.c - see redact_hash.h */
#include "explain/redact_hash.h"

#include "base/ascii.h"
#include "crypto/digest.h"
#include "explain/redact_vocabulary.h"

enum { BLOCK = 64 }; /* bytes that SHA-256 takes at once */

static struct digest *half(const uint8_t key[BLOCK], uint8_t pad)
{
	uint8_t block[BLOCK];
	struct digest *d = digest_new();

	for (size_t i = 0; i < BLOCK; i++)
		block[i] = key[i] ^ pad;
	if (d && !digest_update(d, (struct bytes){ block, BLOCK })) {
		digest_free(d);
		d = NULL;
	}
	explicit_bzero(block, sizeof(block));
	return d;
}

bool redact_hash_begin(struct redact_hash *h, struct bytes key)
{
	uint8_t block[BLOCK] = { 0 };
	bool ok = true;

	if (key.n > BLOCK)
		ok = digest_sha256(key, block);
	else if (key.n)
		memcpy(block, key.p, key.n);
	*h = (struct redact_hash){ .inner = ok ? half(block, 0x36) : NULL, .outer = ok ? half(block, 0x5c) : NULL };
	explicit_bzero(block, sizeof(block));
	if (h->inner && h->outer)
		return true;
	redact_hash_end(h);
	return false;
}

void redact_hash_end(struct redact_hash *h)
{
	digest_free(h->inner);
	digest_free(h->outer);
	*h = (struct redact_hash){ .failed = true };
}

/* One run of SHA-256 that goes on from `half` over the pieces. */
static bool go_on(const struct digest *half_done, const struct bytes *pieces, size_t n, uint8_t out[SHA256_BYTES])
{
	struct digest *d = digest_copy(half_done);
	bool ok = d != NULL;

	for (size_t i = 0; i < n && ok; i++)
		ok = digest_update(d, pieces[i]);
	ok = ok && digest_peek(d, out);
	digest_free(d);
	return ok;
}

void redact_hash_fill(struct redact_hash *h, enum redact_kind kind, struct bytes text, uint8_t *to, size_t n)
{
	uint8_t sum[SHA256_BYTES] = { 0 };

	for (uint32_t block = 0; n > 0; block++) {
		uint8_t head[5] = { (uint8_t)kind, (uint8_t)(block >> 24), (uint8_t)(block >> 16), (uint8_t)(block >> 8),
			            (uint8_t)block };
		struct bytes pieces[2] = { { head, sizeof(head) }, text }, inner = { sum, sizeof(sum) };
		size_t take = n < sizeof(sum) ? n : sizeof(sum);
		if (h->failed || !go_on(h->inner, pieces, 2, sum) || !go_on(h->outer, &inner, 1, sum)) {
			h->failed = true;
			memset(sum, 0, sizeof(sum));
		}
		memcpy(to, sum, take);
		to += take;
		n -= take;
	}
}

/* --- words --- */

void redact_hash_word(struct redact_hash *h, enum redact_kind kind, struct bytes text, size_t n, char *to)
{
	static const char consonants[] = "bdfghjklmnprstvz", vowels[] = "aeio";
	uint8_t random[2 * REDACT_LETTERS_MAX];

	assert(n <= REDACT_LETTERS_MAX);
	redact_hash_fill(h, kind, text, random, sizeof(random));
	for (size_t try = 0; try <= REDACT_LETTERS_MAX; try++) {
		for (size_t i = 0; i < n; i++)
			to[i] = i % 2 ? vowels[random[try + i] % 4] : consonants[random[try + i] % 16];
		if (!redact_vocabulary((struct bytes){ (const uint8_t *)to, n }))
			return;
	}
}

/* --- tokens --- */

/* Is it hexadecimal, but for punctuation? */
static bool is_hex(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (ascii_is_alnum(text.p[i]) && ascii_hex(text.p[i]) < 0 && !(i == 1 && text.p[i] == 'x'))
			return false;
	return true;
}

/* How much of a token tells its kind: wallets begin so. */
static size_t telling(struct bytes text)
{
	static const char *const heads[] = { "0x", "bc1", "ltc1", "bnb1", "addr1" };

	if (text.n < 25)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		if (bytes_istarts(text, heads[i]))
			return strlen(heads[i]);
	return 1;
}

static uint8_t of_class(uint8_t c, uint8_t random, bool hex)
{
	static const char upper[] = "ACDEFGHJKLMNPQRSTUVWXYZ", lower[] = "acdefghjkmnpqrstuvwxyz", digits[] = "23456789";

	if (ascii_is_digit(c))
		return (uint8_t)digits[random % (sizeof(digits) - 1)];
	if (!ascii_is_alpha(c))
		return c;
	if (hex)
		return (uint8_t)((c & 0x20) | ('A' + random % 6));
	return (uint8_t)(c & 0x20 ? lower[random % (sizeof(lower) - 1)] : upper[random % (sizeof(upper) - 1)]);
}

void redact_hash_token(struct redact_hash *h, enum redact_kind kind, struct bytes text, uint8_t *to)
{
	bool hex = is_hex(text);
	size_t from = telling(text);
	uint8_t random[256];

	if (from)
		memcpy(to, text.p, from);
	for (size_t i = from; i < text.n; i += sizeof(random)) { /* piece by piece, each by its own bytes */
		struct bytes piece = bytes_sub(text, i, sizeof(random));
		redact_hash_fill(h, kind, piece, random, piece.n);
		for (size_t k = 0; k < piece.n; k++)
			to[i + k] = of_class(piece.p[k], random[k], hex);
	}
}

/* --- addresses of hosts --- */

/* Each bit is turned by a hash of the bits before it: equal beginnings stay equal. */
struct ip redact_hash_ip(struct redact_hash *h, struct ip ip)
{
	size_t bits = ip.family == 4 ? 32 : 128, keep = ip.family == 4 ? 16 : 32;
	struct ip out = ip;

	if (ip.family == 0 || ip_is_local(&ip))
		return ip;
	for (size_t i = keep; i < bits; i++) {
		uint8_t seen[18] = { ip.family, (uint8_t)i }, turn;
		memcpy(seen + 2, ip.b, i / 8);
		if (i % 8)
			seen[2 + i / 8] = (uint8_t)(ip.b[i / 8] & (0xff00 >> i % 8));
		redact_hash_fill(h, REDACT_HOST, (struct bytes){ seen, sizeof(seen) }, &turn, 1);
		out.b[i / 8] ^= (uint8_t)((turn & 1) << (7 - i % 8));
	}
	return out;
}
