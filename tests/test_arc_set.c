#include "arc/arc_set.h"

#include "base/mem.h"
#include "tap.h"

static const struct {
	const char *value;
	unsigned instance; /* 0: refused */
	const char *rest;
} instances[] = {
	{ " i=1; mx.example; spf=pass", 1, "mx.example; spf=pass" },
	{ "i=50;mx.example", 50, "mx.example" },
	{ " (a) i (b) =\r\n (c) 7 (d) ; mx.example (e)", 7, "mx.example (e)" },
	{ "i=07;", 7, "" },
	{ "i=99; x", 99, "x" },
	{ "i=0; x", 0, NULL },
	{ "i=00; x", 0, NULL },
	{ "i=100; x", 0, NULL },
	{ "i=; x", 0, NULL },
	{ "i=-1; x", 0, NULL },
	{ "i=1 x; y", 0, NULL },
	{ "i=1", 0, NULL },
	{ "I=1; x", 0, NULL },
	{ "\"i\"=1; x", 0, NULL },
	{ "i=\"1\"; x", 0, NULL },
	{ "x; i=1;", 0, NULL },
	{ "i=1 (never ends; x", 0, NULL },
	{ "", 0, NULL },
};

#define SHA "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY="
#define AAR(i) "ARC-Authentication-Results: i=" i "; mx.example; spf=pass\r\n"
#define AMS(i) "ARC-Message-Signature: i=" i "; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=sel; h=from;\r\n" \
               "\tbh=" SHA "; b=AAAA\r\n"
#define AS(i, cv) "ARC-Seal: i=" i "; a=rsa-sha256; cv=" cv "; d=example.org; s=sel; b=AAAA\r\n"
#define SET(i, cv) AS(i, cv) AMS(i) AAR(i)
#define LIST10 SET("1", "none") SETS9("", "2", "3", "4", "5", "6", "7", "8", "9", "10")
#define SETS9(t, a, b, c, d, e, f, g, h, i) SET(t a, "pass") SET(t b, "pass") SET(t c, "pass") SET(t d, "pass") \
	SET(t e, "pass") SET(t f, "pass") SET(t g, "pass") SET(t h, "pass") SET(t i, "pass")

static const struct {
	const char *name, *header;
	size_t n;
	unsigned highest;
	const char *broken;
	unsigned broken_instance;
	bool ended;
} structures[] = {
	{ "no ARC field", "From: a@example.com\r\n", 0, 0, NULL, 0, false },
	{ "one set", SET("1", "none"), 1, 1, NULL, 0, false },
	{ "two sets, in any order", AAR("2") SET("1", "none") AS("2", "pass") AMS("2"), 2, 2, NULL, 0, false },
	{ "ten sets", LIST10, 10, 10, NULL, 0, false },
	{ "the first is missing", SET("2", "pass"), 0, 2, "an instance is missing", 1, false },
	{ "a gap", SET("1", "none") SET("3", "pass"), 0, 3, "an instance is missing", 2, false },
	{ "an instance above the number of fields", SET("9", "pass"), 0, 9, "an instance is missing", 0, false },
	{ "no seal", AMS("1") AAR("1"), 0, 1, "an instance has no ARC-Seal field", 1, false },
	{ "no message signature", AS("1", "none") AAR("1"), 0, 1,
	  "an instance has no ARC-Message-Signature field", 1, false },
	{ "no results", SET("1", "none") AS("2", "pass") AMS("2"), 0, 2,
	  "an instance has no ARC-Authentication-Results field", 2, false },
	{ "two seals", SET("1", "none") AS("1", "none"), 0, 1, "an instance has two ARC-Seal fields", 1, false },
	{ "two message signatures", SET("1", "none") AMS("1"), 0, 1,
	  "an instance has two ARC-Message-Signature fields", 1, false },
	{ "two results", SET("1", "none") AAR("1"), 0, 1,
	  "an instance has two ARC-Authentication-Results fields", 1, false },
	{ "the first says pass", SET("1", "pass"), 0, 1, "the first seal does not say cv=none", 1, false },
	{ "the second says none", SET("1", "none") SET("2", "none"), 0, 2,
	  "a seal after the first does not say cv=pass", 2, false },
	{ "the newest says fail", SET("1", "none") SET("2", "fail"), 0, 2,
	  "the newest seal says that the chain had failed before (cv=fail)", 2, true },
	{ "an older one says fail", SET("1", "none") SET("2", "fail") SET("3", "pass"), 0, 3,
	  "a seal after the first does not say cv=pass", 2, false },
	{ "a lone seal with fail", AS("4", "fail"), 0, 4, "an instance is missing", 0, true },
	{ "a seal without tags", SET("1", "none") "ARC-Seal: nothing\r\n", 0, 1,
	  "an ARC-Seal field is not a tag list with a usable instance", 0, false },
	{ "a message signature without instance", SET("1", "none") "ARC-Message-Signature: a=rsa-sha256\r\n", 0, 1,
	  "an ARC-Message-Signature field is not a tag list with a usable instance", 0, false },
	{ "results without instance", SET("1", "none") "ARC-Authentication-Results: mx.example; none\r\n", 0, 1,
	  "an ARC-Authentication-Results field has no usable instance", 0, false },
	{ "a cv that cannot be read is left to the seal", SET("1", "Pass"), 1, 1, NULL, 0, false },
	{ "instance 51", SET("1", "none") AS("51", "pass"), 0, 51, "there are too many ARC sets", 0, false },
};

static void test_structures(struct work *w)
{
	for (size_t i = 0; i < ARRAY_LEN(structures); i++) {
		struct bytes text = heap_copy(structures[i].header);
		struct header h = { 0 };
		struct arc_sets sets;

		tap_begin("structure: %s", structures[i].name);
		header_index(w, &h, text);
		CHECK(arc_sets_read(w, &h, &sets));
		CHECK_MSG(sets.n == structures[i].n && sets.highest == structures[i].highest,
		          "%zu sets, highest %u", sets.n, sets.highest);
		CHECK_MSG(structures[i].broken
		                  ? sets.broken && !strcmp(sets.broken, structures[i].broken)
		                  : !sets.broken,
		          "%s", sets.broken ? sets.broken : "not broken");
		CHECK(sets.broken_instance == structures[i].broken_instance &&
		      sets.ended == structures[i].ended);
		for (size_t k = 0; k < sets.n; k++)
			CHECK(sets.list[k].instance == k + 1 &&
			      bytes_eq(sets.list[k].authres, "mx.example; spf=pass"));
		tap_end();
		heap_free(text);
	}
}

static const struct {
	const char *name, *message_tags, *seal_tags;
	const char *bad; /* of the one that is not NULL */
} tags[] = {
	{ "a message signature", "a=rsa-sha256; d=example.org; s=s; h=from; bh=" SHA "; b=AA==", NULL, NULL },
	{ "no fields signed", "a=rsa-sha256; d=example.org; s=s; h=; bh=" SHA "; b=AA==", NULL, NULL },
	{ "v= and i= of DKIM mean nothing", "v=7; a=rsa-sha256; d=example.org; s=s; h=from; bh=" SHA "; b=AA==",
	  NULL, NULL },
	{ "ed25519", "a=ed25519-sha256; d=example.org; s=s; h=from; bh=" SHA "; b=AA==", NULL, NULL },
	{ "it signs a seal", "a=rsa-sha256; d=example.org; s=s; h=from : ARC-Seal:to; bh=" SHA "; b=AA==", NULL,
	  "an ARC-Message-Signature signs an ARC-Seal" },
	{ "expired", "a=rsa-sha256; d=example.org; s=s; h=from; t=1; x=999; bh=" SHA "; b=AA==", NULL,
	  "the signature has expired (x=)" },
	{ "expires now", "a=rsa-sha256; d=example.org; s=s; h=from; t=1; x=1000; bh=" SHA "; b=AA==", NULL, NULL },
	{ "a seal", NULL, "a=rsa-sha256; cv=none; d=example.org; s=s; b=AA==", NULL },
	{ "a seal with h=", NULL, "a=rsa-sha256; cv=none; d=example.org; s=s; h=from; b=AA==", "an ARC-Seal has h=" },
	{ "a seal without cv=", NULL, "a=rsa-sha256; d=example.org; s=s; b=AA==",
	  "cv= is none of none, pass, fail, or missing" },
	{ "cv= compares with case", NULL, "a=rsa-sha256; cv=None; d=example.org; s=s; b=AA==",
	  "cv= is none of none, pass, fail, or missing" },
	{ "a seal with unknown tags", NULL, "a=rsa-sha256; cv=none; d=example.org; s=s; b=AA==; zz=9; bh=!", NULL },
	{ "a seal without domain", NULL, "a=rsa-sha256; cv=none; s=s; b=AA==", "d= is missing" },
};

static void test_tags(struct work *w)
{
	for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
		const char *m = tags[i].message_tags, *s = tags[i].seal_tags;
		struct bytes text = heap_bytes(arena_printf(
		        w->arena,
		        "ARC-Message-Signature: i=1; %s\r\nARC-Seal: i=1; %s\r\n" AAR("1"),
		        m ? m : tags[0].message_tags,
		        s ? s : "a=rsa-sha256; cv=none; d=example.org; s=s; b=AA=="));
		struct header h = { 0 };
		struct arc_sets sets;

		tap_begin("tags: %s", tags[i].name);
		header_index(w, &h, text);
		CHECK(arc_sets_read(w, &h, &sets) && sets.n == 1);
		const char *bad =
		        sets.n ? (m ? sets.list[0].message.bad : sets.list[0].seal.bad) : "no set";
		CHECK_MSG(tags[i].bad ? bad && !strcmp(bad, tags[i].bad) : !bad, "%s",
		          bad ? bad : "good");
		CHECK(sets.n == 0 || (m ? !sets.list[0].seal.bad : !sets.list[0].message.bad));
		tap_end();
		heap_free(text);
	}
}

/* More ARC fields than fifty sets have: none of them is read. */
static void test_flood(struct work *w)
{
	struct bytes one = B(AS("1", "none")), all = { NULL, 0 };
	struct header h = { 0 };
	struct arc_sets sets;

	tap_begin("151 ARC fields are not read");
	for (int i = 0; i < 151; i++)
		all = arena_join(w->arena, all, one);
	header_index(w, &h, all);
	size_t used = arena_used(w->arena);
	w->reached = 0;
	CHECK(arc_sets_read(w, &h, &sets) && sets.broken && sets.ended && sets.n == 0);
	CHECK_MSG(arena_used(w->arena) - used < 1000, "%zu bytes", arena_used(w->arena) - used);
	CHECK(w->reached >> LIMIT_ARC_SETS & 1);
	tap_end();
	tap_begin("a lower limit of sets");
	struct limits two = *w->limits;
	struct work other = { .arena = w->arena, .limits = &two };
	CHECK(limits_set(&two, B("arc-sets"), 2, NULL));
	header_index(&other, &h, B(SET("1", "none") SET("2", "pass") SET("3", "pass")));
	CHECK(arc_sets_read(&other, &h, &sets) && sets.broken &&
	      (other.reached >> LIMIT_ARC_SETS & 1));
	tap_end();
}

static void test_memory(const struct limits *limits)
{
	tap_begin("memory ends at any point");
	for (long n = 0; n < 20; n++) {
		struct work w = { .arena = arena_new(1 << 20), .limits = limits };
		struct header h = { 0 };
		struct arc_sets sets = { .n = 7 };
		header_index(&w, &h, B(LIST10));
		mem_fail_after(n, true);
		bool ok = arc_sets_read(&w, &h, &sets);
		mem_fail_after(-1, false);
		CHECK_MSG(ok ? sets.n == 10 : sets.n == 7, "allocation %ld: %d, %zu sets, %s", n,
		          ok, sets.n, sets.broken ? sets.broken : "");
		arena_free(w.arena);
	}
	tap_end();
}

int main(void)
{
	struct limits limits;
	struct work w = { .arena = arena_new(8 << 20), .limits = &limits, .now = 1000 };

	limits_init(&limits);
	for (size_t i = 0; i < ARRAY_LEN(instances); i++) {
		struct bytes value = heap_copy(instances[i].value), rest = { NULL, 0 };
		unsigned n = 0;

		tap_begin("instance of \"%s\"", instances[i].value);
		CHECK(arc_instance_of(value, &n, &rest) == (instances[i].instance != 0) &&
		      n == instances[i].instance);
		if (instances[i].rest)
			CHECK_BYTES(rest, instances[i].rest);
		tap_end();
		heap_free(value);
	}
	test_structures(&w);
	test_tags(&w);
	test_flood(&w);
	test_memory(&limits);
	arena_free(w.arena);
	return tap_done();
}
