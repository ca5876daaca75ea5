/* header.c - see header.h
 *
 * One way for all: find where the header ends (byte by byte as it streams),
 * keep its text up to the cap, then cut the kept text into fields. */
#include "mail/header.h"

#include "base/ascii.h"
#include "base/lanes.h"
#include "mail/header_scan.h"

const struct field_row field_rows[FIELD_IDS] = {
#define X(id, name, once) [FIELD_##id] = { name, once },
	FIELD_TABLE(X)
#undef X
};

/* In whole lanes, with 0 behind the last one. */
static const uint8_t name_lengths[(FIELD_IDS + LANES - 1) / LANES * LANES] = {
#define X(id, name, once) [FIELD_##id] = sizeof(name) - 1,
	FIELD_TABLE(X)
#undef X
};

enum field_id field_id_of(struct bytes name)
{
	if (name.n == 0 || name.n > UINT8_MAX)
		return FIELD_OTHER;
	for (size_t at = 0; at < sizeof(name_lengths); at += LANES) {
		lanes lengths = lanes_load(name_lengths + at);
		for (unsigned same = lanes_mask((lanes)(lengths == (uint8_t)name.n)); same; same &= same - 1) {
			size_t id = at + (unsigned)__builtin_ctz(same);
			struct bytes known = { (const uint8_t *)field_rows[id].name, name.n };
			if ((name.p[0] | 0x20) == (known.p[0] | 0x20) && bytes_isame(name, known))
				return (enum field_id)id;
		}
	}
	return FIELD_OTHER;
}

const struct field *header_find(const struct header *h, enum field_id id, size_t from)
{
	for (size_t i = from; i < h->n; i++)
		if (h->fields[i].id == id)
			return &h->fields[i];
	return NULL;
}

size_t header_count(const struct header *h, enum field_id id)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++)
		n += h->fields[i].id == id;
	return n;
}

/* --- one field ------------------------------------------------------------ */

/* ftext of RFC 5322 section 3.6.8 */
static bool is_name_byte(uint8_t c)
{
	return ascii_is_vchar(c) && c != ':';
}

/* How many bytes at the front are a field's name. */
static size_t name_length(struct bytes raw)
{
	size_t at = 0;

	for (; raw.n - at >= LANES; at += LANES) {
		lanes v = lanes_load(raw.p + at);
		unsigned other = lanes_mask((lanes)(((lanes)(v - 0x21) > 0x7e - 0x21) | (v == ':')));
		if (other)
			return at + (unsigned)__builtin_ctz(other);
	}
	while (at < raw.n && is_name_byte(raw.p[at]))
		at++;
	return at;
}

struct shape {
	size_t name;   /* its length */
	size_t colon;  /* its offset */
	bool folded;   /* a line break stands between them */
};

/* Is the block a field? Blanks and folds may stand before the colon (RFC 5322
 * section 4.5); bare CRs and LFs are no folds. */
static bool find_shape(const struct header *h, struct bytes raw, struct shape *out)
{
	struct shape s = { 0 };
	size_t at = name_length(raw), end;

	s.name = at;
	for (; at < raw.n && raw.p[at] != ':'; at += end ? end : 1) {
		end = header_scan_line_end(h, raw, at);
		if (!end && !ascii_is_wsp(raw.p[at]))
			return false;
		s.folded |= end > 0;
	}
	s.colon = at;
	if (s.name == 0 || at >= raw.n)
		return false;
	*out = s;
	return true;
}

static size_t length_without_line_end(const struct header *h, struct bytes raw)
{
	if (raw.n >= 2 && header_scan_line_end(h, raw, raw.n - 2) == 2)
		return raw.n - 2;
	return raw.n && header_scan_line_end(h, raw, raw.n - 1) ? raw.n - 1 : raw.n;
}

static void add_field(struct work *w, struct header *h, struct bytes raw, struct shape s, size_t offset)
{
	size_t end = length_without_line_end(h, raw);
	struct field f = {
		.raw = raw,
		.name = bytes_sub(raw, 0, s.name),
		.value = bytes_sub(raw, s.colon + 1, end - s.colon - 1),
		.offset = offset,
		.id = field_id_of(bytes_sub(raw, 0, s.name)),
	};

	if (s.folded)
		header_scan_note(w, h, DEFECT_FOLD_BEFORE_COLON, offset + s.name);
	else if (s.colon > s.name)
		header_scan_note(w, h, DEFECT_SPACE_BEFORE_COLON, offset + s.name);
	if (f.id == FIELD_FROM && (s.folded || h->ended_for_some))
		defects_add(w, &h->defects, DEFECT_HIDDEN_FROM, offset);
	(void)!ARENA_PUSH(w->arena, h->fields, h->n, h->cap, &f); /* arena_failed tells the driver */
}

/* A block: a line with its continuations, a field or not. False: the header is full. */
static bool add_block(struct work *w, struct header *h, struct bytes raw, size_t offset)
{
	struct shape s;

	if (h->n >= work_limit(w, LIMIT_HEADER_FIELDS)) {
		work_reached(w, LIMIT_HEADER_FIELDS);
		header_scan_note(w, h, DEFECT_TOO_MANY_FIELDS, offset);
		return false;
	}
	if (find_shape(h, raw, &s)) {
		add_field(w, h, raw, s, offset);
	} else {
		size_t at = 0;
		while (at < raw.n && ascii_is_wsp(raw.p[at]))
			at++;
		enum defect_kind kind = at && !h->n ? DEFECT_LEADING_SPACE : DEFECT_NOT_A_FIELD;
		header_scan_note(w, h, kind, offset);
		header_scan_from(w, h, raw, at, offset);
	}
	header_scan_bytes(w, h, raw, offset);
	return true;
}

/* --- the kept text into fields -------------------------------------------- */

enum { MBOX_LETTERS = 5, MBOX_NO, MBOX_YES }; /* below: so many bytes of "From " have come */

/* Offset behind the line that begins at or goes on at `at`. */
static size_t line_behind(const struct header *h, struct bytes t, size_t at)
{
	for (; (at = bytes_find(t, '\n', at)) < t.n; at++)
		if (h->ends == LINES_LF || (at && t.p[at - 1] == '\r'))
			return at + 1;
	return t.n;
}

static size_t block_behind(const struct header *h, struct bytes t, size_t at)
{
	do
		at = line_behind(h, t, at);
	while (at < t.n && ascii_is_wsp(t.p[at]));
	return at;
}

static void cut_into_fields(struct work *w, struct header *h)
{
	struct bytes t = h->seen;
	size_t at = 0, end;

	if (h->mbox == MBOX_YES) {
		header_scan_note(w, h, DEFECT_MBOX_FROM_LINE, 0);
		at = bytes_find(t, '\n', 0) + 1;
	}
	for (; at < t.n && !header_scan_line_end(h, t, at); at = end) {
		end = block_behind(h, t, at);
		if (end == t.n && h->cut)
			break; /* only a part of it was kept */
		if (!add_block(w, h, bytes_sub(t, at, end - at), at))
			return;
	}
	if (h->ends == LINES_LF && header_scan_line_end(h, t, at) == 2)
		header_scan_note(w, h, DEFECT_MIXED_LINE_ENDS, at);
}

static void find_duplicates(struct work *w, struct header *h)
{
	uint8_t times[FIELD_IDS] = { 0 };

	for (size_t i = 0; i < h->n; i++) {
		enum field_id id = h->fields[i].id;
		if (!field_rows[id].once || times[id] == 2 || ++times[id] < 2)
			continue;
		defects_add(w, &h->defects, id == FIELD_FROM ? DEFECT_SEVERAL_FROM : DEFECT_DUPLICATE_FIELD,
		            h->fields[i].offset);
	}
}

static void finish(struct work *w, struct header *h)
{
	if (!h->complete && !h->added)
		defects_add(w, &h->defects, DEFECT_HEADER_NOT_ENDED, h->bytes);
	if (!h->complete)
		h->body_at = h->bytes;
	h->complete = true;
	if (!h->added)
		cut_into_fields(w, h);
	if (h->cut)
		header_scan_note(w, h, DEFECT_HEADER_TOO_LARGE, h->seen.n);
	if (h->n == 0)
		defects_add(w, &h->defects, DEFECT_NO_HEADER, 0);
	find_duplicates(w, h);
}

/* --- where the header ends ------------------------------------------------ */

/* "From " and more is an mbox line, unless only blanks and a colon follow: then
 * it is a field with an obsolete space. */
static void look_for_mbox_line(struct header *h, struct bytes chunk)
{
	for (size_t i = 0; i < chunk.n && h->mbox < MBOX_NO; i++) {
		uint8_t c = chunk.p[i];
		if (h->mbox < MBOX_LETTERS)
			h->mbox = c == (uint8_t)"From "[h->mbox] ? h->mbox + 1 : MBOX_NO;
		else if (c == ':' || c == '\r' || c == '\n')
			h->mbox = MBOX_NO;
		else if (!ascii_is_wsp(c))
			h->mbox = MBOX_YES;
	}
}

/* Takes the next bytes of a message; returns how many of them are header. The
 * state lives in h, so any cut into chunks finds the same end. */
static size_t find_end(struct header *h, struct bytes chunk)
{
	look_for_mbox_line(h, chunk);
	for (size_t at = 0; (at = bytes_find(chunk, '\n', at)) < chunk.n; at++) {
		bool cr = (at ? chunk.p[at - 1] : h->last) == '\r';
		size_t here = h->bytes + at;
		bool mbox_line = h->mbox == MBOX_YES && h->line_at == 0;

		if (!mbox_line && !h->ends_known) {
			h->ends = cr ? LINES_CRLF : LINES_LF;
			h->ends_known = true;
		}
		if (h->ends == LINES_CRLF && !cr && !mbox_line)
			continue;
		if (here == h->line_at + cr) {
			h->complete = true;
			h->body_at = here + 1;
			return at + 1;
		}
		h->line_at = here + 1;
	}
	return chunk.n;
}

void header_index(struct work *w, struct header *h, struct bytes message)
{
	*h = (struct header){ 0 };
	h->bytes = find_end(h, message);
	h->seen = bytes_sub(message, 0, h->bytes);
	if (h->seen.n > work_limit(w, LIMIT_HEADER_BYTES)) {
		work_reached(w, LIMIT_HEADER_BYTES);
		h->seen.n = work_limit(w, LIMIT_HEADER_BYTES);
		h->cut = true;
	}
	finish(w, h);
}

/* Appends to the kept text as far as the cap allows. */
static void keep(struct work *w, struct header *h, struct bytes more)
{
	size_t room = work_limit(w, LIMIT_HEADER_BYTES) - h->seen.n;

	if (h->cut)
		return;
	if (more.n > room) {
		work_reached(w, LIMIT_HEADER_BYTES);
		h->cut = true;
		more.n = room;
	}
	size_t need = h->seen.n + more.n;
	if (need > h->seen_cap) {
		size_t size = h->complete ? need : need < 4096 ? 4096 : need * 2;
		uint8_t *grown = arena_array(w->arena, uint8_t, size);
		if (!grown) {
			h->cut = true;
			return;
		}
		if (h->seen.n)
			memcpy(grown, h->seen.p, h->seen.n);
		h->seen.p = grown;
		h->seen_cap = size;
	}
	/* the arena's own memory: only the slice is const */
	if (more.n)
		memcpy((uint8_t *)(uintptr_t)h->seen.p + h->seen.n, more.p, more.n);
	h->seen.n = need;
}

size_t header_feed(struct work *w, struct header *h, struct bytes chunk)
{
	if (h->complete || chunk.n == 0)
		return 0;
	size_t n = find_end(h, chunk);
	keep(w, h, bytes_sub(chunk, 0, n));
	h->bytes += n;
	h->last = chunk.p[n - 1];
	if (h->complete)
		finish(w, h);
	return n;
}

void header_end(struct work *w, struct header *h)
{
	if (!h->complete)
		finish(w, h);
}

/* --- fields one by one ---------------------------------------------------- */

/* Writes value with CRLF at its folds to `to` (room for 2 * value.n). A lone LF
 * that no blank follows is no fold: it stays, and is found as a bare LF. */
static size_t copy_value(uint8_t *to, struct bytes value)
{
	size_t n = 0, at = 0, end;

	for (; (end = bytes_find(value, '\n', at)) < value.n; at = end + 1) {
		bool cr = end && value.p[end - 1] == '\r';
		bool fold = end + 1 < value.n && ascii_is_wsp(value.p[end + 1]);
		memcpy(to + n, value.p + at, end - at);
		n += end - at;
		if (!cr && fold)
			to[n++] = '\r';
		to[n++] = '\n';
	}
	if (at < value.n)
		memcpy(to + n, value.p + at, value.n - at);
	return n + value.n - at;
}

void header_add(struct work *w, struct header *h, struct bytes name, struct bytes value)
{
	size_t cap = work_limit(w, LIMIT_HEADER_BYTES), n = 0;
	uint8_t *raw = NULL;

	h->added = true;
	if (h->complete || h->cut)
		return;
	if (h->bytes > cap || name.n > cap || value.n > cap || name.n + value.n + 3 > cap - h->bytes) {
		work_reached(w, LIMIT_HEADER_BYTES);
		h->cut = true;
	} else {
		raw = arena_array(w->arena, uint8_t, name.n + 2 * value.n + 3);
		h->cut = !raw;
	}
	if (h->cut) {
		header_scan_note(w, h, DEFECT_HEADER_TOO_LARGE, h->bytes);
		return;
	}
	if (name.n)
		memcpy(raw, name.p, name.n);
	n = name.n;
	raw[n++] = ':';
	n += copy_value(raw + n, value);
	raw[n++] = '\r';
	raw[n++] = '\n';
	add_block(w, h, (struct bytes){ raw, n }, h->bytes);
	h->bytes += n;
}

struct bytes field_unfold(struct arena *a, struct bytes value)
{
	struct bytes v = bytes_trim(value);
	size_t n = 0, at = 0, end;

	if (!bytes_has(v, '\n'))
		return v;
	uint8_t *to = arena_array(a, uint8_t, v.n);
	if (!to)
		return (struct bytes){ NULL, 0 };
	for (; (end = bytes_find(v, '\n', at)) < v.n; at = end + 1) {
		bool fold = ascii_is_wsp(v.p[end + 1]); /* v is trimmed: an LF is never its last byte */
		size_t stop = !fold ? end + 1 : end > at && v.p[end - 1] == '\r' ? end - 1 : end;
		memcpy(to + n, v.p + at, stop - at);
		n += stop - at;
	}
	memcpy(to + n, v.p + at, v.n - at);
	return (struct bytes){ to, n + v.n - at };
}
