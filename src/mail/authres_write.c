/* authres_write.c - see authres_write.h */
#include "mail/authres_write.h"

#include "base/ascii.h"
#include "base/idn.h"
#include "base/scan.h"

#define COLUMNS 78u
#define TAB_COLUMNS 8u

#define CUT "[cut]"
#define PREFIX_MAX 64u

/* Room for a prefix and a value of which quoting doubles each byte. */
struct piece {
	uint8_t p[PREFIX_MAX + 2 * (AUTHRES_VALUE_MAX + sizeof(CUT)) + 2];
	size_t n;
};

_Static_assert(sizeof(struct piece) < 990, "an item without a place to fold fits a line of 998 bytes");

/* --- lines -------------------------------------------------------------------- */

static void fold(struct authres_writer *w)
{
	buf_adds(w->out, w->line_end);
	w->column = 0;
	w->solid = false;
}

static void next_line(struct authres_writer *w)
{
	fold(w);
	buf_add_byte(w->out, '\t');
	w->column = TAB_COLUMNS;
}

static void put(struct authres_writer *w, struct bytes text)
{
	buf_add(w->out, text);
	w->column += text.n;
	w->solid |= text.n > 0;
}

static size_t to_space(struct bytes text, size_t from)
{
	return bytes_find(text, ' ', from) - from;
}

/* Writes text, with folds before spaces that another byte follows: unfolding
 * gives the same text back, in quoted strings too (RFC 5322 section 3.2.4). */
static void put_folding(struct authres_writer *w, struct bytes text)
{
	for (size_t i = 0; i < text.n;) {
		size_t n = to_space(text, i);
		put(w, bytes_sub(text, i, n));
		i += n;
		if (i == text.n)
			break;
		bool before_word = i + 1 < text.n && text.p[i + 1] != ' ';
		if (before_word && w->solid && w->column + 1 + to_space(text, i + 1) > COLUMNS)
			fold(w);
		buf_add_byte(w->out, ' ');
		w->column++;
		i++;
	}
}

/* Writes the next item of a result: on this line, or else on a new one. */
static void put_item(struct authres_writer *w, struct bytes item)
{
	bool whole = w->column + 1 + item.n <= COLUMNS;
	bool long_one = TAB_COLUMNS + item.n > COLUMNS && w->column + 1 + to_space(item, 0) <= COLUMNS;

	if (!whole && !long_one && w->solid) {
		next_line(w);
	} else {
		buf_add_byte(w->out, ' ');
		w->column++;
	}
	put_folding(w, item);
}

/* --- values --------------------------------------------------------------------- */

static void append(struct piece *to, struct bytes text)
{
	assert(to->n + text.n <= sizeof(to->p));
	memcpy(to->p + to->n, text.p, text.n);
	to->n += text.n;
}

/* Characters that end lines, turn the direction of text, or cannot be seen. */
static bool is_deceptive(uint32_t c)
{
	static const struct { uint32_t first, last; } ranges[] = {
		{ 0x80, 0x9f },     { 0xad, 0xad },     { 0x61c, 0x61c },   { 0x180e, 0x180e },
		{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
	};

	for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/* What may go out of a stranger's value. */
static struct piece clean(struct bytes value)
{
	struct piece to;
	size_t len;

	to.n = 0;
	for (size_t i = 0; i < value.n; i += len) {
		len = scan_printable(bytes_sub(value, i, AUTHRES_VALUE_MAX), 0);
		if (len && to.n + len + 3 <= AUTHRES_VALUE_MAX) { /* nearly all values as a whole */
			append(&to, bytes_sub(value, i, len));
			continue;
		}
		uint32_t c = utf8_next(value, i, &len);
		if (to.n + 4 > AUTHRES_VALUE_MAX) {
			append(&to, B(CUT));
			break;
		}
		if (c == '\t')
			append(&to, B(" "));
		else if (c < 128 && ascii_is_ctl((uint8_t)c))
			append(&to, B("?"));
		else if ((c == 0xfffd && len == 1) || is_deceptive(c))
			append(&to, B("\xef\xbf\xbd"));
		else
			append(&to, bytes_sub(value, i, len));
	}
	return to;
}

/* token of RFC 2045 section 5.1 */
static bool is_token_byte(uint8_t c)
{
	return ascii_is_vchar(c) && !bytes_has(B("()<>@,;:\\\"/[]?="), c);
}

static bool is_token(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!is_token_byte(text.p[i]))
			return false;
	return text.n > 0;
}

/* "[local]@domain" that no reader can take for anything else. */
static bool is_plain_address(struct bytes text)
{
	size_t at = bytes_find(text, '@', 0);
	struct bytes domain = bytes_from(text, at + 1);

	if (at == text.n || (at && !is_token(bytes_sub(text, 0, at))) || domain.n == 0)
		return false;
	for (size_t i = 0; i < domain.n; i++)
		if (!ascii_is_alnum(domain.p[i]) && !bytes_has(B("-._"), domain.p[i]))
			return false;
	return true;
}

/* prefix and value, quoted where it has to be. */
static struct piece encode(const char *prefix, struct bytes value)
{
	struct piece plain = clean(value), to;
	struct bytes text = { plain.p, plain.n };
	bool quoted = !is_token(text) && !is_plain_address(text);

	to.n = 0;
	assert(strlen(prefix) <= PREFIX_MAX);
	append(&to, bytes_of(prefix));
	if (!quoted) {
		append(&to, text);
		return to;
	}
	append(&to, B("\""));
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			append(&to, B("\\"));
		append(&to, bytes_sub(text, i, 1));
	}
	append(&to, B("\""));
	return to;
}

static void put_value(struct authres_writer *w, const char *prefix, struct bytes value)
{
	struct piece item = encode(prefix, value);

	put_item(w, (struct bytes){ item.p, item.n });
}

static void start(struct authres_writer *w, struct buf *out, const char *line_end, size_t column)
{
	*w = (struct authres_writer){
		.out = out, .line_end = line_end, .column = column, .solid = column > 0,
	};
}

/* --- the field -------------------------------------------------------------------- */

void authres_write_begin(struct authres_writer *w, struct buf *out, const char *line_end,
                         size_t column, struct bytes authserv_id)
{
	struct piece id = encode("", authserv_id);

	start(w, out, line_end, column);
	put_folding(w, (struct bytes){ id.p, id.n });
}

void authres_write_begin_arc(struct authres_writer *w, struct buf *out, const char *line_end,
                             size_t column, unsigned instance, struct bytes authserv_id)
{
	struct piece id = encode("", authserv_id);
	char text[32];

	start(w, out, line_end, column);
	snprintf(text, sizeof(text), "i=%u;", instance);
	put(w, bytes_of(text));
	put_item(w, (struct bytes){ id.p, id.n });
}

/* A word of our own in a name: anything else is a bug. */
static bool is_keyword(const char *word)
{
	for (const char *c = word; *c; c++)
		if (!ascii_is_alnum((uint8_t)*c) && *c != '-')
			return false;
	return *word != 0;
}

void authres_write_result(struct authres_writer *w, const char *method, const char *result)
{
	char text[PREFIX_MAX];

	assert(is_keyword(method) && is_keyword(result));
	int n = snprintf(text, sizeof(text), "%s=%s", method, result);
	assert(n > 0 && (size_t)n < sizeof(text));
	put(w, B(";"));
	next_line(w); /* each result has one of its own */
	put(w, (struct bytes){ (const uint8_t *)text, (size_t)n });
	w->any = true;
}

void authres_write_comment(struct authres_writer *w, struct bytes text)
{
	static const char from[] = "()\"\\;", to[] = "[]'/,";
	struct piece plain = clean(text), item;

	item.n = 0;
	append(&item, B("("));
	for (size_t i = 0; i < plain.n; i++) {
		const char *hit = plain.p[i] ? strchr(from, plain.p[i]) : NULL;
		uint8_t c = hit ? (uint8_t)to[hit - from] : plain.p[i];
		append(&item, (struct bytes){ &c, 1 });
	}
	append(&item, B(")"));
	put_item(w, (struct bytes){ item.p, item.n });
}

void authres_write_reason(struct authres_writer *w, struct bytes text)
{
	put_value(w, "reason=", text);
}

void authres_write_prop(struct authres_writer *w, const char *ptype, const char *property,
                        struct bytes value)
{
	char prefix[PREFIX_MAX];

	assert(is_keyword(ptype) && is_keyword(property));
	int n = snprintf(prefix, sizeof(prefix), "%s.%s=", ptype, property);
	assert(n > 0 && (size_t)n < sizeof(prefix));
	put_value(w, prefix, value);
}

void authres_write_end(struct authres_writer *w)
{
	if (!w->any)
		put(w, B("; none"));
}
