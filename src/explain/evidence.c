/* evidence.c - the table of observations; see evidence.h. The judges stand in
 * evidence_auth.c, evidence_trail.c, evidence_bounce.c and evidence_look.c. */
#include "explain/evidence_judges.h"

#define WEAK   STRENGTH_WEAK
#define FAIR   STRENGTH_FAIR
#define STRONG STRENGTH_STRONG
#define PROOF  STRENGTH_PROOF

static const struct {
	const char *words, *source; /* source NULL: it depends on the facts */
} needs[EVIDENCE_NEEDS] = {
	[NEEDS_MAIL] = { "nothing else", "the mail itself" },
	[NEEDS_DNS] = { "the DNS, or what the provider wrote", NULL },
	[NEEDS_LOG] = { "the server's log", "the log that you handed over" },
	[NEEDS_LOG_ALL] = { "the server's log, complete for that time", "the log that you handed over" },
	[NEEDS_SENT] = { "the Sent folder", "the Sent folder that you handed over" },
	[NEEDS_LOG_OR_SENT] = { "the server's log or the Sent folder", "the log or the Sent folder that you handed over" },
	[NEEDS_OWNER] = { "a word of the owner's", "your addresses and names, and your word" },
	[NEEDS_TAGS] = { "the keys of the owner's tags", "the address that the mail was sent to, and your keys" },
};

const struct evidence_row evidence_rows[] = {
	{ "spf_fail", POINTS_FORGED, STRONG, NEEDS_DNS,
	  "real mail that a forwarder passed on, or a new service of the sender's that is not on the list yet",
	  judge_spf_fail },
	{ "dmarc_fail", POINTS_FORGED, STRONG, NEEDS_DNS, "real mail that a mailing list or a filter changed on the way",
	  judge_dmarc_fail },
	{ "broken_from", POINTS_FORGED, FAIR, NEEDS_MAIL, "a badly written program of an honest sender", judge_broken_from },
	{ "author_missing", POINTS_FORGED, STRONG, NEEDS_DNS,
	  "a name that was given up since, or a program that writes a name of its own network", judge_author_missing },
	{ "nothing_vouches", POINTS_FORGED, FAIR, NEEDS_DNS,
	  "a sender about whom nothing is published: then real mail carries no proof either",
	  judge_nothing_vouches },
	{ "forged_results", POINTS_FORGED, FAIR, NEEDS_MAIL,
	  "a server of yours that adds such notes without being named as trusted", judge_forged_results },
	{ "not_submitted", POINTS_FORGED, PROOF, NEEDS_LOG_ALL,
	  "a second server through which you send, and whose log is not here", judge_not_submitted },
	{ "log_outside", POINTS_FORGED, STRONG, NEEDS_LOG,
	  "a service or forwarder that brings your own real mail from outside",
	  judge_log_outside },

	{ "dkim_pass", POINTS_GENUINE, STRONG, NEEDS_DNS,
	  "somebody inside the account, or a real mail that was sent again to others; another customer of a service "
	  "that shares the key",
	  judge_dkim_pass },
	{ "spf_pass", POINTS_GENUINE, FAIR, NEEDS_DNS,
	  "another customer of the same hosting or mailing service", judge_spf_pass },
	{ "listed_address", POINTS_GENUINE, FAIR, NEEDS_DNS, "another customer of the same hosting or mailing service",
	  judge_listed_address },
	{ "logged_in", POINTS_GENUINE, STRONG, NEEDS_MAIL,
	  "a stranger who has the password, or another customer of the same provider who wrote this address",
	  judge_logged_in },
	{ "own_path", POINTS_GENUINE, FAIR, NEEDS_DNS,
	  "somebody inside the account looks the same: only you, the Sent folder or the server's log can tell",
	  judge_own_path },
	{ "changed_after_signing", POINTS_GENUINE, WEAK, NEEDS_DNS,
	  "a stranger who put a new text below the lines of an old mail",
	  judge_changed },
	{ "arc_pass", POINTS_GENUINE, FAIR, NEEDS_DNS, "a forwarder that lies, or that was fooled itself", judge_arc },
	{ "claimed_path", POINTS_GENUINE, WEAK, NEEDS_DNS, "a forger who typed the lines of a trace", judge_claimed_path },
	{ "service_vouches", POINTS_GENUINE, WEAK, NEEDS_DNS, "another customer of that service, who wrote this address",
	  judge_service },
	{ "log_submitted", POINTS_GENUINE, PROOF, NEEDS_LOG,
	  "your own second device, script or calendar; or a stranger who has the password", judge_log_submitted },
	{ "sent_copy", POINTS_GENUINE, STRONG, NEEDS_SENT,
	  "an assistant, a shared mailbox, or a mail that was sent later by itself",
	  judge_sent_copy },

	{ "local_script", POINTS_OWN_SYSTEMS, STRONG, NEEDS_MAIL, "a mail that your own web site sends on purpose",
	  judge_local_script },
	{ "log_script", POINTS_OWN_SYSTEMS, STRONG, NEEDS_LOG,
	  "a mail that your own web site or a job on the server sends on purpose",
	  judge_log_script },

	{ "log_new_place", POINTS_ACCOUNT, STRONG, NEEDS_LOG,
	  "travel, a mobile network, a private tunnel (VPN), a webmail or relay of your provider's", judge_log_new_place },
	{ "log_guessed", POINTS_ACCOUNT, STRONG, NEEDS_LOG, "you yourself, mistyping the password", judge_log_guessed },
	{ "not_mine", POINTS_ACCOUNT, PROOF, NEEDS_OWNER,
	  "something you forgot: an assistant, a shared mailbox, a mail that was sent later by itself", judge_not_mine },
	{ "log_burst", POINTS_DEVICE, FAIR, NEEDS_LOG, "a newsletter to your friends", judge_log_burst },

	{ "bounce_tag", POINTS_ABOUT, PROOF, NEEDS_TAGS,
	  "a mark that was copied from a real mail of the last days", judge_bounce_tag },
	{ "bounce_signed", POINTS_ABOUT, PROOF, NEEDS_DNS, "a real mail of yours that somebody sent again to others",
	  judge_bounce_signed },
	{ "bounce_sent", POINTS_ABOUT, PROOF, NEEDS_LOG_OR_SENT,
	  "a forger who copied the number of a real mail: time and recipient were compared", judge_bounce_sent },
	{ "bounce_local", POINTS_ABOUT, PROOF, NEEDS_LOG, "nothing that is known: the server notes which mail it bounced",
	  judge_bounce_local },
	{ "bounce_our_address", POINTS_ABOUT, FAIR, NEEDS_DNS, "a bouncing system that lies, or is itself the forger",
	  judge_bounce_our_address },
	{ "bounce_untagged", POINTS_BACKSCATTER, STRONG, NEEDS_TAGS,
	  "a way of sending that leaves out the mark (a service, a telephone), or a notice that went to the sender shown "
	  "instead", judge_bounce_untagged },
	{ "bounce_not_sent", POINTS_BACKSCATTER, STRONG, NEEDS_LOG_ALL,
	  "a system on the way that gave the mail another number, or a second server whose log is not here",
	  judge_bounce_not_sent },
	{ "bounce_foreign", POINTS_BACKSCATTER, STRONG, NEEDS_DNS, "a forwarder between you and the system that bounced",
	  judge_bounce_foreign },

	{ "lookalike_domain", POINTS_LOOKALIKE, STRONG, NEEDS_OWNER,
	  "a real firm whose name is similar", judge_looks_domain },
	{ "lookalike_name", POINTS_LOOKALIKE, FAIR, NEEDS_OWNER, "a person of the same name, or a list that shows who wrote",
	  judge_looks_name },
	{ "lookalike_address", POINTS_LOOKALIKE, STRONG, NEEDS_OWNER,
	  "a ticket system or list that shows whose mail it passes on",
	  judge_looks_address },

	{ "log_failures", POINTS_NOTHING, WEAK, NEEDS_LOG,
	  "nothing: such attempts happen everywhere, every day", judge_log_failures },
	{ "sent_none", POINTS_NOTHING, WEAK, NEEDS_SENT,
	  "mail programs that keep no copy, and intruders who delete it", judge_sent_none },
	{ "bounce_name_only", POINTS_NOTHING, WEAK, NEEDS_MAIL, "anybody can type a host's name", judge_bounce_name_only },
	{ "bounce_bare", POINTS_NOTHING, WEAK, NEEDS_MAIL, "a system that returns nothing of the mail", judge_bounce_bare },
	{ "bounce_other_author", POINTS_NOTHING, WEAK, NEEDS_MAIL, "a forwarder of yours that keeps the sender",
	  judge_bounce_other_author },
	{ "odd_letters", POINTS_NOTHING, WEAK, NEEDS_MAIL, "a name in a language that mixes scripts", judge_looks_odd },
	{ "names_password", POINTS_NOTHING, WEAK, NEEDS_MAIL,
	  "passwords that leaked elsewhere, years ago, are sold in lists", judge_names_password },
	{ "sign_in_notice", POINTS_NOTHING, WEAK, NEEDS_MAIL, "forgers, who write such notices more often than providers do",
	  judge_sign_in_notice },
	{ "old_mail", POINTS_NOTHING, WEAK, NEEDS_MAIL, "records that did not change since", judge_old },
};
const size_t evidence_row_count = ARRAY_LEN(evidence_rows);

static const char *const strengths[] = { "none", "weak", "fair", "strong", "proof" };

const char *strength_name(enum strength s)
{
	return strengths[s];
}

enum strength strength_of_name(struct bytes name)
{
	for (enum strength s = STRENGTH_PROOF; s > STRENGTH_NONE; s--)
		if (bytes_eq(name, strengths[s]))
			return s;
	return STRENGTH_NONE;
}

const char *points_to_name(enum points_to p)
{
	static const char *const names[POINTS_SIDES] = {
		[POINTS_FORGED] = "forged", [POINTS_GENUINE] = "genuine", [POINTS_OWN_SYSTEMS] = "own_systems",
		[POINTS_ACCOUNT] = "account", [POINTS_DEVICE] = "device", [POINTS_ABOUT] = "about_your_mail",
		[POINTS_BACKSCATTER] = "backscatter", [POINTS_LOOKALIKE] = "lookalike", [POINTS_NOTHING] = "nothing",
	};
	return names[p];
}

const struct evidence_row *evidence_find(struct bytes id)
{
	for (size_t i = 0; i < evidence_row_count; i++)
		if (bytes_eq(id, evidence_rows[i].id))
			return &evidence_rows[i];
	return NULL;
}

enum strength evidence_strongest(const struct evidence *list, size_t n, enum points_to side)
{
	for (size_t i = 0; i < n; i++) /* the list is sorted */
		if (list[i].row->points_to == side)
			return list[i].strength;
	return STRENGTH_NONE;
}

static bool comes_before(const struct evidence *x, const struct evidence *y)
{
	return x->strength != y->strength ? x->strength > y->strength : x->row < y->row;
}

void evidence_sort(struct evidence *e, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && comes_before(&e[k], &e[k - 1]); k--) {
			struct evidence swap = e[k];
			e[k] = e[k - 1];
			e[k - 1] = swap;
		}
}

/* Who says so, for people. */
static struct bytes source_of(const struct facts *f, const struct evidence_row *row)
{
	if (needs[row->needs].source)
		return bytes_of(needs[row->needs].source);
	return f->about_a_mail ? B("what came back of the mail, and what your domain publishes in the DNS") : f->auth.source;
}

const char *evidence_needs_words(enum evidence_needs n)
{
	return needs[n].words;
}

bool evidence_collect(const struct facts *f, struct arena *a, struct evidence **out, size_t *n)
{
	struct evidence *list = arena_array(a, struct evidence, evidence_row_count);
	size_t found = 0;

	if (!list)
		return false;
	for (size_t i = 0; i < evidence_row_count; i++) {
		struct evidence e = { .row = &evidence_rows[i] };
		e.strength = e.row->judge(f, a, &e.text);
		assert(e.strength <= e.row->most);
		e.source = source_of(f, e.row);
		if (e.strength != STRENGTH_NONE)
			list[found++] = e;
	}
	if (arena_failed(a))
		return false;
	evidence_sort(list, found);
	*out = list;
	*n = found;
	return true;
}
