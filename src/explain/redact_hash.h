/* redact_hash.h - replacements by keyed hash (HMAC-SHA-256, RFC 2104): the same bytes, the same
 * kind and the same key give the same replacement. For redact.h. */
#pragma once
#include "base/ip.h"

struct digest;

struct redact_hash {
	struct digest *inner, *outer; /* the two halves of HMAC, the key already in them */
	bool failed;                  /* memory ended: what came since is no replacement */
};

/* What is replaced: equal bytes of two kinds have nothing to do with each other. */
enum redact_kind {
	REDACT_WORD = 'w', REDACT_LOCAL = 'l', REDACT_DOMAIN = 'd', REDACT_LABEL = 's', REDACT_TOKEN = 't',
	REDACT_DIGITS = 'n', REDACT_HOST = 'h',
};

/* False: out of memory. The key is not kept. */
MUST_USE bool redact_hash_begin(struct redact_hash *h, struct bytes key);
void redact_hash_end(struct redact_hash *h);

/* n bytes that belong to the text. */
void redact_hash_fill(struct redact_hash *h, enum redact_kind kind, struct bytes text, uint8_t *to, size_t n);

#define REDACT_LETTERS_MAX 24u

/* A word that can be spoken, of n letters (at most REDACT_LETTERS_MAX): a consonant, then a vowel out
 * of "aeio", and so on. Not one that is in the vocabulary (redact_vocabulary.h). */
void redact_hash_word(struct redact_hash *h, enum redact_kind kind, struct bytes text, size_t n, char *to);

/* The text with each letter and digit replaced by one of its class: digits 2 to 9, letters that
 * wallets of Bitcoin have, of hexadecimal text the letters a to f. What a long one begins with so that one
 * sees what it is ("bc1", "0x", "1") stays. to has text.n bytes. */
void redact_hash_token(struct redact_hash *h, enum redact_kind kind, struct bytes text, uint8_t *to);

/* The address with what lies behind its first 16 bits (IPv6: 32) replaced, so that two addresses share
 * as many leading bits as before. Private and local ones stay. */
struct ip redact_hash_ip(struct redact_hash *h, struct ip ip);
