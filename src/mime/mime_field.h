/* mime_field.h - what the header of one part says of its content: the fields
 * Content-Type (RFC 2045 section 5.1), Content-Disposition (RFC 2183) and
 * Content-Transfer-Encoding, read by GMime with all that it forgives. */
#pragma once
#include "mime/mime.h"

/* The values as they stand in the header, folds inside; { NULL, 0 }: no such field. */
struct mime_fields {
	struct bytes type, disposition, encoding;
};

/* Notes a field that says something of the content, the first of each name. */
void mime_field_note(struct mime_fields *f, struct bytes name, struct bytes value);

/* Fills type, declared, charset, report_type, disposition, name and encoding of *p and the
 * boundary of a multipart (empty: none). `standard` is the type where none is declared. All
 * live in the arena. False: out of memory. */
MUST_USE bool mime_field_read(struct arena *a, const struct mime_fields *f, struct bytes standard,
                              struct mime_part *p, struct bytes *boundary);
