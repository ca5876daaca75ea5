/* Eight threads read the same tables; run under ThreadSanitizer as well. */
#include <pthread.h>

#include "lookalike/lookalike.h"
#include "tap.h"

#define THREADS 8
#define ROUNDS 50

struct job {
	const struct lookalike_tables *tables;
	unsigned good;
};

static bool look_once(const struct lookalike_tables *t, struct arena *a)
{
	static const struct bytes names[] = { B("Alice Example") };
	struct dname domain = { B("example.org") };
	struct lookalike_ours ours = { .domains = &domain, .n_domains = 1, .names = names, .n_names = 1 };
	struct lookalike_shown shown = { "From", B("Аlice Example"), B("x@xn--exmple-4nf.org"), { B("xn--exmple-4nf.org") } };
	enum lookalike_kind kind = LOOKALIKE_KINDS;
	struct lookalike *found;
	size_t n;

	arena_reset(a);
	return lookalike_find(t, a, &ours, &shown, 1, &found, &n) && n == 4 && found[0].kind == LOOKALIKE_DOMAIN &&
	       lookalike_odd(t, B("a \u202e b"), &kind) && kind == LOOKALIKE_BIDI && !lookalike_odd(t, B("می‌خواهم 👩‍🚀"), &kind);
}

static void *work(void *user)
{
	struct job *job = user;
	struct arena *a = arena_new(1 << 20);

	for (unsigned i = 0; a && i < ROUNDS; i++)
		job->good += look_once(job->tables, a);
	arena_free(a);
	return NULL;
}

int main(void)
{
	struct lookalike_tables *t = lookalike_start();
	pthread_t threads[THREADS];
	struct job jobs[THREADS];

	tap_begin("%d threads look at names with the same tables", THREADS);
	CHECK(t);
	for (size_t i = 0; t && i < THREADS; i++) {
		jobs[i] = (struct job){ .tables = t };
		CHECK(pthread_create(&threads[i], NULL, work, &jobs[i]) == 0);
	}
	for (size_t i = 0; t && i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		CHECK_MSG(jobs[i].good == ROUNDS, "thread %zu: %u of %u", i, jobs[i].good, ROUNDS);
	}
	tap_end();
	lookalike_stop(t);
	return tap_done();
}
