/* tap.h - how tests speak: TAP, one line a named case, a summary at the end.
 *
 *   tap_begin("name"); CHECK(cond); CHECK_MSG(cond, "got %d", x); tap_end();
 *   return tap_done();
 */
#pragma once
#include "base/arena.h"
#include "base/bytes.h"

void tap_begin(const char *name, ...) PRINTF_LIKE(1, 2);
/* Notes a failure of the current case; returns ok. */
bool tap_check(bool ok, const char *file, int line, const char *format, ...) PRINTF_LIKE(4, 5);
void tap_end(void);
/* A case that cannot be run, with the reason. */
void tap_skip(const char *why, const char *name, ...) PRINTF_LIKE(2, 3);
/* Prints the plan and "# N passed, N failed"; the value for main to return. */
int tap_done(void);

#define CHECK(cond) tap_check((cond), __FILE__, __LINE__, "%s", #cond)
#define CHECK_MSG(cond, ...) tap_check((cond), __FILE__, __LINE__, __VA_ARGS__)
/* Compares a slice with the text expected, and shows both. */
#define CHECK_BYTES(got, want) \
	tap_check(bytes_eq((got), (want)), __FILE__, __LINE__, "%s is \"%.*s\", not \"%s\"", #got, BYTES_ARG(got), (want))

/* A copy of exact size on the heap without NUL, so that the address sanitizer
 * sees a read past the end. Free with heap_free. */
struct bytes heap_copy(const char *text);
struct bytes heap_bytes(struct bytes b);
void heap_free(struct bytes b);

/* A whole file on the heap (heap_free); { NULL, 0 } when it cannot be read. */
struct bytes read_file(const char *path);
/* Processor time of this process in ms: what a bound on cost is measured by, so that a busy machine
 * fails no test. */
int64_t tap_cpu_ms(void);
/* A folder of the source tree: "vectors/x" below tests/. Static buffer. */
const char *test_path(const char *relative);
