/* dkim_body_twin.h - a plain twin of dkim_body.c for tests and fuzzing: the rules as
 * RFC 6376 section 3.4.3 and 3.4.4 say them, one line after the other. */
#pragma once
#include "base/buf.h"
#include "dkim/dkim_body.h"

static inline struct bytes crlf_twin(struct arena *a, struct bytes body, enum line_ends ends)
{
	uint8_t *to = arena_alloc(a, body.n * 2 + 1);
	size_t n = 0;

	for (size_t i = 0; i < body.n; i++) {
		if (ends == LINES_LF && body.p[i] == '\n' && !(i > 0 && body.p[i - 1] == '\r'))
			to[n++] = '\r';
		to[n++] = body.p[i];
	}
	return (struct bytes){ to, n };
}

static inline void line_twin(struct buf *out, struct bytes line, enum dkim_canon canon)
{
	bool space = false;

	for (size_t i = 0; i < line.n; i++) {
		bool wsp = line.p[i] == ' ' || line.p[i] == '\t';
		if (canon == DKIM_RELAXED && wsp) {
			space = true;
			continue;
		}
		if (space)
			buf_add_byte(out, ' ');
		space = false;
		buf_add_byte(out, line.p[i]);
	}
}

/* The canonical body; the caller frees it. */
static inline struct buf body_twin(struct arena *a, struct bytes raw, enum dkim_canon canon,
                                   enum line_ends ends)
{
	struct bytes body = crlf_twin(a, raw, ends);
	struct buf out;

	buf_init(&out, 1 << 24);
	while (body.n) {
		size_t end = bytes_search(body, B("\r\n"));
		line_twin(&out, bytes_sub(body, 0, end), canon);
		buf_adds(&out, "\r\n"); /* also where the last line has none */
		body = bytes_from(body, end + 2);
	}
	while (out.n >= 4 && memcmp(out.p + out.n - 4, "\r\n\r\n", 4) == 0)
		out.n -= 2;
	if (out.n == 2 && memcmp(out.p, "\r\n", 2) == 0)
		out.n = 0;
	if (out.n == 0 && canon == DKIM_SIMPLE)
		buf_adds(&out, "\r\n");
	return out;
}
