/* bench_body.c - a body in canonical form and hashed, beside plain SHA-256 of the body as it is: what
 * canonicalisation adds (or saves, where little is left to hash). Text of mail, and what an attacker
 * might send to make it slow: blanks, empty lines, two blanks after each byte. */
#include "bench.h"
#include "dkim/dkim_body.h"
#include "floor.h"
#include "kit.h"

#define BODY_BYTES (1u << 20)
#define PIECE 65536u /* as a milter brings them */

static struct kit kit;

struct body {
	struct bytes text;
	struct digest *digest;
	enum dkim_canon canon;
	bool both;
};

static void plain(void *user)
{
	const struct body *b = user;
	uint8_t sum[SHA256_BYTES];

	BENCH_NEED(digest_restart(b->digest) && digest_update(b->digest, b->text) && digest_peek(b->digest, sum));
}

static void canonical(void *user)
{
	const struct body *b = user;
	struct arena *a = arena_new(1u << 20);
	struct work w = kit_work(&kit, a);
	struct dkim_bodies *bodies = a ? dkim_bodies_new(&w, LINES_CRLF) : NULL;

	BENCH_NEED(bodies && dkim_bodies_want(bodies, b->canon, DKIM_BODY_ALL) >= 0);
	BENCH_NEED(!b->both || dkim_bodies_want(bodies, DKIM_SIMPLE, DKIM_BODY_ALL) >= 0);
	for (size_t at = 0; at < b->text.n; at += PIECE)
		dkim_bodies_update(bodies, bytes_sub(b->text, at, PIECE));
	dkim_bodies_end(bodies);
	BENCH_NEED(!dkim_bodies_failed(bodies));
	dkim_bodies_free(bodies);
	arena_free(a);
}

static void bench_text(const char *group, struct bytes text)
{
	struct body simple = { text, digest_new(), DKIM_SIMPLE, false }, relaxed = simple, both = simple;
	struct bench_way ways[] = {
		{ "SHA-256", plain, &simple }, { "simple", canonical, &simple },
		{ "relaxed", canonical, &relaxed }, { "both at once", canonical, &both },
	};

	if (!bench_wants(group))
		return;
	relaxed.canon = both.canon = DKIM_RELAXED;
	both.both = true;
	bench_group(group, text.n, ways, ARRAY_LEN(ways));
	digest_free(simple.digest);
}

static struct bytes repeated(const char *pattern)
{
	uint8_t *p = arena_alloc(kit.arena, BODY_BYTES);
	size_t n = strlen(pattern);

	BENCH_NEED(p);
	for (size_t i = 0; i < BODY_BYTES; i++)
		p[i] = (uint8_t)pattern[i % n];
	return (struct bytes){ p, BODY_BYTES };
}

int main(int argc, char **argv)
{
	struct mail text = { .from = "a@example.org", .to = "b@example.org", .body = BODY_BYTES };
	struct mail attached = text;
	struct buf t, b;

	bench_begin(argc, argv);
	kit_begin(&kit);
	attached.attachment = true;
	buf_init(&t, BODY_BYTES * 2);
	buf_init(&b, BODY_BYTES * 2);
	mail_body(&t, &text);
	mail_body(&b, &attached);
	bench_text("body-text", buf_bytes(&t));
	bench_text("body-base64", buf_bytes(&b));
	bench_text("body-blanks", repeated("a                                                          "));
	bench_text("body-empty-lines", repeated("\r\n"));
	bench_text("body-blank-each", repeated("a  "));
	buf_free(&t);
	buf_free(&b);
	kit_end(&kit);
	return 0;
}
