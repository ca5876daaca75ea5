/* handover.h - the hop where mail entered a network we trust.
 *
 * Received lines are read from the top, as long as each was written by a server
 * of ours about a client that is inside, too. The first line about a client
 * outside is the hand-over: its address is a fact, its HELO a claim, and all that
 * stands below it is a stranger's word. A client that logged in, as a line of a
 * server of ours says, ends the walk as well: it is a person's program, no relay. */
#pragma once
#include "mail/header.h"
#include "verify/ours.h"

struct handover {
	bool found;           /* false: no Received line, or none that can be trusted; see note */
	bool inferred;        /* no trusted network or host was named: "ours" was guessed from the top */
	bool internal;        /* no client outside was seen: the mail began inside, as far as can be
	                       * known; the lowest line of ours then stands for the hand-over */
	bool authenticated;   /* the client logged in, says a server of ours */
	bool has_ip;
	struct ip ip;         /* of the client */
	struct bytes helo;    /* as claimed */
	struct bytes rdns;    /* empty: none, or not told */
	struct bytes by;      /* the server of ours */
	struct bytes with;
	struct bytes auth_user; /* may be empty although authenticated */
	int64_t time;         /* Unix seconds; -1: unknown */
	size_t received_index;/* which Received line it is, 0 the topmost */
	size_t field_index;   /* the same line in header->fields */
	const char *note;     /* static: what to bear in mind; never NULL */

	/* The line that SPF is about: of the hand-over; where that was a log-in, of the public server
	 * of ours that passed the mail on; n_lines: there is none, as no public address is told. */
	size_t spf_index;
	const struct received *lines; /* all Received lines from the top; at most LIMIT_RECEIVED_FIELDS */
	const size_t *line_fields;    /* their places in header->fields */
	size_t n_lines;
	size_t n_trusted;             /* how many of them, from the top, servers of ours wrote */

	/* Authentication-Results by index in header->fields, from the top; of the first LIMIT_AUTHRES_FIELDS. */
	const size_t *authres;        /* with an id of ours, above the hand-over: a provider's word */
	size_t n_authres;
	const size_t *forged_authres; /* with an id of ours, further down: typed by somebody else */
	size_t n_forged_authres;
	const size_t *unsure_authres; /* directly below the hand-over's line, and none above it: a filter of
	                               * ours writes there, a stranger can too; counts neither way */
	size_t n_unsure_authres;
};

/* Slices in *out live as long as the header and the arena. Out of memory: arena_failed. */
void handover_find(struct work *w, const struct header *h, const struct trust *trust,
                   struct handover *out);
