/* advice.c - see advice.h. Order: what not to do, what to look at, what to
 * settle, what would prevent the next one. */
#include "explain/advice.h"

static bool if_forged(const struct verdict *v, const struct facts *f)
{
	return v->kind == VERDICT_FORGED;
}

static bool if_forged_owner(const struct verdict *v, const struct facts *f)
{
	return v->kind == VERDICT_FORGED && v->in_owner_name;
}

static bool if_unsure_owner(const struct verdict *v, const struct facts *f)
{
	return v->kind == VERDICT_CANNOT_TELL;
}

static bool if_genuine(const struct verdict *v, const struct facts *f)
{
	return v->kind == VERDICT_GENUINE;
}

static bool if_unproven(const struct verdict *v, const struct facts *f)
{
	return v->kind == VERDICT_UNPROVEN;
}

static bool if_proven(const struct verdict *v, const struct facts *f)
{
	return v->kind == VERDICT_PROVEN;
}

static bool if_no_policy(const struct verdict *v, const struct facts *f)
{
	return v->in_owner_name && v->kind != VERDICT_GENUINE && f->own.known &&
	       f->v->dmarc.result != DMARC_PASS &&
	       (f->own.policy == DMARC_POLICY_ABSENT || f->own.policy == DMARC_POLICY_NONE);
}

static bool if_offline(const struct verdict *v, const struct facts *f)
{
	return f->offline;
}

static bool if_unsure_or_forged(const struct verdict *v, const struct facts *f)
{
	return if_forged(v, f) || if_unsure_owner(v, f);
}

const struct advice_row advice_rows[] = {
	{ "do_not_answer", if_unsure_or_forged,
	  "Do not answer it, click on anything in it, open what is attached, ring a number from it, or pay. If your "
	  "program asks to send a receipt for it, say no." },
	{ "keep_and_report", if_forged,
	  "Mark it as spam or phishing with the button of your mail provider. If somebody asks for evidence, save the "
	  "mail with all its headers; a picture of it is not enough." },
	{ "look_inside", if_forged_owner,
	  "To be sure that nobody was inside your mailbox, open your provider's page by typing its address yourself. "
	  "Look at Sent, Drafts and Trash; recent log-ins and devices; forwarding, filter rules, recovery address and "
	  "app passwords. If nothing there is strange, only your address was forged: there is nothing to repair." },
	{ "look_inside_now", if_unsure_owner,
	  "Did you write it? If not, open your provider's page by typing its address yourself, and look at Sent, "
	  "recent log-ins and devices, forwarding, filter rules, recovery address and app passwords." },
	{ "if_strange", if_unsure_or_forged,
	  "If you find anything there that is not yours: from a clean device, set a new password that you use nowhere "
	  "else, sign out all sessions, remove strange rules and app passwords, and switch on the second factor." },
	{ "did_you_write_it", if_genuine,
	  "If you wrote it, all is well. If you did not, somebody is using your account or one of your programs: "
	  "change the password from a clean device, sign out all sessions, and look at rules and app passwords." },
	{ "check_by_phone", if_unproven,
	  "Before you act on it, ask the sender another way, for example on a telephone number that you already had." },
	{ "proof_is_not_trust", if_proven,
	  "The sender's address is real. Whether the sender means well is another question: judge what it asks for." },
	{ "publish_policy", if_no_policy,
	  "If the domain is yours: publish SPF and DKIM for the systems that send for it, then a DMARC record with "
	  "p=quarantine or p=reject. That lets every receiver refuse such mail." },
	{ "ask_again_online", if_offline,
	  "Run this again with a network connection: asking the domain's own records gives a firmer answer." },
};
const size_t advice_row_count = ARRAY_LEN(advice_rows);

bool advice_applies(size_t i, const struct verdict *v, const struct facts *f)
{
	return advice_rows[i].applies(v, f);
}
