/* why_words.h - the part of the page that gives the reasons of a verdict, what it leaves open, and what
 * would settle that. */
#pragma once
#include "explain/explain.h"
#include "explain/page.h"

/* The evidence, a line each, the strongest first, marked for, against, or only worth knowing; and what could
 * not be looked at. */
void why_words(struct page *p, const struct explain *x);
/* What the verdict does not prove, what would look the same, and the one fact that would settle it. */
void open_words(struct page *p, const struct explain *x);
