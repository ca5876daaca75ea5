/* dns_seed.h - a number that strangers cannot guess, for hash tables that hold
 * names of their choice. */
#pragma once
#include <sys/random.h>

#include "base/bytes.h"

/* Different in each run. Where the system has no randomness left to give (never, once it is up)
 * the address of a local and the clock have to do. */
static inline uint64_t dns_seed(void)
{
	uint64_t seed = 0;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != (ssize_t)sizeof(seed))
		seed = (uint64_t)(uintptr_t)&seed ^ ((uint64_t)time(NULL) << 20);
	return seed;
}
