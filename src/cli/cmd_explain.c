/* cmd_explain.c - `truefrom explain FILE...`: was this mail forged? For a person
 * who knows nothing of mail. A program of its own (see main.c). */
#include <unistd.h>

#include "cli/commands.h"
#include "cli/explain_batch.h"
#include "cli/explain_redact.h"
#include "cli/explain_setup.h"
#include "explain/explain_case.h"
#include "explain/explain_words.h"

#define STANDARD_SECONDS 5 /* a person waits in front of it */
#define PAGE_MAX (1u << 20)

static const struct option_row rows[] = {
	{ "owner", OPTION_LIST, offsetof(struct explain_options, owners), "ADDRESS", "your own address (may be given several times)" },
	{ "name", OPTION_LIST, offsetof(struct explain_options, names), "TEXT", "a name of yours that others may imitate: of a person, a firm" },
	{ "not-mine", OPTION_FLAG, offsetof(struct explain_options, not_mine), NULL, "say that you did not write it" },
	{ "trust", OPTION_LIST, offsetof(struct explain_options, trust), "HOST|NET", "a mail server or network of yours or of your provider" },
	{ "trust-authserv", OPTION_LIST, offsetof(struct explain_options, trust_authserv), "ID", "the name your provider signs its results with" },
	{ "log", OPTION_LIST, offsetof(struct explain_options, logs), "FILE", "the log of your mail server, plain or gzip" },
	{ "sent", OPTION_TEXT, offsetof(struct explain_options, sent), "FOLDER", "your Sent folder: a Maildir or an mbox" },
	{ "tag-keys", OPTION_TEXT, offsetof(struct explain_options, tag_keys), "FILE", "keys of the tags that your system puts on addresses" },
	{ "attached", OPTION_FLAG, offsetof(struct explain_options, attached), NULL, "judge the mail that is attached to this one" },
	{ "at", OPTION_TIME, offsetof(struct explain_options, check.at), "TIME", "judge as if today were then" },
	{ "colour", OPTION_CHOICE, offsetof(struct explain_options, colour), "auto|always|never", "colours on a terminal" },
	CHECK_CASE_ROW(struct explain_options, kase),
	CHECK_RECORD_ROW(struct explain_options, kase),
	{ "redact", OPTION_TEXT, offsetof(struct explain_options, redact), "DIR", "save a case without names and words, to be shown to others" },
	{ "redact-key", OPTION_TEXT, offsetof(struct explain_options, redact_key), "FILE", "what --redact replaces by; the same key, the same replacements" },
	CHECK_OPTION_ROWS(struct explain_options, check),
};

/* --- one mail --- */

static json_t *one_json(struct explain_one *one)
{
	json_t *o = explain_json(&one->x);

	if (o && one->attached && json_object_set_new(o, "attached", json_true()) != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static bool wants_colour(const char *choice)
{
	const char *terminal = getenv("TERM"), *no_colour = getenv("NO_COLOR");

	if (strcmp(choice, "auto") != 0)
		return strcmp(choice, "always") == 0;
	return isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0 && !(no_colour && *no_colour);
}

static int print(const struct command *self, const struct explain_options *o, struct explain_one *one)
{
	struct buf page;

	if (o->check.json)
		return check_print_json(self, one_json(one));
	buf_init(&page, PAGE_MAX);
	if (one->attached)
		buf_adds(&page, "This is about the mail that is attached to the one that you gave.\n\n");
	explain_words(&page, &one->x, (struct words_style){ .colour = wants_colour(o->colour) });
	bool ok = !page.failed && fwrite(page.p, 1, page.n, stdout) == page.n && fflush(stdout) == 0;
	buf_free(&page);
	return ok ? 0 : complain(self, EXIT_INTERNAL, NULL, "the page could not be written");
}

/* Saves what the verdict was made from. */
static int record(const struct command *self, const struct explain_options *o, const struct explain_setup *setup,
                  struct explain_one *one)
{
	const struct case_session *from = &o->kase.loaded.session;
	struct explain_case_texts texts = { 0 };
	struct case_folder c;
	char why[512];
	int status;

	if (!o->kase.record && !o->redact)
		return 0;
	if (explain_case_make(&one->x, setup->logs, setup->n_logs, &texts, &c, why, sizeof(why))) {
		c.session.about = from->about;
		c.session.redacted = from->redacted;
		status = o->kase.record ? check_case_save(self, &o->kase, &c) : 0;
		if (!status && o->redact)
			status = explain_redact(self, o, setup, one, &c);
	} else {
		status = complain(self, EXIT_INTERNAL, NULL, "the case cannot be made: %s", why);
	}
	explain_case_end(&texts);
	return status;
}

/* --- the time zone of a log --- */

#define ZONE_MAILS 50u /* mails that are looked at for one that a log knows, too */
#define ZONE_MEMORY (16u << 20)

/* True: there is nothing to be learned, or not any more. */
static bool learn_zone(const struct explain_setup *setup, struct bytes message)
{
	struct arena *a;
	bool known = !setup->log || !maillog_counts(setup->log).zoneless;

	if (known || !(a = arena_new(ZONE_MEMORY)))
		return known;
	known = trail_learn_zone(setup->log, a, setup->settings.limits, &setup->settings.trust, message);
	arena_free(a);
	return known;
}

static bool reads_stdin(const struct arguments *args)
{
	for (size_t i = 0; i < args->n; i++)
		if (strcmp(args->items[i], "-") == 0)
			return true;
	return false;
}

/* Times in a log may have no zone: a mail that the log and its own trace speak of tells it. Standard
 * input cannot be read twice. */
static void learn_zone_from_files(const struct explain_setup *setup, const struct arguments *args)
{
	bool known = reads_stdin(args) || learn_zone(setup, B(""));
	struct explain_input *in = known ? NULL : explain_input_new(args->items, args->n);

	for (size_t i = 0; in && i < ZONE_MAILS && !known; i++) {
		struct explain_mail mail;
		char why[1];
		enum folder_got got = explain_input_next(in, &mail, why, sizeof(why));
		if (got == FOLDER_END)
			break;
		if (got == FOLDER_TROUBLE)
			continue;
		known = learn_zone(setup, mail.item.message);
		explain_input_let_go(in, &mail);
	}
	explain_input_free(in);
}

static int judge_one(const struct command *self, const struct explain_options *o, const struct explain_setup *setup,
                     struct bytes message, struct bytes stored)
{
	struct explain_how how = { .settings = &setup->settings, .lookups = setup->lookups, .attached = o->attached };
	struct explain_one one;
	int status;

	learn_zone(setup, message);
	switch (explain_one_judge(&how, message, stored, false, &one)) {
	case EXPLAIN_ONE_OK:
		status = print(self, o, &one);
		if (!status)
			status = record(self, o, setup, &one);
		if (!status)
			status = verdict_status(one.x.verdict.kind);
		break;
	case EXPLAIN_ONE_NOT_ATTACHED:
		status = complain(self, EXIT_NO_INPUT, "leave out --attached, or save the attached mail and give that",
		                  "there is not exactly one mail attached to it");
		break;
	default:
		status = check_no_memory(self);
	}
	explain_one_end(&one);
	return status;
}

static int judge_only(const struct command *self, const struct explain_options *o, const struct explain_setup *setup,
                      struct explain_input *in)
{
	struct explain_mail mail;
	char why[1];

	if (explain_input_next(in, &mail, why, sizeof(why)) != FOLDER_ITEM)
		return EXIT_NO_INPUT; /* explain_input_is_one has seen it */
	int status = mail.item.message.n ? judge_one(self, o, setup, mail.item.message, mail.item.stored)
	                                 : complain(self, EXIT_NO_INPUT, "it should be a mail saved with all its headers (.eml)",
	                                            "\"%s\" is empty", mail.item.name);
	explain_input_let_go(in, &mail);
	return status;
}

/* --- files --- */

static int judge_files(const struct command *self, const struct explain_options *o, const struct explain_setup *setup,
                       const struct arguments *args)
{
	struct explain_input *in = explain_input_new(args->items, args->n);
	struct batch_settings batch = {
		.cmd = self, .network = setup->network, .json = o->check.json,
		.how = { .settings = &setup->settings, .lookups = setup->lookups, .attached = o->attached },
	};
	int status;

	if (!in)
		return check_no_memory(self);
	if (explain_input_is_one(in))
		status = judge_only(self, o, setup, in);
	else if (o->kase.record || o->redact)
		status = complain(self, EXIT_USAGE, "give one mail alone", "--%s takes one mail, and there are several",
		                  o->kase.record ? "record" : "redact");
	else {
		learn_zone_from_files(setup, args);
		status = explain_batch(&batch, in);
	}
	explain_input_free(in);
	return status;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct explain_options o = { .colour = "auto" };
	struct explain_setup setup = { 0 };
	struct arguments args;
	struct bytes of_case;
	int status;

	check_options_init(&o.check);
	o.check.timeout_standard = STANDARD_SECONDS;
	if (options_parse(self, argc, argv, &o, &args, &status) && !(status = explain_setup(self, &o, &args, &setup))) {
		of_case = o.kase.loaded.message;
		status = o.kase.from ? judge_one(self, &o, &setup, of_case, of_case) : judge_files(self, &o, &setup, &args);
	}
	explain_setup_end(&setup);
	check_case_end(&o.kase);
	return status;
}

const struct command cmd_explain = {
	.name = "explain",
	.summary = "was this mail forged? A verdict in plain words",
	.arguments = "FILE... | --case DIR",
	.arguments_max = SIZE_MAX,
	.rows = rows,
	.n_rows = ARRAY_LEN(rows),
	.more = "FILE is the mail, saved with all its headers (\"view source\", then save as .eml;\n"
	        "- for standard input), an mbox, or a Maildir. Says whether it really came from\n"
	        "whom it names, how that is known, and what to do. For several mails it says so\n"
	        "in one line each, and at the end what they have in common. --json then prints\n"
	        "one object a line, and a last one with the summary. DIR is a case that --record\n"
	        "saved: it gives the same result on any machine, at any time.\n\n"
	        "What leaves this machine: questions to the DNS, and through it to the domains\n"
	        "named in the mail, also the forger's own (which may learn that his mail was\n"
	        "looked at, and to which address it went); and the sending address, to tables of\n"
	        "Team Cymru and Abusix. --offline asks nothing.\n\n"
	        "Exit status: 0 genuine, proven, or about your mail; 1 forged, a look-alike, or\n"
	        "backscatter; 2 not told; 3 a stranger used your account or a device of yours.\n"
	        "Of several mails the worst counts: 3, then 1, then 2. 64 wrong usage; 66\n"
	        "something cannot be read (the other mails are judged all the same); 70 out of\n"
	        "memory; 73 DIR cannot be written; 130 interrupted.\n",
	.run = run,
};

int main(int argc, char **argv)
{
	return cmd_explain.run(&cmd_explain, argc, argv);
}
