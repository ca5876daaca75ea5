/* No advice that the verdict does not support: every verdict against every row. */
#include "explain/advice.h"
#include "tap.h"

/* For each case, the actions in their order; those with "?" only where what they are about is there. */
static const struct {
	const char *name;
	enum verdict_kind kind;
	bool owner;
	enum advice_when when;
	const char *actions;
} cases[] = {
	{ "forged in the owner's name", VERDICT_FORGED, true, ADVICE_FORGED,
	  "do_not_answer ?no_receipt ?do_not_pay ?password_shown ?type_the_address keep_and_report look_inside nothing_strange "
	  "if_strange tell_friends ?report_network ?ask_again_online publish_policy ?stricter_policy ?receiver_ignored "
	  "?refuse_own_name" },
	{ "forged in another's name", VERDICT_FORGED, false, ADVICE_FORGED_OTHER,
	  "do_not_answer ?no_receipt ?do_not_pay ?password_shown ?type_the_address sender_is_victim keep_and_report "
	  "?report_network ?ask_again_online ?name_yourself" },
	{ "forged through own systems", VERDICT_FORGED_THROUGH, true, ADVICE_THROUGH,
	  "stop_program read_web_log mend_program tell_host keep_evidence ?ask_again_online" },
	{ "account used", VERDICT_ACCOUNT_USED, true, ADVICE_ACCOUNT,
	  "was_it_you new_password sign_out_all remove_strange second_step same_password tell_people keep_evidence "
	  "?ask_again_online" },
	{ "own device", VERDICT_OWN_DEVICE, true, ADVICE_DEVICE,
	  "find_device clean_device password_of_device tell_people keep_evidence ?ask_again_online" },
	{ "genuine", VERDICT_GENUINE, true, ADVICE_GENUINE, "did_you_write_it ?ask_again_online" },
	{ "proven", VERDICT_PROVEN, false, ADVICE_PROVEN,
	  "?do_not_pay ?password_shown ?type_the_address ?dangerous_content proof_is_not_trust ?ask_again_online "
	  "?name_yourself" },
	{ "unproven", VERDICT_UNPROVEN, false, ADVICE_UNPROVEN,
	  "until_you_know ?no_receipt ?do_not_pay ?password_shown ?type_the_address check_by_phone ?ask_again_online "
	  "?name_yourself" },
	{ "look-alike", VERDICT_LOOKALIKE, false, ADVICE_LOOKALIKE,
	  "do_not_answer ?no_receipt ?do_not_pay ?password_shown ?type_the_address check_by_phone keep_and_report "
	  "?report_network ?ask_again_online ?name_yourself" },
	{ "about your mail", VERDICT_ABOUT_YOUR_MAIL, false, ADVICE_ABOUT,
	  "?address_fails ?try_again ?just_wait ?it_arrived ?read_notice ?read_reply ?receipt_came ?heed_complaint "
	  "did_you_write_that ?ask_again_online" },
	{ "backscatter", VERDICT_BACKSCATTER, false, ADVICE_BACKSCATTER,
	  "bin_it do_not_complain look_at_one tell_friends ?ask_again_online no_catch_all ?mark_your_mail" },
	{ "cannot tell whose it is", VERDICT_CANNOT_TELL, true, ADVICE_OPEN,
	  "until_you_know ?no_receipt ?do_not_pay ?password_shown ?type_the_address look_inside_now if_strange keep_evidence "
	  "?ask_again_online publish_policy ?stricter_policy" },
	{ "cannot tell what it is about", VERDICT_CANNOT_TELL, false, ADVICE_OPEN_ABOUT,
	  "until_you_know look_at_quoted ?ask_again_online ?name_yourself" },
};

/* Nothing that any condition asks for, or all of it (as far as the kind of bounce lets it). */
struct world {
	struct verify v;
	struct bounce bounce;
	struct bounce_recipient recipient;
	struct risk risks[RISK_KINDS];
	struct tag_keys tags;
	struct facts f;
};

static void make_world(struct world *w, bool all)
{
	*w = (struct world){ .bounce.kind = BOUNCE_DSN };
	w->f.v = &w->v;
	w->f.is.bounce = &w->bounce;
	w->f.is.tags = &w->tags;
	w->f.owner = B("alice@example.org");
	w->recipient = (struct bounce_recipient){ .action = BOUNCE_DELIVERED };
	w->bounce.recipients = &w->recipient;
	w->bounce.n = 1;
	if (!all) {
		w->bounce.kind = BOUNCE_NONE;
		return;
	}
	for (size_t i = 0; i < RISK_KINDS; i++)
		w->risks[i].kind = i;
	w->f.is.risks = w->risks;
	w->f.is.n_risks = RISK_KINDS;
	w->f.is.tags = NULL;
	w->f.owner = B("");
	w->f.offline = w->f.from_outside = true;
	w->f.own = (struct facts_auth){ .known = true, .dmarc_fail = true, .policy = DMARC_POLICY_REJECT };
}

/* Does row i hold in any world that differs in what only one thing can be? */
static bool may_apply(size_t i, const struct verdict *v)
{
	static const struct { enum bounce_kind kind; enum bounce_action action; bool hard; } notices[] = {
		{ BOUNCE_DSN, BOUNCE_FAILED, true },     { BOUNCE_DSN, BOUNCE_FAILED, false },
		{ BOUNCE_DSN, BOUNCE_DELAYED, false },   { BOUNCE_DSN, BOUNCE_DELIVERED, false },
		{ BOUNCE_DSN, BOUNCE_RELAYED, false },   { BOUNCE_DSN, BOUNCE_EXPANDED, false },
		{ BOUNCE_DSN, BOUNCE_ACTION_UNKNOWN, false }, { BOUNCE_AUTO_REPLY, BOUNCE_ACTION_UNKNOWN, false },
		{ BOUNCE_RECEIPT, BOUNCE_ACTION_UNKNOWN, false }, { BOUNCE_FEEDBACK, BOUNCE_ACTION_UNKNOWN, false },
	};
	struct world w;

	for (size_t n = 0; n < ARRAY_LEN(notices); n++)
		for (enum dmarc_policy policy = DMARC_POLICY_NONE; policy <= DMARC_POLICY_ABSENT; policy++) {
			make_world(&w, true);
			w.bounce.kind = notices[n].kind;
			w.recipient.action = notices[n].action;
			w.recipient.hard = notices[n].hard;
			w.f.own.policy = policy;
			if (advice_applies(i, v, &w.f))
				return true;
		}
	return false;
}

static void test_case(size_t c)
{
	struct verdict v = { .kind = cases[c].kind, .confidence = STRENGTH_FAIR, .in_owner_name = cases[c].owner };
	struct bytes rest = bytes_of(cases[c].actions), word;
	struct world none;
	size_t always = 0;

	make_world(&none, false);
	tap_begin("%s: these actions, in this order, and no others", cases[c].name);
	CHECK(advice_when(&v) == cases[c].when);
	bool more = bytes_cut(&rest, ' ', &word);
	for (size_t i = 0; i < advice_row_count; i++) {
		bool maybe = more && word.p[0] == '?';
		bool expected = more && bytes_eq(bytes_from(word, maybe), advice_rows[i].id);
		bool now = advice_applies(i, &v, &none.f);
		CHECK_MSG(may_apply(i, &v) == expected, "%s: %s", advice_rows[i].id, expected ? "never" : "not supported");
		CHECK_MSG(now == (expected && !maybe), "%s: %s", advice_rows[i].id, now ? "without a reason" : "left out");
		always += now;
		if (expected)
			more = bytes_cut(&rest, ' ', &word);
	}
	CHECK_MSG(!more, "%.*s is missing or out of order", BYTES_ARG(word));
	CHECK(always >= 1);
	tap_end();
}

/* Which notice brings which advice. */
static const struct {
	enum bounce_kind kind;
	enum bounce_action action;
	bool hard;
	const char *id;
} notices[] = {
	{ BOUNCE_DSN, BOUNCE_FAILED, true, "address_fails" },
	{ BOUNCE_DSN, BOUNCE_FAILED, false, "try_again" },
	{ BOUNCE_DSN, BOUNCE_DELAYED, false, "just_wait" },
	{ BOUNCE_DSN, BOUNCE_DELIVERED, false, "it_arrived" },
	{ BOUNCE_DSN, BOUNCE_RELAYED, false, "it_arrived" },
	{ BOUNCE_DSN, BOUNCE_EXPANDED, false, "it_arrived" },
	{ BOUNCE_DSN, BOUNCE_ACTION_UNKNOWN, false, "read_notice" },
	{ BOUNCE_AUTO_REPLY, BOUNCE_FAILED, true, "read_reply" },
	{ BOUNCE_RECEIPT, BOUNCE_FAILED, true, "receipt_came" },
	{ BOUNCE_FEEDBACK, BOUNCE_FAILED, true, "heed_complaint" },
};

static void test_notice(size_t c)
{
	struct verdict v = { .kind = VERDICT_ABOUT_YOUR_MAIL };
	struct world w;

	make_world(&w, false);
	w.bounce.kind = notices[c].kind;
	w.recipient.action = notices[c].action;
	w.recipient.hard = notices[c].hard;
	tap_begin("a notice about your mail, kind %d, action %d: %s", notices[c].kind, notices[c].action, notices[c].id);
	for (size_t i = 0; i < advice_row_count; i++) {
		const char *id = advice_rows[i].id;
		bool expected = strcmp(id, notices[c].id) == 0 || strcmp(id, "did_you_write_that") == 0;
		CHECK_MSG(advice_applies(i, &v, &w.f) == expected, "%s", id);
	}
	tap_end();
}

int main(void)
{
	bool seen[VERDICT_KINDS] = { false };

	for (size_t c = 0; c < ARRAY_LEN(cases); c++) {
		test_case(c);
		seen[cases[c].kind] = true;
	}
	for (size_t c = 0; c < ARRAY_LEN(notices); c++)
		test_notice(c);
	tap_begin("every verdict was looked at");
	for (size_t k = 0; k < VERDICT_KINDS; k++)
		CHECK_MSG(seen[k], "%s", verdict_name(k));
	tap_end();
	tap_begin("no two rows have one id, and those for a domain come last");
	for (size_t i = 0; i < advice_row_count; i++) {
		for (size_t k = 0; k < i; k++)
			CHECK_MSG(strcmp(advice_rows[i].id, advice_rows[k].id) != 0, "%s", advice_rows[i].id);
		CHECK(i == 0 || advice_rows[i].whom >= advice_rows[i - 1].whom);
	}
	tap_end();
	return tap_done();
}
