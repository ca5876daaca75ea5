/* html_links.c - see html_links.h */
#include "content/html_links.h"

#include "base/ascii.h"
#include "base/idn.h"
#include "content/html_sheet.h"
#include "content/html_tidy.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

/* Deeper than that libxml2 becomes slow (each end tag looks at all open elements): it then starts
 * anew behind the tag, and what was open counts as closed. */
#define DEPTH_MAX 256u
#define PREVIEW_MAX 300u       /* letters at the top that are hidden because mail programs show them in the list */
#define DATA_MAX 256u          /* of a picture within the page nobody needs more */

/* Text as it is shown: white space is one blank, an end of a block one LF. */
struct shown {
	uint8_t *p;
	size_t n, size;
	bool letters;           /* something other than white space is there */
};

struct open {
	const xmlChar *name;    /* in libxml2's dictionary */
	struct html_look look;
	bool sometimes;         /* hidden here, shown on other screens */
};

struct reader {
	struct work *w;
	struct html_page page;
	struct html_sheet *sheet;
	size_t links_cap;
	htmlParserCtxtPtr parser;
	struct shown text, hidden;
	size_t preview;         /* letters so far */
	size_t link;            /* the <a> that is open, an index; SIZE_MAX: none */
	size_t link_from;       /* where its text begins in `text` */
	const xmlChar *skip;    /* an element of which nothing is shown is open */
	size_t depth;
	size_t stopped_at;      /* offset in the page; SIZE_MAX: not stopped */
	struct open stack[DEPTH_MAX];
};

/* --- text --- */

static void put(struct shown *s, uint8_t c)
{
	if (s->n < s->size)
		s->p[s->n++] = c;
}

static void put_blank(struct shown *s)
{
	if (s->n && s->p[s->n - 1] != ' ' && s->p[s->n - 1] != '\n')
		put(s, ' ');
}

static void put_line(struct shown *s)
{
	if (s->n && s->p[s->n - 1] == ' ')
		s->n--;
	if (s->n && s->p[s->n - 1] != '\n')
		put(s, '\n');
}

static void put_text(struct shown *s, struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];
		bool hard_blank = c == 0xc2 && i + 1 < text.n && text.p[i + 1] == 0xa0;
		if (ascii_is_space(c) || hard_blank) {
			put_blank(s);
			i += hard_blank;
		} else {
			put(s, c);
			s->letters = true;
		}
	}
}

static size_t letters_of(struct bytes text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += ascii_is_alnum(text.p[i]);
	return n;
}

static const struct open *top(const struct reader *r)
{
	static const struct open page = { .look = HTML_LOOK_PAGE };

	return r->depth ? &r->stack[r->depth - 1] : &page;
}

static void on_text(void *data, const xmlChar *p, int n)
{
	struct reader *r = data;
	struct bytes text = { p, (size_t)n };
	const struct open *o = top(r);

	if (r->stopped_at != SIZE_MAX || r->skip)
		return;
	if (html_look_seen(&o->look) || o->sometimes) {
		put_text(&r->text, text);
	} else if (!r->text.letters && r->preview + letters_of(text) <= PREVIEW_MAX) {
		/* before anything that can be seen: shown in the list of mails, and meant to be */
		r->preview += letters_of(text);
	} else {
		put_text(&r->hidden, text);
	}
}

/* --- elements --- */

static struct bytes attribute(const xmlChar **atts, const char *name)
{
	for (; atts && atts[0]; atts += 2)
		if (atts[1] && strcmp((const char *)atts[0], name) == 0)
			return bytes_of((const char *)atts[1]);
	return (struct bytes){ NULL, 0 };
}

static bool has_attribute(const xmlChar **atts, const char *name)
{
	for (; atts && atts[0]; atts += 2)
		if (strcmp((const char *)atts[0], name) == 0)
			return true;
	return false;
}

static bool is_one_of(const xmlChar *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp((const char *)name, names[i]) == 0)
			return true;
	return false;
}

/* Elements that do not end the line. */
static bool is_inline(const xmlChar *name)
{
	static const char *const names[] = { "a", "abbr", "acronym", "b", "bdo", "big", "cite", "code", "em", "font", "i",
	                                     "img", "ins", "del", "kbd", "label", "mark", "o:p", "q", "s", "small", "span",
	                                     "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr" };
	return is_one_of(name, names, ARRAY_LEN(names));
}

static bool is_never_shown(const xmlChar *name)
{
	static const char *const names[] = { "title", "style", "script", "template" };
	return is_one_of(name, names, ARRAY_LEN(names));
}

static void look_of(struct reader *r, const xmlChar *name, const xmlChar **atts, struct html_style *style)
{
	static const struct { const char *name; bool back; } colors[] = { { "bgcolor", true }, { "color", false } };

	for (size_t i = 0; i < ARRAY_LEN(colors); i++) {
		struct bytes v = attribute(atts, colors[i].name);
		if (v.n)
			*(colors[i].back ? &style->background : &style->color) = html_color(v);
	}
	if (attribute(atts, "background").n)
		style->background = HTML_COLOR_UNKNOWN;
	if (strcmp((const char *)name, "body") == 0 && attribute(atts, "text").n)
		style->color = html_color(attribute(atts, "text"));
	if (has_attribute(atts, "hidden"))
		style->shown = HTML_NO;
	html_style_read(attribute(atts, "style"), style);
}

static struct html_link *add_link(struct reader *r, enum html_link_kind kind, struct bytes target)
{
	struct html_link link = { .kind = kind };

	if (r->page.n >= work_limit(r->w, LIMIT_LINKS)) {
		work_reached(r->w, LIMIT_LINKS);
		r->page.cut = true;
		return NULL;
	}
	if (bytes_istarts(target, "data:image/") && kind == HTML_IMAGE)
		target = bytes_sub(target, 0, DATA_MAX);
	link.target = arena_copy(r->w->arena, target);
	link.hidden = !html_look_seen(&top(r)->look) && !top(r)->sometimes;
	if (!link.target.p)
		return NULL;
	return ARENA_PUSH(r->w->arena, r->page.links, r->page.n, r->links_cap, &link);
}

static void end_link(struct reader *r)
{
	if (r->link == SIZE_MAX)
		return;
	struct html_link *link = &r->page.links[r->link];
	struct bytes text = { r->text.p, r->text.n };
	link->text = bytes_trim(bytes_from(text, r->link_from));
	r->link = SIZE_MAX;
}

/* --- one function for each kind of element --- */

struct element {
	const xmlChar **atts;
	const struct html_style *style;
};

static void on_link(struct reader *r, const struct element *e)
{
	struct bytes href = attribute(e->atts, "href");

	end_link(r);
	if (!href.n)
		href = attribute(e->atts, "xlink:href");
	if (href.n && add_link(r, HTML_LINK, href)) {
		r->link = r->page.n - 1;
		r->link_from = r->text.n;
	}
}

static int32_t least(int32_t a, int32_t b)
{
	return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

static void on_image(struct reader *r, const struct element *e)
{
	struct bytes src = attribute(e->atts, "src");
	int32_t width = least(e->style->width, html_pixels(attribute(e->atts, "width")));
	int32_t height = least(e->style->height, html_pixels(attribute(e->atts, "height")));
	struct html_link *link = src.n ? add_link(r, HTML_IMAGE, src) : NULL;

	if (link)
		link->tiny = width <= 1 && height <= 1 && (width >= 0 || height >= 0); /* -1: not said */
}

static void on_form(struct reader *r, const struct element *e)
{
	add_link(r, HTML_FORM, attribute(e->atts, "action"));
}

static void on_button(struct reader *r, const struct element *e)
{
	if (attribute(e->atts, "formaction").n)
		add_link(r, HTML_FORM, attribute(e->atts, "formaction"));
	if (bytes_ieq(attribute(e->atts, "type"), "image"))
		on_image(r, e);
}

static void on_frame(struct reader *r, const struct element *e)
{
	struct bytes src = attribute(e->atts, "src");

	if (!src.n)
		src = attribute(e->atts, "data");
	if (src.n)
		add_link(r, HTML_FRAME, src);
}

/* <meta http-equiv="refresh" content="0; url='https://...'"> */
static void on_meta(struct reader *r, const struct element *e)
{
	struct bytes content = attribute(e->atts, "content");

	if (!bytes_ieq(bytes_trim(attribute(e->atts, "http-equiv")), "refresh"))
		return;
	size_t at = 0;
	while (at < content.n && content.p[at] && strchr("0123456789.;, \t\r\n", content.p[at]))
		at++; /* how long to wait, and what parts it from the address */
	content = bytes_from(content, at);
	if (bytes_istarts(content, "url")) {
		struct bytes behind = bytes_trim(bytes_from(content, 3));
		if (behind.n && behind.p[0] == '=')
			content = bytes_trim(bytes_from(behind, 1));
	}
	if (content.n && (content.p[0] == '\'' || content.p[0] == '"'))
		content = bytes_sub(content, 1, bytes_find(content, content.p[0], 1) - 1);
	if (content.n)
		add_link(r, HTML_REFRESH, content);
}

static void on_base(struct reader *r, const struct element *e)
{
	if (!r->page.base.n && attribute(e->atts, "href").n)
		r->page.base = arena_copy(r->w->arena, attribute(e->atts, "href"));
}

static void on_script(struct reader *r, const struct element *e)
{
	(void)e;
	r->page.program = true;
}

static const struct { const char *name; void (*found)(struct reader *r, const struct element *e); } handlers[] = {
	{ "a", on_link },         { "area", on_link },    { "img", on_image },    { "image", on_image },
	{ "form", on_form },      { "button", on_button }, { "input", on_button }, { "iframe", on_frame },
	{ "frame", on_frame },    { "embed", on_frame },  { "object", on_frame }, { "meta", on_meta },
	{ "base", on_base },      { "script", on_script },
};

/* Attributes such as onload= and onerror= are programs. */
static bool has_program(const xmlChar **atts)
{
	for (; atts && atts[0]; atts += 2)
		if (atts[0][0] == 'o' && atts[0][1] == 'n' && atts[1] && atts[1][0])
			return true;
	return false;
}

/* The parser is stopped, to start again behind this tag. The names of what is open end with it. */
static void stop(struct reader *r)
{
	long at = xmlByteConsumed(r->parser);

	end_link(r);
	r->stopped_at = at > 0 ? (size_t)at : 0;
	r->page.cut = true;
	r->depth = 0;
	r->skip = NULL;
	xmlStopParser(r->parser);
}

static void on_start(void *data, const xmlChar *name, const xmlChar **atts)
{
	struct reader *r = data;
	struct html_style style = HTML_STYLE_NONE;
	struct open o = *top(r);

	if (r->stopped_at != SIZE_MAX)
		return;
	if (!r->skip && is_never_shown(name))
		r->skip = name;
	if (r->sheet && html_sheet_apply(r->sheet, bytes_of((const char *)name), attribute(atts, "id"),
	                                 attribute(atts, "class"), &style))
		o.sometimes = true;
	look_of(r, name, atts, &style);
	html_look_apply(&o.look, &style);
	o.name = name;
	if (!is_inline(name))
		put_line(&r->text);
	r->stack[r->depth++] = o;
	r->page.program = r->page.program || has_program(atts);
	for (size_t i = 0; i < ARRAY_LEN(handlers); i++)
		if (strcmp((const char *)name, handlers[i].name) == 0)
			handlers[i].found(r, &(struct element){ atts, &style });
	if (r->depth == DEPTH_MAX)
		stop(r);
}

static void on_end(void *data, const xmlChar *name)
{
	struct reader *r = data;

	if (r->stopped_at != SIZE_MAX)
		return;
	if (strcmp((const char *)name, "a") == 0)
		end_link(r);
	if (!is_inline(name))
		put_line(&r->text);
	if (r->depth && xmlStrEqual(r->stack[r->depth - 1].name, name))
		r->depth--;
	if (r->skip && xmlStrEqual(r->skip, name))
		r->skip = NULL;
}

/* --- the parser --- */

/* Reads from there on until the end or until it has to start anew; false: out of memory. */
static bool parse_from(struct reader *r, struct bytes html)
{
	static const xmlSAXHandler handler = {
		.startElement = on_start, .endElement = on_end, .characters = on_text, .ignorableWhitespace = on_text,
	};
	htmlParserCtxtPtr parser = htmlCreateMemoryParserCtxt((const char *)html.p, (int)html.n);

	if (!parser)
		return false;
	*parser->sax = handler;
	parser->userData = r;
	htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
	                           HTML_PARSE_IGNORE_ENC);
	xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8);
	r->parser = parser;
	r->stopped_at = SIZE_MAX;
	htmlParseDocument(parser);
	r->parser = NULL;
	htmlFreeParserCtxt(parser);
	return true;
}

static bool parse(struct reader *r, struct bytes html)
{
	while (html.n) {
		if (!parse_from(r, html))
			return false;
		if (r->stopped_at == SIZE_MAX || r->stopped_at >= html.n)
			break;
		html = bytes_from(html, r->stopped_at ? r->stopped_at : 1);
		html = bytes_from(html, html.n && html.p[0] == '>'); /* of the tag that was the last straw */
	}
	return true;
}

/* The rules of all <style> elements, before the first element is looked at. */
static bool read_styles(struct reader *r, struct bytes html)
{
	for (size_t at = 0; (at = bytes_find(html, '<', at)) < html.n; at++) {
		struct bytes tag = bytes_sub(html, at, 7);
		if (!bytes_istarts(tag, "<style") || tag.n < 7 || !(tag.p[6] == '>' || tag.p[6] == ' '))
			continue;
		size_t from = bytes_find(html, '>', at) + 1, end = bytes_find(html, '<', from);
		while (end < html.n && !bytes_istarts(bytes_sub(html, end, 7), "</style"))
			end = bytes_find(html, '<', end + 1);
		if (!r->sheet && !(r->sheet = html_sheet_new(r->w->arena)))
			return false;
		if (!html_sheet_add(r->sheet, bytes_sub(html, from, end - from)))
			return false;
		at = end;
		if (at >= html.n)
			break;
	}
	return true;
}

static bool shown_room(struct arena *a, struct shown *s, size_t n)
{
	s->p = arena_alloc(a, n + 1);
	s->size = n;
	return s->p != NULL;
}

bool html_links_read(struct work *w, struct bytes html, struct html_page *out)
{
	struct arena *a = w->arena;
	struct reader *r = arena_one(a, struct reader);
	struct bytes tidy = html_tidy(a, utf8_clean(a, html));

	if (!r || !tidy.p || tidy.n > INT32_MAX) /* libxml2 counts in int */
		return false;
	if (!shown_room(a, &r->text, tidy.n) || !shown_room(a, &r->hidden, tidy.n))
		return false;
	r->w = w;
	r->link = SIZE_MAX;
	if (!read_styles(r, tidy) || !parse(r, tidy))
		return false;
	end_link(r);
	r->page.text = (struct bytes){ r->text.p, r->text.n };
	r->page.hidden = bytes_trim((struct bytes){ r->hidden.p, r->hidden.n });
	if (arena_failed(a))
		return false;
	*out = r->page;
	return true;
}
