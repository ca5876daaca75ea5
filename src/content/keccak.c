/* keccak.c - see keccak.h. The permutation of FIPS 202 section 3, the sponge with a rate of 136 bytes. */
#include "content/keccak.h"

#define LANES 25u
#define RATE 136u
#define ROUNDS 24u

static uint64_t turned(uint64_t v, unsigned by)
{
	return by ? v << by | v >> (64 - by) : v;
}

/* The constants of iota come from a shift register of 8 bits. */
static uint64_t round_constant(uint8_t *state)
{
	uint64_t v = 0;

	for (unsigned j = 0; j < 7; j++) {
		if (*state & 1)
			v |= UINT64_C(1) << ((1u << j) - 1);
		*state = (uint8_t)(*state << 1 ^ (*state >> 7) * 0x71);
	}
	return v;
}

static void theta(uint64_t a[LANES])
{
	uint64_t c[5];

	for (unsigned x = 0; x < 5; x++)
		c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
	for (unsigned i = 0; i < LANES; i++)
		a[i] ^= c[(i + 4) % 5] ^ turned(c[(i + 1) % 5], 1);
}

static void rho_and_pi(uint64_t a[LANES])
{
	unsigned x = 1, y = 0;
	uint64_t carried = a[1];

	for (unsigned t = 0; t < 24; t++) {
		unsigned to_y = (2 * x + 3 * y) % 5;
		x = y;
		y = to_y;
		uint64_t next = a[x + 5 * y];
		a[x + 5 * y] = turned(carried, (t + 1) * (t + 2) / 2 % 64);
		carried = next;
	}
}

static void chi(uint64_t a[LANES])
{
	for (unsigned y = 0; y < LANES; y += 5) {
		uint64_t row[5];
		memcpy(row, a + y, sizeof(row));
		for (unsigned x = 0; x < 5; x++)
			a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
	}
}

static void permute(uint64_t a[LANES])
{
	uint8_t state = 1;

	for (unsigned i = 0; i < ROUNDS; i++) {
		theta(a);
		rho_and_pi(a);
		chi(a);
		a[0] ^= round_constant(&state);
	}
}

static void absorb(uint64_t a[LANES], size_t at, uint8_t byte)
{
	a[at / 8] ^= (uint64_t)byte << (at % 8 * 8);
}

void keccak256(struct bytes data, uint8_t out[KECCAK256_BYTES])
{
	uint64_t a[LANES] = { 0 };
	size_t at = 0;

	for (size_t i = 0; i < data.n; i++) {
		absorb(a, at++, data.p[i]);
		if (at == RATE) {
			permute(a);
			at = 0;
		}
	}
	absorb(a, at, 0x01); /* SHA-3 has 0x06 here */
	absorb(a, RATE - 1, 0x80);
	permute(a);
	for (size_t i = 0; i < KECCAK256_BYTES; i++)
		out[i] = (uint8_t)(a[i / 8] >> (i % 8 * 8));
}
