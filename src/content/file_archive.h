/* file_archive.h - what stands in an attached archive: the names, whether a password locks them, and
 * archives within archives. libarchive reads; nothing is written to disk. What is unpacked (of archives within
 * archives, and where a format cannot be walked otherwise) has caps on bytes, on the ratio to what was
 * packed, on members and on levels. RAR is walked by its headers alone (file_rar.c). */
#pragma once
#include "base/work.h"
#include "content/file_type.h"

/* What may still be unpacked, and how many members be looked at: of all archives of a message. */
struct file_budget {
	uint64_t bytes;
	size_t members;
};
static inline struct file_budget file_budget_of(const struct work *w)
{
	return (struct file_budget){ work_limit(w, LIMIT_ARCHIVE_BYTES), work_limit(w, LIMIT_ARCHIVE_MEMBERS) };
}

struct file_archive {
	struct file_budget *budget;
	bool locked;             /* a member, or the list of names, is encrypted */
	bool cut;                /* a limit was reached, or the archive is broken: there may be more */
	/* paths, "inner.zip/name"; p is NULL where there is none; the path is empty for what a compressed
	 * file holds that is no archive */
	struct bytes runs;       /* the first member that opening would run */
	struct bytes hides;      /* the first member whose name hides what it is */
	struct bytes macros;     /* the first member that is, or belongs to, a document with programs */
	bool office;             /* a document of an Office program, which is a ZIP archive */
};

/* Looks into an archive of that type, in memory; its end may be missing. Slices of *out live in w's arena.
 * False: out of memory. */
MUST_USE bool file_archive_look(struct work *w, struct bytes content, enum file_type type, struct file_budget *budget,
                                struct file_archive *out);

/* Takes one member from the budget and notes what its name says; for file_rar.c, too. `outer`: the path of
 * the archive that it stands in; may be empty. False: no more members may be looked at. */
bool file_archive_member(struct work *w, struct file_archive *f, struct bytes outer, struct bytes name);
