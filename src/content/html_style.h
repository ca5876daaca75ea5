/* html_style.h - as much of CSS as it takes to tell whether text can be seen: sizes, colours,
 * what is switched off. A reader of mail, not of the web: simple selectors only. */
#pragma once
#include "base/arena.h"

#define HTML_COLOR_UNSAID (-2)
#define HTML_COLOR_UNKNOWN (-1) /* a picture, or a name that is not in our table */

enum html_said { HTML_UNSAID, HTML_NO, HTML_YES };

/* What a rule or a style="" says of the few things that matter; merged, the later wins. */
struct html_style {
	enum html_said shown;      /* display, opacity */
	enum html_said visible;    /* visibility, places off the page */
	enum html_said readable;   /* font-size */
	enum html_said clipped;    /* overflow: hidden */
	int32_t color, background; /* 0xrrggbb, or HTML_COLOR_* */
	int32_t width, height;     /* pixels; -1: not said */
};
#define HTML_STYLE_NONE \
	{ .color = HTML_COLOR_UNSAID, .background = HTML_COLOR_UNSAID, .width = -1, .height = -1 }

/* How the text of an element looks, with what it inherits. */
struct html_look {
	bool gone;                 /* it or something around it is switched off: nothing inside can be seen */
	bool invisible, tiny;      /* something inside can say otherwise */
	int32_t color, background;
};
#define HTML_LOOK_PAGE { .color = 0, .background = 0xffffff }

/* Adds the declarations of a style="" or of a rule to *s. */
void html_style_read(struct bytes declarations, struct html_style *s);
/* A colour as HTML's attributes and CSS write it; HTML_COLOR_UNKNOWN. */
int32_t html_color(struct bytes text);
/* A length in pixels ("1", "1px", "0.5em"), rounded up; -1: none, or relative to something else ("100%"). */
int32_t html_pixels(struct bytes text);
/* What an element makes of the look around it. */
void html_look_apply(struct html_look *look, const struct html_style *s);
/* Can text that looks so be seen? */
bool html_look_seen(const struct html_look *look);
