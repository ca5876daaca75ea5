/* dkim_tags.c - see dkim_tags.h */
#include "dkim/dkim_tags.h"

#include "base/ascii.h"
#include "base/idn.h"
#include "base/scan.h"

static bool is_name(struct bytes b)
{
	if (b.n == 0 || !ascii_is_alpha(b.p[0]))
		return false;
	for (size_t i = 1; i < b.n; i++)
		if (!ascii_is_alnum(b.p[i]) && b.p[i] != '_')
			return false;
	return true;
}

/* Does a line end at b[at] belong to a fold: is white space behind it? Stored mail has LF alone. */
static bool is_fold(struct bytes b, size_t at)
{
	if (b.p[at] == '\r' && (++at == b.n || b.p[at] != '\n'))
		return false;
	return at + 1 < b.n && ascii_is_wsp(b.p[at + 1]);
}

/* Checks the bytes of the whole list once, so that the rest of the parser may trim as it likes. */
static bool check_bytes(struct bytes text, struct parse_err *err)
{
	bool ascii = true;
	size_t bad;

	for (size_t i = 0; (i = scan_printable(text, i)) < text.n; i++) {
		uint8_t c = text.p[i];
		ascii = ascii && c < 0x80;
		if (c == '\r' || c == '\n') {
			if (!is_fold(text, i))
				return parse_fail_at(err, i, "a line end inside a tag list is not a fold");
			i += c == '\r';
		} else if (ascii_is_ctl(c) && c != '\t') {
			return parse_fail_at(err, i, "a control byte in a tag list");
		}
	}
	if (!ascii && !utf8_valid(text, &bad))
		return parse_fail_at(err, bad, "a tag list is not UTF-8");
	return true;
}

static bool add_tag(struct bytes text, struct bytes piece, struct dkim_tags *tags,
                    struct parse_err *err)
{
	size_t equals = bytes_find(piece, '=', 0);
	struct dkim_tag tag = { .name = bytes_trim(bytes_sub(piece, 0, equals)) };

	if (tag.name.n == 0 && equals == piece.n)
		return parse_fail(err, text, piece, "an empty piece in a tag list");
	if (equals == piece.n)
		return parse_fail(err, text, tag.name, "a tag has no \"=\"");
	if (!is_name(tag.name))
		return parse_fail(err, text, bytes_trim_left(piece), "not the name of a tag");
	tag.span = bytes_from(piece, equals + 1);
	tag.value = bytes_trim(tag.span);
	for (size_t i = 0; i < tags->n; i++)
		if (bytes_same(tags->list[i].name, tag.name))
			return parse_fail(err, text, tag.name, "a tag stands twice");
	if (tags->n == DKIM_TAGS_MAX)
		return parse_fail(err, text, tag.name, "too many tags");
	tags->list[tags->n++] = tag;
	return true;
}

bool dkim_tags_parse(struct bytes text, struct dkim_tags *out, struct parse_err *err)
{
	struct dkim_tags tags = { .n = 0 };
	struct bytes rest = text, piece;

	if (!check_bytes(text, err))
		return false;
	if (bytes_trim(text).n == 0)
		return parse_fail_at(err, 0, "an empty tag list");
	while (bytes_cut(&rest, ';', &piece)) {
		bool last = piece.p + piece.n == text.p + text.n; /* no ";" behind it */
		if (last && bytes_trim(piece).n == 0)
			break;
		if (!add_tag(text, piece, &tags, err))
			return false;
	}
	*out = tags;
	return true;
}

const struct dkim_tag *dkim_tags_find(const struct dkim_tags *tags, const char *name)
{
	struct bytes wanted = bytes_of(name);

	for (size_t i = 0; i < tags->n; i++)
		if (bytes_same(tags->list[i].name, wanted))
			return &tags->list[i];
	return NULL;
}

bool dkim_tags_item(struct bytes *rest, struct bytes *item)
{
	if (!bytes_cut(rest, ':', item))
		return false;
	*item = bytes_trim(*item);
	return true;
}
