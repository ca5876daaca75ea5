/* maillog_line.h - one line of a mail server's log: when, who says it, and what.
 * Names, addresses and remarks of strangers stand in these lines; each field is
 * read from the side on which the server wrote what surrounds it. */
#pragma once
#include "base/ip.h"

enum maillog_kind {
	MAILLOG_CLIENT,          /* smtpd: a mail begins; queue_id, client, login */
	MAILLOG_PICKUP,          /* a program on the server; queue_id, number: uid, from */
	MAILLOG_MESSAGE_ID,      /* queue_id, message_id */
	MAILLOG_QUEUED,          /* queue_id, from, recipients */
	MAILLOG_REMOVED,         /* queue_id */
	MAILLOG_DELIVERY,        /* queue_id, to, orig_to, status */
	MAILLOG_NOTICE,          /* queue_id, other_id: of the bounce that was made for it */
	MAILLOG_ACCEPTED,        /* a log-in without a queue id; login, client */
	MAILLOG_REFUSED,         /* a refused one, number of times; login where it is named, client */
	MAILLOG_REFUSED_BY_AUTH, /* the same as the server behind it tells it: most are told twice */
	MAILLOG_UNKNOWN_USER,    /* null-sender mail for an address that is not there */
	MAILLOG_SAVED,           /* Dovecot put it into a mailbox; message_id, login: whose */
	MAILLOG_AGAIN,           /* the line before, number more times */
	MAILLOG_KINDS,
};

enum maillog_status { MAILLOG_STATUS_OTHER, MAILLOG_SENT, MAILLOG_BOUNCED, MAILLOG_DEFERRED };

struct maillog_event {
	enum maillog_kind kind;
	struct bytes queue_id, other_id;
	struct bytes message_id;     /* without brackets */
	struct bytes from, to, orig_to, login, client_name;
	struct ip client;            /* family 0: not said */
	uint32_t number, recipients;
	uint32_t times;              /* how often the line stands for itself: 1, or more when syslog folded several */
	enum maillog_status status;
	bool submission;             /* ACCEPTED: in order to hand in mail */
	struct bytes rest;           /* private: what a shape left over */
};

/* The frame around what is said: time, host, program. */
struct maillog_frame {
	int64_t time;                /* Unix seconds; -1: none */
	bool zoned;                  /* the line says which time zone; else UTC was assumed */
	struct bytes date;           /* the text of the time */
	struct bytes host, program, text;
};

/* Reads syslog files (RFC 3164, RFC 5424, ISO dates), journalctl's text, Dovecot's own log. Dates without a
 * year lie in the twelve months before `now`. False: no such line. *out borrows. */
MUST_USE bool maillog_frame_parse(struct bytes line, int64_t now, struct maillog_frame *out);

/* What a line says. False: nothing that is of use here. *out borrows. */
MUST_USE bool maillog_line_parse(const struct maillog_frame *frame, struct maillog_event *out);
/* The same for Dovecot's lines: `text` begins with the name of its service. */
MUST_USE bool maillog_dovecot_parse(struct bytes text, struct maillog_event *out);

/* --- for the readers of lines --- */

/* Offset of the last occurrence of `needle`; b.n when there is none. */
size_t maillog_last(struct bytes b, const char *needle);
/* Takes `prefix` off the front of *b, if it is there. */
bool maillog_skip(struct bytes *b, const char *prefix);
/* A number, as large as fits. False: no digits. */
bool maillog_number(struct bytes digits, uint32_t *out);
