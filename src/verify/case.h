/* case.h - a message with all that is needed to judge it again, anywhere, offline: a folder with
 * message.eml, session.ini, dns.zone, and where they were used log.txt, sent.mbox
 * and frozen.ini. Every command that judges can replay one. */
#pragma once
#include "base/buf.h"
#include "base/ip.h"
#include "base/limits.h"
#include "dns/dns_book.h"

/* session.ini: "name = value", one a line; lines that begin with # or ; and empty ones are
 * skipped. Values are percent-encoded (bytes outside of printable ASCII, %, spaces at either end). What
 * is a list here may stand several times. What is not there is unknown. The names are those of
 * the table in case_session.c: "mail-from" for mail_from, "at" for time. */
struct case_session {
	struct ip ip;                  /* family 0: unknown */
	struct bytes helo, rdns, mail_from, login;
	bool has_mail_from;            /* true and empty: the null sender */
	struct bytes *rcpt_to;
	size_t n_rcpt_to;
	int64_t time;                  /* "at": of the hand-over, Unix seconds; -1: unknown */
	bool recovered;                /* these were read from the trace and are to be read again; else a
	                                * server of ours knew them: they are facts */
	int64_t today;                 /* the instant of the look-ups; -1: that of the hand-over */
	struct bytes *owner, *trust, *trust_authserv, *name, *limit; /* as the options of these names */
	size_t n_owner, n_trust, n_trust_authserv, n_name, n_limit;
	bool offline, not_mine, redacted;
	struct bytes about;            /* a line for people: what this case shows */
};

struct case_err {
	size_t line;      /* from 1; 0: the fault is in no line */
	const char *what; /* static: what is wrong and what to write instead */
};

/* Nothing is known: all zero but the times, which are -1. */
void case_session_init(struct case_session *s);

/* Reads a session.ini. Slices in *out live in the arena. False: *err says why, *out is untouched. */
MUST_USE bool case_session_parse(struct arena *a, struct bytes text, struct case_session *out, struct case_err *err);
/* Sets the limits that the session names ("NAME=N"). False: *bad is the index of one that cannot be. */
MUST_USE bool case_session_take_limits(const struct case_session *s, struct limits *limits, size_t *bad);
/* Lists those of the limits that are not the standard ones: others would hold without being told.
 * The list lives in the arena. False: out of memory. */
MUST_USE bool case_session_put_limits(struct arena *a, const struct limits *limits, struct case_session *s);
/* Writes what is known, in the order of the table; case_session_parse reads the same from it. */
void case_session_write(struct buf *out, const struct case_session *s);

/* The DNS of a book as zone text (dns_master.h): every answer that came, with its TTL and DNSSEC
 * state. Errors, and what was needed and never came, are ";!fault" lines; absence is one only
 * where the zone's own rules would say otherwise, or where it has a TTL or DNSSEC state. A chain of CNAMEs is
 * written as the records that it led to, at the name that was asked. Questions that were never
 * asked because of DNS_OFFLINE are not written: the session says "offline".
 * Sorted by name (from its last label on) and type, so that equal books give equal text, which
 * read back gives the same answers. False: out of memory, or the cap of out. */
MUST_USE bool case_zone_write(struct buf *out, const struct dns_book *book);
/* The same for several books. A question that is in two is taken from the first that has an answer. */
MUST_USE bool case_zone_write_books(struct buf *out, const struct dns_book *const *books, size_t n);
