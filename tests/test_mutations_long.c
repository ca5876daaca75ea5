/* Mails bent at random, others each day: the seed is printed, and $MUTATE_SEED brings the same ones back. */
#include "mutate.h"

#define MAILS 40000

int main(void)
{
	const char *wish = getenv("MUTATE_SEED");
	uint64_t seed = wish ? strtoull(wish, NULL, 10) : (uint64_t)time(NULL) / 86400 * 2654435761 + 1;
	struct mutate m;

	printf("# MUTATE_SEED=%llu\n", (unsigned long long)seed);
	mutate_start(&m, seed);
	for (int group = 0; group < MAILS / 1000; group++) {
		tap_begin("a thousand bent mails, %d", group);
		for (int i = 0; i < 1000; i++)
			mutate_one(&m);
		tap_end();
	}
	mutate_stop(&m);
	return tap_done();
}
