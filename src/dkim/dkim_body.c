/* dkim_body.c - see dkim_body.h
 *
 * Nearly all of a body is hashed as it stands, so the code looks for where it is
 * not, and moves or hashes the runs between at once. What cannot be decided yet (is
 * this line end the last one? does the line end after this space?) is held as
 * counts, so chunks may end anywhere. */
#include "dkim/dkim_body.h"

#include "base/ascii.h"

#define STAGE 4096u      /* bytes that are joined before they are hashed */
#define BLOCK 16         /* bytes that are looked at together */
#define PACKED (STAGE - 2 * BLOCK) /* so many are staged at most before another block */
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
	uint8_t stage[STAGE];
	/* held back */
	uint64_t line_ends;      /* CRLFs: dropped if nothing follows */
	bool space;              /* relaxed: white space after them: dropped if the line ends here */
	bool cr;                 /* the last byte was a CR: perhaps half a line end */
};

struct dkim_bodies {
	struct arena *arena;
	enum line_ends ends;
	bool started, ended, failed, last_was_cr;
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
	}
	return b;
}

void dkim_bodies_free(struct dkim_bodies *b)
{
	for (size_t i = 0; b && i < ARRAY_LEN(b->running); i++) {
		digest_free(b->running[i].digest);
		b->running[i].digest = NULL;
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
	if (!r->digest && !(r->digest = digest_new()))
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

static void flush(struct dkim_bodies *b, enum dkim_canon canon)
{
	struct running *r = &b->running[canon];

	hash(b, canon, (struct bytes){ r->stage, r->staged });
	r->staged = 0;
}

static inline void put(struct dkim_bodies *b, enum dkim_canon canon, const uint8_t *p, size_t n)
{
	struct running *r = &b->running[canon];

	if (n > STAGE - r->staged)
		flush(b, canon);
	if (n > STAGE / 2) {
		if (r->staged)
			flush(b, canon);
		hash(b, canon, (struct bytes){ p, n });
		return;
	}
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

	if (r->line_ends)
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

/* Takes off the end of a run [from, to) what must be held back: line ends and, where the run ends
 * with the chunk, a space or a CR, of which it is not known what follows. Returns the new end. */
static const uint8_t *hold_tail(struct running *r, enum dkim_canon canon, const uint8_t *from,
                                const uint8_t *to, const uint8_t *chunk_end)
{
	if (to == chunk_end && to > from && to[-1] == '\r') {
		r->cr = true;
		to--;
	} else if (to == chunk_end && canon == DKIM_RELAXED && to > from && to[-1] == ' ') {
		r->space = true;
		to--;
	}
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
	if (end - p == 1 && *p == '\r') {
		r->cr = true;
		return;
	}
	put_held(b, DKIM_SIMPLE);
	const uint8_t *stop = hold_tail(r, DKIM_SIMPLE, p, end, end);
	put(b, DKIM_SIMPLE, p, (size_t)(stop - p));
}

/* --- relaxed: also white space --- */

typedef uint8_t lanes __attribute__((vector_size(BLOCK)));
typedef uint64_t halves __attribute__((vector_size(BLOCK)));

/* The first of eight bytes in memory order that is not 0; one is. */
static inline unsigned first_hit(uint64_t eight)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return (unsigned)__builtin_clzll(eight) / 8;
#else
	return (unsigned)__builtin_ctzll(eight) / 8;
#endif
}

/* Moves text into the stage as relaxed canonicalization has it, until the stage is full or BLOCK
 * bytes or less of the chunk are left; more than BLOCK are. Copies 16 bytes at a time and looks whether
 * one of them is a TAB, or a space with another byte below "!" behind it: all else stays as it is.
 * Nothing is held back before; line ends at the end are held back after. Returns where it stopped. */
static const uint8_t *pack(struct running *r, const uint8_t *p, const uint8_t *end)
{
	uint8_t *const begin = r->stage + r->staged, *to = begin;

	while (end - p > BLOCK && to < r->stage + PACKED) {
		lanes at, next;
		memcpy(&at, p, BLOCK);
		memcpy(&next, p + 1, BLOCK);
		memcpy(to, &at, BLOCK);
		halves hit = (halves)((at == '\t') | ((at == ' ') & (next <= ' ')));
		if (!(hit[0] | hit[1])) {
			p += BLOCK;
			to += BLOCK;
			continue;
		}
		unsigned same = hit[0] ? first_hit(hit[0]) : 8 + first_hit(hit[1]);
		p += same;
		to += same;
		const uint8_t *after = p + 1;
		while (after < end && ascii_is_wsp(*after))
			after++;
		if (end - after < 2)
			break; /* too close to the end to know what follows the white space */
		if (after[0] != '\r' || after[1] != '\n')
			*to++ = ' ';
		p = after;
	}
	if (to > begin && p[-1] == '\r' && *p == '\n') {
		p--;
		to--;
	}
	while (to - begin >= 2 && to[-1] == '\n' && to[-2] == '\r') {
		r->line_ends++;
		to -= 2;
	}
	r->staged = (size_t)(to - r->stage);
	return p;
}

/* The last bytes of a chunk, one by one up to the next white space. Returns where it stopped. */
static const uint8_t *put_few(struct dkim_bodies *b, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *stop = p;

	while (stop < end && *stop != '\t' && !(*stop == ' ' && stop + 1 < end && stop[1] <= ' '))
		stop++;
	const uint8_t *keep = hold_tail(&b->running[DKIM_RELAXED], DKIM_RELAXED, p, stop, end);
	put(b, DKIM_RELAXED, p, (size_t)(keep - p));
	return stop;
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
			if (r->staged >= PACKED)
				flush(b, DKIM_RELAXED);
			p = end - p > BLOCK ? pack(r, p, end) : put_few(b, p, end);
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
	/* one line end closes the body; an empty one has it in simple form alone (section 3.4.3, 3.4.4) */
	if (canon == DKIM_SIMPLE || r->total + r->staged > 0)
		put_line_ends(b, canon, 1);
	flush(b, canon);
	for (size_t i = 0; i < b->n; i++) /* the whole, and lengths beyond it */
		if (b->wants[i].canon == canon && !b->wants[i].taken)
			b->failed |= !digest_peek(r->digest, b->wants[i].digest);
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
