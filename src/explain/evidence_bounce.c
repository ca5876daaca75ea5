/* evidence_bounce.c - is a bounce, reply, receipt or complaint about a mail that the
 * owner's systems sent? Never judged by a host's name, which anybody can type; see evidence.h. */
#include "explain/evidence_judges.h"

static bool about(const struct facts *f)
{
	return f->about_a_mail;
}

/* --- about a mail of the owner's --- */

EVIDENCE_JUDGE(judge_bounce_tag)
{
	if (!about(f) || f->is.proof->tag.state != TAG_VALID)
		return STRENGTH_NONE;
	*text = arena_printf(a, "It was sent to a return address with a valid secret mark, which only your own mail carries.");
	return STRENGTH_PROOF;
}

EVIDENCE_JUDGE(judge_bounce_signed)
{
	if (!about(f) || !f->is.proof->own_signature)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The mail that came back bears an intact electronic signature of %.*s (DKIM) over the lines above "
	                        "its text: your own system signed it.", BYTES_ARG(f->is.proof->own_signature_domain.text));
	return STRENGTH_PROOF;
}

EVIDENCE_JUDGE(judge_bounce_sent)
{
	const struct trail_facts *t = f->is.trail;

	if (!about(f) || !(t->about || t->about_copy))
		return STRENGTH_NONE;
	bool there = t->about_went_there || t->about_copy_went_there;
	*text = arena_printf(a, "The mail that it is about is known by its own number: it %s%s.",
	                     t->about ? "went out through your server, as its log shows" : "is in your Sent folder",
	                     there ? ", to the same recipient" : "; to which recipient is not told there");
	return there ? STRENGTH_PROOF : STRENGTH_STRONG;
}

EVIDENCE_JUDGE(judge_bounce_local)
{
	if (!about(f) || !f->is.trail->local_bounce)
		return STRENGTH_NONE;
	*text = arena_printf(a, "Your own server wrote this notice, about a mail that it had taken in itself.");
	return STRENGTH_PROOF;
}

EVIDENCE_JUDGE(judge_bounce_our_address)
{
	const struct bounce_proof *p = f->is.proof;
	char ip[IP_TEXT];

	if (!about(f) || !p->has_ip || p->spf.result != SPF_PASS)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The system that sent this back got the mail from %s, which may send for %.*s.",
	                     ip_text(&p->ip, ip), BYTES_ARG(p->spf.domain.text));
	return STRENGTH_FAIR;
}

/* --- about a mail of somebody else's --- */

EVIDENCE_JUDGE(judge_bounce_untagged)
{
	const struct bounce_proof *p = f->is.proof;
	const struct tag_keys *tags = f->is.tags;

	if (!about(f) || !tags || p->tag.state == TAG_VALID || p->tag.state == TAG_UNKNOWN)
		return STRENGTH_NONE;
	if (p->tag.state == TAG_WRONG || p->tag.state == TAG_STALE) {
		*text = arena_printf(a, "It was sent to a return address with a secret mark that %s.",
		                     p->tag.state == TAG_WRONG ? "was not made with your keys" : "is long out of date");
		return p->tag.state == TAG_WRONG ? STRENGTH_STRONG : STRENGTH_FAIR;
	}
	if (tags->since < 0 || p->date < tags->since)
		return STRENGTH_NONE; /* the mail is older than the tagging, or its time is unknown */
	*text = arena_printf(a, "All your mail carries a secret mark in its return address, and this was sent to the address "
	                        "without one.");
	return STRENGTH_STRONG;
}

EVIDENCE_JUDGE(judge_bounce_not_sent)
{
	const struct trail_facts *t = f->is.trail;

	if (!about(f) || !t->has_log || !t->about_covers || !f->is.bounce->message_id.n || t->about || t->about_copy ||
	    t->local_bounce)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The log of your server covers the time of the mail that it is about, and no mail with the "
	                        "number of that one went out.");
	return t->owner_seen ? STRENGTH_STRONG : STRENGTH_FAIR;
}

EVIDENCE_JUDGE(judge_bounce_foreign)
{
	const struct bounce_proof *p = f->is.proof;
	char ip[IP_TEXT];

	if (!about(f) || !p->has_ip || (p->spf.result != SPF_FAIL && p->spf.result != SPF_SOFTFAIL))
		return STRENGTH_NONE;
	*text = arena_printf(a, "The system that sent this back got the mail from %s, which is not among the systems that may "
	                        "send for %.*s.", ip_text(&p->ip, ip), BYTES_ARG(p->spf.domain.text));
	if (p->own_signature_broken) /* it may be ours, passed on by somebody */
		return STRENGTH_WEAK;
	return p->spf.result == SPF_FAIL ? STRENGTH_STRONG : STRENGTH_FAIR;
}

/* --- worth knowing --- */

EVIDENCE_JUDGE(judge_bounce_name_only)
{
	const struct bounce_proof *p = f->is.proof;

	if (!about(f) || !p->name_of_ours || p->own_signature || (p->has_ip && p->spf.result == SPF_PASS))
		return STRENGTH_NONE;
	*text = arena_printf(a, "A name of your systems stands in what came back. Anybody can type a name, so it says nothing.");
	return STRENGTH_WEAK;
}

EVIDENCE_JUDGE(judge_bounce_bare)
{
	if (!about(f) || f->is.bounce->message_id.n || f->is.proof->has_ip || f->is.proof->own_signature)
		return STRENGTH_NONE;
	*text = arena_printf(a, "What came back of the mail holds neither its own number nor the way it went: it cannot be looked "
	                        "up.");
	return STRENGTH_WEAK;
}

EVIDENCE_JUDGE(judge_bounce_other_author)
{
	const struct bounce_proof *p = f->is.proof;

	if (!about(f) || !p->author.n || p->author_ours)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The mail that it is about names another sender: %.*s.", BYTES_ARG(p->author));
	return STRENGTH_WEAK;
}
