/* spf_record.h - an SPF record as a program (RFC 7208 sections 4.6, 5 and 6):
 * read once, checked as a whole, never changed, shared by threads. */
#pragma once
#include "base/parse_err.h"
#include "spf/spf_macro.h"

enum spf_kind {
	SPF_TERM_ALL, SPF_TERM_INCLUDE, SPF_TERM_A, SPF_TERM_MX, SPF_TERM_PTR, SPF_TERM_IP4,
	SPF_TERM_IP6, SPF_TERM_EXISTS, SPF_TERM_REDIRECT, SPF_TERM_EXP,
	SPF_TERM_KINDS
};

/* A domain-spec (section 7.1). Without a macro it is a name already. */
struct spf_spec {
	const struct spf_piece *pieces; /* NULL: not given, or a plain name */
	struct dname name;              /* the plain name; none: no such name can exist in DNS */
	uint16_t n;                     /* of pieces */
	bool given;
	bool uses_p;                    /* needs %{p} */
};

struct spf_term {
	uint8_t kind;       /* enum spf_kind */
	uint8_t outcome;    /* of the qualifier: enum spf_outcome */
	uint8_t bits4, bits6; /* of a, mx: networks around the addresses; 32 and 128 unless given */
	uint16_t at, n;     /* where it stands in the record, qualifier included */
	union {
		struct spf_spec spec; /* all kinds but: */
		struct ip_net net;    /* ip4, ip6 */
	};
};

struct spf_record {
	struct bytes text;              /* as published; borrowed */
	const struct spf_term *terms;   /* mechanisms in their order */
	size_t n;
	const struct spf_term *redirect, *exp; /* NULL: not there */
	size_t bytes;                   /* memory of all this, text not counted */
};

#define SPF_RECORD_MAX 65535u /* offsets are 16 bits; a TXT record has no more */

/* Is text an SPF record (section 4.5): "v=spf1", alone or followed by a space? */
bool spf_record_is(struct bytes text);
/* Reads a record for which spf_record_is holds. One block of the heap, to be
 * given to spf_record_free; it borrows text. NULL: an error anywhere in the record
 * (a permerror: section 4.6), or, with err->what NULL, out of memory. */
MUST_USE struct spf_record *spf_record_parse(struct bytes text, struct parse_err *err);
void spf_record_free(struct spf_record *r); /* NULL does nothing */

/* The term as written. */
static inline struct bytes spf_term_text(const struct spf_record *r, const struct spf_term *t)
{
	return bytes_sub(r->text, t->at, t->n);
}
/* Does a term of this kind count towards the ten of section 4.6.4? */
bool spf_kind_counts(enum spf_kind kind);
