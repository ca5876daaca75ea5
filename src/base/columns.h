/* columns.h - how wide a text is on a terminal: letters of the East take two
 * columns, marks that sit on other letters none. Independent of the locale. */
#pragma once
#include "base/bytes.h"

/* Columns of one code point: 0, 1 or 2. Where terminals disagree (symbols, emoji) the wider. Control
 * characters are not for terminals at all: wrap_safe takes them out first. */
unsigned columns_of_char(uint32_t c);
/* Of a text in UTF-8; a byte that is not UTF-8 counts as one. */
size_t columns_of(struct bytes text);
/* The longest head of text with at most n columns, marks on its last letter included. Borrows. */
struct bytes columns_head(struct bytes text, size_t n);
