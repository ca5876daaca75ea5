/* wrap.h - text for people: broken at 80 columns, safe for a terminal. */
#pragma once
#include "base/buf.h"

#define WRAP_COLUMNS 80u
#define WRAP_HANG_MAX 40u

/* Appends text as lines of at most WRAP_COLUMNS columns (columns.h): `first` stands before
 * the first line, `hang` spaces (at most WRAP_HANG_MAX, as `first` has columns) before the others. Words
 * longer than a line are broken. Control bytes, escape sequences, bidirectional and invisible
 * characters of strangers are shown as "?"; what is not UTF-8 too. */
void wrap_add(struct buf *out, const char *first, size_t hang, struct bytes text);
void wrap_addf(struct buf *out, const char *first, size_t hang, const char *format, ...) PRINTF_LIKE(4, 5);
/* text with everything unfit for a terminal replaced, not wrapped. */
void wrap_safe(struct buf *out, struct bytes text);
