/* maillog_index.h - what is kept of a log: mails by queue id and Message-ID,
 * log-ins by name and network. Filled line by line, sorted once, then searched. */
#pragma once
#include "base/arena.h"
#include "trail/maillog.h"
#include "trail/maillog_line.h"

#define MAILLOG_TEXT_MAX 500u  /* bytes that are kept of a text; no real Message-ID or address is longer */
#define MAILLOG_BUCKET 600     /* seconds of one row of a tally */
#define MAILLOG_SILENCE 21600  /* seconds: a server that says nothing for longer was off, or lines are missing */

/* A growing array on the heap. */
struct maillog_list {
	void *items;
	size_t n, cap;
};
/* Pushes a copy of *item (size bytes). NULL: out of memory. */
MUST_USE void *maillog_push(struct maillog_list *list, const void *item, size_t size);

/* One queue id from a mail's beginning to its end: short ones come again. */
struct maillog_entry {
	struct maillog_mail m;   /* first: what others see is this */
	int64_t first, last;     /* its lines */
	uint64_t host;           /* hash */
	uint32_t older;          /* place of an older entry with this queue id, counted from 1; 0: none */
	uint32_t login_id;       /* in names; 0: none */
	bool origin;             /* the line that began it was seen */
	bool removed, zoned;
};

/* Log-ins of one name from one network within MAILLOG_BUCKET. */
struct maillog_tally_row {
	int64_t at;              /* the first of them */
	uint64_t net;            /* maillog_net */
	uint32_t name, count;
	bool zoned;
};

/* What is searched: rows sorted by name, network and time, with the sum of all counts before each. */
struct maillog_point {
	int64_t at;
	uint64_t net;
	uint64_t before;
	uint32_t name;
};

struct maillog_tally {
	struct maillog_list rows;        /* struct maillog_tally_row */
	uint32_t *slots;                 /* places in rows, counted from 1 */
	size_t slot_count;
	struct maillog_point *by_name;   /* rows.n + 1 each, once ready; networks are left out in this one */
	struct maillog_point *by_net;
	bool full;                       /* its limit was reached */
};

/* A mail of a log-in; sums as above. */
struct maillog_handed_in {
	int64_t at;
	uint64_t recipients_before, bounced_before;
	uint32_t login_id, entry;
};

struct maillog_id_ref {
	uint64_t hash;
	int64_t at;
	uint32_t entry;
};

/* Dovecot put a mail into a mailbox. */
struct maillog_saved {
	uint64_t id, recipient;  /* hashes */
	int64_t at;
};

/* One file, or what was fed from memory, up to where it is silent for too long. */
struct maillog_section {
	uint64_t lines, understood, backscatter, submissions;
	int64_t first, last;     /* -1: no line with a date */
	int64_t silence;         /* the longest time between two lines */
	int64_t previous;
	bool zoneless;           /* a line named no time zone */
	bool stated;             /* an excerpt: it brings the counts of the whole file */
};

/* A time that the log covers without a gap. */
struct maillog_interval {
	int64_t first, last;
};

enum {
	MAILLOG_TALLY_ACCEPTED,
	MAILLOG_TALLY_HANDED_IN, /* accepted ones that hand in mail, but begin no entry */
	MAILLOG_TALLY_REFUSED,
	MAILLOG_TALLY_BY_AUTH,
	MAILLOG_TALLIES
};

struct maillog {
	struct limits limits;
	int64_t now;
	uint64_t seed;
	struct arena *arena;             /* texts */
	struct maillog_list entries;     /* struct maillog_entry */
	uint32_t *queue_slots;           /* newest entry of a queue id, counted from 1 */
	size_t queue_slot_count, queue_ids;
	struct maillog_list names;       /* struct bytes in lower case; 0 is the empty name */
	uint32_t *name_slots;
	size_t name_slot_count;
	struct maillog_tally tallies[MAILLOG_TALLIES];
	struct maillog_list recipients;  /* uint64_t: a recipient of an entry; sorted once ready */
	struct maillog_list saved;       /* struct maillog_saved */
	struct maillog_list sections;    /* struct maillog_section */
	struct maillog_id_ref *ids;      /* n_ids, sorted; once ready */
	struct maillog_handed_in *handed_in; /* n_handed_in + 1, sorted; once ready */
	struct maillog_interval *covered; /* n_covered, sorted; once ready */
	size_t n_ids, n_handed_in, n_covered;
	struct { int tally; uint32_t name; uint64_t net; int64_t at; bool zoned, set; } refused; /* by the line before */
	bool cut, zone_learned;
};

/* --- filling; false: out of memory --- */

/* A copy of a text. Memory is short or its cap reached: empty, and absence proves nothing any more. */
struct bytes maillog_keep(struct maillog *l, struct bytes text);
/* The number of a name, which is new or not; 0 for the empty one. */
MUST_USE bool maillog_intern(struct maillog *l, struct bytes name, uint32_t *out);
MUST_USE bool maillog_count(struct maillog *l, struct maillog_tally *t, struct maillog_tally_row row);
/* The entry that a line belongs to, a new one if need be; `origin`: a mail begins with it. *out NULL: a
 * limit is reached. */
MUST_USE bool maillog_entry_for(struct maillog *l, const struct maillog_frame *f, const struct maillog_event *ev, bool origin,
                                struct maillog_entry **out);

MUST_USE bool maillog_index_add(struct maillog *l, const struct maillog_frame *frame, const struct maillog_event *ev);
MUST_USE bool maillog_index_sort(struct maillog *l);
void maillog_index_unsort(struct maillog *l);
/* Tables and lists, not l itself. */
void maillog_index_free(struct maillog *l);

/* --- searching --- */

/* The name's number; 0: it is not there. Case does not matter. */
uint32_t maillog_name(const struct maillog *l, struct bytes name);
/* The newest entry with that queue id and, through `older`, those before it; NULL: none. */
const struct maillog_entry *maillog_chain(const struct maillog *l, struct bytes queue_id);
/* The /24 or /48 as a number; 0: no address. */
uint64_t maillog_net(const struct ip *ip);
uint64_t maillog_address_hash(const struct maillog *l, struct bytes address);
/* The key under which a recipient of an entry is kept. */
uint64_t maillog_recipient_key(uint32_t entry, uint64_t address_hash);

static inline const struct maillog_entry *maillog_at(const struct maillog *l, size_t i)
{
	return (const struct maillog_entry *)l->entries.items + i;
}
