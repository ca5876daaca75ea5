/* verify_json.h - the results of a verification as JSON; the fields are
 * documented in truefrom-verify(1) and stay. */
#pragma once
#include <jansson.h>

#include "verify/verify.h"

/* New references; NULL when out of memory. Bytes that are not UTF-8 become U+FFFD. */
json_t *verify_json(struct verify *v);
json_t *verify_json_spf(struct arena *a, const struct spf_result *r, bool no_session);
/* A string of any bytes; null when b.p is NULL. */
json_t *verify_json_text(struct arena *a, struct bytes b);
/* A string; null for NULL. */
json_t *verify_json_word(const char *word);
json_t *verify_json_name(struct dname d);
