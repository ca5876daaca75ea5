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
	uint32_t batv_days, srs_days; /* how long a tag is good: 7 and 21 unless set */
	int64_t since;                /* every way that sends for us tags since then; -1: not so */
};

enum tag_state { TAG_ABSENT, TAG_VALID, TAG_STALE, TAG_WRONG /* forged, or of somebody else's key */ };

struct tag {
	enum tag_kind kind;
	enum tag_state state;
	struct bytes original;    /* the address without its tag, for each known shape; else as given */
};

/* Reads an address (local@domain) in any of the five shapes of BATV and two of SRS. */
MUST_USE bool tag_read(struct arena *a, struct bytes address, const struct tag_keys *keys, int64_t now, struct tag *out);
/* "prvs=KDDDSSSSSS=local@domain"; { NULL, 0 }: out of memory, or a local part too long for a tag. */
struct bytes tag_batv_make(struct arena *a, struct bytes address, const struct tag_key *key, int64_t expires);
/* Reads a file of keys: lines "batv N SECRET", "srs SECRET", "since 2026-11-01T00:00:00Z", "batv-days N",
 * "srs-days N", # comments. False: *why says what is wrong, with the line. Slices live in a. */
MUST_USE bool tag_keys_parse(struct arena *a, struct bytes text, struct tag_keys *out, char *why, size_t size);
