/* explain_batch.h - many mails judged by several threads: a line or a JSON object each, in the order
 * of the folder, and a summary. Memory is bounded, however many mails there are. */
#pragma once
#include "cli/explain_input.h"
#include "cli/explain_one.h"
#include "cli/options.h"

#define BATCH_THREADS_MAX 64u

struct batch_settings {
	const struct command *cmd;
	struct explain_how how;
	bool network;         /* the DNS is asked, and over a network: threads mostly wait */
	bool json;
};

/* The status to end with: the worst verdict_status (3, 1, 2, 0 from the worst on), or that of what
 * could not be done. */
int explain_batch(const struct batch_settings *s, struct explain_input *in);
#define BATCH_INTERRUPTED 130 /* by SIGINT; as shells count */

/* The worse of two: 3 before 1 before 2 before 0. */
int batch_worse(int a, int b);
