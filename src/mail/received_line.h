/* received_line.h - private to the reader of Received: a line cut into words,
 * and what the tables of received_tables.c tell about it. */
#pragma once
#include "mail/lex.h"
#include "mail/received.h"

#define RECEIVED_TOKENS 128u /* the longest lines that servers write have under 60 */

struct received_line {
	struct token t[RECEIVED_TOKENS];
	size_t n;          /* tokens before the date */
	size_t from;       /* index of "from"; n: there is none */
	size_t by;         /* index of "by"; n: there is none */
	size_t envelope;   /* index of the first token with words of MAIL FROM in it; n: none. What
	                    * stands behind it, a stranger may have typed */
	struct bytes via;
};

/* What a comment with a client's address says. */
struct received_peer {
	struct ip ip;        /* family 0: none in it */
	struct bytes rdns;   /* empty: none, or "unknown" */
	struct bytes helo;   /* of "helo=x" or "HELO x"; empty: none */
	bool forged;         /* "may be forged": the name and the address disagree */
	bool bracketed;
};

enum received_habit {
	HABIT_FROM_IS_RDNS = 1,    /* the word after "from" is the name by DNS, and HELO where both agree */
	HABIT_RDNS_CHECKED = 2,    /* writes a name only if it leads back to the address */
	HABIT_SAYS_TLS = 4,        /* "with ESMTP" without S means no TLS (RFC 3848) */
	HABIT_FIRST_ADDRESS = 8,   /* the first comment with an address is the server's, not the last */
	HABIT_LITERAL_IS_PEER = 16,/* an address in place of the name after "from" is the client's */
};

/* Habits of a dialect, ORed. */
unsigned received_habits(enum received_dialect d);

/* Which dialect the server's own words, behind "by", belong to; `with` is the
 * protocol word. RECEIVED_OTHER: they do not tell. */
enum received_dialect received_dialect_of_tail(const struct received_line *l, struct bytes by,
                                               struct bytes with, enum received_transport transport);
/* Where the tail does not tell: by the shape of the part before "by". */
enum received_dialect received_dialect_of_shape(const struct received_line *l, size_t peer_at,
                                                const struct received_peer *peer);

/* Reads a comment as remarks of the server ("using TLSv1.3 ...", "Authenticated
 * sender: x"); true if it is one that the table knows. `believe`: may it tell of a log-in? */
bool received_read_note(struct bytes comment, bool believe, struct received *out);
/* The word after "with": fills transport, tls and auth. */
void received_read_protocol(struct bytes word, struct received *out);
