/* The published ways to fool a verifier, each as a test of its own, through the
 * whole verification: whatever a forger writes, the forged domain never passes.
 * "L" is forged.example (the domain of the victim), "T" is thief.example (the
 * forger's own, with whatever records suit him). */
#include "judge.h"
#include "tap.h"

#define ZONE \
	"forged.example. 60 TXT \"v=spf1 ip4:192.0.2.10 -all\"\n" \
	"_dmarc.forged.example. 60 TXT \"v=DMARC1; p=reject\"\n" \
	"forged.example. 60 A 192.0.2.10\n" \
	"thief.example. 60 TXT \"v=spf1 ip4:203.0.113.0/24 -all\"\n" \
	"_dmarc.thief.example. 60 TXT \"v=DMARC1; p=none\"\n" \
	"quiet.example. 60 TXT \"v=spf1 ip4:203.0.113.0/24 -all\"\n" \
	"key._domainkey.thief.example. 60 TXT \"v=DKIM1; k=rsa; p=\"\n"

#define THIEF "203.0.113.66"
#define REST "To: <b@example.net>\r\nSubject: hello\r\nDate: Mon, 16 Nov 2026 09:00:00 +0000\r\n\r\nbody\r\n"

static const struct attack {
	const char *name;
	const char *message;
	const char *helo, *mail_from; /* mail_from NULL: a@thief.example */
	const char *dmarc;            /* the result that must come out */
	const char *author;           /* the author domain; NULL: there must be none */
	const char *defect;           /* one that must be found; NULL: none of the ambiguous kind may be */
	const char *spf;              /* NULL: not looked at */
} attacks[] = {
	/* --- honest mail, so that the table could fail the other way --- */
	{ "honest mail of the thief's own domain passes", "From: <a@thief.example>\r\n" REST, "thief.example", NULL,
	  "pass", "thief.example", NULL, "pass" },
	{ "plain forgery", "From: <ceo@forged.example>\r\n" REST, "thief.example", NULL, "fail", "forged.example", NULL,
	  "pass" },

	/* --- the envelope --- */
	{ "MAIL FROM at a sub-domain that does not exist, HELO passes at the thief's",
	  "From: <ceo@forged.example>\r\n" REST, "thief.example", "x@no.such.forged.example", "fail", "forged.example",
	  NULL, "none" },
	{ "MAIL FROM with a parenthesis in the domain", "From: <ceo@forged.example>\r\n" REST, "thief.example",
	  "any@forged.example(a.thief.example", "fail", "forged.example", "mail_from_malformed", "none" },
	{ "MAIL FROM with a source route counts the final mailbox", "From: <ceo@forged.example>\r\n" REST,
	  "thief.example", "<@forged.example,@any.example:any@thief.example>", "fail", "forged.example", NULL, NULL },
	{ "null sender, HELO forged", "From: <ceo@forged.example>\r\n" REST, "forged.example", "", "fail",
	  "forged.example", NULL, "none" },
	{ "null sender, HELO at the thief's aligns the thief only", "From: <ceo@forged.example>\r\n" REST,
	  "thief.example", "", "fail", "forged.example", NULL, "none" },
	{ "MAIL FROM that does not parse is not the null sender", "From: <a@thief.example>\r\n" REST, "thief.example",
	  "a@@thief.example", "fail", "thief.example", "mail_from_malformed", "none" },

	/* --- From that two readers read differently --- */
	{ "first line begins with white space", " From: <a@thief.example>\r\nFrom: <ceo@forged.example>\r\n" REST, "h.example",
	  NULL, "fail", NULL, "leading_space" },
	{ "From folded before its colon, then another", "From\r\n : <a@thief.example>\r\nFrom: <ceo@forged.example>\r\n" REST,
	  "h.example", NULL, "fail", NULL, "several_from" },
	{ "From folded before its colon, after another",
	  "From: <a@thief.example>\r\nFrom\r\n : <ceo@forged.example>\r\n" REST, "h.example", NULL, "fail", NULL,
	  "several_from" },
	{ "From with a space before its colon, and another in capitals",
	  "FROM : <a@thief.example>\r\nfrom: <ceo@forged.example>\r\n" REST, "h.example", NULL, "fail", NULL,
	  "several_from" },
	{ "Resent-From never stands in for From",
	  "Resent-From: <a@thief.example>\r\nSender: <a@thief.example>\r\nReply-To: <a@thief.example>\r\n" REST, "h.example",
	  NULL, "permerror", NULL, "no_from" },
	{ "only a From folded before its colon, and Resent-From at the forged",
	  "From\r\n :\r\n <a@thief.example>\r\nResent-From: <ceo@forged.example>\r\n" REST, "h.example", NULL, "permerror",
	  NULL, "fold_before_colon" },
	{ "an encoded word that decodes to an address, then another",
	  "From: =?utf-8?q?=3Cadmin=40forged.example=3E?=,<second@thief.example>\r\n" REST, "h.example", NULL, "permerror",
	  NULL, NULL },
	{ "a quoted pair outside quotes", "From: <admin@forged.example>\\,<second@thief.example>\r\n" REST, "h.example",
	  NULL, "fail", NULL, "from_backslash" },
	{ "text after the angle address", "From: <any@thief.example>admin@forged.example\r\n" REST, "h.example", NULL,
	  "fail", NULL, "from_after_address" },
	{ "two mailboxes", "From: <any@thief.example>, <admin@forged.example>\r\n" REST, "h.example", NULL, "fail", NULL,
	  "several_mailboxes" },
	{ "two mailboxes, the forged first", "From: admin@forged.example, any@thief.example\r\n" REST, "h.example", NULL,
	  "fail", NULL, "several_mailboxes" },
	{ "two mailboxes, both without a policy to fail: never a pass",
	  "From: a@quiet.example, b@quiet.example\r\n" REST, "h.example", "a@quiet.example", "permerror", NULL,
	  "several_mailboxes" },
	{ "a group", "From: friends: <a@thief.example>, <admin@forged.example>;\r\n" REST, "h.example", NULL, "fail", NULL,
	  "from_group" },
	{ "a NUL in the address", "From: <admin@forged.example\0.thief.example>\r\n" REST, "h.example", NULL, NULL, NULL,
	  "from_control" },
	{ "right-to-left override in the domain",
	  "From: <admin@forged\xe2\x80\xae.example>\r\n" REST, "h.example", NULL, NULL, NULL, "from_hidden_characters" },
	{ "an unbalanced quote", "From: \"x <admin@forged.example>\r\n" REST, "h.example", NULL, NULL, NULL,
	  "from_unbalanced" },
	{ "a display name that is another address is no other author",
	  "From: \"ceo@forged.example\" <a@thief.example>\r\n" REST, "thief.example", NULL, "pass", "thief.example",
	  "from_address_in_name" },
	{ "a comment after the address is harmless", "From: <a@thief.example> (me)\r\n" REST, "thief.example", NULL, "pass",
	  "thief.example", "from_comment" },
	{ "a TAB is white space", "From:\t\"A\"\t<a@thief.example>\r\n" REST, "thief.example", NULL, "pass",
	  "thief.example", NULL },
	{ "8-bit bytes in a display name are harmless", "From: caf\xe9 <a@thief.example>\r\n" REST, "thief.example", NULL,
	  "pass", "thief.example", "eight_bit" },
	{ "a second From behind a bare LF", "X-A: 1\r\nFrom: <a@thief.example>\nFrom: <ceo@forged.example>\r\n" REST, "thief.example",
	  NULL, NULL, NULL, "bare_lf" },
	{ "a second From behind a bare CR", "X-A: 1\r\nFrom: <a@thief.example>\rFrom: <ceo@forged.example>\r\n" REST,
	  "thief.example", NULL, NULL, NULL, "bare_cr" },
	{ "a first line without a colon", "hello\r\nFrom: <a@thief.example>\r\n" REST, "thief.example", NULL, NULL, NULL,
	  "not_a_field" },

	/* --- the end of the mail (SMTP smuggling) --- */
	{ "a lone dot between bare LFs, and a second envelope behind it",
	  "From: <a@thief.example>\r\n\r\nx\n.\nMAIL FROM:<ceo@forged.example>\r\nbody\r\n", "thief.example", NULL, "pass",
	  "thief.example", "smuggled_commands" },
	{ "a lone dot behind a bare CR", "From: <a@thief.example>\r\n\r\nx\r.\r\nbody\r\n", "thief.example", NULL, "pass",
	  "thief.example", "smuggled_end_of_data" },

	{ "a Date that cannot be read", "From: <a@thief.example>\r\nDate: yesterday\r\n\r\nbody\r\n", "thief.example", NULL,
	  "pass", "thief.example", "date_malformed" },

	/* --- signatures that do not say what they seem to --- */
	{ "a selector with a NUL and a tail",
	  "DKIM-Signature: v=1; a=rsa-sha256; d=forged.example; s=key._domainkey.thief.example.\0x; h=from; "
	  "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\nFrom: <ceo@forged.example>\r\n" REST, "h.example", NULL,
	  "fail", "forged.example", NULL },
	{ "our own results, brought from outside",
	  "Authentication-Results: MX.Example.NET; dmarc=pass header.from=forged.example\r\n"
	  "From: <ceo@forged.example>\r\n" REST, "h.example", NULL, "fail", "forged.example", "forged_authentication_results" },
};

/* Rows hold NULs: the length of a message is found by its last line. */
static struct bytes message_of(const char *text)
{
	size_t n = 0;

	while (memcmp(text + n, "\r\nbody\r\n", 8) != 0)
		n++;
	return (struct bytes){ (const uint8_t *)text, n + 8 };
}

static void run(const struct attack *t)
{
	struct judge j = {
		.zone = ZONE, .ip = THIEF, .helo = t->helo, .mail_from = t->mail_from ? t->mail_from : "a@thief.example",
	};
	struct verify *v = judge_message(&j, message_of(t->message));
	const char *dmarc = dmarc_outcome_name(v->dmarc.result);
	struct dname author = verify_author_domain(v);

	tap_begin("%s", t->name);
	CHECK_MSG(!t->dmarc || strcmp(dmarc, t->dmarc) == 0, "dmarc is %s, not %s (%s)", dmarc, t->dmarc,
	          v->dmarc.reason ? v->dmarc.reason : "");
	if (t->author)
		CHECK_BYTES(author.text, t->author);
	else
		CHECK_MSG(dname_is_none(author), "author is %.*s", BYTES_ARG(author.text));
	if (!t->author)
		CHECK_MSG(v->dmarc.result == DMARC_FAIL || v->dmarc.result == DMARC_PERMERROR, "dmarc is %s", dmarc);
	if (t->defect)
		CHECK_MSG(judge_has_defect(v, t->defect), "no defect %s", t->defect);
	else if (t->author)
		CHECK(!defects_ambiguous(&v->header.defects));
	if (t->spf)
		CHECK_MSG(strcmp(spf_outcome_name(v->spf.result), t->spf) == 0, "spf is %s", spf_outcome_name(v->spf.result));
	tap_end();
	judge_free(&j, v);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(attacks); i++)
		run(&attacks[i]);
	return tap_done();
}
