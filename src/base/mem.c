/* mem.c - see mem.h */
#include "base/mem.h"

#include <stdatomic.h>

static atomic_long countdown = -1; /* < 0: never fail */
static atomic_long made;
static atomic_bool stay_failed, arenas_too;

void mem_fail_after(long n, bool forever)
{
	atomic_store(&countdown, n);
	atomic_store(&stay_failed, forever);
	atomic_store(&made, 0);
	if (n < 0)
		atomic_store(&arenas_too, false);
}

void mem_fail_arenas(void)
{
	atomic_store(&arenas_too, true);
}

long mem_count(void)
{
	return atomic_load(&made);
}

static bool fails_now(void)
{
	long left = atomic_load_explicit(&countdown, memory_order_relaxed);

	if (left < 0)
		return false;
	atomic_fetch_add(&made, 1);
	if (left > 0) {
		atomic_store(&countdown, left - 1);
		return false;
	}
	if (!atomic_load(&stay_failed))
		atomic_store(&countdown, -1);
	return true;
}

bool mem_arena_fails_now(void)
{
	return atomic_load_explicit(&arenas_too, memory_order_relaxed) && fails_now();
}

void *mem_alloc(size_t size)
{
	assert(size > 0);
	return fails_now() ? NULL : malloc(size);
}

void *mem_calloc(size_t count, size_t size)
{
	assert(count > 0 && size > 0);
	return fails_now() ? NULL : calloc(count, size);
}

void *mem_realloc(void *p, size_t size)
{
	assert(size > 0);
	return fails_now() ? NULL : realloc(p, size);
}

void mem_free(void *p)
{
	free(p);
}
