/* mime.h - the parts of a message (RFC 2045, 2046, 5322): what each says it is,
 * where it stands, and its content decoded on demand. Nothing is rendered, nothing
 * is run. Only src/mime includes GMime, which reads fields, decodes and converts.
 *
 * Safe on anything: nesting and the number of parts have limits (LIMIT_MIME_DEPTH,
 * LIMIT_MIME_PARTS); what lies beyond is one part whose content is not looked into. */
#pragma once
#include "base/work.h"

#define MIME_NO_PART SIZE_MAX

struct mime_part {
	size_t parent;              /* index of the part that holds this one; MIME_NO_PART for the message itself */
	unsigned depth;             /* 0: the message itself */
	struct bytes type;          /* "text/plain", lower case; what the standard assumes where none is declared */
	bool declared;              /* it has a readable Content-Type of its own */
	struct bytes charset;       /* lower case; empty: not said */
	struct bytes report_type;   /* of multipart/report, lower case */
	struct bytes disposition;   /* "attachment", "inline", lower case; empty: not said */
	struct bytes name;          /* file name, decoded to UTF-8 (RFC 2231, 2047); empty: none */
	struct bytes encoding;      /* of the transfer, lower case: "base64"; empty: not said */
	struct bytes header;        /* the part's header fields as they stand in the message */
	struct bytes raw;           /* its content as it stands in the message, still encoded */
	bool container;             /* multipart/..., message/rfc822 and the like: other parts stand in it. False
	                             * for one of these types whose content is not looked into: too deep, no
	                             * boundary, or encoded (then mime_read what mime_content gives) */
};

struct mime {
	struct mime_part *parts;    /* in the order of the message; parts[0] is the message itself. The mail in a
	                             * message/rfc822 part is the one part in it */
	size_t n;
	bool cut;                   /* a limit was reached */
};

/* Once a program, before the first thread that reads mail. More calls do nothing more. */
void mime_start(void);

/* Reads the structure of a whole message; line ends may be LF or CRLF, a "From " line in front
 * is skipped. Slices point into the message or live in w's arena; the message must outlive *out.
 * Linear in the message. False: out of memory (then *out is { 0 }). */
MUST_USE bool mime_read(struct work *w, struct bytes message, struct mime *out);
/* Forgets what was read (its memory is the arena's); { 0 } does nothing. */
void mime_end(struct mime *m);

/* The content of a part without its transfer encoding; text/... as UTF-8 too (bytes that fit no
 * charset become U+FFFD). At most max bytes; *cut (may be NULL) says that there is more. A slice of the
 * message where nothing has to change, else in the arena. { NULL, 0 } when out of memory. */
struct bytes mime_content(struct work *w, const struct mime *m, size_t part, size_t max, bool *cut);

/* The same without a change of charset: the bytes that were encoded. What must keep its bytes (the header of a
 * returned mail) and a mail that came encoded are read so. */
struct bytes mime_octets(struct work *w, const struct mime *m, size_t part, size_t max, bool *cut);

/* A field's value with its encoded words (RFC 2047) decoded to UTF-8 from any charset that the system knows, for
 * people: to be shown and compared, never parsed again. Not escaped. { NULL, 0 } when out of memory. */
struct bytes mime_words(struct arena *a, struct bytes value);

/* The first part of that type at or after index `from`; MIME_NO_PART: none. */
size_t mime_find(const struct mime *m, const char *type, size_t from);
