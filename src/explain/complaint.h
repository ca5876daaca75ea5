/* complaint.h - who takes complaints about a mail: whoever the tables name for the network that handed
 * it over, else abuse@ (RFC 2142) at the domain of that host's checked name. Never the forged domain,
 * never the owner's own. */
#pragma once
#include "explain/explain.h"

#define COMPLAINT_MAX 3u

/* Addresses, the best first; returns how many. Slices live in x's arena; out of memory: arena_failed. */
size_t complaint_contacts(const struct explain *x, struct bytes out[COMPLAINT_MAX]);
