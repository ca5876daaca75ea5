/* received.h - the trace line that each server writes on top (RFC 5321 section
 * 4.4), as servers really write it.
 *
 * A line mixes what the server knows (the client's address) with what the
 * client said (HELO, MAIL FROM). The reader keeps them apart by the shapes that
 * known servers write, and does not let a client's words pass for the server's:
 * what stands where a client could have typed it is not read as a log-in. */
#pragma once
#include "base/ip.h"
#include "mail/date.h"

/* Who wrote the line, as its shape tells. A name for people; what is read never depends on trust in it. */
/*    id           name */
#define RECEIVED_DIALECT_TABLE(X) \
	X(OTHER,       "other") \
	X(POSTFIX,     "postfix") \
	X(EXIM,        "exim") \
	X(EXIM_LIKE,   "exim-like") \
	X(SENDMAIL,    "sendmail") \
	X(QMAIL,       "qmail") \
	X(EXCHANGE,    "exchange") \
	X(MICROSOFT,   "microsoft365") \
	X(GMAIL,       "gmail") \
	X(YAHOO,       "yahoo") \
	X(SES,         "amazon-ses") \
	X(DOVECOT,     "dovecot") \
	X(OPENSMTPD,   "opensmtpd") \
	X(COURIER,     "courier") \
	X(HARAKA,      "haraka") \
	X(CYRUS,       "cyrus") \
	X(AMAVIS,      "amavis") \
	X(IRONPORT,    "ironport") \
	X(MIMECAST,    "mimecast") \
	X(MESSAGELABS, "messagelabs") \
	X(FORTIMAIL,   "fortimail") \
	X(COMMUNIGATE, "communigate") \
	X(MDAEMON,     "mdaemon") \
	X(FETCHMAIL,   "fetchmail") \
	X(WEBMAIL,     "webmail")

enum received_dialect {
#define X(id, name) RECEIVED_##id,
	RECEIVED_DIALECT_TABLE(X)
#undef X
	RECEIVED_DIALECTS
};

enum received_tls { RECEIVED_TLS_UNKNOWN, RECEIVED_TLS_NO, RECEIVED_TLS_YES };

/* Which clauses were found: bits of `parsed`. */
enum {
	RECEIVED_HAS_FROM = 1,
	RECEIVED_HAS_BY = 2,
	RECEIVED_HAS_WITH = 4,
	RECEIVED_HAS_ID = 8,
	RECEIVED_HAS_FOR = 16,
	RECEIVED_HAS_DATE = 32,
	RECEIVED_CUT = 64,      /* the line has more words than any server writes; the rest was not read */
};

/* How the message came in, by the word after "with". */
enum received_transport {
	RECEIVED_BY_OTHER,      /* not said, or a word not known */
	RECEIVED_BY_SMTP,
	RECEIVED_BY_LMTP,       /* from a mail server to a mail store: never from outside */
	RECEIVED_BY_FETCHING,   /* POP3 or IMAP: taken out of a mailbox elsewhere */
	RECEIVED_BY_HTTP,       /* typed into a webmail or an API */
	RECEIVED_BY_LOCAL,      /* handed in by a program on the same host */
};

struct received {
	enum received_dialect dialect;
	enum received_transport transport;
	enum received_tls tls;
	unsigned parsed;
	bool has_ip;
	bool has_by_ip;
	bool rdns_checked;           /* the server looks the name up both ways before it writes it */
	bool auth;                   /* the line says that the client logged in */
	struct ip from_ip;           /* valid if has_ip */
	struct ip by_ip;             /* valid if has_by_ip: `by` is an address, or one stands behind it */
	struct bytes from_name;      /* HELO as claimed; may be an address literal */
	struct bytes rdns;           /* the client's name by DNS, without a final dot; empty: none, or the
	                              * format does not tell */
	struct bytes by;
	struct bytes with;           /* the protocol as written, one word or "Microsoft SMTP Server" */
	struct bytes auth_user;      /* may be empty although auth */
	struct bytes id;
	struct bytes recipient;      /* of the for clause, without brackets */
	struct bytes envelope_from;  /* without brackets; p NULL: not given; n 0: the null sender */
	struct bytes date_text;
	struct date date;            /* valid if RECEIVED_HAS_DATE */
};

/* Reads the value of a Received field. Never fails: *out holds what could be
 * made out, `parsed` says which clauses that were. Slices point into value and
 * may hold folds only inside quotes. Linear in value.n. */
void received_parse(struct bytes value, struct received *out);
const char *received_dialect_name(enum received_dialect d);
