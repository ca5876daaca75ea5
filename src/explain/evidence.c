/* evidence.c - see evidence.h */
#include "explain/evidence.h"

#include "base/idn.h"

/* Where nobody told us whom to trust, what rests on the hand-over is one step weaker. */
static enum strength by_handover(const struct facts *f, enum strength s)
{
	bool inferred = f->handover->inferred && !f->provider_preferred;

	return inferred && s > STRENGTH_WEAK ? s - 1 : s;
}

/* Is there a harmless way for the author's own mail to look like this: a
 * forwarder or a list that changed it on the way? */
static bool may_be_altered_own_mail(const struct facts *f)
{
	return f->auth.dkim_changed || f->own.dkim_changed || f->arc_vouches;
}

/* For people: the author's domain, or the candidate that decided of a broken From. */
static struct bytes author_domain(const struct facts *f)
{
	struct dname d = f->author ? f->author->domain : f->v->dmarc.domain;

	return dname_is_none(d) ? B("the domain in From") : idn_to_unicode(f->v->work.arena, d.text);
}

/* The address that SPF was asked about, and that handed the mail over. */
static const char *ip_of(const struct facts *f, char to[IP_TEXT])
{
	return f->v->session.ip.family ? ip_text(&f->v->session.ip, to) : "an unknown address";
}

/* --- against the author --- */

static enum strength judge_spf_fail(const struct facts *f, struct arena *a, struct bytes *text)
{
	char ip[IP_TEXT];

	if (!(f->auth.spf_fail || f->auth.spf_softfail) || f->auth.dkim_pass || f->ip_trusted || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "%.*s publishes a list of the systems that send its mail (SPF). %s, which handed "
	                        "this mail over, is not on it%s.",
	                     BYTES_ARG(author_domain(f)), ip_of(f, ip),
	                     f->auth.spf_fail ? ", and the list says to refuse others" : "");
	if (may_be_altered_own_mail(f))
		return STRENGTH_WEAK;
	return by_handover(f, f->auth.spf_fail ? STRENGTH_STRONG : STRENGTH_FAIR);
}

static enum strength judge_dmarc_fail(const struct facts *f, struct arena *a, struct bytes *text)
{
	bool enforced = f->auth.policy == DMARC_POLICY_QUARANTINE || f->auth.policy == DMARC_POLICY_REJECT;

	if (!f->auth.dmarc_fail)
		return STRENGTH_NONE;
	*text = enforced ? arena_printf(a, "%.*s asks every receiver to %s mail in its name that carries no proof "
	                                   "of coming from it (DMARC). This mail carries none.",
	                                BYTES_ARG(author_domain(f)),
	                                f->auth.policy == DMARC_POLICY_REJECT ? "refuse" : "set aside")
	                 : arena_printf(a, "The mail carries no proof of coming from %.*s (DMARC), which publishes "
	                                   "such proof but does not ask for mail without it to be refused.",
	                                BYTES_ARG(author_domain(f)));
	if (may_be_altered_own_mail(f))
		return STRENGTH_WEAK;
	enum strength s = enforced ? STRENGTH_STRONG : STRENGTH_FAIR;
	if (f->list && !f->ambiguous) /* lists do that; but anybody can write List-Id too */
		s--;
	return by_handover(f, s);
}

static enum strength judge_broken_from(const struct facts *f, struct arena *a, struct bytes *text)
{
	if (!f->ambiguous || f->v->author.n == 0) /* a file that names nobody forges nobody */
		return STRENGTH_NONE;
	*text = arena_printf(a, "The From line of this mail is broken, so that different programs see different "
	                        "senders. Ordinary mail programs do not write such lines; forgers do.");
	return STRENGTH_FAIR;
}

static enum strength judge_nothing_vouches(const struct facts *f, struct arena *a, struct bytes *text)
{
	const struct facts_auth *auth = &f->auth;
	char ip[IP_TEXT];

	if (!auth->known || auth->dkim_pass || auth->spf_pass || auth->dmarc_pass || auth->dmarc_fail ||
	    auth->spf_fail || auth->spf_softfail || !f->from_outside || f->ip_trusted || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "Nothing in this mail shows that it came from %.*s; it was handed over by %s.",
	                     BYTES_ARG(author_domain(f)), ip_of(f, ip));
	if (may_be_altered_own_mail(f))
		return STRENGTH_WEAK;
	return by_handover(f, f->in_owner_name ? STRENGTH_FAIR : STRENGTH_WEAK);
}

/* --- for the author --- */

static enum strength judge_dkim_pass(const struct facts *f, struct arena *a, struct bytes *text)
{
	if (!f->auth.dkim_pass || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The mail bears an intact electronic signature of %.*s (DKIM): it passed through "
	                        "that domain's own mail system and was not changed since.",
	                     BYTES_ARG(author_domain(f)));
	return f->replay_signs ? STRENGTH_FAIR : STRENGTH_STRONG;
}

static enum strength judge_spf_pass(const struct facts *f, struct arena *a, struct bytes *text)
{
	char ip[IP_TEXT];

	if (!f->auth.spf_pass || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "It came to your provider by way of %s, which is on the list of systems that may send "
	                        "for %.*s (SPF).",
	                     ip_of(f, ip), BYTES_ARG(author_domain(f)));
	return by_handover(f, STRENGTH_FAIR);
}

/* Below the hand-over anybody can type a log-in; handover.h believes only lines of ours. */
static enum strength judge_logged_in(const struct facts *f, struct arena *a, struct bytes *text)
{
	struct bytes user = f->handover->auth_user;

	if (!f->logged_in || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "Whoever sent it had logged in at %.*s%s%.*s%s.", BYTES_ARG(f->handover->by),
	                     user.n ? ", as \"" : "", BYTES_ARG(user), user.n ? "\"" : "");
	return by_handover(f, f->logged_in_as_author ? STRENGTH_STRONG : STRENGTH_FAIR);
}

static enum strength judge_own_path(const struct facts *f, struct arena *a, struct bytes *text)
{
	bool proof = f->auth.dkim_pass || f->auth.spf_pass;

	if (!proof || f->ambiguous || f->auth.dmarc_fail || !(f->ip_trusted || f->auth.spf_pass))
		return STRENGTH_NONE;
	*text = arena_printf(a, "It came in from a system of %.*s, with proof, and nothing speaks against it.",
	                     BYTES_ARG(author_domain(f)));
	return by_handover(f, STRENGTH_FAIR);
}

static enum strength judge_changed(const struct facts *f, struct arena *a, struct bytes *text)
{
	if (!f->own.dkim_changed || f->auth.dkim_pass || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "A signature of %.*s fits the header of this mail, but the text was changed after "
	                        "signing. Mailing lists and some mail programs do that when they pass on or save mail.",
	                     BYTES_ARG(author_domain(f)));
	return STRENGTH_WEAK;
}

static enum strength judge_arc(const struct facts *f, struct arena *a, struct bytes *text)
{
	if (!f->arc_vouches || f->auth.dkim_pass || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "A forwarder (%.*s) states, in an intact chain of seals (ARC), that the mail carried "
	                        "proof of %.*s when it arrived there.",
	                     BYTES_ARG(f->v->arc.sets[0].sealer.text), BYTES_ARG(author_domain(f)));
	return STRENGTH_FAIR;
}

/* --- worth knowing --- */

static enum strength judge_old(const struct facts *f, struct arena *a, struct bytes *text)
{
	if (!f->old)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The mail is %lld days old. What domains publish may have changed since; %s.",
	                     (long long)f->age_days,
	                     f->provider_preferred ? "so what your provider noted at the time counts more"
	                                           : "today's records were asked, which is weaker");
	return STRENGTH_WEAK;
}

static enum strength judge_unauthenticated_name(const struct facts *f, struct arena *a, struct bytes *text)
{
	if (!defects_have(&f->v->header.defects, DEFECT_FORGED_AUTHRES) && f->handover->n_forged_authres == 0)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The mail brought its own note of passed checks under your provider's name. "
	                        "Such a note from outside is forged, and was not believed.");
	return STRENGTH_FAIR;
}

const struct evidence_row evidence_rows[] = {
	{ "spf_fail", POINTS_FORGED,
	  "a forwarder of your own real mail, or a new service that sends for you and is not listed yet",
	  judge_spf_fail },
	{ "dmarc_fail", POINTS_FORGED, "a mailing list or a filter that changed your own real mail", judge_dmarc_fail },
	{ "broken_from", POINTS_FORGED, "a badly written program that sends for you", judge_broken_from },
	{ "nothing_vouches", POINTS_FORGED,
	  "a domain that publishes neither SPF nor DKIM: then real mail carries no proof either",
	  judge_nothing_vouches },
	{ "forged_results", POINTS_FORGED, "a server of yours that adds such notes without being named as trusted",
	  judge_unauthenticated_name },
	{ "dkim_pass", POINTS_GENUINE,
	  "somebody inside the account, or a real mail that was sent again to others; another customer of a service "
	  "that shares the key",
	  judge_dkim_pass },
	{ "spf_pass", POINTS_GENUINE, "another customer of the same hosting or mailing service", judge_spf_pass },
	{ "logged_in", POINTS_GENUINE,
	  "a stranger who has the password, or another customer of the same provider who wrote this address",
	  judge_logged_in },
	{ "own_path", POINTS_GENUINE,
	  "somebody inside the account looks the same: only you, the Sent folder or the server's log can tell",
	  judge_own_path },
	{ "changed_after_signing", POINTS_GENUINE, "a stranger who put a new text under an old header", judge_changed },
	{ "arc_pass", POINTS_GENUINE, "a forwarder that lies, or that was fooled itself", judge_arc },
	{ "old_mail", POINTS_NOTHING, "records that did not change since", judge_old },
};
const size_t evidence_row_count = ARRAY_LEN(evidence_rows);

const char *strength_name(enum strength s)
{
	static const char *const names[] = { "none", "weak", "fair", "strong", "proof" };

	return names[s];
}

const char *points_to_name(enum points_to p)
{
	static const char *const names[] = { "forged", "genuine", "nothing" };

	return names[p];
}

/* Stable: rows of one strength stay in the order of the table. */
static void sort_by_strength(struct evidence *e, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && e[k].strength > e[k - 1].strength; k--) {
			struct evidence swap = e[k];
			e[k] = e[k - 1];
			e[k - 1] = swap;
		}
}

bool evidence_collect(const struct facts *f, struct arena *a, struct evidence **out, size_t *n)
{
	struct evidence *list = arena_array(a, struct evidence, evidence_row_count);
	size_t found = 0;

	if (!list)
		return false;
	for (size_t i = 0; i < evidence_row_count; i++) {
		struct evidence e = { .row = &evidence_rows[i], .source = f->auth.source };
		e.strength = e.row->judge(f, a, &e.text);
		if (e.strength != STRENGTH_NONE)
			list[found++] = e;
	}
	if (arena_failed(a))
		return false;
	sort_by_strength(list, found);
	*out = list;
	*n = found;
	return true;
}
