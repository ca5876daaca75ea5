/* columns.c - see columns.h. The tables are blocks, coarser than Unicode's own (UAX 11): a line
 * that is a column too short does no harm. */
#include "base/columns.h"

#include "base/idn.h"

struct range {
	uint32_t from, to;
};

static const struct range wide[] = {
	{ 0x1100, 0x115f },   { 0x231a, 0x231b },   { 0x2329, 0x232a },   { 0x23e9, 0x23f3 },   { 0x25fd, 0x25fe },
	{ 0x2600, 0x27bf },   { 0x2b1b, 0x2b1c },   { 0x2b50, 0x2b50 },   { 0x2b55, 0x2b55 },   { 0x2e80, 0x3029 },
	{ 0x302e, 0x303e },   { 0x3041, 0x3098 },   { 0x309b, 0xa4cf },   { 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff },   { 0xfe10, 0xfe19 },   { 0xfe30, 0xfe6f },   { 0xff01, 0xff60 },   { 0xffe0, 0xffe6 },
	{ 0x16fe0, 0x18dff }, { 0x1aff0, 0x1b2ff }, { 0x1f000, 0x1faff }, { 0x20000, 0x3fffd },
};

static const struct range marks[] = {
	{ 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x0610, 0x061a },   { 0x064b, 0x065f },
	{ 0x0e34, 0x0e3a }, { 0x0e47, 0x0e4e }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },   { 0x20d0, 0x20ff },
	{ 0x302a, 0x302d }, { 0x3099, 0x309a }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },   { 0xe0100, 0xe01ef },
};

static bool is_in(uint32_t c, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n && c >= ranges[i].from; i++)
		if (c <= ranges[i].to)
			return true;
	return false;
}

unsigned columns_of_char(uint32_t c)
{
	if (c < 0x300)
		return 1;
	return is_in(c, marks, ARRAY_LEN(marks)) ? 0 : is_in(c, wide, ARRAY_LEN(wide)) ? 2 : 1;
}

size_t columns_of(struct bytes text)
{
	size_t n = 0, len;

	for (size_t i = 0; i < text.n; i += len)
		n += columns_of_char(utf8_next(text, i, &len));
	return n;
}

struct bytes columns_head(struct bytes text, size_t n)
{
	size_t i = 0, len;

	for (size_t used = 0; i < text.n; i += len) {
		used += columns_of_char(utf8_next(text, i, &len));
		if (used > n)
			break;
	}
	return bytes_sub(text, 0, i);
}
