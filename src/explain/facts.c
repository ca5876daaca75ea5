/* facts.c - see facts.h */
#include "explain/facts.h"

#include "dmarc/psl.h"
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

/* A service that sends for others: its envelope and its signature are of one organisation and both
 * hold, and the mail can be unsubscribed from. Only where the author's domain leaves it open. */
static bool service_vouches(const struct facts *f)
{
	const struct verify *v = f->v;
	const struct spf_result *envelope = verify_envelope_spf(v);
	bool enforced = v->dmarc.policy == DMARC_POLICY_QUARANTINE || v->dmarc.policy == DMARC_POLICY_REJECT;

	if (enforced || envelope->result != SPF_PASS || !header_find(&v->header, FIELD_LIST_UNSUBSCRIBE, 0))
		return false;
	struct dname org = psl_registrable(psl_list_builtin(), envelope->domain);
	for (size_t i = 0; i < v->dkim.n && !dname_is_none(org); i++)
		if (v->dkim.results[i].result == DKIM_PASS && dname_within(v->dkim.results[i].domain, org))
			return true;
	return false;
}

/* A web host notes which of its scripts wrote a mail; only a host that the author's domain
 * lists, or one that the owner trusts, is believed. */
static struct bytes script_of(const struct facts *f)
{
	static const char *const names[] = { "X-PHP-Originating-Script", "X-PHP-Script", "X-Source-Args", "X-Source-Dir" };
	const struct header *h = &f->v->header;
	const struct handover *ho = f->handover;
	struct arena *a = f->v->work.arena;

	if (!f->ip_listed && !f->ip_trusted && !ho->internal)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			if (bytes_ieq(h->fields[i].name, names[k]))
				return bytes_trim(field_unfold(a, h->fields[i].value));
	for (size_t i = 0; i < ho->n_lines; i++) { /* Postfix: "by host (Postfix, from userid 33)" */
		const struct bytes value = h->fields[ho->line_fields[i]].value;
		size_t at = bytes_search(value, B("(Postfix, from userid "));
		if (at < value.n && bytes_sub(value, at + 22, 2).n == 2 && !bytes_eq(bytes_sub(value, at + 22, 2), "0)"))
			return B("a program on the server");
	}
	return (struct bytes){ NULL, 0 };
}

static bool logged_in_as(const struct facts *f, const struct owner *owner, struct bytes login)
{
	struct path path;

	if (owner->is_author)
		return owner_login(owner, login);
	return path_parse(f->v->work.arena, login, &path, NULL) && dname_same(path.domain, f->author->domain) &&
	       bytes_isame(path.local, f->author->local);
}

/* An answer of any type shows it: where the name does not exist, nothing does there (RFC 8020). */
static bool author_missing(const struct facts *f)
{
	const struct dns_book *book = f->v->book;

	for (size_t i = 0; f->author && i < dns_book_count(book); i++) {
		const struct dns_entry *e = dns_book_entry(book, i);
		if (e->answer && dname_same(e->question.name, f->author->domain) &&
		    dns_answer_view(e->answer)->status == DNS_NXDOMAIN)
			return true;
	}
	return false;
}

static void from_checks(struct facts *f, const struct trust *trust)
{
	struct verify *v = f->v;

	own_checks(f);
	provider_checks(f);
	f->arc_vouches = arc_vouches(f, trust);
	f->replay_signs = replay_signs(f);
	f->ip_listed = !v->no_session && v->author_spf.result == SPF_PASS;
	f->claim_fits = f->is.claim->found && f->is.claim->spf.result == SPF_PASS;
	f->service_vouches = service_vouches(f);
	f->author_missing = author_missing(f);
	f->script = script_of(f);
	choose(f);
}

bool facts_gather(const struct facts_input *in, struct facts *out)
{
	struct verify *v = in->v;
	const struct handover *h = in->is->handover;
	const struct owner *owner = in->is->owner;
	struct facts f = {
		.v = v, .is = *in->is, .handover = h, .offline = in->offline, .not_mine = in->not_mine, .age_days = -1,
		.owner = owner->address, .owner_guessed = owner->guessed, .in_owner_name = owner->is_author,
	};

	f.ambiguous = v->author.ambiguous || defects_ambiguous(&v->header.defects);
	f.author = !dname_is_none(verify_author_domain(v)) ? &v->author.candidates[0] : NULL;
	f.about_a_mail = in->is->bounce->kind != BOUNCE_NONE && !f.in_owner_name;
	if (h->found && h->time >= 0 && h->time <= in->today)
		f.age_days = (in->today - h->time) / DAY;
	f.old = f.age_days > FACTS_OLD_DAYS;
	f.from_outside = h->found && !h->internal && !h->authenticated && h->has_ip && !ip_is_local(&h->ip);
	f.logged_in = h->found && h->authenticated;
	f.logged_in_as_author = f.logged_in && f.author && logged_in_as(&f, owner, h->auth_user);
	f.ip_trusted = ip_is_trusted(h, in->trust);
	f.list = header_find(&v->header, FIELD_LIST_ID, 0) || header_find(&v->header, FIELD_LIST_POST, 0);
	from_checks(&f, in->trust);
	if (arena_failed(v->work.arena))
		return false;
	*out = f;
	return true;
}
