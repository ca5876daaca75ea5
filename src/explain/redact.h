/* redact.h - a case that can be shown to others: people's addresses, names, domains and words are
 * replaced by keyed hashes of themselves, the same everywhere, so that what was equal stays
 * equal and a verdict stays what it was. Without the key there is no way back.
 *
 * Replaced: mailbox names; domains that occur in addresses (of the header, session, log and
 * Sent folder), with all names below and beside them, "x.y.co.uk" as "x'.y'.example"; display
 * names, subjects, texts, links, files' names, numbers, wallets, identifiers; addresses of hosts
 * within their /16 (IPv6: /32), so that networks that hold others still do; bytes of attachments
 * but for the first few. A domain or name that imitates the owner's still imitates it.
 *
 * Kept: structure, dates, sizes in words, servers whose domain nobody has an address in,
 * results of checks; words that everybody uses or that mail systems write; names of
 * ours that only a role has (postmaster). What rests on signatures breaks: the caller
 * judges before and after, and freezes the difference (frozen.h). */
#pragma once
#include "lookalike/lookalike.h"

enum redact_text {
	REDACT_MESSAGE, /* message.eml */
	REDACT_SESSION, /* session.ini; gets a line "redacted = yes" */
	REDACT_ZONE,    /* dns.zone; without its comments, but for ";!fault" */
	REDACT_LOG,     /* log.txt */
	REDACT_SENT,    /* sent.mbox */
	REDACT_TEXTS
};

struct redact_options {
	struct bytes key;      /* any bytes; empty: a random one that nobody knows. The same key gives the same
	                        * replacements in another case */
	bool keep_hosts;       /* leave addresses of hosts as they are */
};

struct redact;

/* tables (borrowed) may be NULL: imitations are then not kept. NULL: out of memory, or no
 * random numbers can be had. */
MUST_USE struct redact *redact_new(const struct lookalike_tables *tables, const struct redact_options *o);
void redact_free(struct redact *r); /* NULL does nothing; wipes the key */

/* The texts of a case; one that is not there has p NULL, in and out. out lives until the next call or
 * redact_free. Nothing is refused: what cannot be understood is replaced word by
 * word. Linear in the texts. False: out of memory; out is untouched. */
MUST_USE bool redact_case(struct redact *r, const struct bytes in[REDACT_TEXTS], struct bytes out[REDACT_TEXTS]);
