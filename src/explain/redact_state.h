/* redact_state.h - what the parts of redaction share: the key, the memory of one case, and
 * what was found in it. For redact.h. */
#pragma once
#include "base/buf.h"
#include "base/work.h"
#include "explain/redact.h"
#include "explain/redact_hash.h"

/* From text to text; in the case's arena. */
struct redact_map {
	struct redact_map_slot *slots;
	size_t n, cap;
};

#define REDACT_OWNERS_MAX 32u /* domains that others are compared with */

struct redact {
	struct redact_hash hash;
	const struct lookalike_tables *tables; /* NULL: imitations are not kept */
	bool keep_hosts;
	struct limits limits;
	struct buf out[REDACT_TEXTS];

	/* of one case */
	struct work work;             /* its arena is ours */
	struct redact_map domains;    /* registrable ones that somebody has an address in */
	struct redact_map suffixes;   /* public suffixes of these */
	struct redact_map spelled;    /* how services write them into names of their own: "example-org"; and what for */
	struct redact_map locals;     /* names of mailboxes: where one stands alone it is a log-in */
	struct redact_map people;     /* words of display names */
	struct redact_map hosts;      /* addresses of hosts that occur, as text */
	struct redact_map cores;      /* registrable domain: what it becomes */
	struct redact_map taken;      /* what others have become: registrable domain */
	struct redact_map names;      /* whole names of hosts: what they become */
	struct redact_map words;      /* what words become */
	struct redact_map phrases;    /* words that stay: of threats, and of demands for money */
	struct dname owners[REDACT_OWNERS_MAX]; /* registrable domains of the owner */
	size_t n_owners;
};

/* What stands for key; NULL: it is not in the map. */
const struct bytes *redact_map_find(const struct redact_map *m, struct bytes key);
/* Is the text in it, in ASCII lower case? (At most 256 bytes long.) */
bool redact_map_has_lower(const struct redact_map *m, struct bytes text);
/* Adds or replaces; both are borrowed. Without memory nothing is added (arena_failed). */
void redact_map_put(struct arena *a, struct redact_map *m, struct bytes key, struct bytes value);
/* Copies the key; its value is empty. */
void redact_map_add(struct arena *a, struct redact_map *m, struct bytes key);
