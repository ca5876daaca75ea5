#include "bounce/tag.h"

#include "base/clock.h"
#include "base/mem.h"
#include "tap.h"

#define DAY INT64_C(86400)
#define K64 "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
#define SRS_DAY 18262 /* 2020-01-01, of PostSRSd's own example */

static struct arena *arena;

static const struct tag_key key_list[] = {
	{ TAG_BATV, 0, B("secret") },
	{ TAG_BATV, 1, B("other") },
	{ TAG_SRS0, 0, B("an older one") },
	{ TAG_SRS0, 0, B("tops3cr3t") },
};
static const struct tag_keys all = { key_list, ARRAY_LEN(key_list), 7, 21, -1 };
static const struct tag_key indimail_key = { TAG_BATV, 0, B("1632203830") }, long_key = { TAG_BATV, 0, B(K64) };
static const struct tag_keys indimail = { &indimail_key, 1, 7, 21, -1 }, by_long_key = { &long_key, 1, 7, 21, -1 };
static const struct tag_keys only_batv = { key_list, 2, 7, 21, -1 }, only_srs = { key_list + 2, 2, 0, 0, -1 };

/* --- addresses ------------------------------------------------------------------- */

static const struct {
	const char *name, *address;
	int64_t day;           /* of the bounce, since 1970 */
	enum tag_kind kind;
	enum tag_state state;
	const char *original;  /* NULL: as given */
	const struct tag_keys *keys;
} cases[] = {
	{ "prvs=TAG=u, as the draft has it", "prvs=0042d9e3aa=user@example.com", 20040,
	  TAG_BATV, TAG_VALID, "user@example.com", &all },
	{ "on its last day", "prvs=0042d9e3aa=user@example.com", 20042,
	  TAG_BATV, TAG_VALID, "user@example.com", &all },
	{ "a day later", "prvs=0042d9e3aa=user@example.com", 20043,
	  TAG_BATV, TAG_STALE, "user@example.com", &all },
	{ "seven days before its end", "prvs=0042d9e3aa=user@example.com", 20035,
	  TAG_BATV, TAG_VALID, "user@example.com", &all },
	{ "from farther in the future than any is made", "prvs=0042d9e3aa=user@example.com", 20034,
	  TAG_BATV, TAG_STALE, "user@example.com", &all },
	{ "hex digits and the word in upper case", "PRVS=0042D9E3AA=user@example.com", 20040,
	  TAG_BATV, TAG_VALID, "user@example.com", &all },
	{ "a hash over an address in mixed case, which came as it was", "prvs=0042081ecd=User@Example.COM", 20040,
	  TAG_BATV, TAG_VALID, "User@Example.COM", &all },
	{ "one over it in lower case: the domain was written otherwise on the way",
	  "prvs=0042d9e3aa=user@Example.COM", 20040, TAG_BATV, TAG_VALID, "user@Example.COM", &all },
	{ "the local part as well", "prvs=0042d9e3aa=User@Example.COM", 20040,
	  TAG_BATV, TAG_VALID, "User@Example.COM", &all },
	{ "a local part in mixed case", "prvs=0042db02ff=User@EXAMPLE.com", 20040,
	  TAG_BATV, TAG_VALID, "User@EXAMPLE.com", &all },
	{ "which a relay wrote in lower case: that cannot be told from a forgery",
	  "prvs=0042db02ff=user@example.com", 20040, TAG_BATV, TAG_WRONG, "user@example.com", &all },
	{ "another hash", "prvs=0042d9e3ab=user@example.com", 20040,
	  TAG_BATV, TAG_WRONG, "user@example.com", &all },
	{ "another address", "prvs=0042d9e3aa=user2@example.com", 20040,
	  TAG_BATV, TAG_WRONG, "user2@example.com", &all },
	{ "another day than the one hashed", "prvs=0043d9e3aa=user@example.com", 20040,
	  TAG_BATV, TAG_WRONG, "user@example.com", &all },
	{ "the second key", "prvs=104280051a=user@example.com", 20040,
	  TAG_BATV, TAG_VALID, "user@example.com", &all },
	{ "a number that has no key", "prvs=2042d9e3aa=user@example.com", 20040,
	  TAG_BATV, TAG_WRONG, "user@example.com", &all },
	{ "a hash by another number's key", "prvs=20421f4e88=user@example.com", 20040,
	  TAG_BATV, TAG_WRONG, "user@example.com", &all },
	{ "MD5 in the same shape, as indimail makes it", "prvs=0891a9abd5=test@example.com", 20890, TAG_BATV, TAG_WRONG,
	  "test@example.com", &indimail },
	{ "the draft's tag by the same key", "prvs=08914f4d4b=test@example.com", 20890, TAG_BATV, TAG_VALID,
	  "test@example.com", &indimail },
	{ "a key as long as a block", "prvs=0999380b9a=user@example.com", 20999, TAG_BATV, TAG_VALID,
	  "user@example.com", &by_long_key },
	{ "a plus in the name", "prvs=0007263c3d=a+b@example.com", 20003,
	  TAG_BATV, TAG_VALID, "a+b@example.com", &all },
	{ "an equals sign in the name", "prvs=0042229f6e=x=y@example.com", 20040,
	  TAG_BATV, TAG_VALID, "x=y@example.com", &all },
	{ "prvs=u=TAG", "prvs=user=0042d9e3aa@example.com", 20040,
	  TAG_BATV, TAG_VALID, "user@example.com", &all },
	{ "prvs=u=TAG with an equals sign in the name", "prvs=x=y=0042229f6e@example.com", 20040,
	  TAG_BATV, TAG_VALID, "x=y@example.com", &all },
	{ "u+prvs=TAG", "user+prvs=0042d9e3aa@example.com", 20040,
	  TAG_BATV, TAG_VALID, "user@example.com", &all },
	{ "u+prvs=TAG with a plus in the name", "Ann+list+PRVS=00421c8cac@example.com", 20040,
	  TAG_BATV, TAG_VALID, "Ann+list@example.com", &all },
	{ "btv1==TAG==u", "btv1==0042d9e3aa==user@example.com", 20040,
	  TAG_BATV, TAG_VALID, "user@example.com", &all },
	{ "btv1 with a tag of another make", "btv1==052c0d1b0f1==user@example.com", 20040,
	  TAG_BATV, TAG_WRONG, "user@example.com", &all },
	{ "msprvs1=TAG=u", "msprvs1=0042d9e3aa=user@example.com", 20040,
	  TAG_BATV, TAG_VALID, "user@example.com", &all },
	{ "msprvs1 with a tag of another make", "msprvs1=17828NEGkhFcI=bounces-7-2@example.com", 20040,
	  TAG_BATV, TAG_WRONG, "bounces-7-2@example.com", &all },
	{ "prvs with a tag of another length", "prvs=178a2ed56=user@example.com", 20040,
	  TAG_BATV, TAG_WRONG, "user@example.com", &all },
	{ "ten hex digits that begin with no day", "prvs=0a42d9e3aa=user@example.com", 20040,
	  TAG_BATV, TAG_WRONG, "user@example.com", &all },

	{ "SRS0, PostSRSd's example", "SRS0=vmyz=2W=otherdomain.com=test@example.net", SRS_DAY,
	  TAG_SRS0, TAG_VALID, "test@otherdomain.com", &all },
	{ "SRS0 on its last day", "SRS0=vmyz=2W=otherdomain.com=test@example.net", SRS_DAY + 21,
	  TAG_SRS0, TAG_VALID, "test@otherdomain.com", &only_srs },
	{ "SRS0 a day later", "SRS0=vmyz=2W=otherdomain.com=test@example.net", SRS_DAY + 22,
	  TAG_SRS0, TAG_STALE, "test@otherdomain.com", &only_srs },
	{ "SRS0 from tomorrow", "SRS0=vmyz=2W=otherdomain.com=test@example.net", SRS_DAY - 1,
	  TAG_SRS0, TAG_STALE, "test@otherdomain.com", &all },
	{ "SRS0 when its counter has gone round", "SRS0=vmyz=2W=otherdomain.com=test@example.net", SRS_DAY + 1024,
	  TAG_SRS0, TAG_VALID, "test@otherdomain.com", &all },
	{ "SRS0, all in lower case", "srs0=vmyz=2w=otherdomain.com=test@example.net", SRS_DAY,
	  TAG_SRS0, TAG_VALID, "test@otherdomain.com", &all },
	{ "SRS0, all in upper case", "SRS0=VMYZ=2W=OTHERDOMAIN.COM=TEST@EXAMPLE.NET", SRS_DAY,
	  TAG_SRS0, TAG_VALID, "TEST@OTHERDOMAIN.COM", &all },
	{ "SRS0 with a hyphen behind its word", "SRS0-vmyz=2W=otherdomain.com=test@example.net", SRS_DAY,
	  TAG_SRS0, TAG_VALID, "test@otherdomain.com", &all },
	{ "SRS0 with a plus behind its word", "SRS0+vmyz=2W=otherdomain.com=test@example.net", SRS_DAY,
	  TAG_SRS0, TAG_VALID, "test@otherdomain.com", &all },
	{ "SRS0, an equals sign in the name", "SRS0=JBKv=2W=example.org=a=b@example.net", SRS_DAY,
	  TAG_SRS0, TAG_VALID, "a=b@example.org", &all },
	{ "a longer hash, base64", "SRS0=g21odwsef8NVb+dI=2W=example.org=Ann@example.net", SRS_DAY,
	  TAG_SRS0, TAG_VALID, "Ann@example.org", &all },
	{ "a longer hash, the other alphabet", "SRS0=g21odwsef8NVb-dI=2W=example.org=Ann@example.net", SRS_DAY,
	  TAG_SRS0, TAG_VALID, "Ann@example.org", &all },
	{ "all of the hash, with a slash", "SRS0=NJSa7yoqAUdjZ5fIdiSRY+X/qYY=2W=example.org=u12@example.net", SRS_DAY,
	  TAG_SRS0, TAG_VALID, "u12@example.org", &all },
	{ "all of the hash, an underscore", "SRS0=NJSa7yoqAUdjZ5fIdiSRY-X_qYY=2W=example.org=u12@example.net", SRS_DAY,
	  TAG_SRS0, TAG_VALID, "u12@example.org", &all },
	{ "a wrong hash", "SRS0=vmyy=2W=otherdomain.com=test@example.net", SRS_DAY,
	  TAG_SRS0, TAG_WRONG, "test@otherdomain.com", &all },
	{ "another host", "SRS0=vmyz=2W=otherdomain.org=test@example.net", SRS_DAY,
	  TAG_SRS0, TAG_WRONG, "test@otherdomain.org", &all },
	{ "another day", "SRS0=vmyz=2X=otherdomain.com=test@example.net", SRS_DAY,
	  TAG_SRS0, TAG_WRONG, "test@otherdomain.com", &all },
	{ "SRS1: the hash is over the host and what stands behind SRS0",
	  "SRS1=e4la=f1.example.net==vmyz=2W=otherdomain.com=test@example.net", 1,
	  TAG_SRS1, TAG_VALID, "SRS0=vmyz=2W=otherdomain.com=test@f1.example.net", &all },
	{ "SRS1 of another forwarder", "SRS1=e4la=f2.example.net==vmyz=2W=otherdomain.com=test@example.net", 1,
	  TAG_SRS1, TAG_WRONG, "SRS0=vmyz=2W=otherdomain.com=test@f2.example.net", &all },

	{ "keys of SRS alone tell nothing of BATV", "prvs=0042d9e3aa=user@example.com", 20040,
	  TAG_BATV, TAG_UNKNOWN, "user@example.com", &only_srs },
	{ "keys of BATV alone tell nothing of SRS", "SRS0=vmyz=2W=otherdomain.com=test@example.net", SRS_DAY,
	  TAG_SRS0, TAG_UNKNOWN, "test@otherdomain.com", &only_batv },
	{ "no keys", "prvs=0042d9e3aa=user@example.com", 20040,
	  TAG_BATV, TAG_UNKNOWN, "user@example.com", NULL },

	{ "an address without a tag", "user@example.com", 20040, .keys = &all },
	{ "no name behind the tag", "prvs=0042d9e3aa=@example.com", 20040, .keys = &all },
	{ "no name before the tag", "+prvs=0042d9e3aa@example.com", 20040, .keys = &all },
	{ "no domain", "prvs=0042d9e3aa=user", 20040, .keys = &all },
	{ "a name of many parts", "prvs=a=b@example.com", 20040, .keys = &all },
	{ "a name of hex digits", "prvs=deadbeef=user@example.com", 20040, .keys = &all },
	{ "prvs alone", "prvs=@example.com", 20040, .keys = &all },
	{ "btv1 without its end", "btv1==0042d9e3aa=user@example.com", 20040, .keys = &all },
	{ "SRS0 alone", "SRS0@example.net", SRS_DAY, .keys = &all },
	{ "a name that begins like SRS", "SRS0x=vmyz=2W=a.example=test@example.net", SRS_DAY, .keys = &all },
	{ "SRS0 with a hash too short", "SRS0=vmy=2W=otherdomain.com=test@example.net", SRS_DAY, .keys = &all },
	{ "SRS0 with a hash too long", "SRS0=vmyz7BwaV7BFsJiaZTJeJaQF2YsA=2W=a.example=test@example.net", SRS_DAY,
	  .keys = &all },
	{ "SRS0 with a day that is none", "SRS0=vmyz=21=otherdomain.com=test@example.net", SRS_DAY, .keys = &all },
	{ "SRS0 without a user", "SRS0=vmyz=2W=otherdomain.com=@example.net", SRS_DAY, .keys = &all },
	{ "SRS1 without what it carries", "SRS1=e4la=f1.example.net=@example.net", SRS_DAY, .keys = &all },
	{ "SRS1 with something else", "SRS1=e4la=f1.example.net=user@example.net", SRS_DAY, .keys = &all },
	{ "nothing", "", SRS_DAY, .keys = &all },
	{ "a domain alone", "@example.com", SRS_DAY, .keys = &all },
};

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes address = heap_copy(cases[i].address);
		struct tag tag = { 0 };

		tap_begin("%s", cases[i].name);
		CHECK(tag_read(arena, address, cases[i].keys, cases[i].day * DAY + 4711, &tag));
		CHECK_MSG(tag.kind == cases[i].kind, "kind %d", tag.kind);
		CHECK_MSG(tag.state == cases[i].state, "state %d", tag.state);
		CHECK_BYTES(tag.original, cases[i].original ? cases[i].original : cases[i].address);
		tap_end();
		heap_free(address);
	}
}

/* A NUL does not end an address. */
static void test_nul(void)
{
	struct bytes address = heap_bytes(B("prvs=0042d9e3aa=us\0er@example.com"));
	struct tag tag;

	tap_begin("a NUL in the name");
	CHECK(tag_read(arena, address, &all, 20040 * DAY, &tag) && tag.state == TAG_WRONG);
	CHECK(bytes_same(tag.original, B("us\0er@example.com")));
	tap_end();
	heap_free(address);
}

/* --- the counter of days ------------------------------------------------------------- */

/* Made by hand for any stamp: what tag_batv_make does for an instant. */
static enum tag_state state_of(int64_t expires_day, int64_t today)
{
	struct bytes address = tag_batv_make(arena, B("user@example.com"), &key_list[0], expires_day * DAY);
	struct tag tag = { .state = TAG_ABSENT };

	CHECK(address.p && tag_read(arena, address, &all, today * DAY + DAY - 1, &tag));
	return tag.state;
}

static void test_wrap(void)
{
	static const struct { const char *name; int64_t day; } days[] = {
		{ "an ordinary day (2026-11-23)", 20780 },
		{ "the last day before the counter wraps", 20999 },
		{ "the day on which it wraps (2027-07-01)", 21000 },
		{ "a week later", 21007 },
	};

	tap_begin("day 21000 is 2027-07-01");
	CHECK(clock_days(2027, 7, 1) == 21000 && clock_days(2026, 11, 23) == 20780);
	tap_end();
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		unsigned good = 0;
		tap_begin("of a thousand stamps eight are good: %s", days[i].name);
		for (int64_t stamp = 0; stamp < 1000; stamp++) {
			int64_t today = days[i].day;
			bool want = (stamp - today % 1000 + 1000) % 1000 <= 7;
			enum tag_state got = state_of(stamp, today);
			CHECK_MSG(got == (want ? TAG_VALID : TAG_STALE), "stamp %d", (int)stamp);
			good += got == TAG_VALID;
		}
		CHECK_MSG(good == 8, "%u are good", good);
		arena_reset(arena);
		tap_end();
	}
	tap_begin("a tag is good for its week, whatever the counter does within it");
	for (int64_t made = 20985; made < 21010; made++)
		for (int64_t age = -3; age < 30; age++)
			CHECK((state_of(made + 7, made + age) == TAG_VALID) == (age >= 0 && age <= 7));
	arena_reset(arena);
	tap_end();
	tap_begin("before 1970, when clocks are wrong: no harm");
	CHECK(state_of(-1, -1) == TAG_VALID && state_of(-1, -2) == TAG_VALID && state_of(-1, 0) == TAG_STALE);
	struct tag tag;
	CHECK(tag_read(arena, B("prvs=0042d9e3aa=user@example.com"), &all, INT64_MIN, &tag));
	CHECK(tag_read(arena, B("SRS0=vmyz=2W=otherdomain.com=test@example.net"), &all, INT64_MAX, &tag));
	tap_end();
}

/* --- making ------------------------------------------------------------------------- */

#define N48 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	const char *name, *secret;
	uint8_t number;
	int64_t day;
	const char *address, *want; /* NULL: none can be made */
} makes[] = {
	{ "the draft's form", "secret", 0, 20042, "user@example.com", "prvs=0042d9e3aa=user@example.com" },
	{ "a day of one digit", "secret", 0, 21007, "a+b@example.com", "prvs=0007263c3d=a+b@example.com" },
	{ "a long secret", K64, 0, 20999, "user@example.com", "prvs=0999380b9a=user@example.com" },
	{ "another number", "other", 1, 42, "user@example.com", "prvs=104280051a=user@example.com" },
	{ "the domain in lower case, before hashing", "secret", 0, 42, "User@Example.COM",
	  "prvs=0042db02ff=User@example.com" },
	{ "the longest name that fits: 64 with its tag", "secret", 0, 42, N48 "@example.com",
	  "prvs=0042ede53f=" N48 "@example.com" },
	{ "a name too long", "secret", 0, 42, N48 "a@example.com", NULL },
	{ "a quoted name", "secret", 0, 42, "\"a b\"@example.com", NULL },
	{ "no name", "secret", 0, 42, "@example.com", NULL },
	{ "no domain", "secret", 0, 42, "user", NULL },
	{ "an empty domain", "secret", 0, 42, "user@", NULL },
};

static void test_make(void)
{
	for (size_t i = 0; i < ARRAY_LEN(makes); i++) {
		struct tag_key key = { TAG_BATV, makes[i].number, bytes_of(makes[i].secret) };
		struct bytes address = heap_copy(makes[i].address);

		tap_begin("making: %s", makes[i].name);
		struct bytes got = tag_batv_make(arena, address, &key, makes[i].day * DAY);
		CHECK((got.p != NULL) == (makes[i].want != NULL));
		if (makes[i].want)
			CHECK_BYTES(got, makes[i].want);
		tap_end();
		heap_free(address);
	}
}

/* --- the file of keys ------------------------------------------------------------------ */

static void test_file(void)
{
	struct bytes text = heap_copy("# keys of example.com\r\n\n"
	                              "  batv 3  a secret with spaces # and this \r\n"
	                              "batv\t4 x\n"
	                              "srs tops3cr3t\n"
	                              "since 2026-11-01T00:00:00Z\n"
	                              "batv-days 14\nsrs-days 30");
	struct tag_keys keys = { 0 };
	char why[200] = "";

	tap_begin("a file with all that it may have");
	CHECK_MSG(tag_keys_parse(arena, text, &keys, why, sizeof(why)), "%s", why);
	CHECK(keys.n == 3 && keys.batv_days == 14 && keys.srs_days == 30 && keys.since == 1793491200);
	CHECK(keys.keys[0].kind == TAG_BATV && keys.keys[0].number == 3);
	CHECK_BYTES(keys.keys[0].secret, "a secret with spaces # and this");
	CHECK(keys.keys[1].number == 4 && keys.keys[2].kind == TAG_SRS0);
	CHECK_BYTES(keys.keys[2].secret, "tops3cr3t");
	tap_end();
	heap_free(text);
	tap_begin("an empty file: the standards");
	CHECK(tag_keys_parse(arena, B(""), &keys, why, sizeof(why)));
	CHECK(keys.n == 0 && keys.batv_days == 7 && keys.srs_days == 21 && keys.since == -1);
	tap_end();
}

static void test_wrong_files(void)
{
	static const struct { const char *text, *why; } files[] = {
		{ "srs a\nbatvv 1 x\n", "line 2: a line begins with batv, srs, since, batv-days or srs-days" },
		{ "batv", "line 1: behind \"batv\" stands the number of the key, 0 to 9, and then its secret" },
		{ "batv s3cret", "line 1: behind \"batv\" stands the number of the key, 0 to 9, and then its secret" },
		{ "batv 12 s3cret", "line 1: behind \"batv\" stands the number of the key, 0 to 9, and then its secret" },
		{ "batv 1", "line 1: the secret is missing" },
		{ "\n\nsrs  ", "line 3: the secret is missing" },
		{ "batv 1 a\nbatv 1 b", "line 2: this number has a key already; take another one for a new key" },
		{ "since yesterday", "line 1: behind \"since\" stands a time such as 2026-11-01T00:00:00Z" },
		{ "since @1\nsince @2", "line 2: this was said already" },
		{ "batv-days 0", "line 1: behind \"batv-days\" stands a number from 1 to 365" },
		{ "batv-days 366", "line 1: behind \"batv-days\" stands a number from 1 to 365" },
		{ "srs-days x", "line 1: behind \"srs-days\" stands a number from 1 to 365" },
		{ "srs-days 1\nsrs-days 1", "line 2: this was said already" },
		{ "SRS a", "line 1: a line begins with batv, srs, since, batv-days or srs-days" },
	};

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct bytes text = heap_copy(files[i].text);
		struct tag_keys keys = { .n = 7 };
		char why[200] = "";

		tap_begin("a file that is refused: %s", files[i].why);
		CHECK(!tag_keys_parse(arena, text, &keys, why, sizeof(why)) && keys.n == 7);
		CHECK_BYTES(bytes_of(why), files[i].why);
		CHECK(!strstr(why, "s3cret"));
		tap_end();
		heap_free(text);
	}
}

/* --- memory ------------------------------------------------------------------------------ */

static bool run_out(struct arena *a)
{
	struct tag_keys keys;
	struct tag tag;
	char why[100];

	return tag_keys_parse(a, B("batv 0 secret\nsrs tops3cr3t"), &keys, why, sizeof(why)) &&
	       tag_batv_make(a, B("user@example.com"), &keys.keys[0], 42 * DAY).p &&
	       tag_read(a, B("prvs=0042d9e3aa=User@Example.com"), &keys, 42 * DAY, &tag) && tag.state == TAG_VALID &&
	       tag_read(a, B("SRS0=vmyz=2W=otherdomain.com=test@example.net"), &keys, SRS_DAY * DAY, &tag) &&
	       tag_read(a, B("SRS1=e4la=f1.example.net==vmyz=2W=otherdomain.com=test@example.net"), &keys, 0, &tag) &&
	       tag.state == TAG_VALID;
}

static void test_memory(void)
{
	bool done = false;
	long n;

	tap_begin("no memory at each allocation in turn");
	for (n = 0; n < 200 && !done; n++) {
		struct arena *own = arena_new(1 << 20);
		assert(own);
		mem_fail_after(n, false);
		mem_fail_arenas();
		done = run_out(own);
		mem_fail_after(-1, false);
		arena_free(own);
	}
	CHECK_MSG(done && n > 10, "%ld", n);
	tap_end();
}

int main(void)
{
	arena = arena_new(1 << 26);
	test_cases();
	test_nul();
	test_wrap();
	test_make();
	test_file();
	test_wrong_files();
	test_memory();
	arena_free(arena);
	return tap_done();
}
