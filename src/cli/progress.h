/* progress.h - a bar on standard error for a person who waits: only where standard error is a
 * terminal, and at most ten times a second. */
#pragma once
#include "base/bytes.h"

struct progress {
	bool on;            /* standard error is a terminal */
	bool shown;
	int64_t began, next; /* ms of the monotonic clock */
};

void progress_init(struct progress *p);
/* Draws it, when it is time: so many mails so far, `done` of `all` units of work. */
void progress_show(struct progress *p, uint64_t mails, uint64_t done, uint64_t all);
/* Takes it away before anything else is written to a terminal. */
void progress_hide(struct progress *p);

#define PROGRESS_COLUMNS 79u
/* The line itself, for progress_show and its test: at most PROGRESS_COLUMNS columns. */
void progress_line(char to[PROGRESS_COLUMNS + 1], uint64_t mails, uint64_t done, uint64_t all, int64_t ms);
