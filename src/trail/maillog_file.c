/* maillog_file.c - see maillog_file.h */
#include "trail/maillog_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/mem.h"
#include "folder/folder_source.h"

#define BUFFER (256u << 10)

/* What people hand over instead, by how it begins. */
static const struct { const char *magic, *is; } no_logs[] = {
	{ "\xfd" "7zXZ", "it is compressed with xz; unpack it with unxz first" },
	{ "BZh", "it is compressed with bzip2; unpack it with bunzip2 first" },
	{ "\x28\xb5\x2f\xfd", "it is compressed with zstd; unpack it with unzstd first" },
	{ "PK\x03\x04", "it is a .zip archive; unpack it first" },
	{ "LPKSHHRH", "it is a file of the journal; write it as text with: journalctl --file FILE -o short-iso" },
};

static const char *what_else(struct bytes start)
{
	for (size_t i = 0; i < ARRAY_LEN(no_logs); i++)
		if (bytes_eq(bytes_sub(start, 0, strlen(no_logs[i].magic)), no_logs[i].magic))
			return no_logs[i].is;
	return NULL;
}

static bool one_line(struct bytes line, bool (*each)(void *user, struct bytes line), void *user)
{
	line = bytes_sub(line, 0, MAILLOG_LINE_MAX);
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return each(user, line);
}

bool maillog_file_cut(struct bytes text, bool (*each)(void *user, struct bytes line), void *user)
{
	struct bytes line;

	while (bytes_cut(&text, '\n', &line))
		if (!one_line(line, each, user))
			return false;
	return true;
}

struct reader {
	gzFile gz;
	uint8_t *buffer;
	size_t n;
	bool skip;            /* the rest of a line that was cut */
	bool (*each)(void *user, struct bytes line);
	void *user;
};

/* Hands out all whole lines of the buffer, and keeps what is left over. */
static bool hand_out(struct reader *r, bool at_end)
{
	struct bytes rest = { r->buffer, r->n };
	size_t lf;

	while ((lf = bytes_find(rest, '\n', 0)) < rest.n || (at_end && rest.n)) {
		if (!r->skip && !one_line(bytes_sub(rest, 0, lf), r->each, r->user))
			return false;
		r->skip = false;
		rest = bytes_from(rest, lf + 1);
	}
	if (rest.n >= MAILLOG_LINE_MAX) {
		if (!r->skip && !one_line(rest, r->each, r->user))
			return false;
		r->skip = true;
		rest.n = 0;
	}
	if (rest.n)
		memmove(r->buffer, rest.p, rest.n);
	r->n = rest.n;
	return true;
}

/* NULL: done; else what is wrong. */
static const char *read_all(struct reader *r)
{
	bool first = true;
	int got, code;

	while ((got = gzread(r->gz, r->buffer + r->n, (unsigned)(BUFFER - r->n))) > 0) {
		const char *is = first ? what_else((struct bytes){ r->buffer, (size_t)got }) : NULL;
		if (is)
			return is;
		first = false;
		r->n += (size_t)got;
		if (!hand_out(r, false))
			return "not enough memory";
	}
	if (got == 0 && !hand_out(r, true))
		return "not enough memory";
	gzerror(r->gz, &code);
	if (code == Z_ERRNO)
		return strerrordesc_np(errno);
	if (code == Z_MEM_ERROR)
		return "not enough memory";
	return code == Z_OK || code == Z_STREAM_END ? NULL : "it is damaged (gzip); a whole copy is needed";
}

bool maillog_file_lines(const char *path, bool (*each)(void *user, struct bytes line), void *user, char *why, size_t size)
{
	int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct reader r = { .each = each, .user = user };
	struct stat st;
	const char *trouble = NULL;

	if (fd < 0)
		return folder_say(why, size, "%s", strerrordesc_np(errno));
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		trouble = "it is a folder; give the log files in it one by one";
	else if (!(r.buffer = mem_alloc(BUFFER)) || !(r.gz = gzdopen(fd, "rb")))
		trouble = "not enough memory";
	else
		trouble = read_all(&r);
	if (r.gz)
		gzclose_r(r.gz);
	else
		close(fd);
	mem_free(r.buffer);
	return trouble ? folder_say(why, size, "%s", trouble) : true;
}
