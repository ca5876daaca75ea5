/* keccak.h - Keccak-256 as it was before it became SHA-3 (other padding): the checksum of
 * Ethereum's and Monero's addresses, which OpenSSL 3.0 does not have. Not for secrets. */
#pragma once
#include "base/bytes.h"

#define KECCAK256_BYTES 32u

void keccak256(struct bytes data, uint8_t out[KECCAK256_BYTES]);
