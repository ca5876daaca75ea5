/* tag_keys.c - the file of keys that tags are made and judged with; see tag.h */
#include "base/clock.h"
#include "bounce/tag.h"

struct reader {
	struct arena *a;
	struct tag_keys keys;
	struct tag_key *list;
	size_t cap;
	unsigned seen; /* bit a row: what may stand once */
};

/* A setter takes what stands behind its word; NULL: it was well, else what is wrong with it. */
static const char *add_key(struct reader *r, struct tag_key key)
{
	if (key.secret.n == 0)
		return "the secret is missing";
	return ARENA_PUSH(r->a, r->list, r->keys.n, r->cap, &key) ? NULL : "out of memory";
}

static const char *add_batv(struct reader *r, struct bytes value)
{
	struct bytes number = bytes_sub(value, 0, 1), secret = bytes_from(value, 1);
	uint64_t n;

	if (!bytes_to_u64(number, &n) || (secret.n && secret.p[0] != ' ' && secret.p[0] != '\t'))
		return "behind \"batv\" stands the number of the key, 0 to 9, and then its secret";
	for (size_t i = 0; i < r->keys.n; i++)
		if (r->list[i].kind == TAG_BATV && r->list[i].number == n)
			return "this number has a key already; take another one for a new key";
	return add_key(r, (struct tag_key){ TAG_BATV, (uint8_t)n, bytes_trim(secret) });
}

static const char *add_srs(struct reader *r, struct bytes value)
{
	return add_key(r, (struct tag_key){ TAG_SRS0, 0, value });
}

static const char *set_since(struct reader *r, struct bytes value)
{
	return clock_parse(value, &r->keys.since) ? NULL
	                                          : "behind \"since\" stands a time such as 2026-11-01T00:00:00Z";
}

/* The counters wrap: beyond half of their period old tags would look like new ones. */
static bool set_days(struct bytes value, uint32_t *days)
{
	uint64_t n;

	if (!bytes_to_u64(value, &n) || n == 0 || n > 365)
		return false;
	*days = (uint32_t)n;
	return true;
}

static const char *set_batv_days(struct reader *r, struct bytes value)
{
	return set_days(value, &r->keys.batv_days) ? NULL : "behind \"batv-days\" stands a number from 1 to 365";
}

static const char *set_srs_days(struct reader *r, struct bytes value)
{
	return set_days(value, &r->keys.srs_days) ? NULL : "behind \"srs-days\" stands a number from 1 to 365";
}

static const struct {
	const char *word;
	bool once;
	const char *(*set)(struct reader *r, struct bytes value);
} rows[] = {
	{ "batv",      false, add_batv },
	{ "srs",       false, add_srs },
	{ "since",     true,  set_since },
	{ "batv-days", true,  set_batv_days },
	{ "srs-days",  true,  set_srs_days },
};

/* One line without white space around it. NULL: it was well. */
static const char *read_line(struct reader *r, struct bytes line)
{
	size_t end = 0;

	if (line.n == 0 || line.p[0] == '#')
		return NULL;
	while (end < line.n && line.p[end] != ' ' && line.p[end] != '\t')
		end++;
	struct bytes word = bytes_sub(line, 0, end), value = bytes_trim(bytes_from(line, end));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!bytes_eq(word, rows[i].word))
			continue;
		if (rows[i].once && (r->seen & (1u << i)))
			return "this was said already";
		r->seen |= 1u << i;
		return rows[i].set(r, value);
	}
	return "a line begins with batv, srs, since, batv-days or srs-days";
}

bool tag_keys_parse(struct arena *a, struct bytes text, struct tag_keys *out, char *why, size_t size)
{
	struct reader r = { .a = a, .keys = { .batv_days = TAG_BATV_DAYS, .srs_days = TAG_SRS_DAYS, .since = -1 } };
	struct bytes line;

	for (size_t number = 1; bytes_cut(&text, '\n', &line); number++) {
		const char *wrong = read_line(&r, bytes_trim(line));
		if (wrong) {
			snprintf(why, size, "line %zu: %s", number, wrong);
			return false;
		}
	}
	r.keys.keys = r.list;
	*out = r.keys;
	return true;
}
