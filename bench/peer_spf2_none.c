/* peer_spf2_none.c - libspf2 is not installed */
#include "bench.h"
#include "peer.h"

bool peer_spf_there(void)
{
	return false;
}

struct peer_spf *peer_spf_new(const struct peer_record *records, size_t n, const char *client, const char *mail_from,
                              bool cached)
{
	return NULL;
}

void peer_spf_free(struct peer_spf *p)
{
}

void peer_spf_check(void *peer)
{
	bench_fail("libspf2 is there");
}
