#include "cli/progress.h"
#include "tap.h"

static const struct {
	const char *name;
	uint64_t mails, done, all;
	int64_t ms;
	const char *line;
} cases[] = {
	{ "the beginning", 0, 0, 1000, 400, "[..............................]   0 %  0 mails" },
	{ "half of it, too early for a guess", 50, 500, 1000, 900, "[###############...............]  50 %  50 mails" },
	{ "seconds left", 50, 500, 1000, 4000, "[###############...............]  50 %  50 mails, 4 s left" },
	{ "minutes left, rounded up", 9, 10, 1000, 4000, "[#.............................]   1 %  9 mails, 7 min left" },
	{ "the end", 99, 1000, 1000, 4000, "[##############################] 100 %  99 mails, 0 s left" },
	{ "a folder that grew meanwhile", 99, 1100, 1000, 400, "[##############################] 100 %  99 mails" },
	{ "nothing to do", 0, 0, 0, 0, "[..............................]   0 %  0 mails" },
	{ "the largest numbers fit", UINT64_MAX, 1, UINT64_MAX, INT64_MAX, NULL },
};

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char line[PROGRESS_COLUMNS + 1] = "";

		tap_begin("%s", cases[i].name);
		progress_line(line, cases[i].mails, cases[i].done, cases[i].all, cases[i].ms);
		if (cases[i].line)
			CHECK_BYTES(bytes_of(line), cases[i].line);
		else
			CHECK_MSG(strlen(line) <= PROGRESS_COLUMNS && strchr(line, ']'), "\"%s\"", line);
		tap_end();
	}
	return tap_done();
}
