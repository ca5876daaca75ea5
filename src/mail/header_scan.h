/* header_scan.h - what is odd about the bytes of a header, and what hides
 * behind them: a From field that only some readers see (RFC 5322 section 2.1,
 * 2.2, 4.1). Private to header.c. */
#pragma once
#include "mail/header.h"

/* How many bytes of the line end stand at t[at]: 2 for CRLF, 1 for LF in a file
 * of such lines, 0 when no line ends there. A bare CR or LF ends nothing. */
size_t header_scan_line_end(const struct header *h, struct bytes t, size_t at);

/* Looks through one block (a line with its continuations) that begins at
 * `offset` of the message, and adds the defects of its bytes. Each kind is
 * noted at its first place only. */
void header_scan_bytes(struct work *w, struct header *h, struct bytes block, size_t offset);

/* Would a reader that overlooks control and 8-bit bytes see a From field begin
 * at block[at]? Then it is kept in h->hidden and a defect. */
void header_scan_from(struct work *w, struct header *h, struct bytes block, size_t at, size_t offset);

/* Adds a defect unless its kind was seen before. */
void header_scan_note(struct work *w, struct header *h, enum defect_kind kind, size_t offset);
