/* make_mbox.c - make_mbox N MBOX ZONE: writes the mailbox of mbox.h and its DNS. */
#include "bench.h"
#include "mbox.h"

int main(int argc, char **argv)
{
	uint64_t n = 0;
	struct kit kit;

	if (argc != 4 || !bytes_to_u64(bytes_of(argv[1]), &n))
		bench_fail("usage: make_mbox N MBOX ZONE");
	FILE *mails = fopen(argv[2], "wb"), *zone = fopen(argv[3], "wb");
	BENCH_NEED(mails && zone);
	kit_begin(&kit);
	mbox_write(&kit, n, mails, zone);
	BENCH_NEED(fclose(mails) == 0 && fclose(zone) == 0);
	kit_end(&kit);
	return 0;
}
