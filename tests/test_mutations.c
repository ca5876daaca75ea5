/* Mails bent at random, always the same ones: each gets a verdict, in JSON and in words. */
#include "mutate.h"

int main(void)
{
	struct mutate m;

	mutate_start(&m, 20261118);
	tap_begin("there is something to start from");
	CHECK_MSG(m.n > 50, "%zu messages", m.n);
	tap_end();
	for (int group = 0; group < 10; group++) {
		tap_begin("two hundred bent mails, %d", group);
		for (int i = 0; i < 200; i++)
			mutate_one(&m);
		tap_end();
	}
	mutate_stop(&m);
	return tap_done();
}
