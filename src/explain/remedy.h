/* remedy.h - the DNS records that would have stopped a forged mail, made from what its domain
 * publishes today: a policy that is missing or too mild (DMARC), a list of senders that is missing
 * or open at its end (SPF). */
#pragma once
#include "explain/facts.h"

#define REMEDY_MAX 2u

struct remedy {
	struct bytes name;   /* "_dmarc.example.org" */
	struct bytes value;  /* of the TXT record */
	bool replaces;       /* a record of that kind stands there already */
	const char *note;    /* what to bear in mind, for people; NULL */
};

/* Returns how many; 0 where it is not known what is published, or where it would have been enough.
 * Slices live in v's arena; out of memory: arena_failed. */
size_t remedy_find(const struct facts *f, struct remedy out[REMEDY_MAX]);
