/* html_links.h - what a page in HTML shows and where it leads: its links, pictures and forms, the text that
 * can be seen, and the text that cannot. Nothing is rendered or fetched, no
 * entity is loaded, no program is run. libxml2 reads the tags (src/content is the room that may include it). */
#pragma once
#include "base/work.h"

enum html_link_kind {
	HTML_LINK,     /* <a>, <area>: leads there by a click */
	HTML_REFRESH,  /* <meta http-equiv=refresh>: leads there without one */
	HTML_FORM,     /* <form>, formaction=: what is typed goes there */
	HTML_IMAGE,    /* <img>, <input type=image>: fetched when the mail is opened */
	HTML_FRAME,    /* <iframe>, <embed>, <object>: fetched and shown within the mail */
};

struct html_link {
	enum html_link_kind kind;
	struct bytes target;    /* as written, entities resolved; may be empty for a form */
	struct bytes text;      /* of HTML_LINK: the text that can be seen */
	bool tiny;              /* of HTML_IMAGE: no larger than one pixel, as far as it is said */
	bool hidden;            /* it cannot be seen */
};

struct html_page {
	struct html_link *links;
	size_t n;
	struct bytes base;      /* <base href>: what relative links start from; empty: none */
	struct bytes text;      /* that can be seen, in UTF-8: white space collapsed, blocks ended by LF */
	struct bytes hidden;    /* text that cannot be seen; not the few words at the top that mail programs
	                         * show as a preview */
	bool program;           /* it has a <script> or an attribute with one */
	bool cut;               /* a limit was reached */
};

/* Reads a page of UTF-8. All slices live in the arena. False: out of memory. */
MUST_USE bool html_links_read(struct work *w, struct bytes html, struct html_page *out);
