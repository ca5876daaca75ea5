/* dkim_body.c - see dkim_body.h
 *
 * Nearly all of a body is hashed as it stands, so the code looks for where it is not. Long runs between are
 * hashed where they lie; what lies close together is put together first (the stage). What cannot be decided
 * yet (is this line end the last one? does the line end after this space?) is held as counts, so chunks may
 * end anywhere. */
#include "dkim/dkim_body.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "dkim/dkim_relaxed.h"

#define STAGE 8192u      /* bytes that are joined before they are hashed */
#define HASH_BLOCK 64u   /* SHA-256 takes so many at a time: other pieces it would copy once more */
#define IN_PLACE 1024u   /* a run of so many bytes is hashed where it lies */
#define RUN (1u << 16)   /* bytes that are looked through before they are hashed: they are still near then */
#define PACK 2048u       /* bytes that are put together before another long run is looked for */
#define LF_BLOCK 4096u   /* bytes of LF lines that are turned into CRLF lines at a time */

struct want {
	enum dkim_canon canon;
	uint64_t length;
	uint8_t digest[DKIM_DIGEST];
	bool taken;
};

/* One canonicalization on its way: what came of the body so far, in canonical form. */
struct running {
	struct digest *digest;   /* NULL: nobody wants this canonicalization */
	uint64_t total;          /* bytes hashed */
	uint64_t next_snapshot;  /* the smallest length that is wanted and not yet taken */
	size_t staged;
	uint8_t *stage;          /* STAGE bytes, and what pack writes beyond; on the heap */
	/* held back, behind what is staged */
	uint64_t line_ends;      /* CRLFs: dropped if nothing follows */
	bool space;              /* relaxed: white space after them: dropped if the line ends here */
	bool cr;                 /* the last byte was a CR: perhaps half a line end */
};

struct dkim_bodies {
	struct arena *arena;
	enum line_ends ends;
	bool started, ended, failed, last_was_cr;
	const struct dkim_relaxed *way;
	struct want *wants;
	size_t n, cap;
	struct running running[2]; /* by enum dkim_canon */
};

struct dkim_bodies *dkim_bodies_new(struct work *w, enum line_ends ends)
{
	struct dkim_bodies *b = arena_one(w->arena, struct dkim_bodies);

	if (b) {
		b->arena = w->arena;
		b->ends = ends;
		b->way = dkim_relaxed_way(0);
	}
	return b;
}

void dkim_bodies_free(struct dkim_bodies *b)
{
	for (size_t i = 0; b && i < ARRAY_LEN(b->running); i++) {
		struct running *r = &b->running[i];
		digest_free(r->digest);
		mem_free(r->stage);
		r->digest = NULL;
		r->stage = NULL;
	}
}

int dkim_bodies_want(struct dkim_bodies *b, enum dkim_canon canon, uint64_t length)
{
	struct want want = { .canon = canon, .length = length };
	struct running *r = &b->running[canon];

	assert(!b->started);
	for (size_t i = 0; i < b->n; i++)
		if (b->wants[i].canon == canon && b->wants[i].length == length)
			return (int)i;
	if (!r->digest)
		r->digest = digest_new();
	if (!r->stage)
		r->stage = mem_alloc(STAGE + DKIM_RELAXED_SLACK);
	if (!r->digest || !r->stage)
		return -1;
	return ARENA_PUSH(b->arena, b->wants, b->n, b->cap, &want) ? (int)b->n - 1 : -1;
}

/* --- hashing, with a stop at each length that somebody wants --- */

static void find_next_snapshot(struct dkim_bodies *b, enum dkim_canon canon)
{
	uint64_t next = DKIM_BODY_ALL;

	for (size_t i = 0; i < b->n; i++)
		if (b->wants[i].canon == canon && !b->wants[i].taken && b->wants[i].length < next)
			next = b->wants[i].length;
	b->running[canon].next_snapshot = next;
}

static void take_snapshot(struct dkim_bodies *b, enum dkim_canon canon)
{
	struct running *r = &b->running[canon];

	for (size_t i = 0; i < b->n; i++) {
		struct want *want = &b->wants[i];
		if (want->canon != canon || want->length != r->next_snapshot)
			continue;
		want->taken = true;
		b->failed |= !digest_peek(r->digest, want->digest);
	}
	find_next_snapshot(b, canon);
}

static void hash(struct dkim_bodies *b, enum dkim_canon canon, struct bytes run)
{
	struct running *r = &b->running[canon];

	while (r->next_snapshot - r->total <= run.n) {
		size_t part = (size_t)(r->next_snapshot - r->total);
		b->failed |= !digest_update(r->digest, bytes_sub(run, 0, part));
		r->total += part;
		run = bytes_from(run, part);
		take_snapshot(b, canon);
	}
	b->failed |= !digest_update(r->digest, run);
	r->total += run.n;
}

/* Hashes what is staged, but for the part of a block at its end. */
static void flush(struct dkim_bodies *b, enum dkim_canon canon)
{
	struct running *r = &b->running[canon];
	size_t rest = r->staged % HASH_BLOCK, whole = r->staged - rest;

	hash(b, canon, (struct bytes){ r->stage, whole });
	memmove(r->stage, r->stage + whole, rest);
	r->staged = rest;
}

/* A long run of bytes: the first of them fill up the block that is staged, the rest is hashed where it lies
 * as far as whole blocks go. Returns how many bytes were taken. */
static size_t hash_in_place(struct dkim_bodies *b, enum dkim_canon canon, const uint8_t *p, size_t n)
{
	struct running *r = &b->running[canon];

	flush(b, canon);
	size_t fill = (HASH_BLOCK - r->staged) % HASH_BLOCK, whole = (n - fill) / HASH_BLOCK * HASH_BLOCK;
	memcpy(r->stage + r->staged, p, fill);
	r->staged += fill;
	flush(b, canon);
	hash(b, canon, (struct bytes){ p + fill, whole });
	return fill + whole;
}

/* Puts bytes that stay as they are. */
static void put(struct dkim_bodies *b, enum dkim_canon canon, const uint8_t *p, size_t n)
{
	struct running *r = &b->running[canon];

	if (n >= IN_PLACE) {
		size_t taken = hash_in_place(b, canon, p, n);
		p += taken;
		n -= taken;
	}
	if (n > STAGE - r->staged)
		flush(b, canon);
	memcpy(r->stage + r->staged, p, n);
	r->staged += n;
}

static void put_line_ends(struct dkim_bodies *b, enum dkim_canon canon, uint64_t count)
{
	static const uint8_t many[] = "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n";
	const uint64_t most = (sizeof(many) - 1) / 2;

	for (; count > most; count -= most)
		put(b, canon, many, most * 2);
	put(b, canon, many, (size_t)count * 2);
}

/* Something follows what was held back: now it counts. */
static void put_held(struct dkim_bodies *b, enum dkim_canon canon)
{
	struct running *r = &b->running[canon];

	put_line_ends(b, canon, r->line_ends);
	if (r->space)
		put(b, canon, (const uint8_t *)" ", 1);
	r->line_ends = 0;
	r->space = false;
}

static void end_line(struct running *r)
{
	r->line_ends++;
	r->space = false;
}

/* Decides about a CR at the end of the last chunk. Returns how many bytes of p it takes. */
static size_t settle_cr(struct dkim_bodies *b, enum dkim_canon canon, const uint8_t *p)
{
	struct running *r = &b->running[canon];

	if (!r->cr)
		return 0;
	r->cr = false;
	if (*p == '\n') {
		end_line(r);
		return 1;
	}
	put_held(b, canon);
	put(b, canon, (const uint8_t *)"\r", 1);
	return 0;
}

/* Holds back the line ends at the end of [from, to): returns where they begin. */
static const uint8_t *hold_line_ends(struct running *r, const uint8_t *from, const uint8_t *to)
{
	while (to - from >= 2 && to[-1] == '\n' && to[-2] == '\r') {
		r->line_ends++;
		to -= 2;
	}
	return to;
}

/* --- simple: only line ends at the end of the body are special --- */

static void feed_simple(struct dkim_bodies *b, const uint8_t *p, const uint8_t *end)
{
	struct running *r = &b->running[DKIM_SIMPLE];

	p += settle_cr(b, DKIM_SIMPLE, p);
	while (end - p >= 2 && p[0] == '\r' && p[1] == '\n') {
		r->line_ends++;
		p += 2;
	}
	if (p == end)
		return;
	bool cr = end[-1] == '\r';
	end -= cr;
	if (p < end) {
		put_held(b, DKIM_SIMPLE);
		end = hold_line_ends(r, p, end);
		put(b, DKIM_SIMPLE, p, (size_t)(end - p));
	}
	r->cr = cr;
}

/* --- relaxed: also white space --- */

/* Hashes the stage, of which nobody knows yet whether anything follows it. */
static void flush_relaxed(struct dkim_bodies *b)
{
	struct running *r = &b->running[DKIM_RELAXED];

	r->staged = (size_t)(hold_line_ends(r, r->stage, r->stage + r->staged) - r->stage);
	flush(b, DKIM_RELAXED);
}

/* Puts text that begins with what is neither white space nor a line end, more than two bytes of it: those
 * that come last must be left, as nobody knows yet what follows them. Returns where it stopped: there, or
 * where line ends were held back. */
static const uint8_t *put_text(struct dkim_bodies *b, const uint8_t *p, const uint8_t *end)
{
	struct running *r = &b->running[DKIM_RELAXED];

	while (end - p > 2 && !r->line_ends) {
		size_t n = (size_t)(end - p) - 2, same = b->way->same(p, n < RUN ? n : RUN);
		bool in_place = same >= IN_PLACE;
		if (in_place)
			n = same;
		else if (n > PACK)
			n = PACK;
		if (p[n - 1] == '\r' && p[n] == '\n') /* a line end is not torn apart */
			n--;
		if (n == 0)
			break;
		if (in_place) {
			put(b, DKIM_RELAXED, p, (size_t)(hold_line_ends(r, p, p + n) - p));
		} else if (n <= STAGE - r->staged) {
			r->staged += b->way->pack(p, n, r->stage + r->staged);
		} else {
			flush_relaxed(b);
			continue;
		}
		p += n;
	}
	return p;
}

static void feed_relaxed(struct dkim_bodies *b, const uint8_t *p, const uint8_t *end)
{
	struct running *r = &b->running[DKIM_RELAXED];

	p += settle_cr(b, DKIM_RELAXED, p);
	while (p < end) {
		if (ascii_is_wsp(*p)) {
			r->space = true;
			p++;
		} else if (*p == '\r' && p + 1 == end) {
			r->cr = true;
			p++;
		} else if (*p == '\r' && p[1] == '\n') {
			end_line(r);
			p += 2;
		} else {
			put_held(b, DKIM_RELAXED);
			if (end - p > 2) {
				p = put_text(b, p, end);
			} else {
				put(b, DKIM_RELAXED, p, 1);
				p++;
			}
		}
	}
}

/* --- the stream --- */

static void start(struct dkim_bodies *b)
{
	b->started = true;
	find_next_snapshot(b, DKIM_SIMPLE);
	find_next_snapshot(b, DKIM_RELAXED);
}

/* A chunk of CRLF lines. */
static void feed(struct dkim_bodies *b, struct bytes chunk)
{
	if (chunk.n && b->running[DKIM_SIMPLE].digest)
		feed_simple(b, chunk.p, chunk.p + chunk.n);
	if (chunk.n && b->running[DKIM_RELAXED].digest)
		feed_relaxed(b, chunk.p, chunk.p + chunk.n);
}

/* A chunk of LF lines: a CR is put before each LF that has none. */
static void feed_lf(struct dkim_bodies *b, struct bytes chunk)
{
	uint8_t block[LF_BLOCK];
	size_t n = 0;

	while (chunk.n) {
		struct bytes line = bytes_sub(chunk, 0, LF_BLOCK - 2);
		const uint8_t *lf = memchr(line.p, '\n', line.n);
		if (lf)
			line.n = (size_t)(lf - line.p);
		if (n + line.n + 2 > LF_BLOCK) {
			feed(b, (struct bytes){ block, n });
			n = 0;
		}
		memcpy(block + n, line.p, line.n);
		n += line.n;
		if (line.n)
			b->last_was_cr = line.p[line.n - 1] == '\r';
		chunk = bytes_from(chunk, line.n);
		if (!lf)
			continue;
		if (!b->last_was_cr)
			block[n++] = '\r';
		block[n++] = '\n';
		b->last_was_cr = false;
		chunk = bytes_from(chunk, 1);
	}
	feed(b, (struct bytes){ block, n });
}

void dkim_bodies_update(struct dkim_bodies *b, struct bytes chunk)
{
	assert(!b->ended);
	if (!b->started)
		start(b);
	if (b->n == 0)
		return;
	if (b->ends == LINES_LF)
		feed_lf(b, chunk);
	else
		feed(b, chunk);
}

static void end_one(struct dkim_bodies *b, enum dkim_canon canon)
{
	struct running *r = &b->running[canon];

	if (r->cr) {
		put_held(b, canon);
		put(b, canon, (const uint8_t *)"\r", 1);
	}
	r->staged = (size_t)(hold_line_ends(r, r->stage, r->stage + r->staged) - r->stage);
	/* one line end closes the body; an empty one has it in simple form alone (section 3.4.3, 3.4.4) */
	if (canon == DKIM_SIMPLE || r->total + r->staged > 0)
		put_line_ends(b, canon, 1);
	hash(b, canon, (struct bytes){ r->stage, r->staged });
	uint8_t whole[DKIM_DIGEST];
	if (!digest_end(r->digest, whole)) {
		b->failed = true;
		return;
	}
	for (size_t i = 0; i < b->n; i++) /* who wants the whole, or lengths beyond it */
		if (b->wants[i].canon == canon && !b->wants[i].taken)
			memcpy(b->wants[i].digest, whole, sizeof(whole));
}

void dkim_bodies_end(struct dkim_bodies *b)
{
	if (b->ended)
		return;
	if (!b->started)
		start(b);
	for (size_t i = 0; i < ARRAY_LEN(b->running); i++)
		if (b->running[i].digest)
			end_one(b, (enum dkim_canon)i);
	b->ended = true;
	dkim_bodies_free(b);
}

bool dkim_bodies_ended(const struct dkim_bodies *b)
{
	return b->ended;
}

bool dkim_bodies_failed(const struct dkim_bodies *b)
{
	return b->failed;
}

const uint8_t *dkim_bodies_digest(const struct dkim_bodies *b, int index)
{
	assert(b->ended);
	return b->wants[index].digest;
}

uint64_t dkim_bodies_length(const struct dkim_bodies *b, int index)
{
	assert(b->ended);
	return b->running[b->wants[index].canon].total;
}
