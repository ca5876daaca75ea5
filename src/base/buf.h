/* buf.h - a growing text on the heap, with a cap: output on its way to a
 * person, a header field being written. Failure (memory, cap) is remembered,
 * so that a caller may write on and look once at the end. */
#pragma once
#include <stdarg.h>

#include "base/bytes.h"

struct buf {
	uint8_t *p;
	size_t n, size, cap;
	bool failed;
};

void buf_init(struct buf *b, size_t cap); /* cap in bytes */
void buf_free(struct buf *b);
void buf_add(struct buf *b, struct bytes text);
void buf_add_byte(struct buf *b, uint8_t c);
void buf_adds(struct buf *b, const char *text);
void buf_addf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_addv(struct buf *b, const char *format, va_list args) PRINTF_LIKE(2, 0);
/* What was written; borrowed until the next call. */
static inline struct bytes buf_bytes(const struct buf *b)
{
	return (struct bytes){ b->p, b->n };
}
