/* dkim_relaxed.h - relaxed canonicalization of many bytes at once (RFC 6376 section 3.4.2, 3.4.4). It
 * changes few of them, so finding those is most of the work; here it is done with wide loads. What
 * cannot be decided by looking two bytes ahead (line ends at the end of a body) is not done here. */
#pragma once
#include "base/bytes.h"

/* In the value of a field: the offset, at or after `at`, of the first byte that may not stay as it is:
 * a control byte, or a space with another space, a control byte or the end behind it. b.n when there is
 * none. at <= b.n. */
size_t dkim_relaxed_same_value(struct bytes b, size_t at);

/* pack writes up to so many bytes more than it says it wrote. */
#define DKIM_RELAXED_SLACK 64u

/* For bodies, in CRLF lines. Of the white space before a byte that is none, the last becomes one SP; all
 * white space before a CRLF goes; everything else stays. */
struct dkim_relaxed {
	const char *name;
	/* How many of the n bytes at p stay as they are, from the front. p[n] is read, too. */
	size_t (*same)(const uint8_t *p, size_t n);
	/* Writes what becomes of the n bytes at p; returns how many bytes that is. p[n] and p[n + 1] are
	 * read, too; `to` has room for n + DKIM_RELAXED_SLACK. */
	size_t (*pack)(const uint8_t *p, size_t n, uint8_t *to);
};

/* The i-th way of doing it that this processor knows, the fastest first; NULL: there are no more. All do
 * the same. Way 0 is always there. */
const struct dkim_relaxed *dkim_relaxed_way(size_t i);

/* The ways that are made for one kind of processor: dkim_relaxed_x86.c, dkim_relaxed_other.c. NULL: none. */
const struct dkim_relaxed *dkim_relaxed_special(size_t i);
