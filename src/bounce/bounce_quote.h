/* bounce_quote.h - the mail that a bounce quotes: behind which line of a text it stands,
 * and single fields of it. (returned.h indexes its header for those who judge it.) */
#pragma once
#include "base/arena.h"

/* Cuts a text into what the machine says and the mail that it quotes: behind a line like "--- Below this line
 * is a copy of the message.", or where a header begins by itself. A prefix that each line of it has ("> ", blanks)
 * is removed. *returned is empty where no header came back. False: out of memory. */
MUST_USE bool bounce_quote_split(struct arena *a, struct bytes text, struct bytes *words, struct bytes *returned);

/* Without blank lines and mbox lines in front. */
struct bytes bounce_quote_skip(struct bytes text);
/* Does text begin with the header of a mail? */
bool bounce_quote_is_mail(struct bytes text);

/* The value of the first such field of a header, folds inside; { NULL, 0 }: none. */
struct bytes bounce_quote_field(struct bytes mail, const char *name);
/* Is there anything behind the header? */
bool bounce_quote_has_body(struct bytes mail);
