/* fold.h - the product of two 64-bit numbers, its halves folded onto each other: one
 * instruction where the compiler has 128 bits, four multiplications elsewhere. For bytes_hash. */
#pragma once
#include <stdint.h>

static inline uint64_t fold_plain(uint64_t a, uint64_t b)
{
	uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
	uint64_t low = al * bl, cross = ah * bl + (low >> 32), more = al * bh + (uint32_t)cross;

	return (more << 32 | (uint32_t)low) ^ (ah * bh + (cross >> 32) + (more >> 32));
}

#ifdef __SIZEOF_INT128__
static inline uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}
#else
#define fold fold_plain
#endif
