/* verify_authres.h - the results of a verification as an Authentication-Results
 * field (RFC 8601), for others to read; this program never reads it back. */
#pragma once
#include "base/buf.h"
#include "verify/verify.h"

/* Appends "Authentication-Results: ..." without a final line end; line_end ("\r\n" or "\n")
 * stands at its folds. Every value is escaped. */
void verify_authres(struct buf *out, const struct verify *v, const char *line_end);
