/* explain_words.h - a verdict as a page for a person who knows nothing of mail. */
#pragma once
#include "base/buf.h"
#include "explain/advice.h"

/* Appends the page, at most 80 columns wide. */
void explain_words(struct buf *out, const struct facts *f, const struct verdict *v, const struct evidence *list,
                   size_t n);
