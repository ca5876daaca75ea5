/* ours.h - what counts as the network we trust: as the settings name it, or,
 * where they are silent, as it can be inferred from the server that wrote the
 * topmost Received line (a stranger cannot write above it). */
#pragma once
#include "base/dname.h"
#include "base/ip.h"
#include "mail/received.h"

/* What a person told us. All empty: infer. Slices are borrowed. */
struct trust {
	const struct ip_net *networks;
	size_t n_networks;
	const struct dname *hosts;           /* each stands for itself and all names below it */
	size_t n_hosts;
	const struct bytes *authserv_ids;    /* names that a provider of ours signs its results with */
	size_t n_authserv_ids;
};

/* A provider whose servers have names and addresses of several kinds. */
struct provider;

struct ours {
	const struct trust *trust;
	struct arena *arena;
	bool inferred;                   /* neither networks nor hosts are named */
	struct dname org;                /* inferred: our server's registrable domain; none: not known yet */
	const struct provider *provider; /* that a named host, or org, belongs to; NULL: none known here */
};

void ours_init(struct ours *o, struct arena *a, const struct trust *trust);

/* Inference: this server, which wrote a line that no stranger can have written, is ours.
 * Its registrable domain is taken from the public suffix list that libpsl brings; a
 * name that has none (an internal one) teaches nothing. */
void ours_learn(struct ours *o, struct bytes host);

/* Is this the name or the address of a server of ours, as it stands behind "by"? */
bool ours_host(const struct ours *o, struct bytes host);
/* Is it a name that has no meaning outside of one network: "localhost", "mx1", "x.internal", 10.0.0.1? */
bool ours_local_name(struct bytes host);

/* Did this line's client stand inside, as far as its address and a name that the
 * server checked can tell? What the client said of itself (HELO) tells nothing. */
bool ours_client(const struct ours *o, const struct received *r);

/* Is this authserv-id one of ours? Some providers leave it out: then an empty one is. */
bool ours_authserv_id(const struct ours *o, struct bytes id);

/* Does the provider write its results directly below its own Received line? */
bool ours_writes_below(const struct ours *o);
