/* trail_facts.h - what the log of a mail server and the Sent folder say of one message, and of
 * the mail that a bounce is about. */
#pragma once
#include "bounce/bounce_proof.h"
#include "explain/owner.h"
#include "trail/maillog.h"
#include "trail/sent.h"
#include "verify/handover.h"

#define TRAIL_AROUND 1800      /* seconds: "at that minute", with clocks that differ and mail that waits */
#define TRAIL_MATCH 600        /* seconds between a log's line and the hand-over, to be of one mail */
#define TRAIL_HISTORY 5        /* log-ins before which a place can be called new */
#define TRAIL_DELAY 432000     /* seconds: five days, the longest that a bounce comes after its mail */

struct trail_facts {
	bool has_log, has_sent;
	struct maillog_counts counts;
	bool covers;                        /* the log shows all log-ins around the hand-over */
	bool owner_seen;                    /* it shows a log-in of the owner's at some time: it is the right server */
	bool submitted_near;                /* the owner's log-in handed in a mail around the hand-over */
	const struct maillog_mail *mail;    /* this mail in the log; NULL: not found */
	bool mail_by_owner;                 /* handed in with the owner's log-in */
	bool mail_from_outside;             /* taken in from outside, without a log-in */
	struct maillog_login login;         /* of the owner, at that mail; else at the hand-over */
	const struct sent_mail *copy;       /* this mail in Sent; NULL: not there */

	/* the mail that a bounce is about */
	const struct maillog_mail *about;   /* in the log; NULL: not found */
	bool about_went_there;              /* and it went to the bounce's recipient */
	bool about_covers;                  /* the log covers the time in which it would have been sent */
	const struct sent_mail *about_copy; /* in Sent */
	bool about_copy_went_there;
	bool local_bounce;                  /* the bounce was made by our own server for a mail in its log */
};

struct trail_input {
	const struct maillog *log;          /* NULL: none given */
	const struct sent *sent;            /* NULL: none given */
	const struct header *header;
	const struct handover *handover;
	const struct owner *owner;
	const struct bounce *bounce;        /* NULL: the message is none */
	const struct bounce_proof *proof;   /* NULL */
};

/* The log's times may lack a zone (maillog.h): a trusted line of this message that the log knows, too,
 * tells it. Before other threads read the log. a is for passing use. True: the zone is known now. */
bool trail_learn_zone(struct maillog *log, struct arena *a, const struct limits *limits, const struct trust *trust,
                      struct bytes message);

/* Slices are borrowed from the log and the index. Out of memory: arena_failed. */
void trail_facts_gather(struct arena *a, const struct trail_input *in, struct trail_facts *out);
