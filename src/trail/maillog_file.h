/* maillog_file.h - the lines of a log file, plain or gzip, one after the other. */
#pragma once
#include "base/bytes.h"

#define MAILLOG_LINE_MAX 65536u /* bytes; what is longer is cut there, as syslog itself does much earlier */

/* Calls `each` for every line, without its line end; false from it means that memory is short. False:
 * *why (size bytes) says what is wrong, for people. "-" is standard input. */
MUST_USE bool maillog_file_lines(const char *path, bool (*each)(void *user, struct bytes line), void *user, char *why,
                                 size_t size);
/* The same from memory; false as soon as `each` returns it. */
MUST_USE bool maillog_file_cut(struct bytes text, bool (*each)(void *user, struct bytes line), void *user);
