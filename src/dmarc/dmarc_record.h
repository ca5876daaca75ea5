/* dmarc_record.h - the policy record at _dmarc.<domain> (RFC 9989 sections 4.7
 * and 4.8). Text in, fields out. What is broken in an optional tag falls back
 * to its default and is noted with its offset, for those who audit a domain. */
#pragma once
#include "dmarc/dmarc.h"
#include "dmarc/dmarc_uri.h"

#define DMARC_URIS_MAX 10u  /* a tag; more are noted and dropped: real records have one to three */
#define DMARC_NOTES_MAX 8u  /* more are counted only */

enum dmarc_psd { DMARC_PSD_UNSAID, DMARC_PSD_YES, DMARC_PSD_NO };

enum { /* fo=, a set */
	DMARC_FO_ALL = 1,  /* "0": report when nothing gave an aligned pass; the default */
	DMARC_FO_ANY = 2,  /* "1": report when anything did not give one */
	DMARC_FO_DKIM = 4, /* "d" */
	DMARC_FO_SPF = 8,  /* "s" */
};

struct dmarc_uris {
	size_t n;
	struct dmarc_uri v[DMARC_URIS_MAX]; /* the valid ones, in order */
};

struct dmarc_record {
	struct bytes text;            /* as published, all strings joined */
	/* What holds after section 4.10.1; ABSENT: the tag is not there. */
	enum dmarc_policy p, sp, np;
	bool usable;                  /* false: p is missing, or p, sp or np is broken, and there is no valid
	                               * rua: no DMARC processing. p, sp and np are then ABSENT */
	bool assumed_none;            /* the same with a valid rua: p is none because the RFC says so */
	enum dmarc_psd psd;
	bool testing;                 /* t=y */
	bool strict_spf, strict_dkim; /* aspf=s, adkim=s */
	unsigned fo;                  /* DMARC_FO_*; the default where there is no ruf= */
	struct dmarc_uris rua, ruf;
	size_t note_n;                /* all; the first DMARC_NOTES_MAX are kept, in order of finding */
	struct parse_err notes[DMARC_NOTES_MAX];
};

/* Does the text begin with the version tag, so that it is a policy record? Other TXT records at
 * the name are not looked at (section 4.10 step 2). "v" in any case, "DMARC1" exactly. */
bool dmarc_record_is(struct bytes txt);

/* Reads a policy record; slices in *out point into txt. False, with *out untouched, when it is none
 * (dmarc_record_is). `scratch` serves for checking addresses and keeps nothing of *out; when it
 * runs out of memory, addresses may be missing, and arena_failed(scratch) says so. */
MUST_USE bool dmarc_record_parse(struct arena *scratch, struct bytes txt, struct dmarc_record *out,
                                 struct parse_err *err);

/* The policy records of one answer. */
struct dmarc_found {
	size_t n;                          /* how many there are; the set counts as empty unless it is 1 */
	const struct dmarc_record *record; /* where n is 1, else NULL */
};

/* Read once for all messages and threads: the record hangs on the answer and lives as long. Where
 * another check was first to hang something there, it is read into the arena of w instead.
 * False: out of memory. */
MUST_USE bool dmarc_record_of_answer(struct work *w, const struct dns_answer *answer,
                                     struct dmarc_found *out);
