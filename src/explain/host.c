/* host.c - see host.h */
#include "explain/host.h"

struct bytes host_name(const struct explain *x, bool *checked)
{
	const struct handover *h = &x->handover;
	const struct received *line = h->received_index < h->n_lines ? &h->lines[h->received_index] : NULL;
	bool given = x->settings.given && !x->settings.given->recovered;

	/* a server that told us the address need not have told the name; the trace may have it */
	if (line && line->has_ip && h->has_ip && ip_same(&line->from_ip, &h->ip) && (!given || !h->rdns.n)) {
		*checked = line->rdns_checked;
		return line->rdns;
	}
	*checked = given && h->rdns.n;
	return h->rdns;
}
