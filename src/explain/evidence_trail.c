/* evidence_trail.c - what a server's log and the Sent folder show, and what the
 * owner says; see evidence.h. Thresholds stand here, with their reasons. */
#include "explain/evidence_judges.h"

#define GUESSES_SURE 5u     /* refused log-ins before the accepted one: more than a person mistypes */
#define GUESSES_SOME 3u
#define BURST_MAILS 20u     /* mails within the hour around: more than a person writes */
#define BURST_TIMES 5u      /* and this many times a usual whole day */
#define BURST_RECIPIENTS 50u
#define BURST_BOUNCES 5u

static const struct trail_facts *trail(const struct facts *f)
{
	return f->is.trail;
}

/* --- forged outside --- */

EVIDENCE_JUDGE(judge_not_submitted)
{
	const struct trail_facts *t = trail(f);

	if (!t->has_log || !f->in_owner_name || !t->covers || t->submitted_near || t->mail_by_owner ||
	    (t->mail && (t->mail->submitted || t->mail->local)))
		return STRENGTH_NONE;
	*text = arena_printf(a, "The log of the server shows no mail that was handed in with your log-in within half an hour "
	                        "of this one%s.", t->mail_from_outside ? ", and it shows this mail coming in from outside" : "");
	/* without a trace of this mail or of any log-in of the owner's it may be the log of another server */
	return t->mail_from_outside ? STRENGTH_PROOF : t->owner_seen ? STRENGTH_STRONG : STRENGTH_FAIR;
}

EVIDENCE_JUDGE(judge_log_outside)
{
	const struct trail_facts *t = trail(f);
	char ip[IP_TEXT];

	if (!t->mail_from_outside || !f->in_owner_name)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The log shows that this mail came in from %s, without a log-in.", ip_text(&t->mail->client, ip));
	return f->auth.dkim_pass || f->auth.spf_pass || f->claim_fits ? STRENGTH_WEAK : STRENGTH_STRONG;
}

/* --- through the account --- */

EVIDENCE_JUDGE(judge_log_submitted)
{
	const struct trail_facts *t = trail(f);
	char ip[IP_TEXT];

	if (!t->mail_by_owner)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The log shows that this mail was handed in with the log-in \"%.*s\", from %s.",
	                     BYTES_ARG(t->mail->login),
	                     t->mail->client.family ? ip_text(&t->mail->client, ip) : "an address that it does not name");
	return STRENGTH_PROOF;
}

EVIDENCE_JUDGE(judge_log_script)
{
	const struct trail_facts *t = trail(f);

	if (!t->mail || !t->mail->local || t->mail->uid == 0 || !f->in_owner_name)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The log shows that a program on the server itself (user number %u) wrote this mail, without "
	                        "a log-in: a form or a script.", t->mail->uid);
	return STRENGTH_STRONG;
}

EVIDENCE_JUDGE(judge_log_new_place)
{
	const struct trail_facts *t = trail(f);
	char ip[IP_TEXT];

	if (!t->mail_by_owner || t->login.earlier_logins < TRAIL_HISTORY || t->login.earlier_same_net ||
	    t->mail->client.family == 0 || ip_is_local(&t->mail->client))
		return STRENGTH_NONE;
	*text = arena_printf(a, "None of the %u log-ins before came from the network of %s, from which this mail was "
	                        "handed in.", t->login.earlier_logins, ip_text(&t->mail->client, ip));
	return STRENGTH_STRONG;
}

EVIDENCE_JUDGE(judge_log_guessed)
{
	const struct trail_facts *t = trail(f);

	if (!t->mail_by_owner || t->login.failures_same_net < GUESSES_SOME)
		return STRENGTH_NONE;
	*text = arena_printf(a, "From the same network %u log-ins were refused in the day before, then one was accepted, as "
	                        "happens when somebody guesses a password.", t->login.failures_same_net);
	if (t->login.earlier_same_net)
		return STRENGTH_WEAK; /* a place that the owner uses: mistyped */
	return t->login.failures_same_net >= GUESSES_SURE ? STRENGTH_STRONG : STRENGTH_FAIR;
}

/* Row 9: two of three signs of a program that sends by itself, from where the owner always is. */
EVIDENCE_JUDGE(judge_log_burst)
{
	const struct trail_facts *t = trail(f);
	const struct maillog_login *l = &t->login;
	bool many = (l->mails_hour >= BURST_MAILS && l->mails_hour > BURST_TIMES * l->mails_day_usual) ||
	            l->recipients_hour >= BURST_RECIPIENTS;
	bool bounced = l->bounced_hour >= BURST_BOUNCES;

	if (!t->mail_by_owner || !l->earlier_same_net || many + bounced + l->unusual_hour < 2)
		return STRENGTH_NONE;
	*text = arena_printf(a, "Within the hour around it %u mails to %u recipients went out with your log-in from the usual "
	                        "place%s%s, as happens when a device of yours sends by itself.", l->mails_hour,
	                     l->recipients_hour, bounced ? ", many of them to addresses that do not exist" : "",
	                     l->unusual_hour ? ", at an hour when you never write" : "");
	return STRENGTH_FAIR;
}

EVIDENCE_JUDGE(judge_sent_copy)
{
	if (!trail(f)->copy || !f->in_owner_name)
		return STRENGTH_NONE;
	*text = arena_printf(a, "A copy of this mail is in your Sent folder: it was written in your mailbox, or put there by "
	                        "somebody who was inside.");
	return STRENGTH_STRONG;
}

EVIDENCE_JUDGE(judge_not_mine)
{
	const struct trail_facts *t = trail(f);
	bool vouched = f->auth.dkim_pass || f->auth.spf_pass || f->logged_in_as_author;

	if (!f->not_mine || !f->in_owner_name || !(t->copy || t->mail_by_owner || vouched))
		return STRENGTH_NONE;
	*text = arena_printf(a, "You say that you did not write it; yet %s.",
	                     t->copy            ? "a copy is in your Sent folder"
	                     : t->mail_by_owner ? "it was handed in with your log-in"
	                                        : "it came through the systems that send your real mail");
	return t->copy ? STRENGTH_PROOF : t->mail_by_owner || f->logged_in_as_author ? STRENGTH_STRONG : STRENGTH_FAIR;
}

/* --- worth knowing --- */

EVIDENCE_JUDGE(judge_log_failures)
{
	const struct trail_facts *t = trail(f);

	if (!t->login.failures || t->mail_by_owner)
		return STRENGTH_NONE;
	*text = arena_printf(a, "In the day before, %u log-ins to your account were refused. That happens to every account.",
	                     t->login.failures);
	return STRENGTH_WEAK;
}

EVIDENCE_JUDGE(judge_sent_none)
{
	if (!trail(f)->has_sent || trail(f)->copy || !f->in_owner_name)
		return STRENGTH_NONE;
	*text = arena_printf(a, "Your Sent folder holds no copy of it. That proves nothing: a program that sends leaves none.");
	return STRENGTH_WEAK;
}
