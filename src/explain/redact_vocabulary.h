/* redact_vocabulary.h - words that say nothing of anybody: those that every text has, and those by
 * which bounces, threats and requests for money are recognised. They stay. */
#pragma once
#include "base/bytes.h"

/* Is it one of them, in lower case? */
bool redact_vocabulary(struct bytes word);

/* A mailbox name, or the name of a program's user, that only a role has: postmaster, noreply, root. */
bool redact_role(struct bytes local);

/* A label in front of a domain that is as good as a number: mail, mx1, www. */
bool redact_common_label(struct bytes label);

/* The last part of a file's name that says what is in it: "pdf". */
bool redact_extension(struct bytes text);
