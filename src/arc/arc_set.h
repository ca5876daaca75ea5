/* arc_set.h - the ARC fields of a header, read and put into sets (RFC 8617
 * section 4, and steps 1 to 3 of section 5.2). No DNS, no hashing. */
#pragma once
#include "dkim/dkim_sig.h"

enum arc_cv { ARC_CV_UNKNOWN, ARC_CV_NONE, ARC_CV_PASS, ARC_CV_FAIL };

/* An ARC-Message-Signature or an ARC-Seal. */
struct arc_sig {
	struct dkim_sig *sig;        /* NULL: the set has none */
	const char *bad;             /* static: why it can never verify; NULL: it can be tried */
	bool no_canon;               /* of a message signature: there is no c= */
	enum arc_cv cv;              /* of a seal */
};

struct arc_set {
	unsigned instance;
	const struct field *results; /* the ARC-Authentication-Results */
	struct bytes authres;        /* its value behind "i=N;", without white space around it */
	struct arc_sig message, seal;
};

struct arc_sets {
	struct arc_set *list;        /* instances 1 to n without a gap */
	size_t n;                    /* 0 where the structure is broken */
	bool any;                    /* there is an ARC field */
	unsigned highest;            /* the highest i= that could be read; 0: none */
	unsigned newest_seal;        /* the highest i= of a seal */
	bool ended;                  /* no set may be added: that one says cv=fail, or there are
	                              * more fields than a whole chain has */
	const char *broken;          /* static: what is wrong with the structure; NULL: it holds */
	unsigned broken_instance;    /* 0: the chain as a whole */
};

/* Reads all sets. A header without any ARC field is not broken. False: out of memory. */
MUST_USE bool arc_sets_read(struct work *w, const struct header *h, struct arc_sets *out);

/* Puts the canonical form of a whole set, as the seals above it sign it: always relaxed, in the
 * order of RFC 8617 section 5.1.1. `ends` as in dkim_canon_field. */
void arc_set_canon(struct dkim_sink *sink, enum line_ends ends, const struct arc_set *set);

/* The instance at the front of an ARC-Authentication-Results value, "i=N;" with comments and
 * white space anywhere; *rest is what follows it. False: it is not there, or not 1 to 99. */
MUST_USE bool arc_instance_of(struct bytes value, unsigned *instance, struct bytes *rest);
