/* redact_html.c - redact_html; see redact_body.h
 *
 * The page is not taken apart as a browser does it: tags are told from text, attributes by their
 * names, and everything in between stays byte for byte. Whatever is taken for text loses its
 * words, so that a mistake hides more, not less. */
#include "base/ascii.h"
#include "explain/redact_body.h"
#include "explain/redact_text.h"
#include "explain/redact_url.h"

#define TEXT (REDACT_PROSE | REDACT_ENTITIES)

enum attribute { ATTRIBUTE_KEEP, ATTRIBUTE_LINK, ATTRIBUTE_TEXT, ATTRIBUTE_CODE };

static enum attribute attribute_of(struct bytes name)
{
	static const struct { const char *name; enum attribute is; } list[] = {
		{ "action", ATTRIBUTE_LINK },  { "background", ATTRIBUTE_LINK }, { "cite", ATTRIBUTE_LINK },
		{ "data", ATTRIBUTE_LINK },    { "dynsrc", ATTRIBUTE_LINK },     { "formaction", ATTRIBUTE_LINK },
		{ "href", ATTRIBUTE_LINK },    { "longdesc", ATTRIBUTE_LINK },   { "lowsrc", ATTRIBUTE_LINK },
		{ "ping", ATTRIBUTE_LINK },    { "poster", ATTRIBUTE_LINK },     { "src", ATTRIBUTE_LINK },
		{ "srcset", ATTRIBUTE_LINK },  { "xlink:href", ATTRIBUTE_LINK }, { "alt", ATTRIBUTE_TEXT },
		{ "label", ATTRIBUTE_TEXT },   { "placeholder", ATTRIBUTE_TEXT }, { "summary", ATTRIBUTE_TEXT },
		{ "title", ATTRIBUTE_TEXT },   { "value", ATTRIBUTE_TEXT },      { "content", ATTRIBUTE_CODE },
		{ "style", ATTRIBUTE_CODE },   { "srcdoc", ATTRIBUTE_TEXT },
	};
	/* the most that layout needs, and whatever it is these hold no words */
	static const char *const plain[] = { "align", "bgcolor", "border", "cellpadding", "cellspacing", "charset", "class", "color",
		                             "cols", "colspan", "dir", "face", "height", "hidden", "hspace", "http-equiv",
		                             "id", "lang", "maxlength", "media", "method", "name", "rel", "role", "rows",
		                             "rowspan", "size", "target", "type", "valign", "vspace", "width", "xmlns" };

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (bytes_ieq(name, list[i].name))
			return list[i].is;
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		if (bytes_ieq(name, plain[i]))
			return ATTRIBUTE_KEEP;
	if (name.n > 2 && bytes_istarts(name, "on"))
		return ATTRIBUTE_CODE;
	return ATTRIBUTE_TEXT; /* data-user="...", aria-label="...", and what nobody has thought of */
}

/* --- entities --- */

/* The character of "&#65;", "&#x41;" at text[at], and its length; 0: it is none. */
static uint32_t number_entity(struct bytes text, size_t at, size_t *len)
{
	bool hex = at + 2 < text.n && (text.p[at + 2] | 32) == 'x';
	size_t i = at + 2 + hex, from = i;
	uint32_t c = 0;

	if (at + 3 >= text.n || text.p[at] != '&' || text.p[at + 1] != '#')
		return 0;
	for (; i < text.n && i < from + 7; i++) {
		int v = hex ? ascii_hex(text.p[i]) : ascii_is_digit(text.p[i]) ? text.p[i] - '0' : -1;
		if (v < 0)
			break;
		c = c * (hex ? 16 : 10) + (uint32_t)v;
	}
	*len = i - at + (i < text.n && text.p[i] == ';');
	return i == from || c > 0x10ffff ? 0 : c;
}

static size_t write_utf8(uint32_t c, uint8_t *to)
{
	size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const uint8_t lead[] = { 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = more; i > 0; i--, c >>= 6)
		to[i] = 0x80 | (c & 0x3f);
	to[0] = (uint8_t)(lead[more] | c);
	return more + 1;
}

/* "&auml;", "&Eacute;": a letter with a mark; then its plain letter does for a hash. */
static uint8_t letter_entity(struct bytes text, size_t at, size_t *len)
{
	static const char *const marks[] = { "acute;", "breve;", "caron;", "cedil;", "circ;", "grave;", "lig;", "macr;", "ogon;",
		                             "ring;", "slash;", "tilde;", "uml;", "zlig;" };

	for (size_t i = 0; i < ARRAY_LEN(marks) && at + 2 < text.n && ascii_is_alpha(text.p[at + 1]); i++)
		if (bytes_istarts(bytes_from(text, at + 2), marks[i])) {
			*len = 2 + strlen(marks[i]);
			return text.p[at + 1];
		}
	return 0;
}

/* Letters that are written as numbers or names are letters: else a name could pass. Marks stay
 * as they are written. Never longer than before. */
static struct bytes resolve(struct redact *r, struct bytes text)
{
	uint8_t *to = bytes_has(text, '&') ? arena_array(r->work.arena, uint8_t, text.n + 1) : NULL;
	size_t n = 0, len = 0;

	for (size_t i = 0; to && i < text.n; i += len) {
		uint32_t c = text.p[i] == '&' ? number_entity(text, i, &len) : 0;
		uint8_t plain = text.p[i] == '&' && !c ? letter_entity(text, i, &len) : 0;
		bool wanted = c < 0x80 ? ascii_is_alnum((uint8_t)c) || (c && strchr("@.-_/:", (int)c))
		                       : c != 0xa0 && !(c >= 0x2000 && c < 0x2c00) && !(c >= 0xd800 && c < 0xe000);
		if (plain) {
			to[n++] = plain;
		} else if (c && wanted && len >= 4) {
			n += write_utf8(c, to + n);
		} else {
			len = 1;
			to[n++] = text.p[i];
		}
	}
	return to ? (struct bytes){ to, n } : text;
}

/* --- tags --- */

static void write_value(struct redact *r, struct bytes name, struct bytes value, struct buf *out)
{
	enum attribute is = attribute_of(name);
	struct bytes resolved = is == ATTRIBUTE_KEEP ? value : resolve(r, value);
	struct bytes link = bytes_trim(resolved);

	switch (is) {
	case ATTRIBUTE_KEEP:
		buf_add(out, value);
		break;
	case ATTRIBUTE_LINK:
		redact_url(r, link, true, out);
		break;
	case ATTRIBUTE_TEXT:
		redact_text(r, resolved, TEXT, out);
		break;
	case ATTRIBUTE_CODE:
		redact_text(r, resolved, REDACT_ENTITIES, out);
		break;
	}
}

static bool is_name_end(uint8_t c)
{
	return ascii_is_space(c) || c == '=' || c == '>' || c == '/' || c == '"' || c == '\'';
}

/* An attribute that needs no value. */
static bool is_flag(struct bytes name)
{
	static const char *const list[] = { "allowfullscreen", "async", "autofocus", "checked", "compact", "controls", "defer",
		                            "disabled", "hidden", "html", "ismap", "loop", "multiple", "muted", "noshade",
		                            "novalidate", "nowrap", "public", "readonly", "required", "selected" };

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (bytes_ieq(name, list[i]))
			return true;
	return false;
}

/* One attribute at tag[at], with its value; returns where it ends. */
static size_t write_attribute(struct redact *r, struct bytes tag, size_t at, struct buf *out)
{
	size_t end = at, from;
	uint8_t quote = 0;

	while (end < tag.n && !is_name_end(tag.p[end]))
		end++;
	struct bytes name = bytes_sub(tag, at, end - at);
	from = end;
	while (from < tag.n && ascii_is_space(tag.p[from]))
		from++;
	if (from == tag.n || tag.p[from] != '=') {
		if (is_flag(name))
			buf_add(out, name);
		else
			redact_text(r, name, TEXT, out);
		return end;
	}
	from++;
	while (from < tag.n && ascii_is_space(tag.p[from]))
		from++;
	if (from < tag.n && (tag.p[from] == '"' || tag.p[from] == '\''))
		quote = tag.p[from++];
	end = from;
	while (end < tag.n && (quote ? tag.p[end] != quote : !ascii_is_space(tag.p[end]) && tag.p[end] != '>'))
		end++;
	if (name.n > 40)
		redact_text(r, name, TEXT, out);
	buf_add(out, name.n > 40 ? bytes_sub(tag, at + name.n, from - at - name.n) : bytes_sub(tag, at, from - at));
	write_value(r, name, bytes_sub(tag, from, end - from), out);
	return end;
}

/* A tag from "<" on; returns its length. */
static size_t write_tag(struct redact *r, struct bytes html, struct buf *out)
{
	size_t at = 1;

	while (at < html.n && !is_name_end(html.p[at]))
		at++;
	if (html.n > 1 && html.p[1] == '/')
		while (at < html.n && html.p[at] != '>' && !ascii_is_space(html.p[at]))
			at++;
	buf_add(out, bytes_sub(html, 0, at));
	while (at < html.n && html.p[at] != '>') {
		if (is_name_end(html.p[at]))
			buf_add_byte(out, html.p[at++]);
		else
			at = write_attribute(r, html, at, out);
	}
	buf_add(out, bytes_sub(html, at, 1));
	return at + (at < html.n);
}

/* "<alice@example.org>" and "<Alice was here>" are text, whatever a browser makes of them. */
static bool is_known_tag(struct bytes name)
{
	static const char *const list[] = {
		"a",      "abbr",   "address", "area",    "article", "aside",   "b",      "base",   "basefont", "bdi",    "bdo",
		"big",    "blink",  "blockquote", "body", "br",      "button",  "caption", "center", "cite",    "code",   "col",
		"colgroup", "dd",   "del",     "details", "dfn",     "dir",     "div",    "dl",     "dt",       "em",     "embed",
		"fieldset", "figcaption", "figure", "font", "footer", "form",   "frame",  "frameset", "h1",     "h2",     "h3",
		"h4",     "h5",     "h6",      "head",    "header",  "hr",      "html",   "i",      "iframe",   "img",    "input",
		"ins",    "kbd",    "label",   "legend",  "li",      "link",    "main",   "map",    "mark",     "marquee", "menu",
		"meta",   "nav",    "nobr",    "noscript", "object", "ol",      "optgroup", "option", "p",      "param",  "picture",
		"pre",    "q",      "s",       "samp",    "script",  "section", "select", "small",  "source",   "span",   "strike",
		"strong", "style",  "sub",     "summary", "sup",     "svg",     "table",  "tbody",  "td",       "template", "textarea",
		"tfoot",  "th",     "thead",   "time",    "title",   "tr",      "track",  "tt",     "u",        "ul",     "var",
		"video",  "wbr",    "xmp",
	};

	if (bytes_find(name, ':', 0) < (name.n < 4 ? name.n : 4)) /* Outlook's: "o:p" */
		return true;
	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (bytes_ieq(name, list[i]))
			return true;
	return false;
}

static bool starts_tag(struct bytes html)
{
	size_t from = html.n > 1 && html.p[1] == '/' ? 2 : 1, end = from;

	if (html.n > 1 && (html.p[1] == '!' || html.p[1] == '?'))
		return true;
	while (end < html.n && end < from + 16 && !is_name_end(html.p[end]))
		end++;
	return is_known_tag(bytes_sub(html, from, end - from));
}

/* <style> and <script>: what stands up to the end tag is no text for people. */
static size_t raw_end(struct bytes html, size_t at, struct bytes tag)
{
	const char *const names[] = { "style", "script" };
	size_t end = at;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (bytes_istarts(bytes_from(tag, 1), names[i]))
			while (end < html.n &&
			       !(html.p[end] == '<' && html.p[end + (end + 1 < html.n)] == '/' &&
			         bytes_istarts(bytes_from(html, end + 2), names[i])))
				end++;
	return end;
}

void redact_html(struct redact *r, struct bytes html, struct buf *out)
{
	for (size_t at = 0; at < html.n && !arena_failed(r->work.arena);) {
		struct bytes rest = bytes_from(html, at);
		size_t open = 0;
		while (open < rest.n && !(rest.p[open] == '<' && starts_tag(bytes_from(rest, open))))
			open++;
		redact_text(r, resolve(r, bytes_sub(rest, 0, open)), TEXT, out);
		rest = bytes_from(rest, open);
		at += open;
		if (rest.n == 0)
			return;
		if (bytes_istarts(rest, "<!--")) {
			size_t close = bytes_search(bytes_from(rest, 4), B("-->")) + 4;
			close = close < rest.n ? close : rest.n;
			buf_adds(out, "<!--");
			redact_text(r, bytes_sub(rest, 4, close - 4), TEXT, out);
			at += close;
			continue;
		}
		size_t n = write_tag(r, rest, out);
		size_t end = raw_end(html, at + n, bytes_sub(rest, 0, n));
		redact_text(r, bytes_sub(html, at + n, end - at - n), 0, out);
		at = end;
	}
}
