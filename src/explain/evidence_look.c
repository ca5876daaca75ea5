/* evidence_look.c - names that imitate the owner's, and what the text of a mail
 * shows; see evidence.h */
#include "explain/evidence_judges.h"

static const struct lookalike *find_look(const struct facts *f, unsigned kinds)
{
	for (size_t i = 0; i < f->is.n_looks; i++)
		if (kinds >> f->is.looks[i].kind & 1)
			return &f->is.looks[i];
	return NULL;
}

EVIDENCE_JUDGE(judge_looks_domain)
{
	const struct lookalike *l = find_look(f, 1u << LOOKALIKE_DOMAIN | 1u << LOOKALIKE_DOMAIN_INSIDE);

	if (!l)
		return STRENGTH_NONE;
	*text = arena_printf(a, "\"%.*s\" (in %.*s) looks like \"%.*s\", but is another place.", BYTES_ARG(l->shown),
	                     BYTES_ARG(l->where), BYTES_ARG(l->imitates));
	return STRENGTH_STRONG;
}

/* A list or ticket system shows who wrote; so do people of the same name. */
EVIDENCE_JUDGE(judge_looks_name)
{
	const struct lookalike *l = find_look(f, 1u << LOOKALIKE_NAME);

	if (!l || f->in_owner_name)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The name shown as sender, \"%.*s\", is or imitates \"%.*s\"; the address behind it is another's.",
	                     BYTES_ARG(l->shown), BYTES_ARG(l->imitates));
	return f->list || f->about_a_mail ? STRENGTH_WEAK : STRENGTH_FAIR;
}

EVIDENCE_JUDGE(judge_looks_address)
{
	const struct lookalike *l = find_look(f, 1u << LOOKALIKE_NAME_ADDRESS);

	if (!l || f->in_owner_name)
		return STRENGTH_NONE;
	*text = arena_printf(a, "The name shown as sender, \"%.*s\", is an address; the mail is from another one.",
	                     BYTES_ARG(l->shown));
	if (f->list || f->about_a_mail)
		return STRENGTH_WEAK;
	return l->imitates.n ? STRENGTH_STRONG : STRENGTH_FAIR;
}

EVIDENCE_JUDGE(judge_looks_odd)
{
	static const char *const words[LOOKALIKE_KINDS] = {
		[LOOKALIKE_MIXED_SCRIPT] = "letters of several alphabets in one word",
		[LOOKALIKE_BIDI] = "characters that turn the direction of text",
		[LOOKALIKE_INVISIBLE] = "characters that cannot be seen",
	};
	const struct lookalike *l =
		find_look(f, 1u << LOOKALIKE_MIXED_SCRIPT | 1u << LOOKALIKE_BIDI | 1u << LOOKALIKE_INVISIBLE);

	if (!l)
		return STRENGTH_NONE;
	*text = arena_printf(a, "A name that the mail shows (%.*s) holds %s.", BYTES_ARG(l->where), words[l->kind]);
	return STRENGTH_WEAK;
}

static bool has_risk(const struct facts *f, enum risk_kind kind)
{
	for (size_t i = 0; i < f->is.n_risks; i++)
		if (f->is.risks[i].kind == kind)
			return true;
	return false;
}

EVIDENCE_JUDGE(judge_names_password)
{
	if (!has_risk(f, RISK_NAMES_PASSWORD))
		return STRENGTH_NONE;
	*text = arena_printf(a, "It shows a password as proof. Such passwords mostly come from lists that leaked elsewhere; if "
	                        "it is still that of your mailbox, act as if somebody had been inside.");
	return STRENGTH_WEAK;
}

EVIDENCE_JUDGE(judge_sign_in_notice)
{
	if (!has_risk(f, RISK_SIGN_IN_NOTICE))
		return STRENGTH_NONE;
	*text = arena_printf(a, "It says that somebody signed in to your account. A mail that says so proves nothing: look at the "
	                        "page of your provider, which you open by typing its address.");
	return STRENGTH_WEAK;
}
