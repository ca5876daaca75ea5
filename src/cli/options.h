/* options.h - the options of a sub-command as a table: one row feeds the
 * parser, --help, shell completion and a test that the manual names it. */
#pragma once
#include "base/ip.h"
#include "base/limits.h"

enum exit_status { /* stable, from sysexits(3) where it has a word */
	EXIT_CHECKED = 0,
	EXIT_USAGE = 64,    /* the command line is wrong */
	EXIT_NO_INPUT = 66, /* a file cannot be read or is not what it should be */
	EXIT_INTERNAL = 70, /* out of memory */
	EXIT_NO_OUTPUT = 73, /* a file cannot be written */
	EXIT_NO_DNS = 75,   /* the DNS could not be asked at all */
};

enum option_type {
	OPTION_FLAG,   /* bool */
	OPTION_TEXT,   /* const char * */
	OPTION_CHOICE, /* const char *: one of the words of `value`, which | separates */
	OPTION_LIST,   /* struct option_list: may be given several times */
	OPTION_IP,     /* struct ip */
	OPTION_TIME,   /* int64_t, Unix seconds: RFC 3339 or @SECONDS */
	OPTION_NUMBER, /* int64_t, within min..max */
	OPTION_LIMIT,  /* struct limits: NAME=VALUE, may be given several times */
};

#define OPTION_LIST_MAX 64u

struct option_list {
	const char *items[OPTION_LIST_MAX];
	size_t n;
};

struct option_row {
	const char *name;     /* without the dashes */
	enum option_type type;
	size_t offset;        /* into the struct that the command hands to options_parse */
	const char *value;    /* what stands for the value in --help; NULL for flags */
	const char *help;     /* one line */
	int64_t min, max;     /* OPTION_NUMBER */
};

struct command {
	const char *name;        /* "verify" */
	const char *summary;     /* one line for `truefrom --help` */
	const char *arguments;   /* "FILE", or "" */
	size_t arguments_min, arguments_max; /* SIZE_MAX: any number */
	const struct option_row *rows;
	size_t n_rows;
	const char *more;        /* paragraphs below the options in --help; may be NULL */
	int (*run)(const struct command *self, int argc, char **argv);
	const char *program;     /* not NULL: a program of its own, run in our place */
};

/* What options_parse found besides the options: in argv, moved to its front. */
struct arguments {
	char **items;
	size_t n;
};

/* Reads argv[1..] into *out (set to its defaults by the caller) and moves the arguments to the
 * front of argv, behind argv[0]. Returns true to go on; else *status is the status to end with (0 after --help), and what was
 * wrong has been said on standard error, with what to do. "--" ends options; "-" is an
 * argument. */
MUST_USE bool options_parse(const struct command *cmd, int argc, char **argv, void *out,
                            struct arguments *args, int *status);
void options_help(const struct command *cmd, FILE *to);

/* "truefrom verify: ..." on standard error, then a line with what to do, when `remedy` is not NULL. Returns status. */
int complain(const struct command *cmd, int status, const char *remedy, const char *format, ...) PRINTF_LIKE(4, 5);
