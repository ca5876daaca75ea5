/* dkim_sig.h - a DKIM-Signature field, read (RFC 6376 section 3.5, RFC 8301,
 * 8463, 8616), and what it signs of the header; also the two of ARC that are
 * written like it (RFC 8617 section 4.1.2, 4.1.3). No DNS. */
#pragma once
#include "base/dname.h"
#include "dkim/dkim.h"
#include "dkim/dkim_tags.h"

enum dkim_sig_kind {
	DKIM_SIG_DKIM = 1,
	DKIM_SIG_ARC_MESSAGE = 2, /* no v=; i= is another thing; h= may be empty and need not name From */
	DKIM_SIG_ARC_SEAL = 4,    /* of these only a=, b=, d=, s=, t= are read */
};

struct dkim_sig {
	const struct field *field;
	struct parse_err err;         /* what is wrong first, offset into field->value; what NULL: nothing */
	struct bytes err_about;       /* the tag that it is about, from its name on; may be empty */
	/* what can be read is filled in even where something else is wrong: */
	enum dkim_algorithm algorithm;/* a= */
	struct bytes signature;       /* b= decoded; in the arena */
	struct bytes b_start;         /* the first 8 characters of b= (RFC 6008); in the arena */
	struct bytes b_span;          /* where b= stands in the field, for dkim_canon_signature */
	struct bytes body_hash;       /* bh= decoded: DKIM_DIGEST bytes */
	enum dkim_canon header_canon, body_canon; /* c= */
	struct dname domain;          /* d=; none where it cannot be read */
	struct bytes selector;        /* s= as written */
	struct dname key_name;        /* <s>._domainkey.<d>; none without either */
	struct bytes names;           /* h= as written: dkim_tags_item takes it apart */
	struct bytes identity;        /* i= as written; empty: not there */
	bool identity_below;          /* its domain is below d= */
	uint64_t length;              /* l=; DKIM_BODY_ALL: not there */
	int64_t signed_at, expires;   /* t=, x=; -1: not there */
};

/* Reads a field. False: out of memory; what is wrong with the field is in out->err. */
MUST_USE bool dkim_sig_read(struct work *w, const struct field *f, struct dkim_sig *out);

/* The same for each kind; what the kind does not read is left to the caller: *tags has all tags as
 * slices of the field, none where it is no tag list. */
MUST_USE bool dkim_sig_read_as(struct work *w, enum dkim_sig_kind kind, const struct field *f,
                               struct dkim_tags *tags, struct dkim_sig *out);

/* Feeds a digest with the fields that h= names, then the signature field itself (section 3.7).
 * Takes from `fields`, which is restarted first: dkim_fields_count tells afterwards what is not
 * signed. */
void dkim_sig_hash(const struct dkim_sig *sig, struct dkim_fields *fields, struct digest *d);
