/* facts.c - see facts.h */
#include "explain/facts.h"

#include "mail/authres.h"

#define DAY 86400
#define REPLAY_DAYS 3 /* a signature this much older than the hand-over: the mail may have been sent again */

/* --- our own checks --- */

/* Is d the author's domain, or of the same organisation as far as we know? */
static bool is_authors(const struct facts *f, struct dname d)
{
	struct dname org = f->v->dmarc.org_domain;

	if (!f->author || dname_is_none(d))
		return false;
	if (dname_same(d, f->author->domain))
		return true;
	return !dname_is_none(org) && dname_within(d, org) && !f->v->dmarc.strict_dkim;
}

static void own_dkim(struct facts *f)
{
	const struct dkim_set *set = &f->v->dkim;

	for (size_t i = 0; i < set->n; i++) {
		const struct dkim_result *r = &set->results[i];
		if (!is_authors(f, r->domain) && !verify_dkim_aligned(f->v, i))
			continue;
		f->own.dkim_pass |= r->result == DKIM_PASS && r->counts;
		f->own.dkim_changed |= r->header_ok && !r->body_ok;
	}
}

static void own_spf(struct facts *f)
{
	const struct verify *v = f->v;
	const struct spf_result *envelope = verify_envelope_spf(v);
	bool aligned = v->dmarc.spf_aligned || (f->author && dname_same(envelope->domain, f->author->domain));

	f->own.spf_pass = envelope->result == SPF_PASS && aligned;
	if (f->own.spf_pass)
		return; /* a service that sends under a name of the author's own need not be in the author's list */
	/* the forger's envelope is his own; the author's list of senders is what counts against him */
	f->own.spf_fail = v->author_spf.result == SPF_FAIL || (aligned && envelope->result == SPF_FAIL);
	f->own.spf_softfail =
		!f->own.spf_fail && (v->author_spf.result == SPF_SOFTFAIL || (aligned && envelope->result == SPF_SOFTFAIL));
}

static void own_checks(struct facts *f)
{
	const struct dmarc_result *d = &f->v->dmarc;

	own_dkim(f);
	if (!f->v->no_session)
		own_spf(f);
	f->own.dmarc_pass = d->result == DMARC_PASS;
	/* without the client's address a failure only says that nothing could be looked at */
	f->own.dmarc_fail = d->result == DMARC_FAIL && !(f->v->no_session && !f->ambiguous);
	f->own.policy = d->policy;
	f->own.known = !f->offline && d->result != DMARC_TEMPERROR;
	f->own.source = B("our own check of the mail against what the domains publish in the DNS");
}

/* --- what the receiving provider wrote --- */

/* Does a property's value (an address, "@domain" or a domain) name the author's domain? */
static bool names_author(const struct facts *f, struct arena *a, struct bytes value)
{
	struct dname d;

	for (size_t at = bytes_find(value, '@', 0); at < value.n; at = bytes_find(value, '@', 0))
		value = bytes_from(value, at + 1);
	return dname_parse(a, value, DNAME_HOST, &d, NULL) && is_authors(f, d);
}

static enum dmarc_policy policy_word(struct bytes word)
{
	for (enum dmarc_policy p = DMARC_POLICY_NONE; p < DMARC_POLICY_ABSENT; p++)
		if (bytes_ieq(word, dmarc_policy_name(p)))
			return p;
	return DMARC_POLICY_ABSENT;
}

static void read_dkim(struct facts *f, struct arena *a, const struct authres_result *r)
{
	bool mine = names_author(f, a, authres_value(r, "header", "d")) || names_author(f, a, authres_value(r, "header", "i"));

	f->provider.dkim_pass |= mine && bytes_ieq(r->result, "pass");
}

static void read_spf(struct facts *f, struct arena *a, const struct authres_result *r)
{
	if (!names_author(f, a, authres_value(r, "smtp", "mailfrom")))
		return;
	f->provider.spf_pass |= bytes_ieq(r->result, "pass");
	f->provider.spf_fail |= bytes_ieq(r->result, "fail");
	f->provider.spf_softfail |= bytes_ieq(r->result, "softfail");
}

static void read_dmarc(struct facts *f, struct arena *a, const struct authres_result *r)
{
	if (!names_author(f, a, authres_value(r, "header", "from")))
		return;
	f->provider.dmarc_pass |= bytes_ieq(r->result, "pass");
	f->provider.dmarc_fail |= bytes_ieq(r->result, "fail");
	if (authres_dmarc_policy(r).n)
		f->provider.policy = policy_word(authres_dmarc_policy(r));
}

static const struct {
	const char *method;
	void (*read)(struct facts *f, struct arena *a, const struct authres_result *r);
} methods[] = {
	{ "dkim", read_dkim },
	{ "spf", read_spf },
	{ "dmarc", read_dmarc },
};

static void read_results(struct facts *f, struct arena *a, const struct authres *results)
{
	for (size_t i = 0; i < results->n; i++)
		for (size_t m = 0; m < ARRAY_LEN(methods); m++)
			if (bytes_ieq(results->results[i].method, methods[m].method)) {
				methods[m].read(f, a, &results->results[i]);
				f->provider.known = true;
			}
}

static void provider_checks(struct facts *f)
{
	struct work *w = &f->v->work;
	const struct handover *h = f->handover;
	struct authres results;

	f->provider.policy = DMARC_POLICY_ABSENT;
	for (size_t i = 0; i < h->n_authres; i++) {
		const struct field *field = &f->v->header.fields[h->authres[i]];
		if (!authres_parse(w, field->value, &results))
			continue;
		read_results(f, w->arena, &results);
		f->provider.source = arena_printf(w->arena, "what %.*s noted when it took the mail in",
		                                  BYTES_ARG(results.id.n ? results.id : B("your provider")));
	}
}

/* --- the rest --- */

static bool is_owner(const struct mailbox *m, struct arena *a, struct bytes owner)
{
	struct path path;

	return path_parse(a, owner, &path, NULL) && dname_same(path.domain, m->domain) &&
	       bytes_isame(path.local, m->local);
}

static bool owner_is_author(const struct facts *f, struct arena *a, struct bytes owner)
{
	for (size_t i = 0; i < f->v->author.n; i++)
		if (is_owner(&f->v->author.candidates[i], a, owner))
			return true;
	return false;
}

/* The address that the mail was delivered to, else the first in To. */
static struct bytes guess_owner(struct verify *v)
{
	static const enum field_id where[] = { FIELD_DELIVERED_TO, FIELD_X_ORIGINAL_TO, FIELD_TO };
	struct arena *a = v->work.arena;

	for (size_t i = 0; i < ARRAY_LEN(where); i++) {
		const struct field *f = header_find(&v->header, where[i], 0);
		struct mailbox *m = NULL;
		if (f && address_list_read(&v->work, f->value, 1, &m) == 1 && !dname_is_none(m->domain))
			return arena_printf(a, "%.*s@%.*s", BYTES_ARG(m->local), BYTES_ARG(m->domain.text));
	}
	return (struct bytes){ NULL, 0 };
}

static void find_owner(const struct facts_input *in, struct facts *f)
{
	struct arena *a = in->v->work.arena;

	for (size_t i = 0; i < in->n_owners; i++) {
		if (i == 0 || owner_is_author(f, a, in->owners[i]))
			f->owner = in->owners[i];
		f->in_owner_name = f->in_owner_name || owner_is_author(f, a, in->owners[i]);
	}
	if (in->n_owners == 0) {
		f->owner = guess_owner(in->v);
		f->owner_guessed = f->owner.n > 0;
		f->in_owner_name = f->owner_guessed && owner_is_author(f, a, f->owner);
	}
}

/* An intact chain whose first sealer is trusted and saw the author's domain pass. Anybody can
 * seal a lie: without the trust a chain says nothing (RFC 8617 section 9.2). */
static bool arc_vouches(const struct facts *f, const struct trust *trust)
{
	struct verify *v = f->v;
	struct authres results;
	bool trusted = false;

	if (v->arc.result != ARC_PASS || v->arc.n == 0)
		return false;
	for (size_t i = 0; i < trust->n_hosts; i++)
		trusted = trusted || dname_within(v->arc.sets[0].sealer, trust->hosts[i]);
	if (!trusted || !authres_parse(&v->work, v->arc.sets[0].authres, &results))
		return false;
	for (size_t i = 0; i < results.n; i++) {
		const struct authres_result *r = &results.results[i];
		if (bytes_ieq(r->method, "dmarc") && bytes_ieq(r->result, "pass") &&
		    names_author(f, v->work.arena, authres_value(r, "header", "from")))
			return true;
	}
	return false;
}

/* Signed long before it was handed over: somebody may have sent a real mail again. */
static bool replay_signs(const struct facts *f)
{
	for (size_t i = 0; i < f->v->dkim.n; i++) {
		const struct dkim_result *r = &f->v->dkim.results[i];
		if (r->result == DKIM_PASS && is_authors(f, r->domain) && r->signed_at >= 0 && f->handover->time >= 0 &&
		    f->handover->time - r->signed_at > REPLAY_DAYS * DAY)
			return true;
	}
	return false;
}

static bool ip_is_trusted(const struct handover *h, const struct trust *trust)
{
	for (size_t i = 0; h->has_ip && i < trust->n_networks; i++)
		if (ip_in(&h->ip, &trust->networks[i]))
			return true;
	return false;
}

/* Which source is judged by: our own check, unless it could not be made, or came
 * long after and fails where the provider, at the time, saw otherwise. */
static void choose(struct facts *f)
{
	bool own_fails = !f->own.dmarc_pass && !f->own.dkim_pass && !f->own.spf_pass;

	f->provider_preferred = f->provider.known && (!f->own.known || (f->old && own_fails));
	f->auth = f->provider_preferred ? f->provider : f->own;
	if (!f->auth.known)
		f->auth = (struct facts_auth){ .policy = DMARC_POLICY_ABSENT, .dkim_changed = f->own.dkim_changed,
		                               .source = B("nobody: neither the DNS nor your provider said anything") };
}

bool facts_gather(const struct facts_input *in, struct facts *out)
{
	struct verify *v = in->v;
	const struct handover *h = in->handover;
	struct facts f = { .v = v, .handover = h, .offline = in->offline, .age_days = -1 };

	f.ambiguous = v->author.ambiguous || defects_ambiguous(&v->header.defects);
	f.author = !dname_is_none(verify_author_domain(v)) ? &v->author.candidates[0] : NULL;
	if (h->found && h->time >= 0 && h->time <= in->today)
		f.age_days = (in->today - h->time) / DAY;
	f.old = f.age_days > FACTS_OLD_DAYS;
	f.from_outside = h->found && !h->internal && !h->authenticated && h->has_ip && !ip_is_local(&h->ip);
	f.logged_in = h->found && h->authenticated;
	f.logged_in_as_author = f.logged_in && f.author && is_owner(f.author, v->work.arena, h->auth_user);
	f.ip_trusted = ip_is_trusted(h, in->trust);
	f.list = header_find(&v->header, FIELD_LIST_ID, 0) || header_find(&v->header, FIELD_LIST_POST, 0);
	find_owner(in, &f);
	own_checks(&f);
	provider_checks(&f);
	f.arc_vouches = arc_vouches(&f, in->trust);
	f.replay_signs = replay_signs(&f);
	choose(&f);
	if (arena_failed(v->work.arena))
		return false;
	*out = f;
	return true;
}
