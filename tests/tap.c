/* tap.c - see tap.h */
#include "tap.h"

#include <time.h>

#include <stdarg.h>

static int passed, failed, skipped;
static bool current_ok;
static char current_name[256];

void tap_begin(const char *name, ...)
{
	va_list args;

	va_start(args, name);
	vsnprintf(current_name, sizeof(current_name), name, args);
	va_end(args);
	for (char *c = current_name; *c; c++)
		if (*c == '#' || *c == '\n' || *c == '\r' || (unsigned char)*c < 32)
			*c = '_';
	current_ok = true;
}

bool tap_check(bool ok, const char *file, int line, const char *format, ...)
{
	va_list args;

	if (ok)
		return true;
	current_ok = false;
	printf("# %s:%d: ", file, line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	return false;
}

void tap_end(void)
{
	current_ok ? passed++ : failed++;
	printf("%s %d - %s\n", current_ok ? "ok" : "not ok", passed + failed + skipped, current_name);
	fflush(stdout);
}

void tap_skip(const char *why, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	vsnprintf(current_name, sizeof(current_name), name, args);
	va_end(args);
	skipped++;
	printf("ok %d - %s # SKIP %s\n", passed + failed + skipped, current_name, why);
}

int tap_done(void)
{
	printf("1..%d\n# %d passed, %d failed", passed + failed + skipped, passed, failed);
	if (skipped)
		printf(", %d skipped", skipped);
	putchar('\n');
	return failed ? 1 : 0;
}

struct bytes heap_bytes(struct bytes b)
{
	uint8_t *p = malloc(b.n ? b.n : 1);

	assert(p);
	if (b.n)
		memcpy(p, b.p, b.n);
	return (struct bytes){ p, b.n };
}

struct bytes heap_copy(const char *text)
{
	return heap_bytes(bytes_of(text));
}

void heap_free(struct bytes b)
{
	free((void *)(uintptr_t)b.p);
}

struct bytes read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct bytes none = { NULL, 0 };
	long size;

	if (!f)
		return none;
	uint8_t *p = NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 && fseek(f, 0, SEEK_SET) == 0 &&
	    (p = malloc((size_t)size + 1)) && fread(p, 1, (size_t)size, f) == (size_t)size)
		none = (struct bytes){ p, (size_t)size };
	else
		free(p);
	fclose(f);
	return none;
}

const char *test_path(const char *relative)
{
	static char path[1024];

	snprintf(path, sizeof(path), "%s/%s", TEST_SOURCE_DIR, relative);
	return path;
}

int64_t tap_cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
