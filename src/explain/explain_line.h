/* explain_line.h - a verdict as one line, for a list of many mails. */
#pragma once
#include "base/buf.h"
#include "explain/explain.h"

/* Appends one line of at most 80 columns, its end included: what the message is called in the list (NULL or "":
 * not said), verdict, confidence, date, sender, subject. Out of memory: out->failed. */
void explain_line(struct buf *out, const struct explain *x, const char *name);
/* The verdict in capitals, at most 12 columns: "FORGED", "ACCOUNT USED". */
const char *explain_line_word(enum verdict_kind k);
