/* bench.h - how long something takes, beside others that do the same.
 *
 * The ways of a group take turns in short slices of processor time: what slows the
 * machine down slows all of them down, so their ratios hold where their times do
 * not. A bench prints one line a way, which tools/bench reads:
 *
 *   GROUP <tab> WAY <tab> UNIT <tab> BYTES <tab> VALUE VALUE ...
 *
 * one value a round (the n-th values of all ways were taken together), BYTES of
 * input for one call, 0: not said.
 *
 *   bench_x                       measures all groups
 *   bench_x count GROUP WAY TIMES calls that way so often in bench_counted, for callgrind
 */
#pragma once
#include "base/bytes.h"

struct bench_way {
	const char *name;
	void (*work)(void *user); /* once */
	void *user;
};

/* Reads the arguments of main. */
void bench_begin(int argc, char **argv);
/* False: the group need not be prepared, nobody wants it. */
bool bench_wants(const char *group);
/* Measures, in nanoseconds of processor time of this thread. */
void bench_group(const char *group, size_t bytes, const struct bench_way *ways, size_t n);
/* A figure of another kind. */
void bench_figure(const char *group, const char *way, const char *unit, size_t bytes, double value);
/* Ends the program: a bench that measures something else than it says is worth nothing. */
void bench_fail(const char *what) __attribute__((noreturn));
#define BENCH_NEED(what) ((what) ? (void)0 : bench_fail(#what))
