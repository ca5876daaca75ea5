/* redact_header.h - fields of a header, each by what it is. For redact.h. */
#pragma once
#include "explain/redact_state.h"

/* A block of fields, with their folds and line ends; also of a delivery report or of text that
 * quotes one. With `note` nothing is written, but the addresses and names in it are noted. What is no
 * field is read as a text. Linear. */
void redact_header(struct redact *r, struct bytes block, bool note, struct buf *out);

/* Does the text begin with a field that mail has, as a bounce quotes it, or with a line of a person's? */
bool redact_header_quoted(struct bytes text);

/* The base64 of a key or signature, with white space and quotes in it: the same length and shape. The
 * first `front` characters and the last `back` stay. */
void redact_header_secret(struct redact *r, struct bytes text, size_t front, size_t back, struct buf *out);
