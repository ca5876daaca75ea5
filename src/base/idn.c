/* idn.c - see idn.h */
#include "base/idn.h"

#include <idn2.h>

uint32_t utf8_next(struct bytes b, size_t at, size_t *len)
{
	static const struct { uint8_t mask, lead; uint32_t least; } forms[] = {
		{ 0x80, 0x00, 0 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 }, { 0xf8, 0xf0, 0x10000 },
	};
	uint8_t c = b.p[at];

	*len = 1;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if ((c & forms[i].mask) != forms[i].lead)
			continue;
		if (b.n - at <= i)
			return 0xfffd;
		uint32_t v = c & (uint8_t)~forms[i].mask;
		for (size_t k = 1; k <= i; k++) {
			if ((b.p[at + k] & 0xc0) != 0x80)
				return 0xfffd;
			v = v << 6 | (b.p[at + k] & 0x3f);
		}
		if (v < forms[i].least || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
			return 0xfffd;
		*len = i + 1;
		return v;
	}
	return 0xfffd;
}

bool utf8_valid(struct bytes b, size_t *bad)
{
	size_t len;

	for (size_t i = 0; i < b.n; i += len) {
		if (utf8_next(b, i, &len) == 0xfffd && len == 1) {
			if (bad)
				*bad = i;
			return false;
		}
	}
	return true;
}

struct bytes utf8_clean(struct arena *a, struct bytes b)
{
	size_t n = 0, len;

	if (utf8_valid(b, NULL))
		return b;
	uint8_t *to = arena_array(a, uint8_t, b.n * 3 + 1);
	if (!to)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < b.n; i += len) {
		if (utf8_next(b, i, &len) == 0xfffd && len == 1) {
			memcpy(to + n, "\xef\xbf\xbd", 3);
			n += 3;
		} else {
			memcpy(to + n, b.p + i, len);
			n += len;
		}
	}
	return (struct bytes){ to, n };
}

static bool convert(struct arena *a, struct bytes name, bool to_ascii, struct bytes *out)
{
	char *text = arena_cstr(a, name), *made = NULL;

	if (!text || !utf8_valid(name, NULL))
		return false;
	int rc = to_ascii ? idn2_to_ascii_8z(text, &made, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL)
	                  : idn2_to_unicode_8z8z(text, &made, 0);
	if (rc != IDN2_OK)
		return false;
	struct bytes copy = arena_copy(a, bytes_of(made));
	idn2_free(made);
	if (!copy.p)
		return false;
	*out = copy;
	return true;
}

bool idn_to_ascii(struct arena *a, struct bytes name, struct bytes *out)
{
	return convert(a, name, true, out);
}

struct bytes idn_to_unicode(struct arena *a, struct bytes name)
{
	struct bytes shown = name;

	if (bytes_search(name, B("xn--")) == name.n || !convert(a, name, false, &shown))
		return name;
	return shown;
}
