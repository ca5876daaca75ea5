/* buf.c - see buf.h */
#include "base/buf.h"

#include "base/mem.h"

void buf_init(struct buf *b, size_t cap)
{
	*b = (struct buf){ .cap = cap };
}

void buf_free(struct buf *b)
{
	mem_free(b->p);
	*b = (struct buf){ .cap = b->cap };
}

static bool make_room(struct buf *b, size_t more)
{
	if (b->failed || more > b->cap || b->n > b->cap - more) {
		b->failed = true;
		return false;
	}
	if (b->size - b->n >= more)
		return true;
	size_t size = b->size ? b->size : 256;
	while (size < b->n + more)
		size = size > b->cap / 2 ? b->n + more : size * 2;
	uint8_t *p = mem_realloc(b->p, size);
	if (!p) {
		b->failed = true;
		return false;
	}
	b->p = p;
	b->size = size;
	return true;
}

void buf_add(struct buf *b, struct bytes text)
{
	if (text.n == 0 || !make_room(b, text.n))
		return;
	memcpy(b->p + b->n, text.p, text.n);
	b->n += text.n;
}

void buf_add_byte(struct buf *b, uint8_t c)
{
	buf_add(b, (struct bytes){ &c, 1 });
}

void buf_adds(struct buf *b, const char *text)
{
	buf_add(b, bytes_of(text));
}

void buf_addv(struct buf *b, const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	if (n >= 0 && make_room(b, (size_t)n + 1)) {
		vsnprintf((char *)b->p + b->n, (size_t)n + 1, format, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void buf_addf(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_addv(b, format, args);
	va_end(args);
}
