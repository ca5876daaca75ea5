/* advice.c - see advice.h. Order: what not to do, what to look at, whom to tell,
 * and, for those who look after a domain, what would prevent the next one. */
#include "explain/advice.h"

/* --- what must hold besides the verdict --- */

static bool has_risk(const struct facts *f, enum risk_kind kind)
{
	for (size_t i = 0; i < f->is.n_risks; i++)
		if (f->is.risks[i].kind == kind)
			return true;
	return false;
}

static bool if_receipt(const struct facts *f) { return has_risk(f, RISK_RECEIPT_ASKED); }
static bool if_threat(const struct facts *f) { return has_risk(f, RISK_ASKS_FOR_MONEY); }
static bool if_password(const struct facts *f) { return has_risk(f, RISK_NAMES_PASSWORD); }
static bool if_sign_in(const struct facts *f) { return has_risk(f, RISK_SIGN_IN_NOTICE); }

/* What can do harm to somebody who clicks; that a picture is fetched can not. */
static bool if_dangerous(const struct facts *f)
{
	static const enum risk_kind kinds[] = {
		RISK_LINK_TEXT_DIFFERS, RISK_LINK_ODD_HOST, RISK_LINK_TO_ADDRESS, RISK_LINK_HIDES_HOST, RISK_LINK_RUNS_CODE,
		RISK_FORM, RISK_FILE_RUNS_CODE, RISK_FILE_HIDES_TYPE, RISK_FILE_LOCKED, RISK_FILE_MAY_RUN_CODE,
		RISK_TEXT_DISGUISED,
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (has_risk(f, kinds[i]))
			return true;
	return false;
}

static bool if_offline(const struct facts *f) { return f->offline; }
static bool if_nobody(const struct facts *f) { return f->owner.n == 0; }
static bool if_outside(const struct facts *f) { return f->from_outside && !f->ip_trusted; }
static bool if_untagged(const struct facts *f) { return !f->is.tags; }

static bool if_ignored(const struct facts *f)
{
	return f->own.known && f->own.dmarc_fail && f->own.policy == DMARC_POLICY_REJECT && !f->v->dmarc.testing;
}

static bool if_set_aside(const struct facts *f)
{
	return f->own.policy == DMARC_POLICY_QUARANTINE && !f->v->dmarc.testing;
}

static bool if_lenient(const struct facts *f) { return !if_set_aside(f); }

static bool is_bounce(const struct facts *f, enum bounce_kind kind)
{
	return f->is.bounce->kind == kind;
}

/* Did this happen to any of the recipients? */
static bool has_action(const struct facts *f, enum bounce_action action, bool hard)
{
	const struct bounce *b = f->is.bounce;

	for (size_t i = 0; is_bounce(f, BOUNCE_DSN) && i < b->n; i++)
		if (b->recipients[i].action == action && (action != BOUNCE_FAILED || b->recipients[i].hard == hard))
			return true;
	return false;
}

static bool if_failed_hard(const struct facts *f) { return has_action(f, BOUNCE_FAILED, true); }
static bool if_failed_soft(const struct facts *f) { return has_action(f, BOUNCE_FAILED, false); }
static bool if_delayed(const struct facts *f) { return has_action(f, BOUNCE_DELAYED, false); }

static bool if_arrived(const struct facts *f)
{
	return has_action(f, BOUNCE_DELIVERED, false) || has_action(f, BOUNCE_RELAYED, false) ||
	       has_action(f, BOUNCE_EXPANDED, false);
}

static bool if_unclear(const struct facts *f)
{
	return is_bounce(f, BOUNCE_DSN) && !if_failed_hard(f) && !if_failed_soft(f) && !if_delayed(f) && !if_arrived(f);
}

static bool if_auto_reply(const struct facts *f) { return is_bounce(f, BOUNCE_AUTO_REPLY); }
static bool if_read_receipt(const struct facts *f) { return is_bounce(f, BOUNCE_RECEIPT); }
static bool if_complaint(const struct facts *f) { return is_bounce(f, BOUNCE_FEEDBACK); }

/* --- the table --- */

#define IN(name) (1u << ADVICE_##name)
#define FALSE_MAIL (IN(FORGED) | IN(FORGED_OTHER) | IN(LOOKALIKE))
#define DOUBTFUL (FALSE_MAIL | IN(UNPROVEN) | IN(OPEN))
#define ANY ((1u << ADVICE_WHENS) - 1)

#define SAVE_AS "with all its header lines (the technical lines above the text: choose \"view source\" or \"show " \
                "original\" in your mail program, then save as .eml)"
#define PLACES "Look at Sent, Drafts and Trash (an empty Sent folder proves nothing); at the list of log-ins and " \
               "devices; at forwarding, filter rules, signature, automatic reply, recovery telephone and address, " \
               "passwords made for single programs, connected programs, and people with access. "

const struct advice_row advice_rows[] = {
	/* what not to do */
	{ "do_not_answer", FALSE_MAIL, ADVICE_FOR_ALL, NULL,
	  "Do not answer it. Do not click on anything in it, not even on \"unsubscribe\". Do not open what is attached, "
	  "do not ring a number from it, and do not pay." },
	{ "until_you_know", IN(UNPROVEN) | IN(OPEN) | IN(OPEN_ABOUT), ADVICE_FOR_ALL, NULL,
	  "Until you know more, do not click on anything in it, do not open what is attached, do not ring a number from "
	  "it, and do not pay." },
	{ "no_receipt", DOUBTFUL, ADVICE_FOR_ALL, if_receipt,
	  "It wants to be told that you read it. If your mail program asks whether to send such a receipt, say no: it "
	  "would show that somebody reads mail at your address." },
	{ "do_not_pay", DOUBTFUL | IN(PROVEN), ADVICE_FOR_ALL, if_threat,
	  "It threatens and asks for money. Such texts are sent to very many people at once. Do not pay. If you have "
	  "paid already, or if the threat shows that its writer knows you, go to the police." },
	{ "password_shown", DOUBTFUL | IN(PROVEN), ADVICE_FOR_ALL, if_password,
	  "It shows a password. If you still use that one anywhere, change it there, and everywhere else where it is the "
	  "same. If it is still that of your mailbox, act as if somebody had been inside." },
	{ "type_the_address", DOUBTFUL | IN(PROVEN), ADVICE_FOR_ALL, if_sign_in,
	  "It says that something happened in an account of yours. Do not use its links to look: open the page of that "
	  "service by typing its address yourself." },
	{ "dangerous_content", IN(PROVEN), ADVICE_FOR_ALL, if_dangerous,
	  "It holds things that can do harm; they are listed below. A sender that is real does not make them safe: "
	  "strangers use real accounts, too. Ask the sender another way before you open a file or follow a link." },
	{ "proof_is_not_trust", IN(PROVEN), ADVICE_FOR_ALL, NULL,
	  "The sender's address is real. Whether the sender means well is another question: judge what it asks for." },
	{ "check_by_phone", IN(UNPROVEN) | IN(LOOKALIKE), ADVICE_FOR_ALL, NULL,
	  "Before you do what it asks for, ask the person or firm that you take for the sender: by telephone, on a number "
	  "that you already had, not on one from this mail." },
	{ "sender_is_victim", IN(FORGED_OTHER), ADVICE_FOR_ALL, NULL,
	  "Do not complain to the address that it names as its sender: that is another victim. If you know the person, "
	  "tell them by telephone." },
	{ "keep_and_report", FALSE_MAIL, ADVICE_FOR_ALL, NULL,
	  "Do not delete it yet. Mark it as spam, or as phishing (mail that fishes for passwords), with the button of your "
	  "provider. If somebody asks for evidence, save it " SAVE_AS "; a picture of it is not enough." },

	/* a bounce, reply or receipt */
	{ "bin_it", IN(BACKSCATTER), ADVICE_FOR_ALL, NULL,
	  "Put it in the bin, and others of its kind; a filter rule can do that for you." },
	{ "do_not_complain", IN(BACKSCATTER), ADVICE_FOR_ALL, NULL,
	  "Do not answer it, do not confirm anything for it, and do not complain to the system that sent it: that one was "
	  "fooled as well." },
	{ "look_at_one", IN(BACKSCATTER), ADVICE_FOR_ALL, NULL,
	  "If more of them come, look at one before you bin them: if it quotes a mail that you did write, it is real." },
	{ "look_at_quoted", IN(OPEN_ABOUT), ADVICE_FOR_ALL, NULL,
	  "Look at what it quotes, and into your Sent folder: did you write that mail, to that person, on that day? If so, "
	  "the notice is real. If not, put it in the bin, and do not answer it." },
	{ "address_fails", IN(ABOUT), ADVICE_FOR_ALL, if_failed_hard,
	  "Do not send to that address again as it stands. Look for a typing error, or ask the person for the right one." },
	{ "try_again", IN(ABOUT), ADVICE_FOR_ALL, if_failed_soft,
	  "Read the reason given above: perhaps the mailbox is full, the mail too large, or a filter refused it. Mend what "
	  "you can, and send it again later." },
	{ "just_wait", IN(ABOUT), ADVICE_FOR_ALL, if_delayed,
	  "Do nothing for now: the mail is waiting, and it will be tried again. You will be told if that fails." },
	{ "it_arrived", IN(ABOUT), ADVICE_FOR_ALL, if_arrived, "Your mail was handed on. There is nothing to do." },
	{ "read_notice", IN(ABOUT), ADVICE_FOR_ALL, if_unclear,
	  "Read what the notice says of your mail: this program could not make out what became of it." },
	{ "read_reply", IN(ABOUT), ADVICE_FOR_ALL, if_auto_reply,
	  "Read it, and leave it at that: a machine wrote it and waits for no answer." },
	{ "receipt_came", IN(ABOUT), ADVICE_FOR_ALL, if_read_receipt,
	  "There is nothing to do. A receipt shows what a program did with your mail, not that a person read it." },
	{ "heed_complaint", IN(ABOUT), ADVICE_FOR_ALL, if_complaint,
	  "Somebody marked your mail as spam. If you send to many people at once, take that address off your list." },
	{ "did_you_write_that", IN(ABOUT), ADVICE_FOR_ALL, NULL,
	  "If you did not write the mail that this is about, somebody used your account, or a program of yours, to send "
	  "it: look into Sent, and at your provider's list of log-ins." },

	/* look, and mend */
	{ "look_inside", IN(FORGED), ADVICE_FOR_ALL, NULL,
	  "To be sure that nobody was inside your mailbox as well, open your provider's page by typing its address "
	  "yourself. " PLACES "Is there anything that is not yours?" },
	{ "look_inside_now", IN(OPEN), ADVICE_FOR_ALL, NULL,
	  "Did you write it, or did one of your programs? If not, open your provider's page by typing its address "
	  "yourself. " PLACES "Is there anything that is not yours?" },
	{ "nothing_strange", IN(FORGED), ADVICE_FOR_ALL, NULL,
	  "If you find nothing there, only your address was forged, and there is nothing to mend. Such mail usually ebbs "
	  "away after days or weeks. A new password does no harm, but it does not stop a forger." },
	{ "if_strange", IN(FORGED) | IN(OPEN), ADVICE_FOR_ALL, NULL,
	  "If you find something, or the mail shows a password that you still use: from a clean device, set a new, long "
	  "password that you use nowhere else; sign out all other devices; remove what is not yours; switch on the second "
	  "step at log-in (a code or a key besides the password); tell your provider." },
	{ "did_you_write_it", IN(GENUINE), ADVICE_FOR_ALL, NULL,
	  "If you wrote it, all is well. If you did not, somebody uses your account or one of your programs: from a clean "
	  "device, set a new password, sign out all other devices, and remove rules, connected programs and passwords for "
	  "single programs that are not yours." },
	{ "was_it_you", IN(ACCOUNT), ADVICE_FOR_ALL, NULL,
	  "First be sure that it was not you: another device of yours, a journey, somebody who may use your mailbox, or a "
	  "mail that you told a program to send later." },
	{ "new_password", IN(ACCOUNT), ADVICE_FOR_ALL, NULL,
	  "If it was not: from a clean device (one that no stranger uses, and that was checked for viruses), open your "
	  "provider's page by typing its address yourself, and set a new, long password that you use nowhere else." },
	{ "sign_out_all", IN(ACCOUNT), ADVICE_FOR_ALL, NULL,
	  "Sign out all other devices there: a new password alone does not always end what is already open." },
	{ "remove_strange", IN(ACCOUNT), ADVICE_FOR_ALL, NULL,
	  "Remove what is not yours: forwarding, filter rules, signature, automatic reply, passwords made for single "
	  "programs, connected programs, people with access. Set the recovery telephone and address right." },
	{ "second_step", IN(ACCOUNT), ADVICE_FOR_ALL, NULL,
	  "Switch on the second step at log-in (a code or a key besides the password)." },
	{ "same_password", IN(ACCOUNT), ADVICE_FOR_ALL, NULL,
	  "Change the password everywhere else where you used the same one, and check your devices for viruses." },
	{ "find_device", IN(DEVICE), ADVICE_FOR_ALL, NULL,
	  "Find the device: which one was on at that time, and which programs on it send mail? Think of scanners, cameras "
	  "and forgotten jobs, too." },
	{ "clean_device", IN(DEVICE), ADVICE_FOR_ALL, NULL,
	  "Take it off the network, and have it cleaned or set up anew before you use it again." },
	{ "password_of_device", IN(DEVICE), ADVICE_FOR_ALL, NULL,
	  "Then, from another device, set a new password for your mailbox, and remove the passwords made for single "
	  "programs: the old ones may have been read." },
	{ "tell_people", IN(ACCOUNT) | IN(DEVICE), ADVICE_FOR_ALL, NULL,
	  "Tell your provider, and the people who got such mail from you: that they should not click on anything in it." },
	{ "stop_program", IN(THROUGH), ADVICE_FOR_ALL, NULL,
	  "Before anything else, switch off the form or program that sent it; what is known of it stands above." },
	{ "read_web_log", IN(THROUGH), ADVICE_FOR_ALL, NULL,
	  "Look into the log of that server at that minute: what was called, how often, and from where? Keep the log." },
	{ "mend_program", IN(THROUGH), ADVICE_FOR_ALL, NULL,
	  "Before you switch it on again: bring it up to date, let it write to fixed addresses only and never in the name "
	  "that a visitor types, and limit how often it can be used. If there are files that you did not put there, have "
	  "the place set up anew, with new passwords." },
	{ "tell_host", IN(THROUGH), ADVICE_FOR_ALL, NULL,
	  "Tell whoever runs that server for you, and your mail provider." },

	/* keep, report, tell */
	{ "keep_evidence", IN(THROUGH) | IN(ACCOUNT) | IN(DEVICE) | IN(OPEN), ADVICE_FOR_ALL, NULL,
	  "Keep the mail, saved " SAVE_AS ": whoever helps you needs it." },
	{ "tell_friends", IN(FORGED) | IN(BACKSCATTER), ADVICE_FOR_ALL, NULL,
	  "If somebody asks you about such mail, say: \"Somebody uses my address. It did not come from me. Do not click on "
	  "anything in it, delete it, and ring me if you already did.\"" },
	{ "report_network", FALSE_MAIL, ADVICE_FOR_ALL, if_outside,
	  "Report it to the network that it came from, which can stop the one who sent it. Attach the mail, saved in the "
	  "same way, and write to:\n" ADVICE_CONTACTS "\nOften nobody answers; reports help all the same." },
	{ "ask_again_online", ANY, ADVICE_FOR_ALL, if_offline,
	  "Run this again with a network: what is published about the sender makes the answer firmer." },
	{ "name_yourself", IN(FORGED_OTHER) | IN(PROVEN) | IN(UNPROVEN) | IN(LOOKALIKE) | IN(OPEN_ABOUT), ADVICE_FOR_ALL,
	  if_nobody,
	  "Run this again with --owner and your own address: then it can tell your name from others." },

	/* for those who look after the domain */
	{ "publish_policy", IN(FORGED) | IN(OPEN), ADVICE_FOR_DOMAIN, if_lenient,
	  "Ask all receivers to refuse mail in the name of your domain that carries no proof (DMARC is the name of that "
	  "request). Proofs are the list of the systems that send its mail (SPF), and the signature that they put on it "
	  "(DKIM): let all systems that send for you have both. In the directory of the Internet (DNS), this would have "
	  "stopped the mail:\n" ADVICE_RECORDS "\nBegin with p=none, and read for some weeks what is reported to the "
	  "address after rua=; then p=quarantine, then p=reject." },
	{ "stricter_policy", IN(FORGED) | IN(OPEN), ADVICE_FOR_DOMAIN, if_set_aside,
	  "Your domain asks receivers to set such mail aside (in its DMARC record: a request about mail that carries no "
	  "proof). In the directory of the Internet (DNS), this would ask them to refuse it:\n" ADVICE_RECORDS },
	{ "receiver_ignored", IN(FORGED), ADVICE_FOR_DOMAIN, if_ignored,
	  "Your domain's request to refuse such mail is published already; who took this mail in did not heed it. Tell "
	  "them, or change the settings if that server is yours." },
	{ "refuse_own_name", IN(FORGED), ADVICE_FOR_DOMAIN, if_outside,
	  "Let your own mail server refuse mail that names your domain as its sender and comes from outside without a "
	  "log-in, but for your lists, forwarders and services." },
	{ "no_catch_all", IN(BACKSCATTER), ADVICE_FOR_DOMAIN, NULL,
	  "Let your mail server refuse mail for addresses that are not in use. Where it takes in mail for every invented "
	  "name, all answers to invented names land with you." },
	{ "mark_your_mail", IN(BACKSCATTER), ADVICE_FOR_DOMAIN, if_untagged,
	  "Let your mail server put a secret mark into the return address of all that you send (BATV is the name of one "
	  "such mark): answers without it can then be refused." },
};
const size_t advice_row_count = ARRAY_LEN(advice_rows);

enum advice_when advice_when(const struct verdict *v)
{
	static const struct { enum advice_when owner, other; } whens[VERDICT_KINDS] = {
		[VERDICT_FORGED] = { ADVICE_FORGED, ADVICE_FORGED_OTHER },
		[VERDICT_FORGED_THROUGH] = { ADVICE_THROUGH, ADVICE_THROUGH },
		[VERDICT_ACCOUNT_USED] = { ADVICE_ACCOUNT, ADVICE_ACCOUNT },
		[VERDICT_OWN_DEVICE] = { ADVICE_DEVICE, ADVICE_DEVICE },
		[VERDICT_GENUINE] = { ADVICE_GENUINE, ADVICE_GENUINE },
		[VERDICT_PROVEN] = { ADVICE_PROVEN, ADVICE_PROVEN },
		[VERDICT_UNPROVEN] = { ADVICE_UNPROVEN, ADVICE_UNPROVEN },
		[VERDICT_LOOKALIKE] = { ADVICE_LOOKALIKE, ADVICE_LOOKALIKE },
		[VERDICT_ABOUT_YOUR_MAIL] = { ADVICE_ABOUT, ADVICE_ABOUT },
		[VERDICT_BACKSCATTER] = { ADVICE_BACKSCATTER, ADVICE_BACKSCATTER },
		[VERDICT_CANNOT_TELL] = { ADVICE_OPEN, ADVICE_OPEN_ABOUT },
	};

	return v->in_owner_name ? whens[v->kind].owner : whens[v->kind].other;
}

bool advice_applies(size_t i, const struct verdict *v, const struct facts *f)
{
	const struct advice_row *r = &advice_rows[i];

	return r->when >> advice_when(v) & 1 && (!r->also || r->also(f));
}
