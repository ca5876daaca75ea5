/* case.h - a message with all that is needed to judge it again, anywhere, offline: a folder with
 * message.eml, session.ini, dns.zone, and where they were used log.txt, sent.mbox
 * and frozen.ini. Every command that judges can replay one. */
#pragma once
#include "base/buf.h"
#include "base/ip.h"
#include "dns/dns_book.h"

/* session.ini: "name = value", one a line, # and ; comments, values percent-encoded (bytes outside printable
 * ASCII, and %). Repeated where a list makes sense. What is not there is unknown. */
struct case_session {
	struct ip ip;                  /* family 0: unknown */
	struct bytes helo, rdns, mail_from, login;
	bool has_mail_from;
	struct bytes *rcpt_to;
	size_t n_rcpt_to;
	int64_t time;                  /* "at": of the hand-over; -1 */
	bool recovered;                /* "recovered = yes": these were read from the trace and are to be read again;
	                                * else a server of ours knew them: they are facts */
	int64_t today;                 /* the instant of the look-ups; -1: that of the hand-over */
	struct bytes *owner, *trust, *trust_authserv, *name, *limit;
	size_t n_owner, n_trust, n_trust_authserv, n_name, n_limit;
	bool offline, not_mine, redacted;
	struct bytes about;            /* a line for people: what this case shows */
};

struct case_err {
	size_t line;
	const char *what; /* static: what is wrong and what to write instead */
};

MUST_USE bool case_session_parse(struct arena *a, struct bytes text, struct case_session *out, struct case_err *err);
void case_session_write(struct buf *out, const struct case_session *s);

/* The DNS of a book as zone text: every answer that came, with its TTL and DNSSEC state, faults as
 * ;!fault lines, absence as NODATA or NXDOMAIN faults only where the zone's own rules would say otherwise.
 * Sorted by name and type, so that equal books give equal text. Reading it back gives the same answers. */
MUST_USE bool case_zone_write(struct buf *out, const struct dns_book *book);
