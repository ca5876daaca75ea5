/* fuzz_dkim_body.c - a body in pieces of any size has the digest of what the plain twin makes of it. */
#include "../tests/dkim_body_twin.h"
#include "crypto/digest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void compare(const struct dkim_bodies *b, int index, struct bytes text)
{
	uint8_t want[SHA256_BYTES];

	must(digest_sha256(text, want) && memcmp(want, dkim_bodies_digest(b, index), sizeof(want)) == 0);
}

/* The first two bytes choose the line ends, the size of the pieces, and a length for l=. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1 << 26);
	struct limits limits;
	struct work w = { .arena = a, .limits = &limits };
	int whole[2], part[2];

	must(a != NULL);
	limits_init(&limits);
	if (size >= 2) {
		enum line_ends ends = data[0] & 1 ? LINES_LF : LINES_CRLF;
		struct bytes body = { data + 2, size - 2 }, rest = body;
		struct dkim_bodies *b = dkim_bodies_new(&w, ends);
		for (int canon = DKIM_SIMPLE; canon <= DKIM_RELAXED; canon++) {
			whole[canon] = dkim_bodies_want(b, (enum dkim_canon)canon, DKIM_BODY_ALL);
			part[canon] = dkim_bodies_want(b, (enum dkim_canon)canon, data[1]);
		}
		for (size_t step = data[0] / 2 + 1; rest.n; step = step * 7 % 61 + 1) {
			dkim_bodies_update(b, bytes_sub(rest, 0, step));
			rest = bytes_from(rest, step);
		}
		dkim_bodies_end(b);
		for (int canon = DKIM_SIMPLE; canon <= DKIM_RELAXED; canon++) {
			struct buf want = body_twin(a, body, (enum dkim_canon)canon, ends);
			must(dkim_bodies_length(b, whole[canon]) == want.n);
			compare(b, whole[canon], buf_bytes(&want));
			compare(b, part[canon], bytes_sub(buf_bytes(&want), 0, data[1]));
			buf_free(&want);
		}
		dkim_bodies_free(b);
	}
	arena_free(a);
	return 0;
}
