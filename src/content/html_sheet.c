/* html_sheet.c - see html_sheet.h */
#include "content/html_sheet.h"

#include "base/ascii.h"

#define SLOTS 2048u /* at least twice the rules */
_Static_assert(SLOTS >= 2 * HTML_RULES_MAX, "a table that is half empty ends each search soon");

struct rule {
	struct bytes tag, name;  /* of "td.x": "td" and ".x"; each may be empty */
	struct html_style style;
	bool media;              /* a rule for some screens names it */
	bool used;
};

struct html_sheet {
	struct arena *a;
	size_t n;
	struct rule slots[SLOTS];
};

struct html_sheet *html_sheet_new(struct arena *a)
{
	struct html_sheet *s = arena_one(a, struct html_sheet);

	if (s)
		s->a = a;
	return s;
}

static size_t slot_of(const struct html_sheet *s, struct bytes tag, struct bytes name)
{
	uint8_t lower[16];
	size_t n = tag.n < sizeof(lower) ? tag.n : sizeof(lower);

	for (size_t i = 0; i < n; i++)
		lower[i] = ascii_lower(tag.p[i]);
	size_t at = bytes_hash(name, bytes_hash((struct bytes){ lower, n }, 1)) % SLOTS;
	while (s->slots[at].used && !(bytes_isame(s->slots[at].tag, tag) && bytes_same(s->slots[at].name, name)))
		at = (at + 1) % SLOTS;
	return at;
}

static bool is_name_byte(uint8_t c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' || c >= 0x80;
}

/* "tag", ".class", "#id", "tag.class"; anything else is not one element by itself. */
static void add_selector(struct html_sheet *s, struct bytes selector, struct bytes declarations, bool media)
{
	size_t dot = 0;

	selector = bytes_trim(selector);
	while (dot < selector.n && ascii_is_alnum(selector.p[dot]))
		dot++;
	struct bytes tag = bytes_sub(selector, 0, dot), name = bytes_from(selector, dot);
	if (selector.n == 0 || (name.n && name.p[0] != '.' && name.p[0] != '#'))
		return;
	for (size_t i = 1; i < name.n; i++)
		if (!is_name_byte(name.p[i]))
			return;
	struct rule *r = &s->slots[slot_of(s, tag, name)];
	if (!r->used) {
		if (s->n == HTML_RULES_MAX)
			return;
		s->n++;
		*r = (struct rule){ .tag = tag, .name = name, .style = HTML_STYLE_NONE, .used = true };
	}
	if (media)
		r->media = true;
	else
		html_style_read(declarations, &r->style);
}

/* The classes and ids that a rule for some screens names, wherever in its selector. */
static void add_names(struct html_sheet *s, struct bytes selectors)
{
	for (size_t i = 0; i < selectors.n; i++) {
		size_t end = i + 1;
		if (selectors.p[i] != '.' && selectors.p[i] != '#')
			continue;
		while (end < selectors.n && is_name_byte(selectors.p[end]))
			end++;
		add_selector(s, bytes_sub(selectors, i, end - i), (struct bytes){ NULL, 0 }, true);
		i = end - 1;
	}
}

/* A copy without what CSS skips. */
static struct bytes without_comments(struct arena *a, struct bytes css)
{
	uint8_t *to = arena_alloc(a, css.n + 1);
	size_t n = 0;

	if (!to)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < css.n; i++) {
		struct bytes rest = bytes_from(css, i);
		if (css.p[i] == '/' && bytes_istarts(rest, "/*"))
			i += 1 + bytes_search(bytes_from(rest, 2), B("*/")) + 2;
		else if (css.p[i] == '<' && bytes_istarts(rest, "<!--"))
			i += 3;
		else
			to[n++] = css.p[i];
	}
	return (struct bytes){ to, n };
}

/* One style for all its selectors. The work for "a, b, c { ... }" is the list's and the block's length,
 * not their product. */
static void add_rule(struct html_sheet *s, struct bytes selectors, struct bytes block, bool media)
{
	struct bytes one;

	if (media) {
		add_names(s, selectors);
		return;
	}
	for (size_t n = 0; n < 32 && bytes_cut(&selectors, ',', &one); n++)
		add_selector(s, one, block, false);
}

bool html_sheet_add(struct html_sheet *s, struct bytes text)
{
	struct bytes css = without_comments(s->a, text);
	size_t start = 0;
	unsigned media = 0; /* how deep in @media blocks */

	for (size_t i = 0; i < css.n; i++) {
		struct bytes before = bytes_sub(css, start, i - start);
		if (css.p[i] == ';') { /* @import, @charset */
			start = i + 1;
		} else if (css.p[i] == '}') {
			media -= media > 0;
			start = i + 1;
		} else if (css.p[i] == '{') {
			struct bytes name = bytes_trim(before);
			start = i + 1;
			if (name.n && name.p[0] == '@' && !bytes_istarts(name, "@font-face")) {
				media++;
				continue;
			}
			size_t end = bytes_find(css, '}', i);
			add_rule(s, before, bytes_sub(css, start, end - start), media > 0);
			i = end;
			start = end + 1;
		}
	}
	return css.p != NULL;
}

static void merge(struct html_style *to, const struct html_style *from)
{
	to->shown = from->shown ? from->shown : to->shown;
	to->visible = from->visible ? from->visible : to->visible;
	to->readable = from->readable ? from->readable : to->readable;
	to->clipped = from->clipped ? from->clipped : to->clipped;
	to->color = from->color != HTML_COLOR_UNSAID ? from->color : to->color;
	to->background = from->background != HTML_COLOR_UNSAID ? from->background : to->background;
	to->width = from->width >= 0 ? from->width : to->width;
	to->height = from->height >= 0 ? from->height : to->height;
}

static bool apply(const struct html_sheet *s, struct bytes tag, struct bytes name, struct html_style *style)
{
	const struct rule *r = &s->slots[slot_of(s, tag, name)];

	if (r->used)
		merge(style, &r->style);
	return r->used && r->media;
}

/* ".x" or "#x" of a class or an id, short ones only; each for itself and with the tag in front */
static bool apply_name(const struct html_sheet *s, struct bytes tag, char sign, struct bytes word,
                       struct html_style *style)
{
	uint8_t text[128] = { (uint8_t)sign };
	struct bytes name = { text, word.n + 1 };

	if (word.n == 0 || word.n >= sizeof(text))
		return false;
	memcpy(text + 1, word.p, word.n);
	bool media = apply(s, (struct bytes){ NULL, 0 }, name, style);
	return apply(s, tag, name, style) || media;
}

bool html_sheet_apply(const struct html_sheet *s, struct bytes tag, struct bytes id, struct bytes classes,
                      struct html_style *style)
{
	struct bytes word;
	bool media = false;

	if (s->n == 0)
		return false;
	apply(s, tag, (struct bytes){ NULL, 0 }, style);
	while (bytes_cut(&classes, ' ', &word))
		media |= apply_name(s, tag, '.', bytes_trim(word), style);
	return apply_name(s, tag, '#', id, style) || media;
}
