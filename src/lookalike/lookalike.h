/* lookalike.h - names that imitate others (Unicode TR 39, TR 36), by ICU: domains and display names
 * against those of the owner, and names whose letters are not what they seem.
 * Pure. Only src/lookalike includes ICU. */
#pragma once
#include "base/dname.h"

enum lookalike_kind {
	LOOKALIKE_DOMAIN,        /* a domain that can be taken for one of ours: other letters, a letter more, less or swapped */
	LOOKALIKE_DOMAIN_INSIDE, /* our domain stands inside it: example.org.evil.example, example-org.example */
	LOOKALIKE_NAME,          /* the display name is, or imitates, a name or domain of ours */
	LOOKALIKE_NAME_ADDRESS,  /* the display name shows an address that is not the sender's */
	LOOKALIKE_MIXED_SCRIPT,  /* letters of several scripts in one name */
	LOOKALIKE_BIDI,          /* characters that turn the direction of text */
	LOOKALIKE_INVISIBLE,     /* characters that cannot be seen */
	LOOKALIKE_KINDS
};

struct lookalike {
	enum lookalike_kind kind;
	struct bytes where;      /* static: "From", "Reply-To", "Sender", "display name" */
	struct bytes shown;      /* the name as it appears, UTF-8, not escaped */
	struct bytes imitates;   /* ours that it imitates; for LOOKALIKE_NAME_ADDRESS the address that the name
	                          * shows, whoever it belongs to; empty for the last three kinds */
};

/* One name that a mail shows. */
struct lookalike_shown {
	const char *where;
	struct bytes display_name; /* decoded to UTF-8 */
	struct bytes address;      /* local@domain, ASCII or UTF-8; may be empty */
	struct dname domain;
};

struct lookalike_ours {
	const struct dname *domains;  /* of the owner's addresses, and others named */
	size_t n_domains;
	const struct bytes *addresses;
	size_t n_addresses;
	const struct bytes *names;    /* of people and firms: "Alice Example" */
	size_t n_names;
};

/* Made once a program, then only read, by any number of threads. NULL: out of memory, or ICU has no data. */
struct lookalike_tables;
MUST_USE struct lookalike_tables *lookalike_start(void);
void lookalike_stop(struct lookalike_tables *t); /* NULL does nothing */

/* Every way in which the names shown imitate ours. A name of ours itself is no imitation, and neither
 * is a sub-domain of ours. *out is an arena array. False: out of memory. */
MUST_USE bool lookalike_find(const struct lookalike_tables *t, struct arena *a, const struct lookalike_ours *ours,
                             const struct lookalike_shown *shown, size_t n_shown, struct lookalike **out, size_t *n);

/* Are the two written alike though not equal, or does ours stand inside? Never of names below, above
 * or beside ours. For hosts of links too. False also when out of memory (arena_failed). */
bool lookalike_domains(const struct lookalike_tables *t, struct arena *a, struct dname shown, struct dname ours);
/* Does the text hold letters of several scripts in one word, or invisible or direction-turning characters
 * where no honest writer has them? *kind is the worst; labels of a host are given as Unicode (idn_to_unicode).
 * Soft hyphens and joiners are odd in a name, but newsletters fill their first lines with them. Linear. */
bool lookalike_odd(const struct lookalike_tables *t, struct bytes text, enum lookalike_kind *kind);

/* What the word looks like: words that a reader takes for each other give the same bytes. Not to be shown.
 * Only its first 256 bytes count. { NULL, 0 }: out of memory. */
struct bytes lookalike_looks(const struct lookalike_tables *t, struct arena *a, struct bytes word);

const char *lookalike_kind_name(enum lookalike_kind k); /* "domain", "domain_inside", "name", ... */
