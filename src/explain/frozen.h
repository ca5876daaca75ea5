/* frozen.h - evidence that a redacted case keeps from its original: redaction changes bytes, so
 * signatures over them break. Each row says how strong an observation was there; on replay it
 * stands in place of what is seen now, and is marked. File form: "ID STRENGTH TEXT", one a line,
 * STRENGTH "none" where redaction made something appear that was not there. */
#pragma once
#include "base/buf.h"
#include "explain/evidence.h"

struct frozen_row {
	const struct evidence_row *row;
	enum strength strength;
	struct bytes text;
};

struct frozen {
	const struct frozen_row *rows;
	size_t n;
};

/* Slices borrow from text. False: *line is the line that cannot be read, or out of memory (0). */
MUST_USE bool frozen_parse(struct arena *a, struct bytes text, struct frozen *out, size_t *line);
/* What differs between the two lists, as seen in the original, as a file. */
void frozen_write(struct buf *out, const struct evidence *original, size_t n, const struct evidence *redacted, size_t m);
/* The list has room for one of each row of the table. */
void frozen_apply(const struct frozen *f, struct evidence *list, size_t *n);
