/* check.h - what the commands that judge a message share: their options for
 * look-ups and limits, and the way from a file to a finished verification. */
#pragma once
#include <jansson.h>

#include "cli/options.h"
#include "verify/lookups.h"
#include "verify/verify.h"

struct check_options {
	const char *zone, *dns;
	struct bytes zone_text; /* of `zone`, where it is in memory already (a case); else p NULL */
	bool offline;
	int64_t at;            /* Unix seconds; -1: now */
	int64_t timeout;       /* seconds for all look-ups; 0: the standard */
	int64_t timeout_standard; /* the command's own, where neither --timeout nor a limit says; 0: the limit's */
	struct limits limits;
	bool json;
};

/* Rows for a command's option table; `type` is the struct it parses into, `m` its member of this type. */
#define CHECK_OPTION_ROWS(type, m) \
	{ "zone", OPTION_TEXT, offsetof(type, m.zone), "FILE", "answer from this zone file (RFC 1035), not from the network" }, \
	{ "dns", OPTION_TEXT, offsetof(type, m.dns), "SERVER", "ask ADDRESS[@PORT], or \"recursive\"; else the system's resolvers" }, \
	{ "offline", OPTION_FLAG, offsetof(type, m.offline), NULL, "ask nobody; judge only from what is in the mail" }, \
	{ "timeout", OPTION_NUMBER, offsetof(type, m.timeout), "SECONDS", "the most time for all look-ups together", 1, 300 }, \
	{ "limit", OPTION_LIMIT, offsetof(type, m.limits), "NAME=N", "set one limit; the manual lists them" }, \
	{ "json", OPTION_FLAG, offsetof(type, m.json), NULL, "print JSON" }

void check_options_init(struct check_options *o);
/* The instant that counts as now. */
int64_t check_now(const struct check_options *o);

/* Opens what the options name. 0, or a status after saying why. */
MUST_USE int check_lookups(const struct command *cmd, struct check_options *o, struct lookups **out);
/* Reads a whole file ("-": standard input), at most as many bytes as out's cap. 0 or a status. */
MUST_USE int check_read(const struct command *cmd, const char *path, struct buf *out);
/* Streams a file ("-": standard input) into v and ends it. 0 or a status. */
MUST_USE int check_feed(const struct command *cmd, const char *path, struct verify *v);
/* Runs v to its end. 0 or a status (EXIT_NO_DNS when not one question was answered). */
MUST_USE int check_finish(const struct command *cmd, const struct check_options *o, struct verify *v,
                          struct lookups *l);
/* Says that memory ran out, or the message's own limit of it. Returns the status. */
int check_no_memory(const struct command *cmd);
/* Was the DNS asked in vain: needed questions, and not one answer from a server? */
bool check_dns_failed(const struct dns_book *book);
/* Prints a JSON object (taken over) with two spaces a level. 0 or a status. */
MUST_USE int check_print_json(const struct command *cmd, json_t *o);
