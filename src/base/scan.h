/* scan.h - finding the first byte that is not of the ordinary kind: what every parser of mail
 * does most. Sixteen bytes a step (lanes.h). */
#pragma once
#include "base/bytes.h"

/* The offset of the first byte at or after `at` that is not printable ASCII, space included (0x20 to
 * 0x7e); b.n when there is none. at <= b.n. */
size_t scan_printable(struct bytes b, size_t at);
