/* claim.c - see claim.h */
#include "explain/claim.h"

#include "dmarc/psl.h"

static struct dname org_of(struct bytes host, uint8_t room[DNAME_TEXT_MAX])
{
	struct dname name;

	if (host.n == 0 || host.n > DNAME_TEXT_MAX || !dname_write(host, room, &name))
		return (struct dname){ { NULL, 0 } };
	return psl_registrable(psl_list_builtin(), name);
}

/* Was this line written by a host of that organisation? */
static bool written_by(const struct received *line, struct dname org)
{
	uint8_t room[DNAME_TEXT_MAX];
	struct dname by = org_of(line->by, room);

	return !dname_is_none(by) && dname_same(by, org);
}

void claim_begin(const struct handover *h, struct claim *out)
{
	uint8_t room[DNAME_TEXT_MAX];
	struct dname org = h->found ? org_of(h->rdns, room) : (struct dname){ { NULL, 0 } };

	*out = (struct claim){ .found = false };
	if (dname_is_none(org))
		return;
	/* the lowest public client in the unbroken row of lines that the forwarder's hosts wrote */
	for (size_t i = h->received_index + 1; i < h->n_lines && written_by(&h->lines[i], org); i++) {
		const struct received *line = &h->lines[i];
		if (!line->has_ip || ip_is_local(&line->from_ip))
			continue;
		*out = (struct claim){ .found = true, .ip = line->from_ip, .by = line->by };
	}
}

enum check_state claim_check(struct work *w, struct dns_asker *dns, struct dname author, struct bytes local,
                             int64_t dns_time, struct claim *c)
{
	struct spf_input in = {
		.identity = SPF_MAILFROM, .client = c->ip, .domain = author, .local = local, .time = dns_time,
	};

	if (!c->found || dname_is_none(author))
		return CHECK_DONE;
	return spf_check(w, dns, &in, &c->spf);
}
