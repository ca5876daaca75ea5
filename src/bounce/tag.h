/* tag.h - tags that a sender puts on his own envelope address, so that bounces
 * can be told from backscatter: BATV (draft-levine-smtp-batv-01) and SRS.
 * Pure; keys are the caller's. */
#pragma once
#include "base/dname.h"

enum tag_kind { TAG_NONE, TAG_BATV, TAG_SRS0, TAG_SRS1 };

struct tag_key {
	enum tag_kind kind;      /* TAG_BATV, or TAG_SRS0 for both forms of SRS */
	uint8_t number;          /* BATV: 0 to 9 */
	struct bytes secret;
};

struct tag_keys {
	const struct tag_key *keys;
	size_t n;
	uint32_t batv_days, srs_days; /* how long a tag is good; 0: 7 and 21 */
	int64_t since;                /* every way that sends for us tags since then; -1: not so */
};

#define TAG_BATV_DAYS 7u
#define TAG_SRS_DAYS 21u

enum tag_state {
	TAG_ABSENT,
	TAG_VALID,
	TAG_STALE,   /* ours, but older than a bounce may be: a stranger may have kept it */
	TAG_WRONG,   /* forged, or of somebody else's key */
	TAG_UNKNOWN, /* there is one, and no key of its kind is given: it tells nothing */
};

struct tag {
	enum tag_kind kind;
	enum tag_state state;
	struct bytes original;    /* the address without its tag, for each known shape; else as given */
};

/* Reads an address (local@domain, no brackets) in any of the five shapes of BATV (prvs=TAG=u,
 * prvs=u=TAG, u+prvs=TAG, btv1==TAG==u, msprvs1=TAG=u) and the two of SRS, each with "=", "-" or
 * "+" behind its word. keys may be NULL. `now` is when the bounce came. A BATV hash may be over the
 * address as written, with its domain in lower case, or all in lower case: relays on the way do
 * that. SRS1 has no date of its own, so it is never stale. False: out of memory, or no SHA-1 here. */
MUST_USE bool tag_read(struct arena *a, struct bytes address, const struct tag_keys *keys, int64_t now, struct tag *out);
/* "prvs=KDDDSSSSSS=local@domain" with the domain in lower case; { NULL, 0 }: out of memory, no SHA-1
 * here, or a local part that cannot carry a tag (over 48 bytes, quoted, or there is no domain). The
 * key is of BATV; `expires` is the last instant at which a bounce is taken. */
struct bytes tag_batv_make(struct arena *a, struct bytes address, const struct tag_key *key, int64_t expires);
/* Reads a file of keys: lines "batv N SECRET", "srs SECRET", "since 2026-11-01T00:00:00Z", "batv-days N",
 * "srs-days N", # comments. A secret is the rest of its line. False: *why says what is wrong, with
 * the line, never with the secret. Slices live in a, or point into text. */
MUST_USE bool tag_keys_parse(struct arena *a, struct bytes text, struct tag_keys *out, char *why, size_t size);
