/* bounce.h - mail that a machine wrote about another mail: non-delivery and delivery
 * notices (RFC 3464, and the shapes of systems that do not follow it), automatic
 * replies (RFC 3834), receipts (RFC 8098), abuse reports (RFC 5965). Text in,
 * fields out. Whether it is about a mail of ours is bounce_proof.h. */
#pragma once
#include "mail/header.h"
#include "mime/mime.h"

enum bounce_kind {
	BOUNCE_NONE,        /* an ordinary mail, also one that only carries another */
	BOUNCE_DSN,         /* about delivery */
	BOUNCE_AUTO_REPLY,  /* out of office, a challenge, a ticket system's answer */
	BOUNCE_RECEIPT,     /* that a mail was displayed or deleted */
	BOUNCE_FEEDBACK,    /* a complaint (ARF) */
	BOUNCE_KINDS
};

enum bounce_action { BOUNCE_ACTION_UNKNOWN, BOUNCE_FAILED, BOUNCE_DELAYED, BOUNCE_DELIVERED, BOUNCE_RELAYED, BOUNCE_EXPANDED };

struct bounce_recipient {
	struct bytes address;       /* the one it was about, as last known; empty: not told */
	struct bytes original;      /* as the sender wrote it (Original-Recipient); empty: not told */
	enum bounce_action action;
	struct bytes status;        /* "5.1.1"; empty: none was given */
	bool status_from_text;      /* it stood in words, not in the machine-readable part */
	uint16_t reply_code;        /* 550; 0: none */
	bool hard;                  /* failed for good for this address: do not send there again */
	struct bytes diagnostic;    /* what the refusing server said, one line */
	struct bytes remote_mta;
};

struct bounce {
	enum bounce_kind kind;
	const char *why;            /* static: what it was recognised by */
	bool machine;               /* it has a machine-readable part, or its fields among the words */
	struct bytes reporting_mta;
	struct bytes envelope_id;   /* Original-Envelope-Id */
	struct bytes queue_id;      /* X-Postfix-Queue-ID and the like */
	int64_t arrived;            /* Arrival-Date; -1: not told */
	struct bounce_recipient *recipients; /* in the order of the message, at most LIMIT_BOUNCE_RECIPIENTS. Of a reply or
	                             * receipt who sent it, of a complaint whom the mail went to. At least one, perhaps
	                             * without an address; none of BOUNCE_NONE */
	size_t n;
	struct bytes feedback_type; /* BOUNCE_FEEDBACK: "abuse" */
	struct bytes source_ip;     /* BOUNCE_FEEDBACK, as written */
	struct bytes returned;      /* the mail it is about as far as it came back: header fields, perhaps a body;
	                             * a slice of the message or of the arena; empty: nothing came back. Where it
	                             * stands in a text or encoded, 1 MiB of it */
	bool returned_has_body;
	struct bytes message_id;    /* of the mail it is about, without brackets: from returned, else from
	                             * In-Reply-To, Original-Message-ID, References; empty: not told */
};

/* header is that of the message, indexed; m its parts. Slices live as long as both and the arena.
 * Never fails on bad input. False: out of memory. Time is linear in the message. */
MUST_USE bool bounce_read(struct work *w, const struct header *header, struct bytes message, const struct mime *m,
                          struct bounce *out);

const char *bounce_kind_name(enum bounce_kind k);     /* "dsn", "auto_reply", "receipt", "feedback", "none" */
const char *bounce_action_name(enum bounce_action a); /* "failed", ... */
