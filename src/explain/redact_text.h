/* redact_text.h - texts, read from front to back: addresses, links, names of hosts, numbers and
 * words are found and replaced, all other bytes stay. For redact.h. */
#pragma once
#include "explain/redact_state.h"

enum {
	REDACT_NOTE = 1,      /* replace nothing: note whose domains and names occur */
	REDACT_PROSE = 2,     /* written by people: words and numbers are replaced as well */
	REDACT_ENCODED = 4,   /* encoded words (RFC 2047) may stand in it */
	REDACT_OWNER = 8,     /* with REDACT_NOTE: the addresses are the owner's */
	REDACT_NAMES = 16,    /* with REDACT_NOTE: words outside of addresses are names of people */
	REDACT_IDS = 32,      /* Message-IDs: no address, whatever they look like */
	REDACT_ENTITIES = 64, /* "&amp;" of HTML stays */
	REDACT_TRACE = 128,   /* names of computers behind "from", log-ins behind "user=" */
};

/* out is not touched with REDACT_NOTE. Linear in the text. */
void redact_text(struct redact *r, struct bytes text, unsigned flags, struct buf *out);

/* The name of a file: what says of what kind it is stays. */
void redact_text_file(struct redact *r, struct bytes name, struct buf *out);
