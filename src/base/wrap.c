/* wrap.c - see wrap.h */
#include "base/wrap.h"

#include "base/columns.h"
#include "base/idn.h"

#define PARAGRAPH_MAX 16384u /* bytes of one paragraph; what is longer is cut and says so */
#define MARKS_MAX 4u         /* on one letter; written languages need three, heaps of them cover other lines */

/* Characters that change how others are shown, or cannot be seen: they have no
 * place in a line that somebody trusts (Unicode TR 36, section 2.7). */
static bool is_deceptive(uint32_t c)
{
	static const struct { uint32_t from, to; } ranges[] = {
		{ 0x00, 0x1f },     { 0x7f, 0x9f },     { 0xad, 0xad },     { 0x34f, 0x34f },   { 0x61c, 0x61c },
		{ 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
		{ 0x2060, 0x206f }, { 0x2800, 0x2800 }, { 0x3164, 0x3164 }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 },
		{ 0xfff9, 0xfffd }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe007f },
	};

	for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return false;
}

void wrap_safe(struct buf *out, struct bytes text)
{
	size_t len, marks = 0;

	for (size_t i = 0; i < text.n; i += len) {
		uint32_t c = utf8_next(text, i, &len);
		marks = columns_of_char(c) == 0 ? marks + 1 : 0;
		if (is_deceptive(c) || marks > MARKS_MAX)
			buf_add_byte(out, '?');
		else
			buf_add(out, bytes_sub(text, i, len));
	}
}

static void new_line(struct buf *out, size_t hang, size_t *at)
{
	buf_add_byte(out, '\n');
	for (size_t i = 0; i < hang; i++)
		buf_add_byte(out, ' ');
	*at = hang;
}

static void add_word(struct buf *out, size_t hang, struct bytes word, size_t *at, bool *fresh)
{
	if (!*fresh && *at + 1 + columns_of(word) > WRAP_COLUMNS) {
		new_line(out, hang, at);
		*fresh = true;
	}
	if (!*fresh) {
		buf_add_byte(out, ' ');
		(*at)++;
	}
	while (word.n) {
		struct bytes part = columns_head(word, WRAP_COLUMNS - *at);
		buf_add(out, part);
		*at += columns_of(part);
		word = bytes_from(word, part.n);
		if (word.n)
			new_line(out, hang, at);
	}
	*fresh = false;
}

void wrap_add(struct buf *out, const char *first, size_t hang, struct bytes text)
{
	assert(hang <= WRAP_HANG_MAX);
	struct buf safe;
	struct bytes rest, word;
	size_t at = columns_of(bytes_of(first));
	bool fresh = true;

	buf_init(&safe, PARAGRAPH_MAX * 2);
	wrap_safe(&safe, bytes_sub(text, 0, PARAGRAPH_MAX));
	if (text.n > PARAGRAPH_MAX)
		buf_adds(&safe, " [...]");
	out->failed |= safe.failed;
	buf_adds(out, first);
	for (rest = buf_bytes(&safe); bytes_cut(&rest, ' ', &word);)
		if (word.n)
			add_word(out, hang, word, &at, &fresh);
	buf_add_byte(out, '\n');
	buf_free(&safe);
}

void wrap_addf(struct buf *out, const char *first, size_t hang, const char *format, ...)
{
	struct buf text;
	va_list args;

	buf_init(&text, PARAGRAPH_MAX * 2);
	va_start(args, format);
	buf_addv(&text, format, args);
	va_end(args);
	out->failed |= text.failed;
	wrap_add(out, first, hang, buf_bytes(&text));
	buf_free(&text);
}
