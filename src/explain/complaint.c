/* complaint.c - see complaint.h */
#include "explain/complaint.h"

#include "dmarc/psl.h"
#include "explain/host.h"

/* Is it the domain of somebody who was forged, or of the same organisation? */
static bool is_never(const struct explain *x, struct dname d)
{
	struct dname org = psl_registrable(psl_list_builtin(), d);

	for (size_t i = 0; i < x->n_never; i++) {
		struct dname never = x->never[i];
		if (dname_is_none(never))
			continue;
		if (dname_within(d, never) ||
		    (!dname_is_none(org) && dname_same(org, psl_registrable(psl_list_builtin(), never))))
			return true;
	}
	return false;
}

static bool checked_name(const struct explain *x, struct dname *out)
{
	bool checked;
	struct bytes name = host_name(x, &checked);

	return checked && name.n && dname_parse(x->v->work.arena, name, DNAME_HOST, out, NULL);
}

size_t complaint_contacts(const struct explain *x, struct bytes out[COMPLAINT_MAX])
{
	struct arena *a = x->v->work.arena;
	struct dname name, org;
	struct path path;
	size_t n = 0;

	if (!x->facts.from_outside || x->facts.ip_trusted)
		return 0;
	for (size_t i = 0; i < x->origin.n_contacts && n < COMPLAINT_MAX; i++)
		if (path_parse(a, x->origin.contacts[i], &path, NULL) && !is_never(x, path.domain))
			out[n++] = x->origin.contacts[i];
	if (n || !checked_name(x, &name) || is_never(x, name))
		return n;
	org = psl_registrable(psl_list_builtin(), name);
	if (dname_is_none(org))
		return 0;
	out[0] = arena_join(a, B("abuse@"), org.text);
	return 1;
}
