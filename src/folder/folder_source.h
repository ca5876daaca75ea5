/* folder_source.h - the bytes of one file, read where they are wanted.
 * A file that belongs to others is never mapped: a mail program that cuts it
 * short would end ours by SIGBUS. Pieces are read into memory; what is larger
 * than FOLDER_READ_MAX goes through a temporary file without a name, which is ours
 * alone, and that one is mapped. */
#pragma once
#include "base/bytes.h"

#define FOLDER_READ_MAX (64u << 20) /* bytes; real mail is smaller */

struct folder_source {
	int fd;                 /* -1: all of it is in `memory` */
	bool ours;              /* a temporary file: nobody else can change it */
	uint8_t *memory;
	uint64_t size;          /* bytes, as it was when opened; what is appended later is not read */
	const char *trouble;    /* static: what went wrong while looking; NULL: nothing */
	uint8_t *window;        /* what folder_source_find reads into */
	size_t window_size, window_n;
	uint64_t window_at;
};

/* What a piece that was taken lives in. */
struct folder_piece {
	struct bytes bytes;
	void *heap, *map;       /* private */
	size_t map_bytes;
};

/* Opens a file; "-" and what is no regular file (a pipe) is read to its end: up to max_bytes into
 * memory, then into a temporary file. False: *why (size bytes) says so for people. */
MUST_USE bool folder_source_open(const char *path, size_t max_bytes, struct folder_source *out, char *why, size_t size);
/* Takes over fd, also on failure: a regular file. `window_size` is in bytes, at least 16. */
MUST_USE bool folder_source_of(int fd, size_t window_size, struct folder_source *out, char *why, size_t size);
void folder_source_close(struct folder_source *s);

/* Copies at most n bytes from `at` on; returns how many there are. */
size_t folder_source_peek(struct folder_source *s, uint64_t at, uint8_t *to, size_t n);
/* Offset of the first `needle` (1 to 16 bytes) at or after `from`; s->size when there is none. */
uint64_t folder_source_find(struct folder_source *s, uint64_t from, struct bytes needle);

/* The bytes from `at` on, n of them: a copy, or borrowed where the source is memory. Safe to
 * call from several threads. False: *why says so for people; *out is untouched. */
MUST_USE bool folder_source_take(const struct folder_source *s, uint64_t at, uint64_t n, struct folder_piece *out,
                                 char *why, size_t size);
void folder_piece_free(struct folder_piece *p);

/* snprintf for people: control bytes, which may come from names of files, become "?". Always false. */
bool folder_say(char *why, size_t size, const char *format, ...) PRINTF_LIKE(3, 4);
