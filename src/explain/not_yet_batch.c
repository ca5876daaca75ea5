/* not_yet_batch.c - like not_yet.c, for what the command needs */
#include "explain/explain.h"

#define NOT_YET __attribute__((weak))

NOT_YET bool content_payload(struct work *w, const struct header *h, const struct mime *m, struct content_payload *out)
{ *out = (struct content_payload){ 0 }; return true; }
