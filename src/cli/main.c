/* main.c - the front of `truefrom`: finds the sub-command and hands over. A
 * sub-command with heavy parts is a program of its own, truefrom-NAME, beside
 * this one or in libexec. */
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "cli/commands.h"

#ifndef TF_LIBEXECDIR
#define TF_LIBEXECDIR "/usr/local/libexec/truefrom"
#endif

static const struct command cmd_explain_outside = {
	.name = "explain",
	.summary = "was this mail forged? A verdict in plain words",
	.program = "truefrom-explain",
};

static const struct command *const commands[] = { &cmd_explain_outside, &cmd_verify, &cmd_spf };

static void help(FILE *to)
{
	fprintf(to, "truefrom - who really sent this mail?\n\nUsage: truefrom COMMAND [OPTIONS] ...\n\nCommands:\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fprintf(to, "\n  truefrom COMMAND --help says more; so does the manual: man truefrom\n");
}

/* The program beside this one (a build folder), else the installed one. Returns only on failure. */
static int run_outside(const struct command *cmd, char **argv)
{
	char self[PATH_MAX], path[PATH_MAX + 64];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n > 0) {
		self[n] = 0;
		char *slash = strrchr(self, '/');
		if (slash) {
			slash[1] = 0;
			snprintf(path, sizeof(path), "%s%s", self, cmd->program);
			execv(path, argv);
		}
	}
	snprintf(path, sizeof(path), "%s/%s", TF_LIBEXECDIR, cmd->program);
	execv(path, argv);
	return complain(cmd, EXIT_INTERNAL, "install truefrom again", "cannot run \"%s\": %s", path, strerrordesc_np(errno));
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		help(stdout);
		return 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("truefrom %s\n", TF_VERSION);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const struct command *cmd = commands[i];
		if (strcmp(argv[1], cmd->name) == 0)
			return cmd->program ? run_outside(cmd, argv + 1) : cmd->run(cmd, argc - 1, argv + 1);
	}
	fprintf(stderr, "truefrom: there is no command \"%s\"\n  see: truefrom --help\n", argv[1]);
	return EXIT_USAGE;
}
