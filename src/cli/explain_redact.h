/* explain_redact.h - `truefrom explain --redact DIR`: a case that can be shown to others, with the
 * verdict of the original. It is judged again before it is kept: what redaction broke is frozen. */
#pragma once
#include "cli/explain_one.h"
#include "cli/explain_setup.h"
#include "verify/case_folder.h"

/* c is the case of one->x. 0, or a status after saying why; then DIR holds nothing that is to be shown. */
MUST_USE int explain_redact(const struct command *cmd, const struct explain_options *o, const struct explain_setup *setup,
                            struct explain_one *one, const struct case_folder *c);
