/* redact_word.h - what words and tokens become. For redact.h. */
#pragma once
#include "explain/redact_state.h"

/* Notes the words of phrases by which threats and demands are known: they stay. */
void redact_word_begin(struct redact *r);

/* The end of the word that begins at text[at], in any script, with characters in it that cannot be seen; `at`
 * itself where none begins. At most about 1000 bytes on. */
size_t redact_word_end(struct bytes text, size_t at);

/* One word; it keeps its length, its capitals, and what is odd about it (lookalike_odd). */
void redact_word(struct redact *r, struct bytes word, struct buf *out);

/* All letters and digits of a token, each by one of its class. */
void redact_token(struct redact *r, struct bytes token, struct buf *out);
