/* tag.c - see tag.h; the file of keys is read in tag_keys.c
 *
 * A local part is first taken apart by its shape alone; only then is the hash
 * looked at, so that an address is bared of its tag whoever made that. */
#include "bounce/tag.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "crypto/hmac.h"

#define DAY 86400
/* BATV: KDDDSSSSSS */
#define BATV_TAG 10u
#define BATV_STAMP 4u
#define BATV_HASH 3u /* bytes, two hex digits each */
#define BATV_DAYS_MOD 1000u
/* other makers of prvs= tags write other lengths; what is no tag is a name */
#define FOREIGN_TAG_MIN 8u
#define FOREIGN_TAG_MAX 12u
#define BATV_LOCAL_MAX 48u /* 64 (RFC 5321 section 4.5.3.1.1) without "prvs=KDDDSSSSSS=" */
/* SRS: at least 4 characters of base64, of 28 with the padding that nobody writes */
#define SRS_HASH_MIN 4u
#define SRS_HASH_MAX 27u
#define SRS_STAMP 2u
#define SRS_DAYS_MOD 1024u

/* --- shapes ------------------------------------------------------------------ */

/* A local part taken apart. */
struct parts {
	enum tag_kind kind;
	struct bytes tag;   /* BATV: all of the tag; SRS: the hash */
	struct bytes stamp; /* SRS0: two characters that tell the day */
	struct bytes host;  /* SRS: where the original address lives */
	struct bytes user;  /* of the original address; SRS1: what stood behind "SRS0" in it */
};

static bool is_hex(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		if (ascii_hex(b.p[i]) < 0)
			return false;
	return true;
}

/* May it be a tag of prvs=, of whoever's making? */
static bool looks_like_tag(struct bytes b)
{
	return b.n >= FOREIGN_TAG_MIN && b.n <= FOREIGN_TAG_MAX && ascii_is_digit(b.p[0]) && is_hex(b);
}

static bool keep_batv(struct bytes tag, struct bytes user, struct parts *out)
{
	if (tag.n == 0 || user.n == 0)
		return false;
	*out = (struct parts){ .kind = TAG_BATV, .tag = tag, .user = user };
	return true;
}

/* "TAG=u", or "u=TAG" of an older draft. */
static bool read_prvs(struct bytes rest, struct parts *out)
{
	size_t first = bytes_find(rest, '=', 0), last = rest.n;
	struct bytes head = bytes_sub(rest, 0, first);

	if (first == rest.n)
		return false;
	if (looks_like_tag(head))
		return keep_batv(head, bytes_from(rest, first + 1), out);
	while (rest.p[last - 1] != '=')
		last--;
	struct bytes tail = bytes_from(rest, last);
	return looks_like_tag(tail) && keep_batv(tail, bytes_sub(rest, 0, last - 1), out);
}

/* "TAG==u" */
static bool read_btv1(struct bytes rest, struct parts *out)
{
	size_t end = bytes_search(rest, B("=="));

	return end < rest.n && keep_batv(bytes_sub(rest, 0, end), bytes_from(rest, end + 2), out);
}

/* "TAG=u" with a tag of any letters */
static bool read_msprvs1(struct bytes rest, struct parts *out)
{
	size_t end = bytes_find(rest, '=', 0);

	return end < rest.n && keep_batv(bytes_sub(rest, 0, end), bytes_from(rest, end + 1), out);
}

/* The piece before the next "=", off the front of *rest. */
static bool take(struct bytes *rest, struct bytes *piece)
{
	size_t end = bytes_find(*rest, '=', 0);

	if (end == rest->n || end == 0)
		return false;
	*piece = bytes_sub(*rest, 0, end);
	*rest = bytes_from(*rest, end + 1);
	return true;
}

static bool is_srs_hash(struct bytes b)
{
	return b.n >= SRS_HASH_MIN && b.n <= SRS_HASH_MAX;
}

static bool is_srs_separator(uint8_t c)
{
	return c == '=' || c == '-' || c == '+';
}

/* 0 to 31, or -1 */
static int base32_value(uint8_t c)
{
	if (ascii_is_alpha(c))
		return ascii_lower(c) - 'a';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

static bool is_srs_stamp(struct bytes b)
{
	return b.n == SRS_STAMP && base32_value(b.p[0]) >= 0 && base32_value(b.p[1]) >= 0;
}

/* "HHHH=TT=host=user" */
static bool read_srs0(struct bytes rest, struct parts *out)
{
	struct parts p = { .kind = TAG_SRS0 };

	if (!take(&rest, &p.tag) || !take(&rest, &p.stamp) || !take(&rest, &p.host) || rest.n == 0 ||
	    !is_srs_hash(p.tag) || !is_srs_stamp(p.stamp))
		return false;
	p.user = rest;
	*out = p;
	return true;
}

/* "HHHH=first-forwarder==HHHH=TT=host=user"; the second "=" is the separator behind SRS0 */
static bool read_srs1(struct bytes rest, struct parts *out)
{
	struct parts p = { .kind = TAG_SRS1 };

	if (!take(&rest, &p.tag) || !take(&rest, &p.host) || rest.n < 2 || !is_srs_hash(p.tag) ||
	    !is_srs_separator(rest.p[0]))
		return false;
	p.user = rest;
	*out = p;
	return true;
}

static const struct {
	const char *word;
	bool separator; /* one more byte follows: =, - or + */
	bool (*read)(struct bytes rest, struct parts *out);
} shapes[] = {
	{ "prvs=",    false, read_prvs },
	{ "btv1==",   false, read_btv1 },
	{ "msprvs1=", false, read_msprvs1 },
	{ "SRS0",     true,  read_srs0 },
	{ "SRS1",     true,  read_srs1 },
};

/* "u+prvs=TAG": the word stands behind the name */
static bool read_behind(struct bytes local, struct parts *out)
{
	size_t word = sizeof("+prvs=") - 1, end = local.n;

	while (end > 0 && local.p[end - 1] != '=')
		end--;
	struct bytes head = bytes_sub(local, 0, end), tag = bytes_from(local, end);
	return bytes_iends(head, "+prvs=") && looks_like_tag(tag) &&
	       keep_batv(tag, bytes_sub(head, 0, head.n - word), out);
}

static bool read_shape(struct bytes local, struct parts *out)
{
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		size_t n = strlen(shapes[i].word);
		if (!bytes_istarts(local, shapes[i].word))
			continue;
		if (shapes[i].separator && (local.n == n || !is_srs_separator(local.p[n++])))
			continue;
		if (shapes[i].read(bytes_from(local, n), out))
			return true;
	}
	return read_behind(local, out);
}

/* --- days --------------------------------------------------------------------- */

static int64_t day_of(int64_t at)
{
	return at / DAY - (at % DAY < 0);
}

/* Counters of days wrap (BATV's next on day 21000, 2027-07-01), so only their distance says
 * anything: from..to in days, 0 to mod - 1. */
static unsigned days_between(int64_t from, int64_t to, unsigned mod)
{
	int64_t r = (to - from) % (int64_t)mod;

	return (unsigned)(r < 0 ? r + mod : r);
}

static unsigned or_standard(uint32_t days, unsigned standard)
{
	return days ? days : standard;
}

/* --- hashes ------------------------------------------------------------------- */

/* Takes the same time however much of it fits, so that nobody finds a tag byte by byte. */
static bool same_secret(const uint8_t *a, const uint8_t *b, size_t n)
{
	uint8_t differ = 0;

	for (size_t i = 0; i < n; i++)
		differ |= a[i] ^ b[i];
	return differ == 0;
}

enum hash_fit { HASH_FITS, HASH_DIFFERS, HASH_TROUBLE };

/* KDDD as text, and the address that it was put on. */
static enum hash_fit fits_batv(const struct parts *p, struct bytes address, struct bytes secret)
{
	struct bytes pieces[] = { bytes_sub(p->tag, 0, BATV_STAMP), address };
	uint8_t sum[HMAC_SHA1_BYTES], given[BATV_HASH];

	for (size_t i = 0; i < BATV_HASH; i++) {
		const uint8_t *digits = p->tag.p + BATV_STAMP + 2 * i;
		given[i] = (uint8_t)(ascii_hex(digits[0]) << 4 | ascii_hex(digits[1]));
	}
	if (!hmac_sha1(secret, pieces, ARRAY_LEN(pieces), sum))
		return HASH_TROUBLE;
	return same_secret(sum, given, sizeof(given)) ? HASH_FITS : HASH_DIFFERS;
}

/* Both alphabets of base64 (RFC 4648 sections 4 and 5) and both cases come to one. */
static void fold_base64(uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = p[i] == '-' ? '+' : p[i] == '_' ? '/' : ascii_lower(p[i]);
}

static enum hash_fit fits_srs(struct arena *a, const struct parts *p, struct bytes secret)
{
	struct bytes pieces[] = { arena_lower(a, p->stamp), arena_lower(a, p->host), arena_lower(a, p->user) };
	uint8_t sum[HMAC_SHA1_BYTES], given[SRS_HASH_MAX], made[SRS_HASH_MAX];

	if (arena_failed(a) || !hmac_sha1(secret, pieces, ARRAY_LEN(pieces), sum))
		return HASH_TROUBLE;
	struct bytes text = base64_encode(a, (struct bytes){ sum, sizeof(sum) });
	if (!text.p)
		return HASH_TROUBLE;
	memcpy(made, text.p, p->tag.n);
	memcpy(given, p->tag.p, p->tag.n);
	fold_base64(made, p->tag.n);
	fold_base64(given, p->tag.n);
	return same_secret(made, given, p->tag.n) ? HASH_FITS : HASH_DIFFERS;
}

/* --- an address read ---------------------------------------------------------- */

struct judgement {
	struct arena *a;
	const struct tag_keys *keys;
	int64_t now;
};

/* "KDDDSSSSSS": other tags of its shape are no work of ours. */
static bool is_own_batv(struct bytes tag)
{
	if (tag.n != BATV_TAG || !is_hex(tag))
		return false;
	for (size_t i = 0; i < BATV_STAMP; i++)
		if (!ascii_is_digit(tag.p[i]))
			return false;
	return true;
}

static enum hash_fit fits_some_form(const struct parts *p, const struct bytes forms[3], struct bytes secret)
{
	enum hash_fit fit = HASH_DIFFERS;

	for (size_t i = 0; i < 3 && fit == HASH_DIFFERS; i++)
		fit = fits_batv(p, forms[i], secret);
	return fit;
}

static bool try_batv(const struct judgement *j, const struct parts *p, struct bytes original, enum tag_state *out)
{
	struct bytes domain = arena_lower(j->a, bytes_from(original, p->user.n));
	struct bytes forms[3] = { original, arena_join(j->a, p->user, domain), arena_lower(j->a, original) };
	unsigned day = 0; /* of expiry */

	if (arena_failed(j->a))
		return false;
	if (!is_own_batv(p->tag))
		return true;
	for (size_t i = 1; i < BATV_STAMP; i++)
		day = day * 10 + (p->tag.p[i] - '0');
	bool in_time = days_between(day_of(j->now), day, BATV_DAYS_MOD) <= or_standard(j->keys->batv_days, TAG_BATV_DAYS);
	for (size_t i = 0; i < j->keys->n; i++) {
		const struct tag_key *k = &j->keys->keys[i];
		bool meant = k->kind == TAG_BATV && k->number == p->tag.p[0] - '0';
		enum hash_fit fit = meant ? fits_some_form(p, forms, k->secret) : HASH_DIFFERS;
		if (fit == HASH_TROUBLE)
			return false;
		if (fit == HASH_FITS)
			*out = in_time ? TAG_VALID : TAG_STALE;
	}
	return true;
}

static bool try_srs(const struct judgement *j, const struct parts *p, enum tag_state *out)
{
	bool in_time = true;

	if (p->kind == TAG_SRS0) {
		int stamp = base32_value(p->stamp.p[0]) * 32 + base32_value(p->stamp.p[1]);
		in_time = days_between(stamp, day_of(j->now), SRS_DAYS_MOD) <= or_standard(j->keys->srs_days, TAG_SRS_DAYS);
	}
	for (size_t i = 0; i < j->keys->n; i++) {
		const struct tag_key *k = &j->keys->keys[i];
		enum hash_fit fit = k->kind == TAG_SRS0 ? fits_srs(j->a, p, k->secret) : HASH_DIFFERS;
		if (fit == HASH_TROUBLE)
			return false;
		if (fit == HASH_FITS)
			*out = in_time ? TAG_VALID : TAG_STALE;
	}
	return true;
}

static bool has_key(const struct tag_keys *keys, bool batv)
{
	for (size_t i = 0; keys && i < keys->n; i++)
		if ((keys->keys[i].kind == TAG_BATV) == batv)
			return true;
	return false;
}

/* Where the domain of an address begins, with its "@"; address.n: there is none. */
static size_t find_domain(struct bytes address)
{
	for (size_t i = address.n; i > 0; i--)
		if (address.p[i - 1] == '@')
			return i - 1;
	return address.n;
}

/* The address without its tag; { NULL, 0 }: out of memory. */
static struct bytes bare(struct arena *a, const struct parts *p, struct bytes at_domain)
{
	struct bytes user = p->user;

	if (p->kind == TAG_SRS1)
		user = arena_join(a, B("SRS0"), user);
	if (p->kind != TAG_BATV)
		at_domain = arena_join(a, B("@"), p->host);
	return arena_failed(a) ? (struct bytes){ NULL, 0 } : arena_join(a, user, at_domain);
}

bool tag_read(struct arena *a, struct bytes address, const struct tag_keys *keys, int64_t now, struct tag *out)
{
	struct judgement j = { a, keys, now };
	struct tag tag = { .original = address };
	size_t at = find_domain(address);
	struct parts p;

	if (at < address.n && read_shape(bytes_sub(address, 0, at), &p)) {
		bool batv = p.kind == TAG_BATV, known = has_key(keys, batv);
		tag.kind = p.kind;
		tag.state = known ? TAG_WRONG : TAG_UNKNOWN;
		tag.original = bare(a, &p, bytes_from(address, at));
		if (!tag.original.p)
			return false;
		if (known && !(batv ? try_batv(&j, &p, tag.original, &tag.state) : try_srs(&j, &p, &tag.state)))
			return false;
	}
	*out = tag;
	return true;
}

/* --- an address made ----------------------------------------------------------- */

struct bytes tag_batv_make(struct arena *a, struct bytes address, const struct tag_key *key, int64_t expires)
{
	const struct bytes none = { NULL, 0 };
	size_t at = find_domain(address);
	struct bytes local = bytes_sub(address, 0, at), domain = arena_lower(a, bytes_from(address, at));
	uint8_t sum[HMAC_SHA1_BYTES];
	char stamp[BATV_STAMP + 1];

	assert(key->kind == TAG_BATV && key->number <= 9);
	if (at == 0 || domain.n < 2 || local.n > BATV_LOCAL_MAX || local.p[0] == '"')
		return none;
	snprintf(stamp, sizeof(stamp), "%u%03u", key->number % 10u, days_between(0, day_of(expires), BATV_DAYS_MOD));
	struct bytes pieces[] = { bytes_of(stamp), local, domain };
	if (!hmac_sha1(key->secret, pieces, ARRAY_LEN(pieces), sum))
		return none;
	struct bytes tag = arena_printf(a, "prvs=%s%02x%02x%02x=", stamp, sum[0], sum[1], sum[2]);
	struct bytes untagged = arena_join(a, local, domain);
	return arena_failed(a) ? none : arena_join(a, tag, untagged);
}
