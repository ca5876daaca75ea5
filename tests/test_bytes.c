/* bytes, arena, buf: the ground everything stands on */
#include "base/bytes.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/fold.h"
#include "tap.h"

static void test_cut(void)
{
	static const struct { const char *name, *text; size_t pieces; const char *last; } cases[] = {
		{ "nothing", "", 0, "" },
		{ "one piece", "a", 1, "a" },
		{ "a final separator opens no piece", "a;", 1, "a" },
		{ "empty pieces in the middle count", "a;;b", 3, "b" },
		{ "only separators", ";;", 2, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = heap_copy(cases[i].text), rest = text, piece = { NULL, 0 };
		size_t n = 0;

		tap_begin("cut: %s", cases[i].name);
		while (bytes_cut(&rest, ';', &piece))
			n++;
		CHECK(n == cases[i].pieces);
		CHECK_BYTES(piece, cases[i].last);
		tap_end();
		heap_free(text);
	}
}

static void test_numbers(void)
{
	static const struct { const char *text; bool ok; uint64_t v; } cases[] = {
		{ "0", true, 0 }, { "18446744073709551615", true, UINT64_MAX },
		{ "18446744073709551616", false, 0 }, { "", false, 0 }, { "-1", false, 0 },
		{ "1 ", false, 0 }, { "007", true, 7 }, { "000000000000000000001", false, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint64_t v = 0;

		tap_begin("number \"%s\"", cases[i].text);
		CHECK(bytes_to_u64(bytes_of(cases[i].text), &v) == cases[i].ok && v == cases[i].v);
		tap_end();
	}
}

static void test_arena(void)
{
	struct arena *a = arena_new(100000);
	size_t n = 0, cap = 0;
	int *list = NULL;

	tap_begin("arena: an array grows and keeps its items");
	for (int i = 0; i < 1000; i++)
		CHECK(ARENA_PUSH(a, list, n, cap, &i));
	CHECK(n == 1000 && list[0] == 0 && list[999] == 999);
	tap_end();

	tap_begin("arena: the cap is a failure that stays until reset");
	CHECK(!arena_alloc(a, 200000) && arena_failed(a));
	arena_reset(a);
	CHECK(!arena_failed(a) && arena_used(a) == 0);
	const uint8_t *p = arena_alloc(a, 64);
	CHECK(p && p[0] == 0 && p[63] == 0);
	tap_end();

	tap_begin("arena: products that overflow and NULs in C strings are refused");
	CHECK(!arena_array_of(a, SIZE_MAX / 2, 4));
	CHECK(!arena_cstr(a, B("a\0b")));
	CHECK_BYTES(arena_join(a, B("ab"), B("cd")), "abcd");
	CHECK_BYTES(arena_printf(a, "%d-%s", 7, "x"), "7-x");
	tap_end();
	arena_free(a);

	tap_begin("arena: no memory is NULL, not a crash");
	mem_fail_after(0, true);
	CHECK(!arena_new(1000));
	mem_fail_after(-1, false);
	tap_end();
}

static void test_buf(void)
{
	struct buf b;

	tap_begin("buf: writes on after its cap and says so once");
	buf_init(&b, 600);
	for (int i = 0; i < 100; i++)
		buf_addf(&b, "%08d", i);
	CHECK(b.failed && b.n <= 600);
	buf_free(&b);
	tap_end();
}

static void test_search(void)
{
	tap_begin("search, starts, ends, trim, compare");
	CHECK(bytes_search(B("aabaab"), B("aab")) == 0 && bytes_search(B("xaab"), B("aab")) == 1);
	CHECK(bytes_search(B("aa"), B("aab")) == 2);
	CHECK(bytes_istarts(B("From: x"), "from") && !bytes_istarts(B("Fr"), "from"));
	CHECK(bytes_iends(B("a.EXAMPLE"), ".example"));
	CHECK_BYTES(bytes_trim(B(" \t a b\r\n")), "a b");
	CHECK(bytes_compare(B("a"), B("ab")) < 0 && bytes_compare(B("b"), B("ab")) > 0);
	tap_end();
}

static bool isame_twin(struct bytes a, struct bytes b)
{
	bool same = a.n == b.n;

	for (size_t i = 0; i < a.n && same; i++) {
		uint8_t x = a.p[i], y = b.p[i];
		x = x >= 'A' && x <= 'Z' ? x | 0x20 : x;
		y = y >= 'A' && y <= 'Z' ? y | 0x20 : y;
		same = x == y;
	}
	return same;
}

static void test_isame(void)
{
	unsigned seed = 11;

	tap_begin("ignoring case: each pair of bytes, at each place of a step and a rest");
	for (size_t at = 0; at < 11; at++)
		for (int x = 0; x < 256; x++)
			for (int y = 0; y < 256; y++) {
				uint8_t p[11] = "List-Unsubs", q[11] = "lIST-unsubS";
				p[at] = (uint8_t)x;
				q[at] = (uint8_t)y;
				struct bytes a = { p, 11 }, b = { q, 11 };
				CHECK(bytes_isame(a, b) == isame_twin(a, b));
			}
	tap_end();
	tap_begin("ignoring case: random text against the twin");
	for (int i = 0; i < 20000; i++) {
		uint8_t p[40], q[40];
		size_t n = (size_t)rand_r(&seed) % sizeof(p);
		for (size_t k = 0; k < n; k++) {
			p[k] = (uint8_t)rand_r(&seed);
			q[k] = p[k] ^ (rand_r(&seed) % 4 ? 0 : 0x20);
		}
		struct bytes a = heap_bytes((struct bytes){ p, n }), b = heap_bytes((struct bytes){ q, n });
		CHECK(bytes_isame(a, b) == isame_twin(a, b));
		heap_free(a);
		heap_free(b);
	}
	tap_end();
}

static uint64_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return *state ^ *state >> 31;
}

/* How many of the slots that a table has for n keys stay empty: about n / e when keys fall at random. */
static size_t empty_slots(uint64_t seed, unsigned shift)
{
	static uint8_t used[4096];
	size_t empty = 0;

	memset(used, 0, sizeof(used));
	for (unsigned i = 0; i < sizeof(used); i++) {
		char name[32];
		int n = snprintf(name, sizeof(name), "d%04u.example", i);
		used[bytes_hash((struct bytes){ (const uint8_t *)name, (size_t)n }, seed) >> shift & 4095] = 1;
	}
	for (size_t i = 0; i < sizeof(used); i++)
		empty += !used[i];
	return empty;
}

static void test_hash(void)
{
	uint8_t text[40];
	uint64_t state = 1;
	size_t same = 0;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)('a' + i % 26);
	tap_begin("hash: each byte, the length and the seed count");
	for (size_t n = 0; n <= sizeof(text); n++) {
		uint64_t h = bytes_hash((struct bytes){ text, n }, 5);
		same += h == bytes_hash((struct bytes){ text, n }, 6);
		same += n && h == bytes_hash((struct bytes){ text, n - 1 }, 5);
		for (size_t i = 0; i < n; i++) {
			text[i] ^= 0x80; /* the top bit: a weak hash lets another one undo it */
			same += h == bytes_hash((struct bytes){ text, n }, 5);
			text[i] ^= 0x80;
		}
		struct bytes exact = heap_bytes((struct bytes){ text, n });
		CHECK_MSG(bytes_hash(exact, 5) == h, "another hash at another place, %zu bytes", n);
		heap_free(exact);
	}
	CHECK_MSG(same == 0, "%zu of them do not", same);
	tap_end();

	tap_begin("hash: names fill a table as chance would, by its low bits and by its high ones");
	for (uint64_t seed = 0; seed < 4; seed++)
		for (unsigned shift = 0; shift <= 52; shift += 52)
			CHECK_MSG(empty_slots(seed, shift) > 1350 && empty_slots(seed, shift) < 1660,
			          "seed %u, shift %u: %zu empty", (unsigned)seed, shift, empty_slots(seed, shift));
	tap_end();

	tap_begin("hash: with 128 bits the fold is the plain one");
	for (size_t i = 0; i < 100000; i++) {
		uint64_t a = next_random(&state) >> i % 64, b = next_random(&state) >> i / 64 % 64;
		if (!CHECK(fold(a, b) == fold_plain(a, b)))
			break;
	}
	CHECK(fold(UINT64_MAX, UINT64_MAX) == fold_plain(UINT64_MAX, UINT64_MAX));
	tap_end();
}

int main(void)
{
	test_cut();
	test_isame();
	test_hash();
	test_numbers();
	test_search();
	test_arena();
	test_buf();
	return tap_done();
}
