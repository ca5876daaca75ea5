/* maillog.h - what the log of a mail server says of log-ins and of mail that
 * was handed in: Postfix and Dovecot lines, from syslog files or the journal's
 * text, plain or gzip. Streamed; what is kept is bounded (LIMIT_LOG_MAILS,
 * LIMIT_LOG_LOGINS). Built by one thread, then only read. */
#pragma once
#include "base/dname.h"
#include "base/ip.h"
#include "base/limits.h"

struct maillog;

/* Lines without a year (RFC 3164) are taken to lie in the twelve months before `now`, lines without a
 * time zone in UTC until maillog_learn_zone. NULL: out of memory. */
MUST_USE struct maillog *maillog_new(const struct limits *limits, int64_t now);
void maillog_free(struct maillog *l); /* NULL does nothing */

/* Reads a file, gzip or plain. False: *why (size bytes) says what is wrong, for people. Several
 * files may be read, in any order (rotated ones, several servers'); call maillog_ready after the last.
 * What follows finds nothing before. "-" is standard input. */
MUST_USE bool maillog_read(struct maillog *l, const char *path, char *why, size_t size);
/* The same from memory: whole lines. */
MUST_USE bool maillog_feed(struct maillog *l, struct bytes lines);
/* False: out of memory. */
MUST_USE bool maillog_ready(struct maillog *l);

/* A trusted server's Received line says that it took the mail with this queue id in at this instant, with a time zone.
 * If the log has that mail another number of whole quarters of an hour away, all its times without a zone are
 * moved by as much (once; a change to summer time within the log is not seen). After maillog_ready, before other
 * threads read. False: out of memory. */
MUST_USE bool maillog_learn_zone(struct maillog *l, struct bytes queue_id, int64_t at);

struct maillog_counts {
	uint64_t lines, understood;  /* understood 0: this is no mail log */
	int64_t first, last;         /* instants of the first and the last line with a date; -1: none */
	bool cut;                    /* a limit was reached: absence proves nothing */
	bool zoneless;               /* some times have no zone, and none was learned: they may be hours away */
};
struct maillog_counts maillog_counts(const struct maillog *l);

/* One mail that the server took in: all that was said under one queue id. */
struct maillog_mail {
	struct bytes queue_id, message_id /* without brackets */, from, login;
	struct ip client;             /* family 0: local, or not said; behind a content filter: who it took the mail from */
	struct bytes client_name;
	bool submitted;               /* by a log-in */
	bool local;                   /* by a program on the server (pickup, uid=) */
	uint32_t uid;                 /* of that program */
	int64_t time;
	uint32_t recipients;          /* nrcpt= */
	uint32_t sent, bounced, deferred; /* lines that say so: a recipient that waits has several */
	struct bytes bounce_queue_id; /* of the notification that was made for it; empty: none */
};

/* The mails of that Message-ID (without brackets), newest last; at most max. Returns how many there are. */
size_t maillog_find(const struct maillog *l, struct bytes message_id, const struct maillog_mail **out, size_t max);
/* The newest mail with that queue id; NULL: none. Short ones come again within hours on a busy server. */
const struct maillog_mail *maillog_by_queue_id(const struct maillog *l, struct bytes queue_id);
/* The one nearest to that instant. */
const struct maillog_mail *maillog_by_queue_id_near(const struct maillog *l, struct bytes queue_id, int64_t at);
/* Did this mail go to that recipient, as far as the log says: was it handed on, refused or kept waiting
 * for this address, or for one that led there? Case does not matter. */
bool maillog_went_to(const struct maillog *l, const struct maillog_mail *m, struct bytes recipient);

/* What is known of the log-in behind a mail, or of an owner's log-ins at an instant. */
struct maillog_login {
	bool known;                   /* the log knows this login */
	uint32_t earlier_logins;      /* accepted ones of this login before the instant */
	uint32_t earlier_same_net;    /* of those, from the same /24 or /48; 0 where all of them are less than a day
	                               * old and others are older: an intruder's own log-ins make no place familiar */
	uint32_t failures_same_net;   /* refused ones from the same net within the 24 hours before, of this login or
	                               * where the log does not say whose */
	uint32_t failures;            /* refused ones of this login from anywhere within the 24 hours before */
	uint32_t mails_hour, recipients_hour, bounced_hour; /* of this login within the hour around it */
	uint32_t mails_day_usual;     /* the median day before, of 100 days at most; 0 where the log has no day before */
	bool unusual_hour;            /* no log-in of it on an earlier day within two hours of this time of day,
	                               * though there were some on earlier days */
};
/* Log-ins of one name and net within ten minutes are counted as one time, that of the first. */
void maillog_login(const struct maillog *l, struct bytes login, const struct ip *client, int64_t at,
                   struct maillog_login *out);

/* Was anything submitted by this login (matched as a whole, or its local part with the domain left
 * off) within `seconds` of the instant? */
bool maillog_submitted_near(const struct maillog *l, struct bytes login, int64_t at, int64_t seconds);
/* Does the log cover that instant with `seconds` on either side, submissions included (it shows
 * at least one log-in of somebody, and nothing was cut)? Only then does absence say something. Where files are
 * missing between others, or the server was silent for more than six hours, it does not. */
bool maillog_covers(const struct maillog *l, int64_t at, int64_t seconds);
/* Refusals of null-sender mail to unknown users (backscatter at the door), in all. */
uint64_t maillog_backscatter(const struct maillog *l);

/* Second pass over a file: appends to `out` the lines that were used of it, and that would make the same
 * answers for a message with this Message-ID (without brackets) and these logins; so that a case can keep them. An
 * entry of message_ids may be a queue id as well. A line in front speaks for those left out, so an excerpt, also of
 * several files, is read like a log. */
struct buf;
MUST_USE bool maillog_excerpt(const char *path, const struct bytes *message_ids, size_t n_ids, const struct bytes *logins,
                              size_t n_logins, struct buf *out, char *why, size_t size);
/* The same for one of several files that l was read from: lines of one mail are found in all of them. */
MUST_USE bool maillog_excerpt_of(const struct maillog *l, const char *path, const struct bytes *message_ids, size_t n_ids,
                                 const struct bytes *logins, size_t n_logins, struct buf *out, char *why, size_t size);
