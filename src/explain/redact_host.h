/* redact_host.h - addresses of hosts, alone and within names. For redact.h. */
#pragma once
#include "explain/redact_state.h"

/* An address, perhaps with a prefix length ("/24") behind it; then the bits behind the prefix are 0. */
void redact_host_ip(struct redact *r, struct ip ip, struct bytes length, struct buf *out);

/* A name of a host with an address in it: "10.2.0.192.in-addr.arpa", "client-192-0-2-10.access.example".
 * False: it has none, nothing is written. */
bool redact_host_within(struct redact *r, struct bytes name, struct buf *out);

/* An address in the first labels, which a macro of SPF wrote there. Writes them with a dot behind and returns
 * how many bytes that was of labels; 0: there is none. */
size_t redact_host_labels(struct redact *r, struct bytes labels, struct buf *out);
