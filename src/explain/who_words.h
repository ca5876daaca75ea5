/* who_words.h - the part of the page that says whom a mail claims to be from, and where it really came
 * from: address, name, network, time. */
#pragma once
#include "explain/explain.h"
#include "explain/page.h"

/* Rows of the page. */
void who_words(struct page *p, const struct explain *x);
