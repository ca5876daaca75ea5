/* dmarc_words.h - a DMARC result as one plain sentence, for people. */
#pragma once
#include "base/buf.h"
#include "dmarc/dmarc.h"

/* Writes who is claimed as author, what SPF and DKIM say to that, and what the policy asks, with the
 * record and the tag that say it; without a full stop. Domains are written as A-labels; the caller
 * escapes for where the text goes. `in` is what r was made from. */
void dmarc_words(const struct dmarc_input *in, const struct dmarc_result *r, struct buf *out);
