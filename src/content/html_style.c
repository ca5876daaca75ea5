/* html_style.c - see html_style.h: declarations, colours, lengths */
#include "content/html_style.h"

#include "base/ascii.h"

#define READABLE_PX 3   /* smaller letters are no letters */
#define OFF_PAGE_PX 900 /* text moved further to the left than that is on no screen */
#define SAME_COLOR 12   /* of 255, in each of red, green and blue: the eye sees no letters */

static const struct { const char *name; int32_t value; } color_names[] = {
	{ "black", 0x000000 },      { "white", 0xffffff },      { "red", 0xff0000 },        { "green", 0x008000 },
	{ "blue", 0x0000ff },       { "gray", 0x808080 },       { "grey", 0x808080 },       { "silver", 0xc0c0c0 },
	{ "yellow", 0xffff00 },     { "navy", 0x000080 },       { "maroon", 0x800000 },     { "olive", 0x808000 },
	{ "purple", 0x800080 },     { "teal", 0x008080 },       { "lime", 0x00ff00 },       { "aqua", 0x00ffff },
	{ "fuchsia", 0xff00ff },    { "orange", 0xffa500 },     { "snow", 0xfffafa },       { "ivory", 0xfffff0 },
	{ "whitesmoke", 0xf5f5f5 }, { "ghostwhite", 0xf8f8ff }, { "windowtext", 0x000000 }, { "window", 0xffffff },
};

/* A decimal number off the front, times 100; false: none there. */
static bool take_number(struct bytes *text, int32_t *hundredths)
{
	bool minus = text->n && text->p[0] == '-', any = false;
	int64_t v = 0, unit = 100;
	size_t i = minus || (text->n && text->p[0] == '+');
	bool fraction = false;

	for (; i < text->n; i++) {
		if (text->p[i] == '.' && !fraction) {
			fraction = true;
			continue;
		}
		if (!ascii_is_digit(text->p[i]))
			break;
		any = true;
		if (fraction)
			unit /= 10;
		v = fraction ? v + (text->p[i] - '0') * unit : v * 10 + (text->p[i] - '0') * 100;
		if (v > 100000000)
			v = 100000000;
	}
	if (!any)
		return false;
	*text = bytes_from(*text, i);
	*hundredths = (int32_t)(minus ? -v : v);
	return true;
}

static int32_t hex_color(struct bytes digits)
{
	int32_t v = 0;
	bool brief = digits.n == 3 || digits.n == 4;

	if (!brief && digits.n != 6 && digits.n != 8)
		return HTML_COLOR_UNKNOWN;
	for (size_t i = 0; i < digits.n; i++)
		if (ascii_hex(digits.p[i]) < 0)
			return HTML_COLOR_UNKNOWN;
	for (size_t i = 0; i < (brief ? 3 : 6); i++) {
		int32_t d = ascii_hex(digits.p[i]);
		v = brief ? v << 8 | d << 4 | d : v << 4 | d;
	}
	return v;
}

/* "rgb(1, 2, 3)", "rgba(1 2 3 / 0)"; no alpha is said here */
static int32_t rgb_color(struct bytes args)
{
	int32_t v = 0, part;

	for (size_t i = 0; i < 3; i++) {
		while (args.n && (ascii_is_space(args.p[0]) || args.p[0] == ','))
			args = bytes_from(args, 1);
		if (!take_number(&args, &part))
			return HTML_COLOR_UNKNOWN;
		part = args.n && args.p[0] == '%' ? part * 255 / 10000 : part / 100;
		if (args.n && args.p[0] == '%')
			args = bytes_from(args, 1);
		v = v << 8 | (part < 0 ? 0 : part > 255 ? 255 : part);
	}
	return v;
}

int32_t html_color(struct bytes text)
{
	text = bytes_trim(text);
	if (text.n && text.p[0] == '#')
		return hex_color(bytes_from(text, 1));
	if (bytes_istarts(text, "rgb"))
		return rgb_color(bytes_from(text, bytes_find(text, '(', 0) + 1));
	for (size_t i = 0; i < ARRAY_LEN(color_names); i++)
		if (bytes_ieq(text, color_names[i].name))
			return color_names[i].value;
	return text.n == 6 ? hex_color(text) : HTML_COLOR_UNKNOWN; /* bgcolor=ffffff */
}

int32_t html_pixels(struct bytes text)
{
	static const struct { const char *unit; int32_t hundredths; } units[] = {
		{ "px", 100 }, { "pt", 133 }, { "em", 1600 }, { "rem", 1600 }, { "ex", 800 }, { "mm", 378 }, { "cm", 3780 },
		{ "in", 9600 }, { "pc", 1600 },
	};
	int32_t v;
	int64_t scale = 100;

	text = bytes_trim(text);
	if (!take_number(&text, &v) || v < 0)
		return -1;
	text = bytes_trim(text);
	bool known = text.n == 0 || v == 0;
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (bytes_ieq(text, units[i].unit)) {
			scale = units[i].hundredths;
			known = true;
		}
	int64_t px = (v * scale + 9999) / 10000;
	return !known ? -1 : px > INT32_MAX ? INT32_MAX : (int32_t)px;
}

/* --- properties --- */

static enum html_said yes_if(bool yes)
{
	return yes ? HTML_YES : HTML_NO;
}

static void set_display(struct html_style *s, struct bytes v)
{
	s->shown = yes_if(!bytes_ieq(v, "none"));
}

static void set_visibility(struct html_style *s, struct bytes v)
{
	s->visible = yes_if(!bytes_ieq(v, "hidden") && !bytes_ieq(v, "collapse"));
}

static void set_opacity(struct html_style *s, struct bytes v)
{
	int32_t n;

	if (take_number(&v, &n) && n < 5)
		s->shown = HTML_NO;
}

static void set_size(struct html_style *s, struct bytes v)
{
	int32_t n;
	struct bytes percent = v;

	if (take_number(&percent, &n) && bytes_eq(percent, "%"))
		s->readable = yes_if(n * 16 / 10000 >= READABLE_PX);
	else if (html_pixels(v) >= 0)
		s->readable = yes_if(html_pixels(v) >= READABLE_PX);
	else if (v.n && ascii_is_alpha(v.p[0]))
		s->readable = HTML_YES; /* "small", "inherit" */
}

/* font: [style] size[/line] family */
static void set_font(struct html_style *s, struct bytes v)
{
	struct bytes word;

	while (bytes_cut(&v, ' ', &word)) {
		word = bytes_sub(word, 0, bytes_find(word, '/', 0));
		uint64_t weight;
		bool number = word.n && (ascii_is_digit(word.p[0]) || word.p[0] == '.');
		if (number && !(bytes_to_u64(word, &weight) && weight >= 100)) {
			set_size(s, word);
			return;
		}
	}
}

static bool see_through(struct bytes v)
{
	if (bytes_ieq(v, "transparent"))
		return true;
	if (!bytes_istarts(v, "rgba("))
		return false;
	size_t at = v.n;
	while (at > 0 && v.p[at - 1] != ',' && v.p[at - 1] != '/')
		at--;
	struct bytes alpha = bytes_trim(bytes_from(v, at));
	int32_t n;
	return take_number(&alpha, &n) && n < 5;
}

static void set_color(struct html_style *s, struct bytes v)
{
	if (see_through(v))
		s->visible = HTML_NO;
	else if (!bytes_ieq(v, "inherit"))
		s->color = html_color(v);
}

static void set_background(struct html_style *s, struct bytes v)
{
	bool function = bytes_istarts(v, "rgb"); /* blanks within belong to it */
	struct bytes word = function ? v : bytes_sub(v, 0, bytes_find(v, ' ', 0));

	if (see_through(v) || bytes_ieq(v, "none") || bytes_ieq(v, "inherit"))
		return;
	bool picture = bytes_search(v, B("url(")) < v.n || bytes_search(v, B("gradient(")) < v.n;
	s->background = picture ? HTML_COLOR_UNKNOWN : html_color(word);
}

static void set_image(struct html_style *s, struct bytes v)
{
	if (!bytes_ieq(v, "none"))
		s->background = HTML_COLOR_UNKNOWN;
}

/* Of a width and a greatest width the smaller counts. */
static void set_least(int32_t *length, struct bytes v)
{
	int32_t px = html_pixels(v);

	if (px >= 0 && (*length < 0 || px < *length))
		*length = px;
}

static void set_width(struct html_style *s, struct bytes v)
{
	set_least(&s->width, v);
}

static void set_height(struct html_style *s, struct bytes v)
{
	set_least(&s->height, v);
}

static void set_overflow(struct html_style *s, struct bytes v)
{
	s->clipped = yes_if(bytes_ieq(v, "hidden") || bytes_ieq(v, "clip"));
}

static void set_place(struct html_style *s, struct bytes v)
{
	int32_t n;

	if (take_number(&v, &n) && n < -OFF_PAGE_PX * 100)
		s->visible = HTML_NO;
}

static const struct { const char *name; void (*set)(struct html_style *s, struct bytes value); } properties[] = {
	{ "display", set_display },       { "visibility", set_visibility }, { "opacity", set_opacity },
	{ "font-size", set_size },        { "font", set_font },             { "color", set_color },
	{ "background", set_background }, { "background-color", set_background },
	{ "background-image", set_image }, { "width", set_width },          { "max-width", set_width },
	{ "height", set_height },         { "max-height", set_height },     { "overflow", set_overflow },
	{ "text-indent", set_place },     { "left", set_place },            { "top", set_place },
	{ "margin-left", set_place },
};

/* Without white space and comments in front. */
static struct bytes without_comments(struct bytes text)
{
	text = bytes_trim(text);
	while (bytes_istarts(text, "/*"))
		text = bytes_trim(bytes_from(text, bytes_search(text, B("*/")) + 2));
	return text;
}

static void read_declaration(struct bytes text, struct html_style *s)
{
	struct bytes name;

	if (!bytes_cut(&text, ':', &name))
		return;
	name = without_comments(name);
	struct bytes value = without_comments(text);
	value = bytes_trim(bytes_sub(value, 0, bytes_find(value, '!', 0))); /* !important */
	value = bytes_trim(bytes_sub(value, 0, bytes_search(value, B("/*"))));
	for (size_t i = 0; i < ARRAY_LEN(properties); i++)
		if (value.n && bytes_ieq(name, properties[i].name))
			properties[i].set(s, value);
}

void html_style_read(struct bytes declarations, struct html_style *s)
{
	struct bytes piece;

	while (bytes_cut(&declarations, ';', &piece))
		read_declaration(piece, s);
}

/* --- looks --- */

static bool same_color(int32_t a, int32_t b)
{
	if (a < 0 || b < 0)
		return false;
	for (int shift = 0; shift <= 16; shift += 8)
		if (abs((a >> shift & 255) - (b >> shift & 255)) > SAME_COLOR)
			return false;
	return true;
}

void html_look_apply(struct html_look *look, const struct html_style *s)
{
	bool no_room = s->clipped == HTML_YES && (s->width == 0 || s->height == 0);

	look->gone = look->gone || s->shown == HTML_NO || no_room;
	if (s->visible)
		look->invisible = s->visible == HTML_NO;
	if (s->readable)
		look->tiny = s->readable == HTML_NO;
	if (s->color != HTML_COLOR_UNSAID)
		look->color = s->color;
	if (s->background != HTML_COLOR_UNSAID)
		look->background = s->background;
}

bool html_look_seen(const struct html_look *look)
{
	return !look->gone && !look->invisible && !look->tiny && !same_color(look->color, look->background);
}
