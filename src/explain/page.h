/* page.h - what a page for a person is made of: titles, rows with a label, marked lines. At most 80
 * columns; nothing of a stranger's can be clicked, moves the cursor or turns the direction of text. */
#pragma once
#include "base/arena.h"
#include "base/wrap.h"

#define PAGE_LABEL 20u     /* columns of a label */
#define PAGE_STRANGER 240u /* columns of one thing that a stranger chose; what is longer is cut */

enum page_colour { PAGE_BAD, PAGE_GOOD, PAGE_OPEN };

struct page {
	struct buf *out;
	struct arena *a;
	bool colour;       /* the terminal shows colours; they only repeat what the words say */
};

/* The word on top, and how sure it is ("" for nothing). */
void page_headline(struct page *p, enum page_colour c, const char *word, const char *sure);
void page_title(struct page *p, const char *title);
/* A row: the label (at most PAGE_LABEL - 3 columns; "" goes on with the row before), then text. */
void page_row(struct page *p, const char *label, const char *format, ...) PRINTF_LIKE(3, 4);
/* A paragraph: `mark` stands before its first line, and what follows is indented as deep as the mark is wide. */
void page_item(struct page *p, const char *mark, const char *format, ...) PRINTF_LIKE(3, 4);
/* The same for a text that is known to be ours and holds nothing to click. */
void page_text(struct page *p, const char *mark, struct bytes text);

/* One thing that a stranger chose, cut to PAGE_STRANGER columns and safe for a terminal (wrap_safe), NULs
 * included, at which "%.*s" would stop. In p's arena; out of memory: arena_failed. */
struct bytes page_safe(struct page *p, struct bytes text);
/* "16 Nov 2026 at 09:15 UTC" */
struct bytes page_time(struct page *p, int64_t at);
/* Appends text so that no terminal makes a link of it: "hxxps://", "www[.]", "mailto[:]". */
void page_unlink(struct buf *out, struct bytes text);
