/* spf_words.h - why a check came out as it did, in one plain sentence. */
#pragma once
#include "base/buf.h"
#include "spf/spf.h"

/* Writes the sentence, without a full stop, for example
 *   client 192.0.2.1 matches "ip4:192.0.2.0/24" of example.com
 * Bytes of the DNS that are not printable ASCII are written as \xHH. Failure is
 * remembered in `to`. */
void spf_words(const struct ip *client, const struct spf_result *r, struct buf *to);
