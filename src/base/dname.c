/* dname.c - see dname.h */
#include "base/dname.h"

#include "base/ascii.h"
#include "base/idn.h"

static bool is_host_byte(uint8_t c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_';
}

static bool check_labels(struct bytes text, enum dname_rule rule, struct parse_err *err)
{
	size_t start = 0;

	for (size_t i = 0; i <= text.n; i++) {
		if (i < text.n && text.p[i] != '.') {
			uint8_t c = text.p[i];
			if (rule == DNAME_HOST ? !is_host_byte(c) : c == 0)
				return parse_fail_at(err, i, "a byte that no domain name has");
			continue;
		}
		if (i == start)
			return parse_fail_at(err, i, "an empty label in a domain name");
		if (i - start > DNAME_LABEL_MAX)
			return parse_fail_at(err, start, "a label of a domain name is over 63 bytes");
		if (rule == DNAME_HOST && (text.p[start] == '-' || text.p[i - 1] == '-'))
			return parse_fail_at(err, start, "a label of a domain name begins or ends with a hyphen");
		start = i + 1;
	}
	if (text.n > DNAME_TEXT_MAX)
		return parse_fail_at(err, DNAME_TEXT_MAX, "a domain name is over 253 bytes");
	return true;
}

static bool is_ascii(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] >= 0x80)
			return false;
	return true;
}

bool dname_parse(struct arena *a, struct bytes text, enum dname_rule rule, struct dname *out,
                 struct parse_err *err)
{
	struct bytes ascii = text;

	if (rule == DNAME_HOST && !is_ascii(text) && !idn_to_ascii(a, text, &ascii))
		return parse_fail_at(err, 0, "an international domain name that IDNA refuses");
	if (ascii.n > 1 && ascii.p[ascii.n - 1] == '.')
		ascii.n--;
	if (!check_labels(ascii, rule, err)) {
		if (err && ascii.p != text.p)
			err->at = 0; /* an offset in the A-labels is none in the text */
		return false;
	}
	struct bytes lower = arena_lower(a, ascii);
	if (!lower.p)
		return parse_fail_at(err, 0, "out of memory");
	*out = (struct dname){ lower };
	return true;
}

bool dname_write(struct bytes text, uint8_t *to, struct dname *out)
{
	if (text.n > 1 && text.p[text.n - 1] == '.')
		text.n--;
	if (!check_labels(text, DNAME_WIRE, NULL))
		return false;
	for (size_t i = 0; i < text.n; i++)
		to[i] = ascii_lower(text.p[i]);
	*out = (struct dname){ { to, text.n } };
	return true;
}

bool dname_prepend(struct arena *a, struct bytes prefix, struct dname name, struct dname *out)
{
	uint8_t joined[DNAME_TEXT_MAX + 1];
	size_t n = prefix.n + 1 + name.text.n;

	if (prefix.n > DNAME_TEXT_MAX || n > DNAME_TEXT_MAX || name.text.n == 0)
		return false;
	memcpy(joined, prefix.p, prefix.n);
	joined[prefix.n] = '.';
	memcpy(joined + prefix.n + 1, name.text.p, name.text.n);
	return dname_parse(a, (struct bytes){ joined, n }, DNAME_WIRE, out, NULL);
}

size_t dname_labels(struct dname d)
{
	size_t n = d.text.n > 0;

	for (size_t i = 0; i < d.text.n; i++)
		n += d.text.p[i] == '.';
	return n;
}

struct dname dname_last(struct dname d, size_t n)
{
	size_t have = dname_labels(d);

	while (have > n) {
		d = dname_parent(d);
		have--;
	}
	return d;
}

struct dname dname_parent(struct dname d)
{
	return (struct dname){ bytes_from(d.text, bytes_find(d.text, '.', 0) + 1) };
}

bool dname_within(struct dname d, struct dname top)
{
	if (dname_is_none(top) || d.text.n < top.text.n)
		return false;
	struct bytes tail = bytes_from(d.text, d.text.n - top.text.n);
	return bytes_same(tail, top.text) &&
	       (d.text.n == top.text.n || d.text.p[d.text.n - top.text.n - 1] == '.');
}
