/* wallet.h - addresses of virtual money in text: Bitcoin and what is like it (Base58Check; BIP 173
 * and 350), Ethereum (EIP-55), Monero. Checksums are checked, so that no other long word is taken for one. */
#pragma once
#include "base/bytes.h"

enum wallet_kind {
	WALLET_NONE, WALLET_BITCOIN, WALLET_LITECOIN, WALLET_DOGECOIN, WALLET_DASH, WALLET_TRON, WALLET_ETHEREUM,
	WALLET_MONERO
};

/* Is the whole text an address? */
enum wallet_kind wallet_kind_of(struct bytes text);

/* The next address at or after *at; *at moves behind it. Linear over all calls. */
bool wallet_next(struct bytes text, size_t *at, struct bytes *wallet, enum wallet_kind *kind);
