/* mem.h - the one door to the heap.
 * Every allocation of the library goes through it, so that a test can let the
 * Nth one fail and walk each error path. */
#pragma once
#include "base/bytes.h"

/* NULL when out of memory; the caller looks. mem_calloc's memory is zeroed.
 * A size of 0 is a bug. */
MUST_USE void *mem_alloc(size_t size);
MUST_USE void *mem_calloc(size_t count, size_t size);
MUST_USE void *mem_realloc(void *p, size_t size);
void mem_free(void *p); /* NULL does nothing */

/* For tests: the allocation after `n` more successful ones fails, and, when
 * `forever`, all that follow. n < 0 switches it off. Not for use by threads. */
void mem_fail_after(long n, bool forever);
/* From now on (until mem_fail_after is called with n < 0) what is taken from an arena counts as an
 * allocation as well: mostly that needs no heap, but its error paths want to be walked, too. */
void mem_fail_arenas(void);
/* For arena.c: should this one fail? */
bool mem_arena_fails_now(void);
/* How many allocations have been made since the last mem_fail_after. */
long mem_count(void);
