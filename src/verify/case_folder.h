/* case_folder.h - the folder that a case is: written so that an old case is replaced as a whole or
 * not at all, and read with limits. Names of files and problems are for people: text, not codes. */
#pragma once
#include "verify/case.h"

struct case_folder {
	struct case_session session;  /* session.ini */
	struct bytes message;         /* message.eml */
	struct bytes zone;            /* dns.zone; p NULL here and below: there is no such file. (An empty
	                               * one is written where the session does not say "offline".) */
	struct bytes log;             /* log.txt: an excerpt of a server's log */
	struct bytes sent;            /* sent.mbox: mails of the Sent folder */
	struct bytes frozen;          /* frozen.ini: results that redaction broke, as they were before */
	struct arena *arena;          /* of case_load */
};

enum case_problem {
	CASE_OK,
	CASE_NO_MEMORY,
	CASE_REFUSED,   /* a file is missing, too large, not what it should be, or cannot be read or written */
};

/* Makes the folder dir, or replaces the case that it holds: its other files stay, a case file
 * that c does not have goes. A folder that holds something else than a case is refused. Only its owner
 * can read what is new: a case holds mail. Each file is written under another name and renamed;
 * when one cannot be written no old one has changed. c->arena is not used.
 * But for CASE_OK, `why` (size bytes) is a line for people. */
MUST_USE enum case_problem case_save(const char *dir, const struct case_folder *c, char *why, size_t size);

/* Reads a case: message.eml, session.ini, and, unless the session says "offline", dns.zone must be
 * there. All memory is the case's own, until case_folder_end. But for CASE_OK, *out is untouched
 * and `why` (size bytes) is a line for people. */
MUST_USE enum case_problem case_load(const char *dir, struct case_folder *out, char *why, size_t size);
void case_folder_end(struct case_folder *c); /* of one that is all zero: nothing */
