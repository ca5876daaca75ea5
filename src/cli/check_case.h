/* check_case.h - the options --case and --record: a command judges what a folder
 * holds instead of a file, or saves what it used so that the same can be judged again. */
#pragma once
#include "cli/check.h"
#include "verify/case_folder.h"

struct check_case {
	const char *from, *record;   /* the options; NULL: not given */
	struct case_folder loaded;   /* of `from` */
	struct buf message;          /* read into memory because it is to be recorded */
};

/* Rows for a command's option table; `type` is the struct it parses into, `m` its member of this type. */
#define CHECK_CASE_ROW(type, m) \
	{ "case", OPTION_TEXT, offsetof(type, m.from), "DIR", "judge this recorded case; other options go before it" }
#define CHECK_RECORD_ROW(type, m) \
	{ "record", OPTION_TEXT, offsetof(type, m.record), "DIR", "save a case: all that is needed to judge this again" }

/* Loads the case that --case names, and lets it say what the options leave open: the answers of the
 * DNS (unless --zone, --dns or --offline are given), and limits that have their standard
 * value. There must be a FILE or a case, not both; args NULL: the command takes no files.
 * 0, or a status after saying why. check_case_end in any case. */
MUST_USE int check_case_open(const struct command *cmd, struct check_case *k, struct check_options *o,
                             const struct arguments *args);
void check_case_end(struct check_case *k);

/* Fills in from the case what *s does not know. */
void check_case_session(const struct check_case *k, struct verify_session *s);
/* The instant at which the message was handed over: --at, else as the case has it, else now. */
int64_t check_case_time(const struct check_case *k, const struct check_options *o);
/* The instant of the look-ups: --at, else as the case has it, else now. */
int64_t check_case_today(const struct check_case *k, const struct check_options *o);

/* Feeds v with the message of the case, or with the file, and ends it. 0 or a status. */
MUST_USE int check_case_feed(const struct command *cmd, struct check_case *k, const char *path, struct verify *v);
/* The whole message, after check_case_feed, where there is --case or --record. */
struct bytes check_case_message(const struct check_case *k);

/* What a new case begins with: that of --case (with its line about it, its log, ...), else nothing known. */
struct case_folder check_case_start(const struct check_case *k);
/* Saves *c, to which the message, the limits, "offline" and the DNS of these books are added,
 * as --record says; without it does nothing. Memory is taken from the arena. 0 or a status. */
MUST_USE int check_case_record(const struct command *cmd, const struct check_case *k, const struct check_options *o,
                               struct arena *a, struct case_folder *c, const struct dns_book *const *books, size_t n);
/* Saves *c as it stands, as --record says. 0 or a status. */
MUST_USE int check_case_save(const struct command *cmd, const struct check_case *k, const struct case_folder *c);
