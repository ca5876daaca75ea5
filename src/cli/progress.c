/* progress.c - see progress.h */
#include "cli/progress.h"

#include <unistd.h>

#include "base/clock.h"

#define EVERY_MS 100
#define FIRST_MS 300     /* what ends sooner needs no bar */
#define BAR 30u
#define LEFT_MS 3000     /* before that, how long it will take is a guess */
#define LEFT_MAX_S 360000

void progress_init(struct progress *p)
{
	*p = (struct progress){ .on = isatty(STDERR_FILENO) == 1, .began = clock_mono_ms() };
	p->next = p->began + FIRST_MS;
}

/* "1 min 20 s left"; nothing as long as it is a guess. */
static void left_text(char *to, size_t size, uint64_t done, uint64_t all, int64_t ms)
{
	to[0] = 0;
	if (ms < LEFT_MS || done == 0)
		return;
	double s = (double)ms / (double)done * (double)(all - done) / 1000;
	if (s > LEFT_MAX_S)
		return;
	if (s >= 60)
		snprintf(to, size, ", %u min left", ((unsigned)s + 59) / 60);
	else
		snprintf(to, size, ", %u s left", (unsigned)s);
}

void progress_line(char to[PROGRESS_COLUMNS + 1], uint64_t mails, uint64_t done, uint64_t all, int64_t ms)
{
	char bar[BAR + 1], left[32];

	if (all == 0)
		all = 1;
	if (done > all)
		done = all;
	double part = (double)done / (double)all;
	for (size_t i = 0; i < BAR; i++)
		bar[i] = (double)i < part * BAR ? '#' : '.';
	bar[BAR] = 0;
	left_text(left, sizeof(left), done, all, ms);
	snprintf(to, PROGRESS_COLUMNS + 1, "[%s] %3u %%  %llu mails%s", bar, (unsigned)(part * 100),
	         (unsigned long long)mails, left);
}

void progress_show(struct progress *p, uint64_t mails, uint64_t done, uint64_t all)
{
	char line[PROGRESS_COLUMNS + 1];
	int64_t now = p->on ? clock_mono_ms() : 0;

	if (!p->on || now < p->next)
		return;
	p->next = now + EVERY_MS;
	p->shown = true;
	progress_line(line, mails, done, all, now - p->began);
	fprintf(stderr, "\r%-*s", (int)PROGRESS_COLUMNS, line);
	fflush(stderr);
}

void progress_hide(struct progress *p)
{
	if (!p->shown)
		return;
	p->shown = false;
	fprintf(stderr, "\r%*s\r", (int)PROGRESS_COLUMNS, "");
	fflush(stderr);
}
