/* bench.h - how long something takes: the median of many short runs, so that
 * one interruption does not count. Results are printed, nothing is kept. */
#pragma once
#include <time.h>

#include "base/bytes.h"

#define BENCH_RUNS 31u
#define BENCH_RUN_NS 10000000.0 /* repeated until a run takes this long */

static inline double bench_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline int bench_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Nanoseconds of one call of work(user). */
static inline double bench_ns(void (*work)(void *user), void *user)
{
	double runs[BENCH_RUNS];
	size_t times = 1;

	for (double took = 0; took < BENCH_RUN_NS; times *= 2) { /* warms up, too */
		double began = bench_now_ns();
		for (size_t i = 0; i < times; i++)
			work(user);
		took = bench_now_ns() - began;
	}
	times = times > 2 ? times / 2 : 1;
	for (size_t run = 0; run < BENCH_RUNS; run++) {
		double began = bench_now_ns();
		for (size_t i = 0; i < times; i++)
			work(user);
		runs[run] = (bench_now_ns() - began) / (double)times;
	}
	qsort(runs, BENCH_RUNS, sizeof(runs[0]), bench_order);
	return runs[BENCH_RUNS / 2];
}

/* "name   12.3 us   456 MB/s"; bytes 0: no rate. Returns ns, for ratios. */
static inline double bench_print(const char *name, void (*work)(void *user), void *user, size_t bytes)
{
	double ns = bench_ns(work, user);

	printf("  %-44s %10.2f us", name, ns / 1e3);
	if (bytes)
		printf(" %8.0f MB/s", (double)bytes / ns * 1e3);
	putchar('\n');
	return ns;
}

static inline void bench_ratio(const char *name, double ns, double against_ns)
{
	printf("  %-44s %10.2f x\n", name, ns / against_ns);
}
