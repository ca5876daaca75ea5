/* explain_setup.h - the options of `truefrom explain`, and what they name brought into memory: whose
 * mailbox it is, whom to trust, logs, the Sent folder, keys of tags, and who answers for the DNS. */
#pragma once
#include "cli/check_case.h"
#include "explain/explain.h"
#include "explain/frozen.h"

struct explain_options {
	struct check_options check;
	struct check_case kase;
	struct option_list owners, names, trust, trust_authserv, logs;
	const char *sent, *tag_keys, *colour, *redact, *redact_key;
	bool not_mine, attached;
};

struct explain_setup {
	struct explain_settings settings; /* borrows from all that follows and from the options */
	struct lookups *lookups;
	bool network;                     /* the DNS is asked, and over a network */
	const char **logs;                /* files that were read */
	size_t n_logs;
	/* private */
	struct arena *arena;
	struct maillog *log;
	struct sent *sent;
	struct case_session session;
	struct tag_keys tags;
	struct frozen frozen;
	struct lookalike_tables *looks;
};

/* Reads all of it; --case goes behind the other options. Starts what has to be started before the
 * first thread. 0, or a status after saying why. explain_setup_end in any case, of one that began as { 0 }. */
MUST_USE int explain_setup(const struct command *cmd, struct explain_options *o, const struct arguments *args,
                           struct explain_setup *out);
void explain_setup_end(struct explain_setup *s);
