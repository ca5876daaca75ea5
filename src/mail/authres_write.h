/* authres_write.h - writes Authentication-Results (RFC 8601) so that nothing a
 * stranger chose can end a quoted string, open a comment or start a line.
 *
 *   authres_write_begin(&w, &out, "\r\n", strlen("Authentication-Results: "), id);
 *   authres_write_result(&w, "spf", "pass");
 *   authres_write_prop(&w, "smtp", "mailfrom", mail_from);
 *   authres_write_end(&w);
 *
 * What comes out is the value of the field: no name, no final line end. Lines are
 * folded at 78 columns where there is a place to fold. Memory trouble stays in
 * out->failed. */
#pragma once
#include "base/buf.h"

/* Longer values are cut, and end in "[cut]", which no domain and no address does. */
#define AUTHRES_VALUE_MAX 400u

struct authres_writer {
	struct buf *out;
	const char *line_end;
	size_t column;
	bool solid;   /* the line holds something other than white space */
	bool any;     /* a result was written */
};

/* line_end: "\r\n" or "\n"; column: how many columns of the first line are taken.
 * authserv_id is our own name (RFC 8601 section 2.5). */
void authres_write_begin(struct authres_writer *w, struct buf *out, const char *line_end,
                         size_t column, struct bytes authserv_id);
/* The same for ARC-Authentication-Results: "i=N; " stands first (RFC 8617 section 4.1.1). */
void authres_write_begin_arc(struct authres_writer *w, struct buf *out, const char *line_end,
                             size_t column, unsigned instance, struct bytes authserv_id);
/* Begins a result. Both words are ours, of letters, digits and hyphens: anything else is a bug. What
 * follows belongs to it, in the order of RFC 8601: comment, reason, properties. */
void authres_write_result(struct authres_writer *w, const char *method, const char *result);
/* A remark for people. Parentheses, quotes, semicolons and backslashes are replaced,
 * so that a careless reader is not fooled either. */
void authres_write_comment(struct authres_writer *w, struct bytes text);
void authres_write_reason(struct authres_writer *w, struct bytes text);
/* ptype and property are ours. value may be any bytes: control bytes, bytes that are
 * not UTF-8 and characters that turn or hide text are replaced; it is quoted where it is not a
 * token or an address of plain letters. */
void authres_write_prop(struct authres_writer *w, const char *ptype, const char *property,
                        struct bytes value);
/* Says "none" where there was no result. */
void authres_write_end(struct authres_writer *w);
