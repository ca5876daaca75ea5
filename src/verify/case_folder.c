/* case_folder.c - see case_folder.h */
#include "verify/case_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB (UINT64_C(1) << 20)
#define SESSION_FILE "session.ini"
#define SESSION_BYTES MIB             /* of session.ini: some hundred lines at most */
#define CASE_BYTES (512 * MIB)        /* memory of a case that was read */
#define NAME_BYTES 64u                /* of a temporary name */

static const struct file {
	const char *name;
	size_t offset;
	uint64_t most;   /* bytes that are read */
	enum { MAY, UNLESS_OFFLINE, MUST } need;
} files[] = {
#define AT(m) offsetof(struct case_folder, m)
	{ "message.eml", AT(message), 256 * MIB, MUST },
	{ "dns.zone", AT(zone), 64 * MIB, UNLESS_OFFLINE },
	{ "log.txt", AT(log), 64 * MIB, MAY },
	{ "sent.mbox", AT(sent), 64 * MIB, MAY },
	{ "frozen.ini", AT(frozen), MIB, MAY },
#undef AT
};

/* What went on, for the line that is shown when it goes wrong. */
struct job {
	const char *dir;
	int fd;          /* of the folder; -1 */
	char *why;
	size_t size;
};

static enum case_problem refuse(const struct job *j, const char *format, ...) PRINTF_LIKE(2, 3);

static enum case_problem refuse(const struct job *j, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(j->why, j->size, format, args);
	va_end(args);
	return CASE_REFUSED;
}

static enum case_problem no_memory(const struct job *j)
{
	snprintf(j->why, j->size, "out of memory");
	return CASE_NO_MEMORY;
}

static enum case_problem refuse_errno(const struct job *j, const char *what, const char *name)
{
	return refuse(j, "cannot %s \"%s%s%s\": %s", what, j->dir, name[0] ? "/" : "", name, strerrordesc_np(errno));
}

/* Opens the folder; "." and its files are found through it, whatever happens to its name. */
static bool open_folder(struct job *j)
{
	j->fd = open(j->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return j->fd >= 0;
}

static void close_folder(struct job *j)
{
	if (j->fd >= 0)
		close(j->fd);
}

/* --- reading --- */

static bool read_exactly(int fd, uint8_t *to, size_t n, size_t *got)
{
	ssize_t more = 1;

	for (*got = 0; *got < n && more > 0; *got += (size_t)more)
		do
			more = read(fd, to + *got, n - *got);
		while (more < 0 && errno == EINTR);
	return more >= 0;
}

static enum case_problem read_open_file(const struct job *j, int fd, const char *name, uint64_t most,
                                        struct arena *a, struct bytes *out)
{
	struct stat st;
	size_t got;

	if (fstat(fd, &st) != 0)
		return refuse_errno(j, "read", name);
	if (!S_ISREG(st.st_mode))
		return refuse(j, "\"%s/%s\" is not a file", j->dir, name);
	if ((uint64_t)st.st_size > most)
		return refuse(j, "\"%s/%s\" is over %llu bytes", j->dir, name, (unsigned long long)most);
	uint8_t *p = arena_alloc(a, (size_t)st.st_size + 1);
	if (!p)
		return no_memory(j);
	if (!read_exactly(fd, p, (size_t)st.st_size, &got))
		return refuse_errno(j, "read", name);
	*out = (struct bytes){ p, got };
	return CASE_OK;
}

/* Where the file is missing, *out is left alone unless it must be there. */
static enum case_problem read_file(const struct job *j, const char *name, bool must, uint64_t most, struct arena *a,
                                   struct bytes *out)
{
	int fd = openat(j->fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO would block */

	if (fd < 0 && errno == ENOENT)
		return must ? refuse(j, "\"%s\" is not a case: it has no %s", j->dir, name) : CASE_OK;
	if (fd < 0)
		return refuse_errno(j, "read", name);
	enum case_problem problem = read_open_file(j, fd, name, most, a, out);
	close(fd);
	return problem;
}

static enum case_problem load_session(const struct job *j, struct case_folder *c)
{
	struct case_err err = { 0 };
	struct bytes text = { NULL, 0 };
	enum case_problem problem = read_file(j, SESSION_FILE, true, SESSION_BYTES, c->arena, &text);

	if (problem != CASE_OK || case_session_parse(c->arena, text, &c->session, &err))
		return problem;
	if (arena_failed(c->arena))
		return no_memory(j);
	return refuse(j, "\"%s/" SESSION_FILE "\", line %zu: %s", j->dir, err.line, err.what);
}

static enum case_problem load_all(const struct job *j, struct case_folder *c)
{
	enum case_problem problem = CASE_OK;

	for (size_t i = 0; i < ARRAY_LEN(files) && problem == CASE_OK; i++)
		problem = read_file(j, files[i].name, files[i].need == MUST, files[i].most, c->arena,
		                    (struct bytes *)(void *)((char *)c + files[i].offset));
	if (problem == CASE_OK)
		problem = load_session(j, c);
	if (problem == CASE_OK && !c->zone.p && !c->session.offline)
		return refuse(j, "\"%s\" is not a case: it has no dns.zone, and " SESSION_FILE " does not say \"offline = yes\"",
		              j->dir);
	return problem;
}

enum case_problem case_load(const char *dir, struct case_folder *out, char *why, size_t size)
{
	struct job j = { dir, -1, why, size };
	struct case_folder c = { .arena = arena_new(CASE_BYTES) };
	enum case_problem problem;

	if (!c.arena)
		problem = no_memory(&j);
	else if (!open_folder(&j))
		problem = refuse_errno(&j, "read the case", "");
	else
		problem = load_all(&j, &c);
	close_folder(&j);
	if (problem == CASE_OK)
		*out = c;
	else
		arena_free(c.arena);
	return problem;
}

void case_folder_end(struct case_folder *c)
{
	arena_free(c->arena);
	*c = (struct case_folder){ .arena = NULL };
}

/* --- writing --- */

static bool is_there(const struct job *j, const char *name)
{
	struct stat st;

	return fstatat(j->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

/* Does the folder hold nothing, or a case? */
static enum case_problem check_folder(const struct job *j)
{
	int fd = openat(j->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e = NULL;

	if (!d) {
		enum case_problem problem = refuse_errno(j, "read the folder", "");
		if (fd >= 0)
			close(fd);
		return problem;
	}
	do
		e = readdir(d); /* NOLINT(concurrency-mt-unsafe): a stream of our own */
	while (e && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0));
	closedir(d);
	if (!e || (is_there(j, "message.eml") && is_there(j, SESSION_FILE)))
		return CASE_OK;
	return refuse(j, "the folder \"%s\" is not empty, and holds no case", j->dir);
}

static void temporary(const char *name, char to[NAME_BYTES])
{
	snprintf(to, NAME_BYTES, ".%s.%ld.new", name, (long)getpid());
}

static bool write_exactly(int fd, struct bytes text)
{
	while (text.n) {
		ssize_t n = write(fd, text.p, text.n);
		if (n < 0 && errno != EINTR)
			return false;
		text = bytes_from(text, n > 0 ? (size_t)n : 0);
	}
	return true;
}

static enum case_problem write_temporary(const struct job *j, const char *name, struct bytes text)
{
	char temp[NAME_BYTES];

	temporary(name, temp);
	(void)unlinkat(j->fd, temp, 0); /* of a process of the same number that was killed */
	int fd = openat(j->fd, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return refuse_errno(j, "write", name);
	bool ok = write_exactly(fd, text);
	int reason = errno;
	if (close(fd) != 0 && ok) {
		reason = errno;
		ok = false;
	}
	errno = reason;
	return ok ? CASE_OK : refuse_errno(j, "write", name);
}

/* A file that is to be: its text, or none (p NULL), and then an old one goes. */
struct text {
	const char *name;
	struct bytes text;
};

static enum case_problem put_in_place(const struct job *j, const struct text *t)
{
	char temp[NAME_BYTES];

	temporary(t->name, temp);
	if (t->text.p ? renameat(j->fd, temp, j->fd, t->name) == 0 : unlinkat(j->fd, t->name, 0) == 0 || errno == ENOENT)
		return CASE_OK;
	return refuse_errno(j, t->text.p ? "write" : "remove the old", t->name);
}

static enum case_problem write_texts(const struct job *j, const struct text *texts, size_t n)
{
	enum case_problem problem = CASE_OK;
	char temp[NAME_BYTES];

	for (size_t i = 0; i < n && problem == CASE_OK; i++)
		if (texts[i].text.p)
			problem = write_temporary(j, texts[i].name, texts[i].text);
	for (size_t i = 0; i < n && problem == CASE_OK; i++)
		problem = put_in_place(j, &texts[i]);
	for (size_t i = 0; i < n && problem != CASE_OK; i++) {
		temporary(texts[i].name, temp);
		(void)unlinkat(j->fd, temp, 0);
	}
	return problem;
}

static enum case_problem save_all(const struct job *j, const struct case_folder *c, struct bytes session)
{
	struct text texts[ARRAY_LEN(files) + 1] = { { SESSION_FILE, session.n ? session : B("") } };

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct bytes text = *(const struct bytes *)(const void *)((const char *)c + files[i].offset);
		bool wanted = files[i].need == MUST || (files[i].need == UNLESS_OFFLINE && !c->session.offline);
		texts[i + 1] = (struct text){ files[i].name, wanted && !text.p ? B("") : text };
	}
	return write_texts(j, texts, ARRAY_LEN(texts));
}

enum case_problem case_save(const char *dir, const struct case_folder *c, char *why, size_t size)
{
	struct job j = { dir, -1, why, size };
	enum case_problem problem;
	struct buf session;

	buf_init(&session, SESSION_BYTES);
	case_session_write(&session, &c->session);
	if (session.failed)
		problem = no_memory(&j);
	else if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		problem = refuse_errno(&j, "make the folder", "");
	else if (!open_folder(&j))
		problem = refuse_errno(&j, "open the folder", "");
	else if ((problem = check_folder(&j)) == CASE_OK)
		problem = save_all(&j, c, buf_bytes(&session));
	close_folder(&j);
	buf_free(&session);
	return problem;
}
