/* lanes.h - sixteen bytes looked at together: comparisons give 0xff where they hold. The compiler
 * makes of it what the machine has (SSE2, NEON), or plain words. */
#pragma once
#include "base/bytes.h"

#define LANES 16u

typedef uint8_t lanes __attribute__((vector_size(LANES)));

static inline lanes lanes_load(const uint8_t *p)
{
	lanes v;

	memcpy(&v, p, LANES);
	return v;
}

/* Bit i says whether lane i holds: each lane is 0 or 0xff. */
static inline unsigned lanes_mask(lanes held)
{
#ifdef __SSE2__
	typedef char sse __attribute__((vector_size(LANES)));
	return (unsigned)__builtin_ia32_pmovmskb128((sse)held);
#else
	static const lanes bit = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128 };
	const uint64_t sum = UINT64_C(0x0101010101010101); /* of eight bytes, in the highest */
	uint64_t halves[2];
	held &= bit;
	memcpy(halves, &held, LANES);
	return (unsigned)(halves[0] * sum >> 56 | (halves[1] * sum >> 56) << 8);
#endif
}

