/* work.h - what every check of one message shares: memory, limits, the instant
 * at which expiry is judged, and which limits were reached. */
#pragma once
#include "base/arena.h"
#include "base/limits.h"

struct work {
	struct arena *arena;
	const struct limits *limits;
	int64_t now;      /* Unix time at which x= and t= are judged: the hand-over, not today */
	uint64_t reached; /* bit (1 << enum limit_id) for each limit that cut something */
};

/* What a check says when it is run: it is pure, so it says so each time anew. */
enum check_state {
	CHECK_DONE,      /* the result is complete and will not change */
	CHECK_WAITING,   /* it still needs answers; run it again when some have come */
	CHECK_NO_MEMORY, /* the arena's cap or the heap's end: the message cannot be judged */
};

static inline uint32_t work_limit(const struct work *w, enum limit_id id)
{
	return w->limits->v[id];
}

/* Notes that a limit cut something. */
static inline void work_reached(struct work *w, enum limit_id id)
{
	w->reached |= UINT64_C(1) << id;
}
