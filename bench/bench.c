/* bench.c - see bench.h */
#include "bench.h"

#include <unistd.h>

#define ROUNDS 15u         /* odd: the median is one of them */
#define SLICE_NS 20000000.0 /* of one way in one round */
#define WAYS_MAX 8u
#define WARM_UP 5u            /* calls before those that are counted */

static struct {
	const char *group, *way; /* NULL: measure all */
	uint64_t times;
} count;

void bench_fail(const char *what)
{
	fprintf(stderr, "bench: %s does not hold\n", what);
	fflush(NULL);
	_exit(1);
}

void bench_begin(int argc, char **argv)
{
	if (argc == 1)
		return;
	if (argc != 5 || strcmp(argv[1], "count") != 0 || !bytes_to_u64(bytes_of(argv[4]), &count.times))
		bench_fail("usage: bench_x [count GROUP WAY TIMES]");
	count.group = argv[2];
	count.way = argv[3];
}

bool bench_wants(const char *group)
{
	return !count.group || strcmp(group, count.group) == 0;
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Nanoseconds of one call. */
static double slice(const struct bench_way *way, size_t times)
{
	double began = now_ns();

	for (size_t i = 0; i < times; i++)
		way->work(way->user);
	return (now_ns() - began) / (double)times;
}

/* How many calls fill a slice; warms up, too. */
static size_t calibrate(const struct bench_way *way)
{
	size_t times = 1;
	double each = slice(way, times);

	while (each * (double)times < SLICE_NS / 2) {
		times *= 2;
		each = slice(way, times);
	}
	times = (size_t)(SLICE_NS / each);
	return times ? times : 1;
}

/* callgrind counts what is done in here, and nothing else. */
void bench_counted(const struct bench_way *way, size_t times) __attribute__((noinline));
void bench_counted(const struct bench_way *way, size_t times)
{
	for (size_t i = 0; i < times; i++)
		way->work(way->user);
}

static void count_only(const struct bench_way *ways, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(ways[i].name, count.way) != 0)
			continue;
		for (size_t warm = 0; warm < WARM_UP; warm++)
			ways[i].work(ways[i].user);
		bench_counted(&ways[i], count.times);
		_exit(0);
	}
	bench_fail("the way to count is one of its group");
}

void bench_group(const char *group, size_t bytes, const struct bench_way *ways, size_t n)
{
	double ns[WAYS_MAX][ROUNDS];
	size_t times[WAYS_MAX];

	BENCH_NEED(n <= WAYS_MAX);
	if (count.group)
		count_only(ways, n);
	for (size_t i = 0; i < n; i++)
		times[i] = calibrate(&ways[i]);
	for (size_t round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < n; i++) {
			size_t turn = (i + round) % n; /* nobody is always first */
			ns[turn][round] = slice(&ways[turn], times[turn]);
		}
	for (size_t i = 0; i < n; i++) {
		printf("%s\t%s\tns\t%zu\t", group, ways[i].name, bytes);
		for (size_t round = 0; round < ROUNDS; round++)
			printf("%s%.1f", round ? " " : "", ns[i][round]);
		putchar('\n');
	}
	fflush(stdout);
}

void bench_figure(const char *group, const char *way, const char *unit, size_t bytes, double value)
{
	printf("%s\t%s\t%s\t%zu\t%.3f\n", group, way, unit, bytes, value);
	fflush(stdout);
}
