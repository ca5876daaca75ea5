/* body_scan.h - what is odd about the bytes of a body while it streams: bare
 * line ends, NULs, and what SMTP smuggling leaves behind: a line with a lone dot
 * that some server would have taken for the end of the mail, and commands
 * behind it (RFC 5321 section 4.1.1.4; CVE-2023-51764, -51765, -51766). */
#pragma once
#include "mail/header.h"

enum body_break {
	BODY_BREAK_START, /* the body's first byte: an empty line stands before it */
	BODY_BREAK_CRLF,
	BODY_BREAK_LF,
	BODY_BREAK_CR,
};

struct body_scan { /* private */
	struct work *w;
	struct defects *defects;
	enum line_ends ends;
	struct bytes chunk;     /* that is looked at, */
	size_t at;              /* its offset in the message */
	bool nul_noted;         /* its first NUL is a defect already, or there is none */
	size_t line_at;         /* where the line began */
	enum body_break before; /* what ended the line before */
	bool cr;                /* the last byte was a CR: does an LF follow? */
	bool dot, nul, other;   /* what the line holds */
	unsigned suspect;       /* so many lines yet in which commands are looked for */
	uint8_t head[16];       /* how the line begins, where commands are looked for */
	size_t head_n;
};

/* Starts at a body's first byte, `body_at` of the message. Each kind of defect
 * is added to `defects` once, at its first place. */
void body_scan_begin(struct body_scan *s, struct work *w, struct defects *defects, enum line_ends ends,
                     size_t body_at);
/* The next bytes; cut anywhere. */
void body_scan_update(struct body_scan *s, struct bytes chunk);
void body_scan_end(struct body_scan *s);
