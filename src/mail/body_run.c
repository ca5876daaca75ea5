/* body_run.c - see body_run.h. The way that every processor knows: 16 bytes a step. */
#include "mail/body_run.h"

#include "base/lanes.h"

static size_t find_lanes(const uint8_t *p, size_t n, enum line_ends ends)
{
	const lanes lf_alone = (lanes){ 0 } + (uint8_t)(ends == LINES_CRLF ? 0xff : 0);
	const uint8_t *before = p - 1;
	size_t at = 0;

	for (; n - at >= LANES; at += LANES) {
		lanes here = lanes_load(p + at), last = lanes_load(before + at);
		lanes lf = (lanes)(here == '\n'), behind_cr = (lanes)(last == '\r');
		lanes dot = (lanes)((here == '.') & (last == '\n'));
		unsigned odd = lanes_mask((lanes)(here == 0) | dot | (behind_cr & ~lf) | (lf & ~behind_cr & lf_alone));
		if (odd)
			return at + (unsigned)__builtin_ctz(odd);
	}
	for (; at < n; at++) {
		bool lf = p[at] == '\n', behind_cr = before[at] == '\r';
		if (p[at] == 0 || (p[at] == '.' && before[at] == '\n') || (behind_cr && !lf) ||
		    (lf && !behind_cr && ends == LINES_CRLF))
			break;
	}
	return at;
}

const struct body_run_way *body_run_way(size_t i)
{
	static const struct body_run_way lanes_way = { "lanes", find_lanes };
	const struct body_run_way *special = body_run_special(i);

	if (special)
		return special;
	return i == 0 || body_run_special(i - 1) ? &lanes_way : NULL;
}

size_t body_run(const uint8_t *p, size_t n, enum line_ends ends)
{
	size_t run = body_run_way(0)->find(p, n, ends);

	return run - (run > 0 && p[run - 1] == '\r');
}
