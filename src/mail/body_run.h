/* body_run.h - lines of a body that are as they should be, passed over with wide loads: what body_scan.c
 * does not have to look at. */
#pragma once
#include "mail/header.h"

/* How many of the n bytes at p, from the front, are ordinary: no NUL, no bare CR, with LINES_CRLF no bare
 * LF, no dot that begins a line. p[-1] is read; p is not behind a CR. A CR that comes last is not counted:
 * nobody knows what follows it. */
size_t body_run(const uint8_t *p, size_t n, enum line_ends ends);

/* One way of looking. find gives the index of the first byte at which something is seen to be odd (for a
 * bare CR the byte behind it); n: nothing is. */
struct body_run_way {
	const char *name;
	size_t (*find)(const uint8_t *p, size_t n, enum line_ends ends);
};

/* The i-th way that this processor knows, the fastest first; NULL: there are no more. All find the same. */
const struct body_run_way *body_run_way(size_t i);
/* The ways that are made for one kind of processor: body_run_x86.c, body_run_other.c. NULL: none. */
const struct body_run_way *body_run_special(size_t i);
