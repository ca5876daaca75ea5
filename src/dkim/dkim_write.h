/* dkim_write.h - writing a field made of tags: DKIM-Signature, ARC-Seal,
 * ARC-Message-Signature. Folded so that no line is over 78 columns where the
 * format lets it be folded (RFC 5322 section 2.1.1). */
#pragma once
#include "base/buf.h"
#include "crypto/pubkey.h"
#include "mail/header.h"

#define DKIM_WRITE_COLUMNS 78u

/* Where each line is folded never depends on what stands in b=: a signature
 * over the field with b= empty (RFC 6376 section 3.7) still holds when b= is
 * filled in, also for "simple" if b= is the last tag. */
struct dkim_writer {
	struct buf *to;
	size_t columns;   /* of a line: 78. SIZE_MAX, set after dkim_write_begin: no folds */
	size_t column;
	bool tags;        /* one was written */
	size_t b_at, b_n; /* where in `to` the value of b= is, folds included */
};

/* "Name:". What `to` holds already is left alone. */
void dkim_write_begin(struct dkim_writer *x, struct buf *to, const char *field);
/* One tag whose value is never folded. */
void dkim_write_tag(struct dkim_writer *x, const char *name, struct bytes value);
void dkim_write_number(struct dkim_writer *x, const char *name, uint64_t value);
/* a= for a key of that type: with SHA-256. */
void dkim_write_algorithm(struct dkim_writer *x, enum crypto_type key);
/* A list joined with ":", folded between its items only where it is longer than a line. */
void dkim_write_list(struct dkim_writer *x, const char *name, const struct bytes *items, size_t n);
/* b=, folded wherever a line ends. Empty: it begins where it would anyway. */
void dkim_write_b(struct dkim_writer *x, struct bytes base64);
/* The last CRLF. */
void dkim_write_end(struct dkim_writer *x);

/* What was written as a field of a header: slices of `text`, which is a whole field. */
struct field dkim_write_field(struct bytes text);
