/* peer_opendkim_none.c - libopendkim is not installed */
#include "bench.h"
#include "peer.h"

bool peer_dkim_there(void)
{
	return false;
}

struct peer_dkim *peer_dkim_new(struct bytes mail, struct bytes key_record)
{
	return NULL;
}

struct peer_dkim *peer_dkim_signer(struct bytes mail, struct bytes pem, const char *selector, const char *domain)
{
	return NULL;
}

void peer_dkim_free(struct peer_dkim *p)
{
}

void peer_dkim_verify(void *peer)
{
	bench_fail("libopendkim is there");
}

void peer_dkim_sign(void *peer)
{
	bench_fail("libopendkim is there");
}
