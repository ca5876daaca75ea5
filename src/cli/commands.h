/* commands.h - the sub-commands; a new one is a file cmd_NAME.c, a line here,
 * and a line in main.c's table. */
#pragma once
#include "cli/options.h"

extern const struct command cmd_verify, cmd_spf, cmd_explain;
