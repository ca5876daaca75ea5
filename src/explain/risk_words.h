/* risk_words.h - the parts of the page about what is dangerous in a mail and about names that are not
 * what they seem. Links are shown so that nobody can click them. */
#pragma once
#include "explain/explain.h"
#include "explain/page.h"

/* Nothing where there is nothing. */
void risk_words(struct page *p, const struct explain *x);
void lookalike_words(struct page *p, const struct explain *x);
