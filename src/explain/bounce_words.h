/* bounce_words.h - the part of the page that says what a machine wrote about another mail: the kind of
 * notice, for which recipients, about which mail. */
#pragma once
#include "explain/explain.h"
#include "explain/page.h"

/* Rows of the page; none for an ordinary mail. */
void bounce_words(struct page *p, const struct explain *x);
