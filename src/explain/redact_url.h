/* redact_url.h - links: hosts become other hosts, what stands behind them other letters. For redact.h. */
#pragma once
#include "explain/redact_state.h"

/* A link without white space around it. `entities`: "&amp;" of HTML stays. */
void redact_url(struct redact *r, struct bytes url, bool entities, struct buf *out);
