/* campaign.h - many judged mails: which of them are one campaign, and what it shows. Mails belong
 * together that lead to the same place, have the same text or the same subject, within a few days of
 * each other. A bounce belongs to the campaign whose mail it is about.
 *
 *   campaign_read     what is kept of a mail; any thread
 *   campaign_new, campaign_add     one thread; LIMIT_CAMPAIGN_MAILS are kept, the rest is counted
 *   campaign_finish   groups */
#pragma once
#include "explain/explain.h"

#define CAMPAIGN_KEYS 16u      /* of one mail: its subject, its text, places it leads to */
#define CAMPAIGN_TEXT 60u      /* bytes of a subject or a place, to be shown */

enum campaign_key_kind { CAMPAIGN_SUBJECT, CAMPAIGN_BODY, CAMPAIGN_PLACE };

struct campaign_key {
	enum campaign_key_kind kind;
	uint64_t hash;
	uint8_t n;
	char text[CAMPAIGN_TEXT]; /* UTF-8, a stranger's; empty for CAMPAIGN_BODY */
};

/* What is kept of a mail. No pointers: it can outlive the mail. */
struct campaign_mail {
	enum verdict_kind verdict;
	bool in_owner_name;
	bool bounce;               /* a machine's answer to a mail, which counts, not the answer */
	int64_t time;              /* of the hand-over, else of the Date field; -1: unknown */
	struct ip_net net;         /* that handed it over: /24 or /48; family 0: unknown */
	uint32_t asn;              /* 0: unknown */
	bool own;                  /* that network may send for the owner: trusted, listed by the domain, or logged in */
	uint64_t author;           /* hash of the author's organisation; 0: unknown */
	struct campaign_key keys[CAMPAIGN_KEYS];
	size_t n_keys;
};

/* x is judged. False: out of memory. */
MUST_USE bool campaign_read(struct explain *x, struct campaign_mail *out);
/* What is left of a subject for comparing: no "Re:", no digits, one blank between words, lower case.
 * Empty: too little to compare by. Lives in the arena. */
struct bytes campaign_subject(struct arena *a, struct bytes subject);

struct campaigns;

MUST_USE struct campaigns *campaign_new(const struct limits *limits); /* NULL: out of memory */
void campaign_free(struct campaigns *c); /* NULL does nothing */
/* False: out of memory. */
MUST_USE bool campaign_add(struct campaigns *c, const struct campaign_mail *mail);

/* What the mails of a campaign are, taken together. */
enum campaign_kind {
	CAMPAIGN_FORGED,    /* from outside, in somebody's name */
	CAMPAIGN_HACKED,    /* through the owner's account or systems, by a stranger */
	CAMPAIGN_BOTH,
	CAMPAIGN_LOOKALIKE, /* in a name that imitates the owner's */
	CAMPAIGN_OWN,       /* through the owner's account, and nothing speaks of a stranger */
	CAMPAIGN_OPEN,      /* nothing of weight */
	CAMPAIGN_KINDS
};
const char *campaign_kind_name(enum campaign_kind k); /* as in JSON */

struct campaign {
	enum campaign_kind kind;
	size_t mails, bounces;     /* bounces: of the mails */
	size_t in_owner_name;      /* of the mails */
	size_t inside;             /* of the mails: came through the owner's account or systems */
	size_t verdicts[VERDICT_KINDS];
	int64_t first, last;       /* -1: no time is known */
	int64_t busy_from, busy_to;/* the shortest time that holds nine of ten of the mails */
	size_t networks, own_networks, systems; /* /24 and /48; of them the owner's; autonomous systems */
	struct bytes subject, place; /* what most of them have; empty: none. Strangers' bytes */
	size_t subjects;           /* how many different ones */
	size_t number;             /* its first mail, in the order of campaign_add, from 1 */
};

struct campaign_summary {
	size_t mails, not_grouped; /* not_grouped: of the mails, over the limit */
	size_t verdicts[VERDICT_KINDS];
	size_t bounces, strange;   /* strange: of the bounces, nothing shows that they are about mail of the owner's */
	size_t wave;               /* strange ones in the worst 24 hours; 0: too few to say anything */
	int64_t wave_from, wave_to;
	struct campaign *list;     /* the largest first, at most CAMPAIGN_LISTED */
	size_t n, more;            /* more: further ones */
};
#define CAMPAIGN_LISTED 20u

/* Slices live in c. False: out of memory. */
MUST_USE bool campaign_finish(struct campaigns *c, struct campaign_summary *out);

/* For people: at most 80 columns wide. */
void campaign_words(struct buf *out, const struct campaign_summary *s);
/* Fields: truefrom-explain(1). NULL: out of memory. */
json_t *campaign_json(struct arena *a, const struct campaign_summary *s);
