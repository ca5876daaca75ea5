/* explain_words.h - a verdict as a page for a person who knows nothing of mail. */
#pragma once
#include "base/buf.h"
#include "explain/explain_line.h"

struct words_style {
	bool colour; /* the output is a terminal that shows colours; they only repeat what the words say */
};

/* Appends the page, at most 80 columns wide. Out of memory: out->failed. */
void explain_words(struct buf *out, const struct explain *x, struct words_style style);
