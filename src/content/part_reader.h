/* part_reader.h - the contents of a message's parts, one after the other, in memory that is used again for
 * each: no more of them all together than LIMIT_TEXT_BYTES of what is shown and LIMIT_CONTENT_BYTES of files. */
#pragma once
#include "mime/mime.h"

struct part_reader {
	struct work w;          /* of one part: an arena of its own; limits reached are the message's, too */
	struct work *message;
	size_t text_left, files_left; /* bytes that may still be looked at */
};

/* What a part is for those who look for risks. */
enum part_kind {
	PART_NOTHING,   /* a container, or something that only programs read */
	PART_TEXT,      /* shown as text */
	PART_PAGE,      /* shown as a page */
	PART_FILE,      /* something to be opened */
};
enum part_kind part_kind_of(const struct mime_part *p);

/* False: out of memory. */
MUST_USE bool part_reader_start(struct part_reader *r, struct work *message);
/* The content of a part, as much as is left (of a file at most LIMIT_FILE_BYTES); it may be empty. What the part
 * before it left in r->w.arena is forgotten. False: out of memory. */
MUST_USE bool part_reader_read(struct part_reader *r, const struct mime *m, size_t part, struct bytes *out);
/* For a file that turns out to be a page: as much of it as is left of text. */
struct bytes part_reader_as_text(struct part_reader *r, struct bytes content);
void part_reader_end(struct part_reader *r); /* also of one that did not start */
