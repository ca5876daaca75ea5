/* bounce_answer.h - what a mail server answered (RFC 5321 section 4.2, RFC 3463), found in
 * the words of a bounce, and whether it means that the address is no good. */
#pragma once
#include "base/arena.h"

struct bounce_answer {
	uint16_t reply;      /* 550; 0: none */
	struct bytes status; /* "5.1.1", a slice of the words; empty: none */
	struct bytes text;   /* from the reply code, else from the start, to the end of the paragraph; a slice of the words */
};

/* Finds the reply code and the enhanced status code. An answer that is quoted within another
 * ("554 4.4.7 expired <421 4.4.2 timeout>") is that of the server which refused. */
struct bounce_answer bounce_answer_read(struct bytes words);

/* One line of at most max bytes: white space between words is one blank. { NULL, 0 } when out of memory. */
struct bytes bounce_answer_line(struct arena *a, struct bytes words, size_t max);

/* Does a failure mean that mail to this address will never arrive? `line` is what the server answered, `around`
 * what the bounce says of it, both in lower case; around tells which command was answered. status as known from
 * anywhere; said: it was part of the answer. */
bool bounce_answer_hard(struct bytes line, struct bytes around, struct bytes status, bool said);
