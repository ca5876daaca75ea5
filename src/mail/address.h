/* address.h - mailboxes: who a message says it is from (RFC 5322 section 3.4,
 * RFC 6532), and paths of the envelope (RFC 5321 section 4.1.2). One grammar,
 * used by every part of the program. */
#pragma once
#include "base/dname.h"
#include "mail/header.h"

struct mailbox {
	struct bytes display_name; /* as written, comments, quotes and folds removed, not decoded; the
	                            * comment of "a@b.example (A Person)", which has no other name */
	struct bytes local;        /* unquoted; in the arena; any byte but CR, LF and NUL */
	struct dname domain;       /* checked; none when there is no usable domain */
	size_t offset;             /* of the address, in bytes from the start of the message; from
	                            * that of the value for address_list_read */
};

/* The author: candidates in order, without two of the same address. Exactly one and not
 * ambiguous is the normal case. */
struct author {
	struct mailbox *candidates;
	size_t n;
	bool ambiguous; /* then no candidate is the author (RFC 9989 section 11.5) */
};

/* Reads all From fields of a header; adds what is odd to h->defects. Every
 * address that some reader might take for the author is a candidate, at most
 * LIMIT_FROM_MAILBOXES (reaching that is ambiguous). */
void author_read(struct work *w, struct header *h, struct author *out);

/* The mailboxes of another address field (To, Cc, Sender, Delivered-To, ...);
 * unreadable parts and addresses without a usable domain are skipped. At most `max`; returns how many. *out is an arena array. */
size_t address_list_read(struct work *w, struct bytes value, size_t max, struct mailbox **out);

/* An envelope path, with or without angle brackets. Strict: a path that does
 * not parse is refused with an offset (it is a defect, never "empty"). A source
 * route is dropped (RFC 5321 appendix C). */
struct path {
	bool null;           /* "<>" or "" */
	struct bytes local;  /* unquoted */
	struct dname domain; /* none for "postmaster" alone, and for an address literal */
	struct bytes text;   /* "local@domain" as to be written, without brackets or route */
};
MUST_USE bool path_parse(struct arena *a, struct bytes text, struct path *out, struct parse_err *err);

/* A display name with its encoded words decoded to UTF-8 (RFC 2047), for people;
 * to be judged and shown, never to be parsed again. Control and
 * bidirectional characters are kept: the caller escapes for where it goes. */
struct bytes display_name_decode(struct arena *a, struct bytes name);
