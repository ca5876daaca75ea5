/* returned.h - the header of a mail that came back in a bounce, however it was
 * put there: as a part of its own, in the text, indented or quoted by a mail
 * program, with any line ends, cut anywhere, with or without a body behind it. */
#pragma once
#include "mail/header.h"

/* Indexes it. What no field can be made of is left out, so out->n may be 0. Looks at no more than
 * LIMIT_HEADER_BYTES. Slices point into text or live in w's arena. False: out of memory. */
MUST_USE bool returned_index(struct work *w, struct bytes text, struct header *out);
