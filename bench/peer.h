/* peer.h - what others need for the same work: libopendkim and libspf2 as Debian
 * brings them. Each at its best fair setting, which stands in its source. Where a
 * library is not there its peer_*_none.c is built, and *_there says no. */
#pragma once
#include "base/bytes.h"

/* --- DKIM: a whole mail in memory, with the record of its key --- */

struct peer_dkim;
bool peer_dkim_there(void);
/* Borrows both. Ends the program where the signature does not verify. */
struct peer_dkim *peer_dkim_new(struct bytes mail, struct bytes key_record);
void peer_dkim_free(struct peer_dkim *p); /* NULL does nothing */
void peer_dkim_verify(void *peer);

/* Signs a mail, relaxed/relaxed, rsa-sha256; pem: the key, NUL-terminated. */
struct peer_dkim *peer_dkim_signer(struct bytes mail, struct bytes pem, const char *selector, const char *domain);
void peer_dkim_sign(void *peer);

/* --- SPF: a policy, and a client that it lets pass --- */

struct peer_spf;
struct peer_record {
	const char *name, *type, *data; /* as in a master file; MX and A of hosts, TXT without quotes */
};
bool peer_spf_there(void);
/* cached: its cache over the zone, instead of the zone alone. */
struct peer_spf *peer_spf_new(const struct peer_record *records, size_t n, const char *client, const char *mail_from,
                              bool cached);
void peer_spf_free(struct peer_spf *p); /* NULL does nothing */
void peer_spf_check(void *peer);
