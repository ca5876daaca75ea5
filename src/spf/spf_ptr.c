/* spf_ptr.c - names of the client, proven both ways (RFC 7208 section 5.5).
 * Whose names they are decides their owner, not the domain that is checked: so
 * names beyond the tenth are left out (section 4.6.4), an error means that there
 * is no such name, and the look-up of a name is never a void one. */
#include "spf/spf_run.h"

/* The answer to the PTR question; NULL: not there yet. */
static const struct dns_answer_view *ask_names(struct spf_run *run)
{
	static const struct dns_answer_view not_asked = { .status = DNS_OFFLINE };

	if (dname_is_none(run->reverse) &&
	    !dns_reverse_name(run->work->arena, &run->in->client, &run->reverse)) {
		run->no_memory = run->ahead = true;
		return NULL;
	}
	if (run->in->no_ptr)
		return &not_asked;
	const struct dns_answer *answer = spf_ask(run, run->reverse, DNS_PTR);
	return answer ? dns_answer_view(answer) : NULL;
}

/* Does a name lead back to the client? SPF_STOP: nobody is asked. */
static enum spf_match validate(struct spf_run *run, struct dname name)
{
	const struct ip *client = &run->in->client;
	const struct dns_answer *answer = spf_ask(run, name, client->family == 6 ? DNS_AAAA : DNS_A);

	if (!answer)
		return SPF_UNSURE;
	const struct dns_answer_view *view = dns_answer_view(answer);
	if (view->status == DNS_OFFLINE)
		return SPF_STOP;
	for (size_t i = 0; i < view->n; i++)
		if (ip_same(client, &view->records[i].ip))
			return SPF_MATCH;
	return SPF_NO_MATCH;
}

enum rank { IS_DOMAIN, BELOW_DOMAIN, ELSEWHERE, RANKS };

static enum rank rank_of(struct dname name, struct dname domain)
{
	if (dname_same(name, domain))
		return IS_DOMAIN;
	return dname_within(name, domain) ? BELOW_DOMAIN : ELSEWHERE;
}

/* The first name of a rank that leads back to the client. When one is unsure,
 * the others are only looked at to foresee their questions. */
static enum spf_match find_of_rank(struct spf_run *run, const struct dns_answer_view *names, struct dname domain,
                                   enum rank rank, struct bytes *out)
{
	size_t max = work_limit(run->work, LIMIT_SPF_PTR);
	enum spf_match found = SPF_NO_MATCH;

	for (size_t i = 0; i < names->n && i < max; i++) {
		struct dname name = names->records[i].name;
		if (dname_is_none(name) || rank_of(name, domain) != rank)
			continue;
		enum spf_match m = validate(run, name);
		if (m == SPF_UNSURE)
			found = SPF_UNSURE;
		else if (m != SPF_NO_MATCH && found == SPF_NO_MATCH) {
			*out = name.text;
			return m;
		}
	}
	return found;
}

/* The best name of the ranks before `end`. */
static enum spf_match find_name(struct spf_run *run, const struct dns_answer_view *names, struct dname domain,
                                enum rank end, struct bytes *out)
{
	enum spf_match found = SPF_NO_MATCH;

	for (enum rank rank = IS_DOMAIN; rank < end; rank++) {
		enum spf_match m = find_of_rank(run, names, domain, rank, out);
		if (m == SPF_UNSURE)
			found = SPF_UNSURE;
		else if (m != SPF_NO_MATCH && found == SPF_NO_MATCH)
			return m;
	}
	if (!run->ahead && names->n > work_limit(run->work, LIMIT_SPF_PTR))
		work_reached(run->work, LIMIT_SPF_PTR);
	return found;
}

enum spf_match spf_ptr_match(struct spf_run *run, const struct spf_frame *f, struct dname target)
{
	const struct dns_answer_view *names = ask_names(run);
	struct bytes found;

	if (!names)
		return SPF_UNSURE;
	if (names->status == DNS_OFFLINE)
		return spf_stop_dns(run, f, names, run->reverse);
	if (names->status == DNS_NODATA || names->status == DNS_NXDOMAIN)
		return spf_void(run, f, run->reverse);
	enum spf_match m = find_name(run, names, target, ELSEWHERE, &found);
	return m == SPF_STOP ? spf_stop(run, f, SPF_TEMPERROR, "the DNS was not asked", found) : m;
}

enum spf_match spf_ptr_name(struct spf_run *run, struct dname domain, struct bytes *out)
{
	const struct dns_answer_view *names = ask_names(run);

	struct bytes found;

	if (!names || names->status == DNS_OFFLINE)
		return names ? SPF_STOP : SPF_UNSURE;
	enum spf_match m = find_name(run, names, domain, RANKS, &found);
	if (m == SPF_MATCH)
		*out = found;
	return m;
}
