/* bytes.h - a slice of bytes: what every parser reads.
 * A slice borrows; it never owns. It may hold NULs and need not end in one. */
#pragma once
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

struct bytes {
	const uint8_t *p;
	size_t n;
};

/* A slice of a string literal, without its NUL. */
#define B(lit) ((struct bytes){ (const uint8_t *)("" lit ""), sizeof(lit) - 1 })

/* For printf: printf("%.*s", BYTES_ARG(b)). */
#define BYTES_ARG(b) (int)(b).n, (const char *)((b).p ? (b).p : (const uint8_t *)"")

/* A slice of a NUL-terminated string (argv, configuration); NULL gives { NULL, 0 }. */
struct bytes bytes_of(const char *text);

/* The part of b from `at` on, at most n bytes; both are clamped to b. */
static inline struct bytes bytes_sub(struct bytes b, size_t at, size_t n)
{
	if (at > b.n)
		at = b.n;
	if (n > b.n - at)
		n = b.n - at;
	return (struct bytes){ at ? b.p + at : b.p, n }; /* p may be NULL where there is nothing */
}
static inline struct bytes bytes_from(struct bytes b, size_t at)
{
	return bytes_sub(b, at, SIZE_MAX);
}

static inline bool bytes_same(struct bytes a, struct bytes b) /* byte for byte */
{
	return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}
bool bytes_isame(struct bytes a, struct bytes b);  /* ignoring the case of ASCII letters */
bool bytes_eq(struct bytes a, const char *text);
bool bytes_ieq(struct bytes a, const char *text);
bool bytes_istarts(struct bytes a, const char *prefix);
bool bytes_iends(struct bytes a, const char *suffix);
int bytes_compare(struct bytes a, struct bytes b); /* as memcmp, the shorter first */

/* Offset of the first `c` at or after `from`; b.n when there is none. */
size_t bytes_find(struct bytes b, uint8_t c, size_t from);
/* Offset of the first occurrence of `needle`; b.n when there is none. */
size_t bytes_search(struct bytes b, struct bytes needle);
bool bytes_has(struct bytes b, uint8_t c);

/* Takes the piece before the next `sep` off the front of *rest. The separator
 * is dropped. False once *rest is empty, so a final separator opens no piece. */
bool bytes_cut(struct bytes *rest, uint8_t sep, struct bytes *piece);

/* Without SP, TAB, CR and LF at both ends, or at one. */
struct bytes bytes_trim(struct bytes b);
struct bytes bytes_trim_left(struct bytes b);
struct bytes bytes_trim_right(struct bytes b);

/* The whole of b as an unsigned decimal number: 1 to 20 digits and nothing
 * else, no overflow. False leaves *out untouched. */
MUST_USE bool bytes_to_u64(struct bytes b, uint64_t *out);

/* A 64-bit hash for tables: good in all its bits, of no fixed value (it differs between machines).
 * `seed` keeps a stranger from choosing names that collide. Not for security. */
uint64_t bytes_hash(struct bytes b, uint64_t seed);
