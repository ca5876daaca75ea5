/* folder.h - stored mail, one message after the other: a file of one mail, an
 * mbox (RFC 4155 and its dialects), a Maildir, or standard input. A damaged
 * message never hides the next one. Files of others are never mapped: one that is
 * cut short meanwhile would end the program. docs/rfc-notes/folders.md says
 * what was chosen where dialects differ. */
#pragma once
#include "base/bytes.h"

enum folder_kind {
	FOLDER_MESSAGE,  /* one mail (.eml), also with an mbox line in front, or as Apple Mail keeps it (.emlx) */
	FOLDER_MBOX,
	FOLDER_MAILDIR,  /* a folder with cur, new or both; or any folder of .eml files */
};

struct folder_item {
	struct bytes message;  /* valid until folder_let_go; with a "From " line removed, and what an mbox
	                        * quoted (">From ") as it was before: signatures are over that */
	struct bytes stored;   /* the same as it stands in the file: other bytes only where something was unquoted
	                        * (a mail may have been quoted before it was signed); valid as long */
	const char *name;      /* for people: the file's name, or "FILE, message 12"; valid as long */
	size_t number;         /* from 1 */
	struct folder_held *held; /* private */
};

struct folder;

/* "-" is standard input, which is read to its end: at most max_bytes of it into memory, what is more
 * into a temporary file. NULL: *why (size bytes) says what is wrong and what to do, for people (but not
 * the path). A file is taken for an mbox when it begins with a "From " line and a second such line
 * follows an empty line; an empty file is an mbox of no messages. */
MUST_USE struct folder *folder_open(const char *path, size_t max_bytes, char *why, size_t size);
void folder_close(struct folder *f); /* NULL does nothing */
enum folder_kind folder_kind_of(const struct folder *f);

enum folder_got { FOLDER_ITEM, FOLDER_END, FOLDER_TROUBLE };

/* The next message; safe to call from several threads. FOLDER_TROUBLE: this one could not be read
 * (*why says so for people, its name in front), ask for the next. Each item got is let go by
 * folder_let_go, in any thread. */
MUST_USE enum folder_got folder_next(struct folder *f, struct folder_item *out, char *why, size_t size);
void folder_let_go(struct folder *f, struct folder_item *item);

/* How far it is, for a progress bar: bytes of files and messages handed out, and in all. */
void folder_progress(struct folder *f, uint64_t *done, uint64_t *all);
