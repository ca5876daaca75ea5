/* dkim_write.c - see dkim_write.h */
#include "dkim/dkim_write.h"

#define FOLD "\r\n "
#define B_FIRST 8u /* characters of b= that must fit a line, for it to begin there */

void dkim_write_begin(struct dkim_writer *x, struct buf *to, const char *field)
{
	*x = (struct dkim_writer){
		.to = to,
		.columns = DKIM_WRITE_COLUMNS,
		.column = strlen(field) + 1,
	};
	buf_adds(to, field);
	buf_adds(to, ":");
}

static void fold(struct dkim_writer *x)
{
	buf_adds(x->to, FOLD);
	x->column = 1;
}

static void put(struct dkim_writer *x, struct bytes text)
{
	buf_add(x->to, text);
	x->column += text.n;
}

/* Ends the tag before, and writes "name=" where `length` columns behind it fit the line too. */
static void begin_tag(struct dkim_writer *x, const char *name, size_t length)
{
	size_t need = strlen(name) + 1 + length + 1; /* "=" and the ";" behind it */

	if (x->tags)
		put(x, B(";"));
	x->tags = true;
	if (x->column + 1 + need > x->columns)
		fold(x);
	else
		put(x, B(" "));
	put(x, bytes_of(name));
	put(x, B("="));
}

void dkim_write_tag(struct dkim_writer *x, const char *name, struct bytes value)
{
	begin_tag(x, name, value.n);
	put(x, value);
}

void dkim_write_number(struct dkim_writer *x, const char *name, uint64_t value)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%llu", (unsigned long long)value);

	dkim_write_tag(x, name, (struct bytes){ (const uint8_t *)text, (size_t)n });
}

void dkim_write_algorithm(struct dkim_writer *x, enum crypto_type key)
{
	dkim_write_tag(x, "a", key == CRYPTO_RSA ? B("rsa-sha256") : B("ed25519-sha256"));
}

void dkim_write_list(struct dkim_writer *x, const char *name, const struct bytes *items, size_t n)
{
	size_t length = n ? n - 1 : 0;

	for (size_t i = 0; i < n; i++)
		length += items[i].n;
	begin_tag(x, name, length);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && x->column + items[i].n + 1 > x->columns)
			fold(x);
		put(x, items[i]);
		if (i + 1 < n)
			put(x, B(":"));
	}
}

void dkim_write_b(struct dkim_writer *x, struct bytes base64)
{
	begin_tag(x, "b", B_FIRST);
	x->b_at = x->to->n;
	while (base64.n) {
		size_t room = x->column < x->columns - 1 ? x->columns - 1 - x->column : 0;
		if (room == 0) {
			fold(x);
			continue;
		}
		put(x, bytes_sub(base64, 0, room));
		base64 = bytes_from(base64, room);
	}
	x->b_n = x->to->n - x->b_at;
}

void dkim_write_end(struct dkim_writer *x)
{
	buf_adds(x->to, "\r\n");
}

struct field dkim_write_field(struct bytes text)
{
	size_t colon = bytes_find(text, ':', 0);

	return (struct field){
		.raw = text,
		.name = bytes_sub(text, 0, colon),
		.value = bytes_sub(text, colon + 1, text.n - colon - 1 - strlen("\r\n")),
	};
}
