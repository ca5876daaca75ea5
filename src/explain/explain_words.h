/* explain_words.h - a verdict as a page for a person who knows nothing of mail. */
#pragma once
#include "base/buf.h"
#include "explain/explain.h"

/* Appends the page, at most 80 columns wide. */
void explain_words(struct buf *out, const struct explain *x);
