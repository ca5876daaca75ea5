/* evidence_auth.c - what authentication and the hand-over show; see evidence.h */
#include "base/idn.h"
#include "explain/evidence_judges.h"

/* Where nobody told us whom to trust, what rests on the hand-over is one step weaker. */
static enum strength by_handover(const struct facts *f, enum strength s)
{
	bool inferred = f->handover->inferred && !f->provider_preferred;

	return inferred && s > STRENGTH_WEAK ? s - 1 : s;
}

/* Is there a harmless way for the author's own mail to look like this: a forwarder or a list
 * on the way, a service that sends for others, a host of the author's that writes an envelope of its own? */
static bool may_be_own_mail(const struct facts *f)
{
	if (f->ambiguous)
		return false;
	return f->auth.dkim_changed || f->own.dkim_changed || f->arc_vouches || f->claim_fits || f->service_vouches ||
	       f->ip_listed;
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

EVIDENCE_JUDGE(judge_spf_fail)
{
	char ip[IP_TEXT];

	if (!(f->auth.spf_fail || f->auth.spf_softfail) || f->auth.dkim_pass || f->ip_trusted || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "%.*s publishes a list of the systems that send its mail (SPF). %s, which handed "
	                        "this mail over, is not on it%s.",
	                     BYTES_ARG(author_domain(f)), ip_of(f, ip),
	                     f->auth.spf_fail ? ", and the list says to refuse others" : "");
	if (may_be_own_mail(f))
		return STRENGTH_WEAK;
	return by_handover(f, f->auth.spf_fail ? STRENGTH_STRONG : STRENGTH_FAIR);
}

EVIDENCE_JUDGE(judge_dmarc_fail)
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
	if (may_be_own_mail(f))
		return STRENGTH_WEAK;
	enum strength s = enforced ? STRENGTH_STRONG : STRENGTH_FAIR;
	if (f->list && !f->ambiguous) /* lists do that; but anybody can write List-Id too */
		s--;
	return by_handover(f, s);
}

EVIDENCE_JUDGE(judge_broken_from)
{
	if (!f->ambiguous || f->v->author.n == 0) /* a file that names nobody forges nobody */
		return STRENGTH_NONE;
	*text = arena_printf(a, "The From line of this mail is broken, so that different programs see different "
	                        "senders. Ordinary mail programs do not write such lines; forgers do.");
	return STRENGTH_FAIR;
}

EVIDENCE_JUDGE(judge_nothing_vouches)
{
	const struct facts_auth *auth = &f->auth;
	char ip[IP_TEXT];

	if (!auth->known || auth->dkim_pass || auth->spf_pass || auth->dmarc_pass || auth->dmarc_fail ||
	    auth->spf_fail || auth->spf_softfail || !f->from_outside || f->ip_trusted || f->ip_listed ||
	    f->ambiguous || f->author_missing)
		return STRENGTH_NONE;
	*text = arena_printf(a, "Nothing in this mail shows that it came from %.*s; it was handed over by %s.",
	                     BYTES_ARG(author_domain(f)), ip_of(f, ip));
	if (may_be_own_mail(f))
		return STRENGTH_WEAK;
	return by_handover(f, f->in_owner_name ? STRENGTH_FAIR : STRENGTH_WEAK);
}

EVIDENCE_JUDGE(judge_author_missing)
{
	if (!f->author_missing || f->about_a_mail)
		return STRENGTH_NONE;
	*text = arena_printf(a, "%.*s, which it claims to come from, does not exist on the Internet: nobody there can "
	                        "have sent it.", BYTES_ARG(author_domain(f)));
	return f->old ? STRENGTH_FAIR : STRENGTH_STRONG;
}

/* --- for the author --- */

EVIDENCE_JUDGE(judge_dkim_pass)
{
	if (!f->auth.dkim_pass || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The mail bears an intact electronic signature of %.*s (DKIM): it passed through a "
	                        "mail system of that name, and was not changed since.",
	                     BYTES_ARG(author_domain(f)));
	return f->replay_signs ? STRENGTH_FAIR : STRENGTH_STRONG;
}

EVIDENCE_JUDGE(judge_spf_pass)
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
EVIDENCE_JUDGE(judge_logged_in)
{
	struct bytes user = f->handover->auth_user;

	if (!f->logged_in || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "Whoever sent it had logged in at %.*s%s%.*s%s.", BYTES_ARG(f->handover->by),
	                     user.n ? ", as \"" : "", BYTES_ARG(user), user.n ? "\"" : "");
	return by_handover(f, f->logged_in_as_author ? STRENGTH_STRONG : STRENGTH_FAIR);
}

EVIDENCE_JUDGE(judge_own_path)
{
	bool proof = f->auth.dkim_pass || f->auth.spf_pass;

	if (!proof || f->ambiguous || f->auth.dmarc_fail || !(f->ip_trusted || f->auth.spf_pass))
		return STRENGTH_NONE;
	*text = arena_printf(a, "It came in from a system of %.*s, and carries proof of that.",
	                     BYTES_ARG(author_domain(f)));
	return by_handover(f, STRENGTH_FAIR);
}

EVIDENCE_JUDGE(judge_changed)
{
	if (!f->own.dkim_changed || f->auth.dkim_pass || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "An electronic signature of %.*s (DKIM) fits the lines above the text of this mail, but the "
	                        "text itself was changed after signing. Mailing lists and some mail programs do that when "
	                        "they pass on or save mail.",
	                     BYTES_ARG(author_domain(f)));
	return STRENGTH_WEAK;
}

EVIDENCE_JUDGE(judge_arc)
{
	if (!f->arc_vouches || f->auth.dkim_pass || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "A forwarder (%.*s) states, in an intact chain of seals (ARC), that the mail carried "
	                        "proof of coming from %.*s when it arrived there.",
	                     BYTES_ARG(f->v->arc.sets[0].sealer.text), BYTES_ARG(author_domain(f)));
	return STRENGTH_FAIR;
}

/* Row 6 of what shared hosting does: the address is listed, the envelope is the host's own. */
EVIDENCE_JUDGE(judge_listed_address)
{
	char ip[IP_TEXT];

	if (!f->ip_listed || f->auth.spf_pass || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "%s, which handed it over, is on the list of systems that may send for %.*s (SPF), though "
	                        "it used a return address of its own.", ip_of(f, ip), BYTES_ARG(author_domain(f)));
	/* where the domain asks for more (DMARC), another customer of the same house is as likely */
	return by_handover(f, f->auth.dmarc_fail ? STRENGTH_WEAK : STRENGTH_FAIR);
}

EVIDENCE_JUDGE(judge_claimed_path)
{
	char ip[IP_TEXT];

	if (!f->claim_fits || f->auth.dkim_pass || f->auth.spf_pass || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The system that handed it over (%.*s) states that it got the mail from %s, which may send "
	                        "for %.*s, as happens when a forwarder or a list passes real mail on. A forger can type "
	                        "such a statement, too.", BYTES_ARG(f->is.claim->by), ip_text(&f->is.claim->ip, ip),
	                     BYTES_ARG(author_domain(f)));
	return STRENGTH_WEAK;
}

EVIDENCE_JUDGE(judge_service)
{
	if (!f->service_vouches || f->auth.dkim_pass || f->auth.spf_pass || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "%.*s, a service that sends mail for others, signed it and offers to unsubscribe. Whether "
	                        "it may write for %.*s is not shown.", BYTES_ARG(verify_envelope_spf(f->v)->domain.text),
	                     BYTES_ARG(author_domain(f)));
	return STRENGTH_WEAK;
}

/* --- through something of the owner's --- */

EVIDENCE_JUDGE(judge_local_script)
{
	if (!f->script.n || !f->in_owner_name || f->ambiguous)
		return STRENGTH_NONE;
	*text = arena_printf(a, "It was written by a program on a web host of yours (%.*s): a form or a script that "
	                        "strangers can make send mail.", BYTES_ARG(f->script));
	return by_handover(f, STRENGTH_STRONG);
}

/* --- worth knowing --- */

EVIDENCE_JUDGE(judge_old)
{
	if (!f->old)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The mail is %lld days old. What domains publish may have changed since; %s.",
	                     (long long)f->age_days,
	                     f->provider_preferred ? "so what your provider noted at the time counts more"
	                                           : "today's records were asked, which is weaker");
	return STRENGTH_WEAK;
}

EVIDENCE_JUDGE(judge_forged_results)
{
	if (!defects_have(&f->v->header.defects, DEFECT_FORGED_AUTHRES) && f->handover->n_forged_authres == 0)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The mail brought its own note of passed checks under your provider's name. "
	                        "Such a note from outside is forged, and was not believed.");
	return STRENGTH_FAIR;
}
