/* arena.h - memory that lives as long as one message and is freed at once.
 * A function that takes an arena returns memory of it; one that does not,
 * borrows. An arena has a cap; reaching it is the same as running out of
 * memory: NULL, and arena_failed() stays true until the arena is reset. */
#pragma once
#include "base/bytes.h"

struct arena;

/* NULL when out of memory. `cap` is in bytes, over all chunks. */
MUST_USE struct arena *arena_new(size_t cap);
void arena_free(struct arena *a); /* NULL does nothing */
/* Forgets everything that was allocated; keeps the first chunk for reuse. */
void arena_reset(struct arena *a);
bool arena_failed(const struct arena *a);
/* Marks it as failed: memory that belongs to the same message but lives elsewhere has ended. */
void arena_fail(struct arena *a);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

/* Zeroed memory, aligned for any type. NULL: the cap or the heap's end. */
MUST_USE void *arena_alloc(struct arena *a, size_t size);
#define arena_one(a, type) ((type *)arena_alloc((a), sizeof(type)))
/* A zeroed array; a product that overflows is NULL. count 0 gives a valid pointer. */
MUST_USE void *arena_array_of(struct arena *a, size_t count, size_t size);
#define arena_array(a, type, count) ((type *)arena_array_of((a), (count), sizeof(type)))

/* A copy; { NULL, 0 } when out of memory (then arena_failed is true). The copy
 * of an empty slice is empty with p not NULL. A NUL stands behind it, uncounted. */
struct bytes arena_copy(struct arena *a, struct bytes b);
struct bytes arena_join(struct arena *a, struct bytes x, struct bytes y);
struct bytes arena_lower(struct arena *a, struct bytes b); /* a copy in ASCII lower case */
struct bytes arena_printf(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);
/* A NUL-terminated copy for libraries that want one; NULL when out of memory
 * or when b holds a NUL (an identity never ends at a NUL). */
MUST_USE char *arena_cstr(struct arena *a, struct bytes b);

/* A growing array in an arena: pushes *item (size bytes) to the end of the
 * array at *items with *n used and *cap allocated. Old copies stay in the
 * arena. Returns the new element, or NULL. */
MUST_USE void *arena_push(struct arena *a, void *items, size_t *n, size_t *cap, const void *item,
                          size_t size);
#define ARENA_PUSH(a, items, n, cap, item) \
	((__typeof__(items))arena_push((a), &(items), &(n), &(cap), (item), sizeof(*(items))))
