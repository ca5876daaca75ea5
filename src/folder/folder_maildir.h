/* folder_maildir.h - the files of a Maildir (cur and new), or of any folder of
 * .eml files: listed once, sorted by name, opened one by one while others move them. */
#pragma once
#include "base/arena.h"

struct folder_entry {
	const char *dir;      /* "cur", "new", "." */
	const char *name;
	uint64_t bytes;       /* when it was listed */
};

struct folder_maildir {
	struct arena *arena;
	int fd;               /* of the folder */
	struct folder_entry *entries;
	size_t n, cap;
};

/* Lists the folder; sub-folders (".Sent") are left alone. False: *why says so for people. */
MUST_USE bool folder_maildir_open(const char *path, struct folder_maildir *out, char *why, size_t size);
void folder_maildir_close(struct folder_maildir *m);

/* Opens a file of it for reading, also when another program has marked it as read since (then its
 * name has changed). -1: errno says why. Safe to call from several threads. */
MUST_USE int folder_maildir_open_entry(const struct folder_maildir *m, const struct folder_entry *e);
