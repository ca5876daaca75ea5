/* redact_wallet.h - an address of virtual money becomes another that is well-formed and
 * nobody's: readers check the sum at its end. For redact.h. */
#pragma once
#include "explain/redact_state.h"

/* False: it is no such address, nothing is written. */
bool redact_wallet(struct redact *r, struct bytes word, struct buf *out);
