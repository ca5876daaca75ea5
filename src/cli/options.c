/* options.c - see options.h */
#include "cli/options.h"

#include <stdarg.h>

#include "base/clock.h"

int complain(const struct command *cmd, int status, const char *remedy, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "truefrom %s: ", cmd->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	if (remedy)
		fprintf(stderr, "  %s\n", remedy);
	return status;
}

void options_help(const struct command *cmd, FILE *to)
{
	fprintf(to, "truefrom %s - %s\n\nUsage: truefrom %s [OPTIONS]%s%s\n\nOptions:\n", cmd->name, cmd->summary,
	        cmd->name, cmd->arguments[0] ? " " : "", cmd->arguments);
	for (size_t i = 0; i < cmd->n_rows; i++) {
		char left[64];
		const struct option_row *r = &cmd->rows[i];
		snprintf(left, sizeof(left), "--%s%s%s", r->name, r->value ? " " : "", r->value ? r->value : "");
		fprintf(to, "  %-26s %s\n", left, r->help);
	}
	fprintf(to, "  %-26s %s\n", "--help", "this text");
	if (cmd->more)
		fprintf(to, "\n%s", cmd->more);
	fprintf(to, "\nThe manual has more: man truefrom-%s\n", cmd->name);
}

static const struct option_row *find_row(const struct command *cmd, struct bytes name)
{
	for (size_t i = 0; i < cmd->n_rows; i++)
		if (bytes_eq(name, cmd->rows[i].name))
			return &cmd->rows[i];
	return NULL;
}

static int bad_value(const struct command *cmd, const struct option_row *r, const char *text, const char *remedy)
{
	return complain(cmd, EXIT_USAGE, remedy, "--%s cannot be \"%s\"", r->name, text);
}

static int set_limit(const struct command *cmd, const struct option_row *r, const char *text, struct limits *to)
{
	struct bytes rest = bytes_of(text), name = { NULL, 0 };
	const struct limit_row *row = NULL;
	char remedy[160];
	uint64_t v;

	if (bytes_cut(&rest, '=', &name) && bytes_to_u64(rest, &v) && limits_set(to, name, v, &row))
		return 0;
	for (size_t i = 0; i < LIMIT_COUNT && !row; i++)
		if (bytes_eq(name, limit_rows[i].name))
			row = &limit_rows[i];
	if (!row)
		return bad_value(cmd, r, text, "write NAME=VALUE; the manual page lists the names");
	snprintf(remedy, sizeof(remedy), "%s takes a whole number from %u to %u %s", row->name, row->min, row->max,
	         row->unit);
	return bad_value(cmd, r, text, remedy);
}

static int set_number(const struct command *cmd, const struct option_row *r, const char *text, int64_t *to)
{
	char remedy[96];
	uint64_t v;

	if (bytes_to_u64(bytes_of(text), &v) && v <= INT64_MAX && (int64_t)v >= r->min && (int64_t)v <= r->max) {
		*to = (int64_t)v;
		return 0;
	}
	snprintf(remedy, sizeof(remedy), "it takes a whole number from %lld to %lld", (long long)r->min,
	         (long long)r->max);
	return bad_value(cmd, r, text, remedy);
}

static int set_choice(const struct command *cmd, const struct option_row *r, const char *text, const char **to)
{
	struct bytes rest = bytes_of(r->value), word;
	char remedy[96];

	while (bytes_cut(&rest, '|', &word))
		if (bytes_eq(word, text)) {
			*to = text;
			return 0;
		}
	snprintf(remedy, sizeof(remedy), "it takes one of %s", r->value);
	return bad_value(cmd, r, text, remedy);
}

static int set_value(const struct command *cmd, const struct option_row *r, const char *text, void *out)
{
	void *to = (char *)out + r->offset;
	struct option_list *list = to;

	switch (r->type) {
	case OPTION_FLAG:
		*(bool *)to = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)to = text;
		return 0;
	case OPTION_CHOICE:
		return set_choice(cmd, r, text, to);
	case OPTION_LIST:
		if (list->n == OPTION_LIST_MAX)
			return bad_value(cmd, r, text, "it was given too often: 64 times is the most");
		list->items[list->n++] = text;
		return 0;
	case OPTION_IP:
		return ip_parse_smtp(bytes_of(text), to)
		               ? 0
		               : bad_value(cmd, r, text, "it takes an address like 192.0.2.1 or 2001:db8::1");
	case OPTION_TIME:
		return clock_parse(bytes_of(text), to)
		               ? 0
		               : bad_value(cmd, r, text, "it takes a time like 2026-11-23T19:00:00Z or @1795460400");
	case OPTION_NUMBER:
		return set_number(cmd, r, text, to);
	case OPTION_LIMIT:
		return set_limit(cmd, r, text, to);
	}
	return 0;
}

/* One "--name", "--name=value" or "--name value" at argv[*at]. 0 or a status. */
static int take_option(const struct command *cmd, int argc, char **argv, int *at, void *out)
{
	struct bytes text = bytes_from(bytes_of(argv[*at]), 2);
	size_t eq = bytes_find(text, '=', 0);
	const struct option_row *r = find_row(cmd, bytes_sub(text, 0, eq));
	const char *value = eq < text.n ? argv[*at] + 2 + eq + 1 : NULL;
	char remedy[96];

	snprintf(remedy, sizeof(remedy), "see: truefrom %s --help", cmd->name);
	if (!r)
		return complain(cmd, EXIT_USAGE, remedy, "there is no option \"%s\"", argv[*at]);
	if (r->type == OPTION_FLAG)
		return value ? complain(cmd, EXIT_USAGE, remedy, "--%s takes no value", r->name)
		             : set_value(cmd, r, NULL, out);
	if (!value) {
		if (*at + 1 >= argc)
			return complain(cmd, EXIT_USAGE, remedy, "--%s needs a value: %s", r->name, r->value);
		value = argv[++*at];
	}
	return set_value(cmd, r, value, out);
}

bool options_parse(const struct command *cmd, int argc, char **argv, void *out, struct arguments *args, int *status)
{
	bool options = true;
	char remedy[96];

	snprintf(remedy, sizeof(remedy), "see: truefrom %s --help", cmd->name);
	*args = (struct arguments){ .items = argv + 1 }; /* an argument never moves back: args->n < i */
	for (int i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--help") == 0) {
			options_help(cmd, stdout);
			*status = 0;
			return false;
		}
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && strncmp(argv[i], "--", 2) == 0) {
			int bad = take_option(cmd, argc, argv, &i, out);
			if (bad) {
				*status = bad;
				return false;
			}
		} else if (options && argv[i][0] == '-' && argv[i][1]) {
			*status = complain(cmd, EXIT_USAGE, remedy, "there is no option \"%s\"", argv[i]);
			return false;
		} else if (args->n < cmd->arguments_max) {
			args->items[args->n++] = argv[i];
		} else {
			*status = complain(cmd, EXIT_USAGE, remedy, "one argument too many: \"%s\"", argv[i]);
			return false;
		}
	}
	if (args->n < cmd->arguments_min) {
		*status = complain(cmd, EXIT_USAGE, remedy, "%s is missing", cmd->arguments);
		return false;
	}
	return true;
}
