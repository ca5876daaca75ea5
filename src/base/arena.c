/* arena.c - see arena.h */
#include "base/arena.h"

#include <stdarg.h>

#include "base/ascii.h"
#include "base/mem.h"

#define ALIGN 16u
#define FIRST_CHUNK 16384u  /* most messages fit: one allocation a message */
#define LARGEST_CHUNK 262144u

struct chunk {
	struct chunk *next; /* older */
	size_t size, used;  /* of data */
	_Alignas(ALIGN) uint8_t data[];
};

struct arena {
	struct chunk *newest;
	size_t cap, held, used;
	bool failed;
};

struct arena *arena_new(size_t cap)
{
	struct arena *a = mem_calloc(1, sizeof(*a));

	if (a)
		a->cap = cap;
	return a;
}

static void free_chunks(struct chunk *c)
{
	while (c) {
		struct chunk *older = c->next;
		mem_free(c);
		c = older;
	}
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	free_chunks(a->newest);
	mem_free(a);
}

void arena_reset(struct arena *a)
{
	struct chunk *c = a->newest;

	while (c && c->next) {
		struct chunk *older = c->next;
		mem_free(c);
		c = older;
	}
	if (c) {
		memset(c->data, 0, c->used);
		c->used = 0;
	}
	a->newest = c;
	a->held = c ? c->size : 0;
	a->used = 0;
	a->failed = false;
}

bool arena_failed(const struct arena *a)
{
	return a->failed;
}

void arena_fail(struct arena *a)
{
	a->failed = true;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}

static struct chunk *add_chunk(struct arena *a, size_t need)
{
	size_t size = a->newest ? a->newest->size * 2 : FIRST_CHUNK;

	if (size > LARGEST_CHUNK)
		size = LARGEST_CHUNK;
	if (size < need)
		size = need;
	if (a->held > a->cap || size > a->cap - a->held)
		size = need; /* what is left may still do */
	if (a->held > a->cap || size > a->cap - a->held)
		return NULL;
	struct chunk *c = mem_calloc(1, sizeof(*c) + size);
	if (!c)
		return NULL;
	c->size = size;
	c->next = a->newest;
	a->newest = c;
	a->held += size;
	return c;
}

void *arena_alloc(struct arena *a, size_t size)
{
	if (size > SIZE_MAX - ALIGN || mem_arena_fails_now())
		goto fail;
	size_t need = size ? (size + ALIGN - 1) & ~(size_t)(ALIGN - 1) : ALIGN;
	struct chunk *c = a->newest;
	if (!c || c->size - c->used < need)
		c = add_chunk(a, need);
	if (!c)
		goto fail;
	void *p = c->data + c->used;
	c->used += need;
	a->used += need;
	return p;
fail:
	a->failed = true;
	return NULL;
}

void *arena_array_of(struct arena *a, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size) {
		a->failed = true;
		return NULL;
	}
	return arena_alloc(a, count * size);
}

struct bytes arena_join(struct arena *a, struct bytes x, struct bytes y)
{
	uint8_t *p = x.n > SIZE_MAX - y.n - 1 ? NULL : arena_alloc(a, x.n + y.n + 1);

	if (!p)
		return (struct bytes){ NULL, 0 };
	if (x.n)
		memcpy(p, x.p, x.n);
	if (y.n)
		memcpy(p + x.n, y.p, y.n);
	return (struct bytes){ p, x.n + y.n };
}

struct bytes arena_copy(struct arena *a, struct bytes b)
{
	return arena_join(a, b, (struct bytes){ NULL, 0 });
}

struct bytes arena_lower(struct arena *a, struct bytes b)
{
	uint8_t *p = arena_alloc(a, b.n + 1);

	if (!p)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < b.n; i++)
		p[i] = ascii_lower(b.p[i]);
	return (struct bytes){ p, b.n };
}

struct bytes arena_printf(struct arena *a, const char *format, ...)
{
	va_list args, again;

	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	char *p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
	if (p)
		vsnprintf(p, (size_t)n + 1, format, again);
	va_end(again);
	return (struct bytes){ (uint8_t *)p, p ? (size_t)n : 0 };
}

char *arena_cstr(struct arena *a, struct bytes b)
{
	if (bytes_has(b, 0))
		return NULL;
	return (char *)(uintptr_t)arena_copy(a, b).p;
}

void *arena_push(struct arena *a, void *items, size_t *n, size_t *cap, const void *item, size_t size)
{
	void *base;

	memcpy(&base, items, sizeof(base)); /* items points at a pointer of any type */
	if (*n == *cap) {
		size_t more = *cap ? *cap * 2 : 8;
		void *grown = more < *cap ? NULL : arena_array_of(a, more, size);
		if (!grown)
			return NULL;
		if (*n)
			memcpy(grown, base, *n * size);
		memcpy(items, &grown, sizeof(grown));
		*cap = more;
		base = grown;
	}
	uint8_t *slot = (uint8_t *)base + *n * size;
	memcpy(slot, item, size);
	(*n)++;
	return slot;
}
