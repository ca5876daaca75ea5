#include "cli/options.h"
#include "tap.h"

struct demo {
	bool flag;
	const char *text, *when;
	struct option_list list;
	struct ip ip;
	int64_t time, number;
	struct limits limits;
};

#define AT(field) offsetof(struct demo, field)
static const struct option_row rows[] = {
	{ "flag", OPTION_FLAG, AT(flag), NULL, "a flag" },
	{ "text", OPTION_TEXT, AT(text), "TEXT", "a text" },
	{ "when", OPTION_CHOICE, AT(when), "always|never", "a word of these" },
	{ "list", OPTION_LIST, AT(list), "TEXT", "several" },
	{ "ip", OPTION_IP, AT(ip), "ADDRESS", "an address" },
	{ "at", OPTION_TIME, AT(time), "TIME", "a time" },
	{ "number", OPTION_NUMBER, AT(number), "N", "a number", .min = 1, .max = 60 },
	{ "limit", OPTION_LIMIT, AT(limits), "NAME=N", "a limit" },
};
static const struct command demo_command = {
	.name = "demo", .summary = "for tests", .arguments = "FILE", .arguments_min = 1, .arguments_max = 1,
	.rows = rows, .n_rows = ARRAY_LEN(rows),
};

static const struct {
	const char *name;
	const char *argv[8];
	int status; /* -1: goes on */
} cases[] = {
	{ "only the argument", { "demo", "f.eml" }, -1 },
	{ "value apart and attached", { "demo", "--text", "a", "--ip=192.0.2.1", "f.eml" }, -1 },
	{ "options after the argument", { "demo", "f.eml", "--flag" }, -1 },
	{ "two dashes end options", { "demo", "--", "--flag" }, -1 },
	{ "standard input", { "demo", "-" }, -1 },
	{ "an empty value", { "demo", "--text", "", "f.eml" }, -1 },
	{ "no argument", { "demo" }, EXIT_USAGE },
	{ "two arguments", { "demo", "a", "b" }, EXIT_USAGE },
	{ "an unknown option", { "demo", "--nothing", "f" }, EXIT_USAGE },
	{ "a short option", { "demo", "-x", "f" }, EXIT_USAGE },
	{ "a flag with a value", { "demo", "--flag=1", "f" }, EXIT_USAGE },
	{ "a value that is missing", { "demo", "f", "--text" }, EXIT_USAGE },
	{ "a bad address", { "demo", "--ip", "192.0.2", "f" }, EXIT_USAGE },
	{ "a bad time", { "demo", "--at", "yesterday", "f" }, EXIT_USAGE },
	{ "a number out of bounds", { "demo", "--number", "61", "f" }, EXIT_USAGE },
	{ "a limit", { "demo", "--limit", "spf-terms=5", "f" }, -1 },
	{ "a limit out of bounds", { "demo", "--limit", "spf-terms=11", "f" }, EXIT_USAGE },
	{ "an unknown limit", { "demo", "--limit", "spf-words=1", "f" }, EXIT_USAGE },
	{ "a choice", { "demo", "--when", "never", "f" }, -1 },
	{ "a word that is no choice", { "demo", "--when", "nev", "f" }, EXIT_USAGE },
	{ "help", { "demo", "--help" }, 0 },
};

int main(void)
{
	/* what is said to people goes to files of its own, so that TAP stays clean */
	FILE *said = freopen("/dev/null", "w", stderr);

	assert(said);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct demo demo = { 0 };
		struct arguments args;
		char *argv[8] = { NULL }; /* its order is changed */
		int argc = 0, status = -1;

		if (cases[i].status == 0)
			continue; /* prints to standard output: below */
		for (; argc < 8 && cases[i].argv[argc]; argc++)
			argv[argc] = (char *)(uintptr_t)cases[i].argv[argc];
		tap_begin("%s", cases[i].name);
		bool on = options_parse(&demo_command, argc, argv, &demo, &args, &status);
		CHECK_MSG(on == (cases[i].status == -1) && status == cases[i].status, "status %d", status);
		tap_end();
	}
	tap_begin("values arrive in the struct");
	const char *argv[] = { "demo", "--list", "a", "--list=b", "--at", "@5", "--number", "60", "--limit",
	                       "dkim-signatures=3", "--ip", "[IPv6:2001:db8::1]", "x" };
	struct demo demo = { 0 };
	struct arguments args;
	int status = -1;
	CHECK(options_parse(&demo_command, ARRAY_LEN(argv), (char **)(uintptr_t)argv, &demo, &args, &status));
	CHECK(demo.list.n == 2 && strcmp(demo.list.items[1], "b") == 0 && demo.time == 5 && demo.number == 60);
	CHECK(demo.limits.v[LIMIT_DKIM_SIGNATURES] == 3 && demo.ip.family == 6 && args.n == 1);
	tap_end();

	tap_begin("any number of arguments, in their order, among options");
	struct command many = demo_command;
	many.arguments_max = SIZE_MAX;
	char *files[300];
	char name[3] = "aa", flag[] = "--flag", end[] = "--", dashed[] = "--b";
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		files[i] = name;
	files[100] = flag;
	files[297] = end;
	files[299] = dashed;
	CHECK(options_parse(&many, ARRAY_LEN(files), files, &demo, &args, &status));
	CHECK(demo.flag && args.n == 297 && args.items[0] == name && args.items[296] == dashed);
	tap_end();

	tap_begin("--help names every option, within 100 columns");
	char text[8192] = "";
	FILE *to = fmemopen(text, sizeof(text), "w");
	assert(to);
	options_help(&demo_command, to);
	fclose(to);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char want[64];
		snprintf(want, sizeof(want), "--%s", rows[i].name);
		CHECK(strstr(text, want) && strstr(text, rows[i].help));
	}
	tap_end();
	return tap_done();
}
