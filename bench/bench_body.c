/* bench_dkim_body.c - the body of a mail, in canonical form and hashed, against
 * plain SHA-256 of the same bytes: what canonicalisation adds. */
#include "bench.h"
#include "crypto/digest.h"
#include "dkim/dkim_body.h"

#define BODY_BYTES (1u << 20)
#define PIECE 65536u /* as a milter brings them */

static struct body {
	uint8_t *p;
	enum dkim_canon canon;
	bool both;
} body;

/* Lines as in mail: words, some trailing and double blanks, an empty line now and then. */
static void fill(uint8_t *p, size_t n)
{
	static const char text[] = "The quick brown  fox jumps over the lazy dog, and \tthen it rests. \r\n"
	                           "Another line that is a little longer than the first one was, for a change.\r\n\r\n";

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)text[i % (sizeof(text) - 1)];
}

static void plain(void *user)
{
	struct body *b = user;
	uint8_t sum[SHA256_BYTES];

	if (!digest_sha256((struct bytes){ b->p, BODY_BYTES }, sum))
		abort();
}

static void canonical(void *user)
{
	struct body *b = user;
	struct limits limits;
	limits_init(&limits);
	struct arena *a = arena_new(1u << 20);
	struct work w = { .arena = a, .limits = &limits };
	struct dkim_bodies *bodies = a ? dkim_bodies_new(&w, LINES_CRLF) : NULL;

	if (!bodies || dkim_bodies_want(bodies, b->canon, DKIM_BODY_ALL) < 0 ||
	    (b->both && dkim_bodies_want(bodies, DKIM_SIMPLE, DKIM_BODY_ALL) < 0))
		abort();
	for (size_t at = 0; at < BODY_BYTES; at += PIECE)
		dkim_bodies_update(bodies, (struct bytes){ b->p + at, PIECE });
	dkim_bodies_end(bodies);
	dkim_bodies_free(bodies);
	arena_free(a);
}

int main(void)
{
	body.p = malloc(BODY_BYTES);
	if (!body.p)
		return 1;
	fill(body.p, BODY_BYTES);
	double sha = bench_print("SHA-256 of 1 MiB", plain, &body, BODY_BYTES);
	body.canon = DKIM_SIMPLE;
	double simple = bench_print("simple body hash of 1 MiB", canonical, &body, BODY_BYTES);
	body.canon = DKIM_RELAXED;
	double relaxed = bench_print("relaxed body hash of 1 MiB", canonical, &body, BODY_BYTES);
	body.both = true;
	bench_print("both at once", canonical, &body, BODY_BYTES);
	bench_ratio("simple against SHA-256", simple, sha);
	bench_ratio("relaxed against SHA-256", relaxed, sha);
	free(body.p);
	return 0;
}
