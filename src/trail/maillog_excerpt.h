/* maillog_excerpt.h - the line that an excerpt begins with: it speaks for the
 * lines that were left out, so that an excerpt gives the answers of the whole log. */
#pragma once
#include "base/buf.h"

struct maillog_stated {
	uint64_t lines, understood, backscatter, submissions, silence; /* as in struct maillog_section */
	uint64_t first, last, dated;  /* dated 0: no line had a date */
	uint64_t zoneless, cut;       /* 0 or 1 */
};

/* False: an ordinary line. */
bool maillog_stated_parse(struct bytes line, struct maillog_stated *out);
void maillog_stated_write(struct buf *out, const struct maillog_stated *s);
