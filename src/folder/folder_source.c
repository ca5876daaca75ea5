/* folder_source.c - see folder_source.h */
#include "folder/folder_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/mem.h"

#define WINDOW (256u << 10)
#define COPY_STEP (1u << 20)

static const char cut_short[] = "it became shorter while it was read";
static const char no_memory[] = "not enough memory";

bool folder_say(char *why, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, size, format, args);
	va_end(args);
	for (size_t i = 0; i + 1 < size && why[i]; i++)
		if (ascii_is_ctl((uint8_t)why[i]))
			why[i] = '?';
	return false;
}

/* --- reading and writing whole pieces ------------------------------------- */

/* NULL: done; else what went wrong. */
static const char *read_at(int fd, uint64_t at, uint8_t *to, size_t n)
{
	while (n) {
		ssize_t got = pread(fd, to, n, (off_t)at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? strerrordesc_np(errno) : cut_short;
		to += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return NULL;
}

static const char *write_all(int fd, const uint8_t *p, size_t n)
{
	while (n) {
		ssize_t put = write(fd, p, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return strerrordesc_np(errno);
		p += put;
		n -= (size_t)put;
	}
	return NULL;
}

/* A file without a name; it ends with its descriptor. -1: errno says why. */
static int temporary_file(void)
{
	const char *const folders[] = { secure_getenv("TMPDIR"), "/var/tmp", "/tmp" };
	int fd = -1;

	for (size_t i = 0; i < ARRAY_LEN(folders) && fd < 0; i++)
		if (folders[i])
			fd = open(folders[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return fd;
}

/* --- opening --------------------------------------------------------------- */

bool folder_source_of(int fd, size_t window_size, struct folder_source *out, char *why, size_t size)
{
	struct stat st;
	const char *trouble = NULL;
	uint8_t *window = NULL;

	assert(window_size >= 16);
	if (fstat(fd, &st) != 0)
		trouble = strerrordesc_np(errno);
	else if (!S_ISREG(st.st_mode))
		trouble = "it is not a file";
	else if (!(window = mem_alloc(window_size)))
		trouble = no_memory;
	if (trouble) {
		close(fd);
		return folder_say(why, size, "%s", trouble);
	}
	*out = (struct folder_source){
		.fd = fd, .size = (uint64_t)st.st_size, .window = window, .window_size = window_size,
	};
	return true;
}

struct spool {
	uint8_t *memory;
	size_t n, size, max;
	int fd;                /* -1 as long as memory is enough */
	const char *trouble;
};

/* Room for one more step in memory, or all of it moves to a temporary file. */
static bool spool_room(struct spool *s)
{
	if (s->n < s->size)
		return true;
	size_t size = s->size ? s->size * 2 : COPY_STEP;
	uint8_t *p = NULL;
	if (size > s->max)
		size = s->max;
	if (size > s->size && (p = mem_realloc(s->memory, size))) {
		s->memory = p;
		s->size = size;
		return true;
	}
	s->fd = temporary_file();
	s->trouble = s->fd < 0 ? strerrordesc_np(errno) : write_all(s->fd, s->memory, s->n);
	return !s->trouble;
}

static void spool_read(struct spool *s, int from)
{
	uint8_t step[4096];

	while (!s->trouble) {
		bool in_memory = s->fd < 0;
		if (in_memory && !spool_room(s))
			return;
		in_memory = s->fd < 0;
		ssize_t got = read(from, in_memory ? s->memory + s->n : step, in_memory ? s->size - s->n : sizeof(step));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			s->trouble = got ? strerrordesc_np(errno) : NULL;
			return;
		}
		if (in_memory)
			s->n += (size_t)got;
		else
			s->trouble = write_all(s->fd, step, (size_t)got);
	}
}

static bool spool_in(int from, size_t max_bytes, struct folder_source *out, char *why, size_t size)
{
	struct spool s = { .max = max_bytes, .fd = -1 };

	spool_read(&s, from);
	if (s.fd < 0 && !s.trouble) {
		*out = (struct folder_source){ .fd = -1, .memory = s.memory, .size = s.n };
		return true;
	}
	mem_free(s.memory);
	if (s.trouble) {
		if (s.fd >= 0)
			close(s.fd);
		return folder_say(why, size, "%s", s.trouble);
	}
	if (!folder_source_of(s.fd, WINDOW, out, why, size))
		return false;
	out->ours = true;
	return true;
}

bool folder_source_open(const char *path, size_t max_bytes, struct folder_source *out, char *why, size_t size)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		return spool_in(STDIN_FILENO, max_bytes, out, why, size);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return folder_say(why, size, "%s", strerrordesc_np(errno));
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
		bool ok = spool_in(fd, max_bytes, out, why, size);
		close(fd);
		return ok;
	}
	return folder_source_of(fd, WINDOW, out, why, size);
}

void folder_source_close(struct folder_source *s)
{
	if (s->fd >= 0)
		close(s->fd);
	mem_free(s->memory);
	mem_free(s->window);
	*s = (struct folder_source){ .fd = -1 };
}

/* --- looking --------------------------------------------------------------- */

size_t folder_source_peek(struct folder_source *s, uint64_t at, uint8_t *to, size_t n)
{
	if (at >= s->size)
		return 0;
	if (n > s->size - at)
		n = (size_t)(s->size - at);
	if (s->fd < 0) {
		memcpy(to, s->memory + at, n);
	} else if (at >= s->window_at && at - s->window_at <= s->window_n &&
	           n <= s->window_n - (size_t)(at - s->window_at)) {
		memcpy(to, s->window + (at - s->window_at), n);
	} else {
		const char *trouble = read_at(s->fd, at, to, n);
		if (trouble) {
			s->trouble = trouble;
			return 0;
		}
	}
	return n;
}

/* Everything from `at` on that is at hand; a full window where it has to be read. */
static struct bytes view(struct folder_source *s, uint64_t at, size_t least)
{
	if (s->fd < 0)
		return (struct bytes){ s->memory + at, (size_t)(s->size - at) };
	uint64_t end = s->window_at + s->window_n;
	if (at < s->window_at || at >= end || (end - at < least && end < s->size)) {
		size_t n = s->size - at < s->window_size ? (size_t)(s->size - at) : s->window_size;
		const char *trouble = read_at(s->fd, at, s->window, n);
		s->window_n = 0;
		if (trouble) {
			s->trouble = trouble;
			return (struct bytes){ s->window, 0 };
		}
		s->window_at = at;
		s->window_n = n;
	}
	return bytes_from((struct bytes){ s->window, s->window_n }, (size_t)(at - s->window_at));
}

uint64_t folder_source_find(struct folder_source *s, uint64_t from, struct bytes needle)
{
	assert(needle.n >= 1 && needle.n <= 16);
	while (from < s->size && s->size - from >= needle.n) {
		struct bytes v = view(s, from, needle.n);
		if (v.n < needle.n)
			break;
		const uint8_t *hit = memmem(v.p, v.n, needle.p, needle.n);
		if (hit)
			return from + (uint64_t)(hit - v.p);
		from += v.n - (needle.n - 1);
	}
	return s->size;
}

/* --- taking ---------------------------------------------------------------- */

static const char *map(int fd, uint64_t at, size_t n, struct folder_piece *out)
{
	size_t before = (size_t)(at % (uint64_t)sysconf(_SC_PAGESIZE));
	void *p = mmap(NULL, before + n, PROT_READ, MAP_PRIVATE, fd, (off_t)(at - before));

	if (p == MAP_FAILED)
		return strerrordesc_np(errno);
	*out = (struct folder_piece){ .bytes = { (const uint8_t *)p + before, n }, .map = p, .map_bytes = before + n };
	return NULL;
}

static const char *copy_and_map(int from, uint64_t at, size_t n, struct folder_piece *out)
{
	uint8_t *step = mem_alloc(COPY_STEP);
	int fd = step ? temporary_file() : -1;
	const char *trouble = !step ? no_memory : fd < 0 ? strerrordesc_np(errno) : NULL;

	for (size_t done = 0; done < n && !trouble;) {
		size_t m = n - done < COPY_STEP ? n - done : COPY_STEP;
		trouble = read_at(from, at + done, step, m);
		if (!trouble)
			trouble = write_all(fd, step, m);
		done += m;
	}
	if (!trouble)
		trouble = map(fd, 0, n, out);
	if (fd >= 0)
		close(fd);
	mem_free(step);
	return trouble;
}

bool folder_source_take(const struct folder_source *s, uint64_t at, uint64_t n, struct folder_piece *out, char *why,
                        size_t size)
{
	const char *trouble = NULL;
	uint8_t *heap = NULL;

	assert(at <= s->size && n <= s->size - at);
	if (s->fd < 0) {
		*out = (struct folder_piece){ .bytes = { s->memory + at, (size_t)n } };
		return true;
	}
	if (n > FOLDER_READ_MAX) {
		trouble = s->ours ? map(s->fd, at, n, out) : copy_and_map(s->fd, at, n, out);
		return trouble ? folder_say(why, size, "%s", trouble) : true;
	}
	if (!(heap = mem_alloc(n ? (size_t)n : 1)))
		return folder_say(why, size, "%s", no_memory);
	trouble = read_at(s->fd, at, heap, (size_t)n);
	if (trouble) {
		mem_free(heap);
		return folder_say(why, size, "%s", trouble);
	}
	*out = (struct folder_piece){ .bytes = { heap, (size_t)n }, .heap = heap };
	return true;
}

void folder_piece_free(struct folder_piece *p)
{
	mem_free(p->heap);
	if (p->map)
		munmap(p->map, p->map_bytes);
	*p = (struct folder_piece){ 0 };
}
