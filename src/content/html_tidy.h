/* html_tidy.h - HTML as browsers take it apart, written so that libxml2 takes it apart in the same
 * way: what one of them shows and the other does not see would be a place to hide in. Tags, comments
 * and raw text by the tokenizer of the HTML standard (section 13.2.5); the rest is left to libxml2. */
#pragma once
#include "base/work.h"

/* The same page without comments, declarations and NULs; tags with plain names, white space between
 * attributes, and no more than HTML_ATTRIBUTES_MAX of them; what browsers show as text (<textarea>,
 * <title>, <xmp>) without tags in it. At most twice as long, in the arena; linear time.
 * { NULL, 0 } when out of memory. */
struct bytes html_tidy(struct arena *a, struct bytes html);

#define HTML_ATTRIBUTES_MAX 256u /* libxml2 compares each with all before it */
