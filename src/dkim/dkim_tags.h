/* dkim_tags.h - the tag=value list of RFC 6376 section 3.2 (with the UTF-8 of
 * RFC 8616): signatures, key records and ARC fields are written in it. */
#pragma once
#include "base/parse_err.h"

/* Tags in one list: real ones have under 15. Not a setting, so that a list needs no memory of its
 * own; one with more is refused as malformed. */
#define DKIM_TAGS_MAX 64u

struct dkim_tag {
	struct bytes name;
	struct bytes value; /* without the white space around it; folds inside are still there */
	struct bytes span;  /* all between "=" and the next ";" or the end, white space included */
};

/* All slices point into the text that was parsed. */
struct dkim_tags {
	struct dkim_tag list[DKIM_TAGS_MAX];
	size_t n;
};

/* Reads a whole list. One final ";" and white space after it are accepted. Refused, with the offset: an
 * empty list or piece, a name that is not a letter followed by letters, digits and "_", a
 * second tag of the same name (names are compared with case), control bytes, a line end that is no
 * fold, bytes that are not UTF-8, more than DKIM_TAGS_MAX tags. err may be NULL. */
MUST_USE bool dkim_tags_parse(struct bytes text, struct dkim_tags *out, struct parse_err *err);

/* The tag of that name, or NULL. */
const struct dkim_tag *dkim_tags_find(const struct dkim_tags *tags, const char *name);

/* Takes the next item of a colon-separated value (h=, q=, s=, ...) off *rest, without the white
 * space around it. False at the end; an empty value has no items. */
bool dkim_tags_item(struct bytes *rest, struct bytes *item);
