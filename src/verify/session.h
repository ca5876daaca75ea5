/* session.h - what SMTP knew of a stored message, recovered from its trace. Every
 * value says where it comes from, and whether a server of ours wrote it (a fact)
 * or somebody further down (a claim). "Ours" may be inferred: handover->inferred. */
#pragma once
#include "verify/handover.h"

struct session_value {
	struct bytes text;
	const char *source; /* static, for people; NULL: the value is not known */
	bool fact;
};

struct session_ip {
	struct ip ip;       /* family 0 if not known */
	const char *source;
	bool fact;
};

struct session {
	/* the client that SPF is about: not a person's program that logged in, never a local address */
	struct session_ip ip;
	struct session_value rdns;
	struct session_value helo;      /* a fact: that the client said so */
	struct session_value mail_from; /* without brackets; known and empty: the null sender */
	struct session_value rcpt_to;   /* without brackets */
	struct session_value auth_user;
	bool authenticated;             /* somebody logged in at a server of ours to hand the mail in */
	enum received_tls tls;
	int64_t time;                   /* of the hand-over, Unix seconds; -1: unknown */
};

/* Slices live as long as the header and the arena. Out of memory: arena_failed. */
void session_recover(struct work *w, const struct header *h, const struct handover *ho,
                     struct session *out);
