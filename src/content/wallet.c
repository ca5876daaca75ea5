/* wallet.c - see wallet.h */
#include "content/wallet.h"

#include "base/ascii.h"
#include "content/keccak.h"
#include "crypto/digest.h"

#define WALLET_MIN 26u  /* characters */
#define WALLET_MAX 106u

/* --- Base58 --- */

static int base58_digit(uint8_t c)
{
	static const char digits[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* A number in base 58 as n bytes, most significant first; false: another digit, or it does not fit. */
static bool base58_number(struct bytes text, uint8_t *to, size_t n)
{
	memset(to, 0, n);
	for (size_t i = 0; i < text.n; i++) {
		int carry = base58_digit(text.p[i]);
		if (carry < 0)
			return false;
		for (size_t k = n; k > 0; k--) {
			carry += to[k - 1] * 58;
			to[k - 1] = (uint8_t)carry;
			carry >>= 8;
		}
		if (carry)
			return false;
	}
	return true;
}

/* A version, 20 bytes, and the start of the double SHA-256 of both. */
static enum wallet_kind base58_check(struct bytes text)
{
	static const struct { uint8_t version; char first; enum wallet_kind kind; } versions[] = {
		{ 0x00, '1', WALLET_BITCOIN },  { 0x05, '3', WALLET_BITCOIN }, { 0x30, 'L', WALLET_LITECOIN },
		{ 0x32, 'M', WALLET_LITECOIN }, { 0x1e, 'D', WALLET_DOGECOIN }, { 0x4c, 'X', WALLET_DASH },
		{ 0x41, 'T', WALLET_TRON },
	};
	uint8_t raw[25], once[SHA256_BYTES], twice[SHA256_BYTES];
	size_t ones = 0;

	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		if (text.p[0] != (uint8_t)versions[i].first)
			continue;
		if (!base58_number(text, raw, sizeof(raw)) || raw[0] != versions[i].version)
			return WALLET_NONE;
		while (ones < text.n && text.p[ones] == '1')
			ones++;
		for (size_t k = 0; k < sizeof(raw) && (k < ones || raw[k] == 0); k++)
			if (k >= ones || raw[k] != 0)
				return WALLET_NONE; /* each zero byte in front is one '1' */
		if (!digest_sha256((struct bytes){ raw, 21 }, once) || !digest_sha256((struct bytes){ once, sizeof(once) }, twice))
			return WALLET_NONE;
		return memcmp(twice, raw + 21, 4) == 0 ? versions[i].kind : WALLET_NONE;
	}
	return WALLET_NONE;
}

/* --- Monero: Base58 in blocks of 11 characters for 8 bytes, the last 7 for 5; a checksum by Keccak --- */

static enum wallet_kind monero(struct bytes text)
{
	uint8_t raw[80], sum[KECCAK256_BYTES];
	size_t n = 0;

	if ((text.n != 95 && text.n != 106) || (text.p[0] != '4' && text.p[0] != '8'))
		return WALLET_NONE;
	while (text.n) {
		struct bytes block = bytes_sub(text, 0, 11);
		size_t bytes = block.n == 11 ? 8 : 5;
		if (!base58_number(block, raw + n, bytes))
			return WALLET_NONE;
		n += bytes;
		text = bytes_from(text, block.n);
	}
	if (raw[0] != 18 && raw[0] != 19 && raw[0] != 42)
		return WALLET_NONE;
	keccak256((struct bytes){ raw, n - 4 }, sum);
	return memcmp(sum, raw + n - 4, 4) == 0 ? WALLET_MONERO : WALLET_NONE;
}

/* --- Bech32 and Bech32m (BIP 173, BIP 350) --- */

static uint32_t bech32_step(uint32_t sum, unsigned value)
{
	static const uint32_t generator[5] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (unsigned i = 0; i < 5; i++)
		sum ^= top >> i & 1 ? generator[i] : 0;
	return sum;
}

static bool one_case(struct bytes text)
{
	bool lower = false, upper = false;

	for (size_t i = 0; i < text.n; i++) {
		lower = lower || (text.p[i] >= 'a' && text.p[i] <= 'z');
		upper = upper || (text.p[i] >= 'A' && text.p[i] <= 'Z');
	}
	return !(lower && upper);
}

static bool bech32_sum(struct bytes prefix, struct bytes data)
{
	static const char digits[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	uint32_t sum = 1;
	bool taproot = ascii_lower(data.p[0]) != 'q'; /* witness version 0 has the old constant */

	for (size_t i = 0; i < prefix.n; i++)
		sum = bech32_step(sum, ascii_lower(prefix.p[i]) >> 5);
	sum = bech32_step(sum, 0);
	for (size_t i = 0; i < prefix.n; i++)
		sum = bech32_step(sum, ascii_lower(prefix.p[i]) & 31);
	for (size_t i = 0; i < data.n; i++) {
		const char *at = data.p[i] ? strchr(digits, ascii_lower(data.p[i])) : NULL;
		if (!at)
			return false;
		sum = bech32_step(sum, (unsigned)(at - digits));
	}
	return sum == (taproot ? 0x2bc830a3u : 1u);
}

static enum wallet_kind bech32(struct bytes text)
{
	static const struct { const char *prefix; enum wallet_kind kind; } prefixes[] = {
		{ "bc", WALLET_BITCOIN }, { "ltc", WALLET_LITECOIN },
	};

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		size_t n = strlen(prefixes[i].prefix);
		if (text.n < n + 12 || text.n > 90 || !bytes_istarts(text, prefixes[i].prefix) || text.p[n] != '1')
			continue;
		if (one_case(text) && bech32_sum(bytes_sub(text, 0, n), bytes_from(text, n + 1)))
			return prefixes[i].kind;
	}
	return WALLET_NONE;
}

/* --- Ethereum: 0x and 20 bytes; where letters of both cases are mixed, the case is a checksum --- */

static enum wallet_kind ethereum(struct bytes text)
{
	uint8_t lower[40], sum[KECCAK256_BYTES];

	if (text.n != 42 || !bytes_istarts(text, "0x"))
		return WALLET_NONE;
	text = bytes_from(text, 2);
	bool zero = true;
	for (size_t i = 0; i < text.n; i++) {
		if (ascii_hex(text.p[i]) < 0)
			return WALLET_NONE;
		zero = zero && text.p[i] == '0';
		lower[i] = ascii_lower(text.p[i]);
	}
	if (zero || one_case(text))
		return zero ? WALLET_NONE : WALLET_ETHEREUM;
	keccak256((struct bytes){ lower, sizeof(lower) }, sum);
	for (size_t i = 0; i < text.n; i++) {
		bool high = (sum[i / 2] >> (i % 2 ? 0 : 4) & 8) != 0;
		if (ascii_is_alpha(text.p[i]) && high != (text.p[i] < 'a'))
			return WALLET_NONE;
	}
	return WALLET_ETHEREUM;
}

enum wallet_kind wallet_kind_of(struct bytes text)
{
	static enum wallet_kind (*const forms[])(struct bytes) = { base58_check, bech32, ethereum, monero };
	enum wallet_kind kind = WALLET_NONE;

	if (text.n < WALLET_MIN || text.n > WALLET_MAX)
		return WALLET_NONE;
	for (size_t i = 0; i < ARRAY_LEN(forms) && !kind; i++)
		kind = forms[i](text);
	return kind;
}

bool wallet_next(struct bytes text, size_t *at, struct bytes *wallet, enum wallet_kind *kind)
{
	for (size_t i = *at; i < text.n;) {
		size_t end = i;
		while (end < text.n && ascii_is_alnum(text.p[end]))
			end++;
		struct bytes word = bytes_sub(text, i, end - i);
		enum wallet_kind found = wallet_kind_of(word);
		i = end + 1;
		if (found) {
			*wallet = word;
			*kind = found;
			*at = end;
			return true;
		}
	}
	*at = text.n;
	return false;
}
