/* redact_body.h - whole messages: their parts keep type, encoding and order; texts are
 * rewritten, files lose their content. For redact.h. */
#pragma once
#include "explain/redact_state.h"

/* Notes whose addresses and names the headers hold. False: out of memory. */
MUST_USE bool redact_body_note(struct redact *r, struct bytes message);
MUST_USE bool redact_body_message(struct redact *r, struct bytes message, struct buf *out);

/* HTML: text, and what attributes hold for people or lead to. */
void redact_html(struct redact *r, struct bytes html, struct buf *out);
