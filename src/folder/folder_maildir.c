/* folder_maildir.c - see folder_maildir.h */
#include "folder/folder_maildir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "folder/folder_source.h"

#define NAMES_MAX ((size_t)4 << 30) /* bytes of names: the folder is the caller's, the cap is for a loop in it */

static const char no_memory[] = "not enough memory";

static bool any_name(struct bytes name)
{
	return name.n > 0;
}

/* Mails saved one by one; MH folders number their files. */
static bool mail_name(struct bytes name)
{
	uint64_t number;

	return bytes_iends(name, ".eml") || bytes_iends(name, ".emlx") || bytes_to_u64(name, &number);
}

static bool list_one(struct folder_maildir *m, int dir_fd, const char *dir, const char *name)
{
	struct stat st;

	if (fstatat(dir_fd, name, &st, 0) != 0)
		st.st_size = 0; /* gone or a dead link: opening it will say so */
	else if (!S_ISREG(st.st_mode))
		return true;
	struct bytes copy = arena_copy(m->arena, bytes_of(name));
	struct folder_entry e = { .dir = dir, .name = (const char *)copy.p, .bytes = (uint64_t)st.st_size };
	return copy.p && ARENA_PUSH(m->arena, m->entries, m->n, m->cap, &e);
}

/* NULL: done; else what went wrong. */
static const char *list(struct folder_maildir *m, const char *dir, bool (*wanted)(struct bytes name))
{
	int fd = openat(m->fd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const char *trouble = NULL;
	struct dirent *e;

	if (!d) {
		trouble = strerrordesc_np(errno);
		if (fd >= 0)
			close(fd);
		return trouble;
	}
	for (errno = 0; !trouble && (e = readdir(d)); errno = 0) /* NOLINT(concurrency-mt-unsafe): a stream of our own */
		if (e->d_name[0] != '.' && wanted(bytes_of(e->d_name)) && !list_one(m, fd, dir, e->d_name))
			trouble = no_memory;
	if (!trouble && errno)
		trouble = strerrordesc_np(errno);
	closedir(d);
	return trouble;
}

static int by_name(const void *x, const void *y)
{
	const struct folder_entry *a = x, *b = y;
	int c = strcmp(a->name, b->name);

	return c ? c : strcmp(a->dir, b->dir);
}

static bool has(int fd, const char *dir)
{
	struct stat st;

	return fstatat(fd, dir, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

/* Does the path itself lead to cur or new? */
static bool is_inside(const char *path)
{
	struct bytes p = bytes_of(path);

	while (p.n && p.p[p.n - 1] == '/')
		p.n--;
	for (size_t i = p.n; i-- > 0;)
		if (p.p[i] == '/') {
			p = bytes_from(p, i + 1);
			break;
		}
	return bytes_eq(p, "cur") || bytes_eq(p, "new");
}

static const char *list_all(struct folder_maildir *m, const char *path)
{
	bool cur = has(m->fd, "cur"), new = has(m->fd, "new");
	const char *trouble = NULL;

	if (!cur && !new)
		return list(m, ".", is_inside(path) ? any_name : mail_name);
	if (cur)
		trouble = list(m, "cur", any_name);
	if (new && !trouble)
		trouble = list(m, "new", any_name);
	return trouble;
}

bool folder_maildir_open(const char *path, struct folder_maildir *out, char *why, size_t size)
{
	struct folder_maildir m = { .fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };

	if (m.fd < 0)
		return folder_say(why, size, "%s", strerrordesc_np(errno));
	m.arena = arena_new(NAMES_MAX);
	const char *trouble = m.arena ? list_all(&m, path) : no_memory;
	if (!trouble && !m.n && !has(m.fd, "cur") && !has(m.fd, "new") && !is_inside(path))
		trouble = "there is no mail in this folder: neither files whose names end in .eml, nor the folders \"cur\" "
		          "and \"new\" of a Maildir";
	if (trouble) {
		folder_maildir_close(&m);
		return folder_say(why, size, "%s", trouble);
	}
	if (m.n)
		qsort(m.entries, m.n, sizeof(*m.entries), by_name);
	*out = m;
	return true;
}

void folder_maildir_close(struct folder_maildir *m)
{
	if (m->fd >= 0)
		close(m->fd);
	arena_free(m->arena);
	*m = (struct folder_maildir){ .fd = -1 };
}

/* --- opening ------------------------------------------------------------------ */

/* What stays of a name when flags change: all before the colon. */
static struct bytes unique(const char *name)
{
	struct bytes b = bytes_of(name);

	return bytes_sub(b, 0, bytes_find(b, ':', 0));
}

static int open_in(int fd, const char *dir, const char *name)
{
	int at = openat(fd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* what became a pipe in the meantime must not hold us up */
	int file = at < 0 ? -1 : openat(at, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int error = errno;

	if (at >= 0)
		close(at);
	errno = error;
	return file;
}

/* The file in cur that has the same unique name today. */
static int open_renamed(int fd, struct bytes wanted)
{
	int at = openat(fd, "cur", O_RDONLY | O_DIRECTORY | O_CLOEXEC), file = -1;
	DIR *d = at < 0 ? NULL : fdopendir(at);
	struct dirent *e;

	if (!d) {
		if (at >= 0)
			close(at);
		errno = ENOENT;
		return -1;
	}
	while (file < 0 && (e = readdir(d))) /* NOLINT(concurrency-mt-unsafe): a stream of our own */
		if (bytes_same(unique(e->d_name), wanted))
			file = openat(at, e->d_name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	closedir(d);
	if (file < 0)
		errno = ENOENT;
	return file;
}

int folder_maildir_open_entry(const struct folder_maildir *m, const struct folder_entry *e)
{
	int fd = open_in(m->fd, e->dir, e->name);

	if (fd < 0 && errno == ENOENT && strcmp(e->dir, ".") != 0)
		fd = open_renamed(m->fd, unique(e->name));
	return fd;
}
