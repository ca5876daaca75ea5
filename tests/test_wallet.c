/* Addresses of virtual money: all made of the bytes 1, 2, 3, ... so that they belong to nobody. */
#include "base/ascii.h"
#include "content/keccak.h"
#include "content/wallet.h"
#include "tap.h"

#define BTC "16L5yRNPTuciSgXGHqYwn9N6NeoKqopAu"
#define XMR "41d8krkiLid4Xe7L4ZMgTB8ZPDCDZMnobCb8K4NZMuA1GcsQvXZN1WRLecWngZN7rqQgMceqZNEDFUi6iWzZNLZfNQrQkbz"

static const struct { const char *what, *text; enum wallet_kind kind; } cases[] = {
	{ "pay to a key", BTC, WALLET_BITCOIN },
	{ "pay to a script", "31nM1WuowNDzocNxPPW9NQWJEtwWpjfcLj", WALLET_BITCOIN },
	{ "many zeros", "1111111111111111111114oLvT2", WALLET_BITCOIN },
	{ "witness version 0, 20 bytes", "bc1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5fcj4z3", WALLET_BITCOIN },
	{ "witness version 0 in capitals", "BC1QQYPQXPQ9QCRSSZG2PVXQ6RS0ZQG3YYC5FCJ4Z3", WALLET_BITCOIN },
	{ "witness version 0, 32 bytes", "bc1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7rusqyp0mu0", WALLET_BITCOIN },
	{ "witness version 1", "bc1pqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7rusqwk0jyn", WALLET_BITCOIN },
	{ "Litecoin", "LKKHMBjCU89fyFNgSRprDoD8Jb25N8uWvd", WALLET_LITECOIN },
	{ "Litecoin, a script", "M7zVKQKmtV5Rc7erVGVVC3khZbXxsS5HEX", WALLET_LITECOIN },
	{ "Litecoin, witness", "ltc1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5dyg36p", WALLET_LITECOIN },
	{ "Dogecoin", "D5ERdEN1gsouFSs7zsq7VYJxyWP6dP28H1", WALLET_DOGECOIN },
	{ "Dash", "XanAvE5GMB8CsPH78B9moJq9viEVKvCS4f", WALLET_DASH },
	{ "Tron", "TA4Y62o6YC2Zsck9rZVGTvqW1AQ7X9zTnj", WALLET_TRON },
	{ "Ethereum in small letters", "0xab02030405060708090a0b0c0d0e0f10111213ef", WALLET_ETHEREUM },
	{ "Ethereum with a checksum", "0xAb02030405060708090A0b0C0d0e0f10111213Ef", WALLET_ETHEREUM },
	{ "Monero", XMR, WALLET_MONERO },
	{ "Monero, a sub-address",
	  "82TH6EQYw934Xe7L4ZMgTB8ZPDCDZMnobCb8K4NZMuA1GcsQvXZN1WRLecWngZN7rqQgMceqZNEDFUi6iWzZNLZfNQzeS24", WALLET_MONERO },
	{ "Monero with a payment's number",
	  "4BKomfaCwz94Xe7L4ZMgTB8ZPDCDZMnobCb8K4NZMuA1GcsQvXZN1WRLecWngZN7rqQgMceqZNEDFUi6iWzZNLZfYcY8dZmDvZm17QwdtL",
	  WALLET_MONERO },

	{ "one letter changed", "16L5yRNPTuciSgXGHqYwn9N6NeoKqopAv", WALLET_NONE },
	{ "two letters swapped", "16L5yRNPTuciSgXGHqYwn9N6NeoKqoAp" "u", WALLET_NONE },
	{ "one zero too many", "1" BTC, WALLET_NONE },
	{ "a letter that is not in the alphabet", "16L5yRNPTuciSgXGHqYwn9N6NeoKqop0u", WALLET_NONE },
	{ "another kind's first letter", "36L5yRNPTuciSgXGHqYwn9N6NeoKqopAu", WALLET_NONE },
	{ "witness, one letter changed", "bc1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5fcj4z4", WALLET_NONE },
	{ "witness in both cases", "bc1QQypqxpq9qcrsszg2pvxq6rs0zqg3yyc5fcj4z3", WALLET_NONE },
	{ "witness version 1 with the old constant", "bc1pqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7rusqm2l7p3",
	  WALLET_NONE },
	{ "Ethereum, wrong case", "0xaB02030405060708090A0b0C0d0e0f10111213Ef", WALLET_NONE },
	{ "Ethereum, nobody", "0x0000000000000000000000000000000000000000", WALLET_NONE },
	{ "Ethereum, a letter too many", "0xab02030405060708090a0b0c0d0e0f10111213eff", WALLET_NONE },
	{ "Monero, one letter changed",
	  "41d8krkiLid4Xe7L4ZMgTB8ZPDCDZMnobCb8K4NZMuA1GcsQvXZN1WRLecWngZN7rqQgMceqZNEDFUi6iWzZNLZfNQrQkbx", WALLET_NONE },
	{ "Monero, a block too large",
	  "4zzzzzzzzzzzXe7L4ZMgTB8ZPDCDZMnobCb8K4NZMuA1GcsQvXZN1WRLecWngZN7rqQgMceqZNEDFUi6iWzZNLZfNQrQkbz", WALLET_NONE },
	{ "a digest", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", WALLET_NONE },
	{ "ones", "1111111111111111111111111111111111", WALLET_NONE },
	{ "a long word", "Donaudampfschifffahrtsgesellschaft", WALLET_NONE },
	{ "nothing", "", WALLET_NONE },
};

static void check_keccak(size_t n, const char *want)
{
	uint8_t data[200], sum[KECCAK256_BYTES];
	char hex[2 * KECCAK256_BYTES + 1];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)i;
	keccak256((struct bytes){ data, n }, sum);
	for (size_t i = 0; i < sizeof(sum); i++)
		snprintf(hex + 2 * i, 3, "%02x", sum[i]);
	CHECK_MSG(strcmp(hex, want) == 0, "%zu bytes: %s", n, hex);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = heap_copy(cases[i].text);
		tap_begin("%s", cases[i].what);
		CHECK_MSG(wallet_kind_of(text) == cases[i].kind, "kind %d", wallet_kind_of(text));
		tap_end();
		heap_free(text);
	}

	tap_begin("Keccak-256, shorter and longer than one block");
	check_keccak(0, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
	check_keccak(200, "bfb0aa97863e797943cf7c33bb7e880bb4543f3d2703c0923c6901c2af57b890");
	tap_end();

	tap_begin("in a text");
	struct bytes text = heap_copy("Pay to: " BTC ", or bitcoin:" BTC "?amount=1 or <" XMR "> not x" BTC "x"), found;
	enum wallet_kind kind;
	size_t at = 0;
	CHECK(wallet_next(text, &at, &found, &kind) && bytes_eq(found, BTC) && kind == WALLET_BITCOIN);
	CHECK(wallet_next(text, &at, &found, &kind) && bytes_eq(found, BTC));
	CHECK(wallet_next(text, &at, &found, &kind) && bytes_eq(found, XMR) && kind == WALLET_MONERO);
	CHECK(!wallet_next(text, &at, &found, &kind) && at == text.n);
	heap_free(text);
	tap_end();
	return tap_done();
}
