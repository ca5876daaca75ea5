/* folder_mbox.h - where the messages of an mbox begin and end (RFC 4155 and
 * the dialects mboxo, mboxrd, mboxcl, mboxcl2), and what its writer quoted. */
#pragma once
#include "folder/folder_source.h"

struct folder_mbox_span {
	uint64_t at, n;     /* the message: behind its "From " line, without the empty line that closes it */
	uint64_t next;      /* the next "From " line, or the end of the file */
	bool by_length;     /* its Content-Length was trusted */
};

/* Is that a "From " line as mail programs write it: a sender, then a date? Without its line end. */
bool folder_mbox_from_line(struct bytes line);
/* Does the text begin with a "From " line of any kind (not with a field "From :")? */
bool folder_mbox_starts(struct bytes text);
/* And with one as Thunderbird writes it: "From - DATE", in newer versions "From " and nothing more? In
 * such a file these separate also without an empty line before, where a field of a header follows. */
bool folder_mbox_is_mozilla(struct bytes text);

/* The message whose "From " line is at `at` (< s->size). */
struct folder_mbox_span folder_mbox_span(struct folder_source *s, uint64_t at, bool mozilla);

/* How many bytes quoting added to the body, 0 where nothing is to be unquoted: one ">" for each line of ">From ",
 * ">>From " and so on, unless a bare "From " line behind an empty one shows that this writer quotes nothing. */
size_t folder_mbox_quoted(struct bytes message);
/* Writes the message without these bytes; `to` has room for message.n - folder_mbox_quoted(message). */
void folder_mbox_unquote(struct bytes message, uint8_t *to);
