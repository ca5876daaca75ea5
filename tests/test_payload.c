/* What mails of one campaign have in common, and what tells two campaigns apart. */
#include "base/mem.h"
#include "content/risk.h"
#include "tap.h"

#define BTC "16L5yRNPTuciSgXGHqYwn9N6NeoKqopAu"

static const struct { const char *what, *message, *items; } cases[] = {
	{ "hosts of links", "Content-Type: text/html\n\n<a href=https://Shop.Example/x?u=1>x</a><a href=https://shop.example/y>y</a>"
	  "<form action=https://form.example/></form><img src=https://pictures.example/x.png>", "form.example shop.example" },
	{ "hosts in plain text", "\n\nsee https://b.example/1 and www.a.example.", "b.example www.a.example" },
	{ "numbers for hosts", "\n\nhttp://0xcb007105/ and http://[2001:DB8::1]/", "2001:db8::1 203.0.113.5" },
	{ "relative to a base", "Content-Type: text/html\n\n<base href=https://a.example/><a href=/x>y</a>", "a.example" },
	{ "wallets", "\n\npay to " BTC " now", "16l5yrnptucisgxghqywn9n6neokqopau" },
	{ "telephones", "\n\nCall +49 (30) 1234-5678, 030/12345678 or 0044 20 7946 0000.", "+493012345678 00442079460000 03012345678" },
	{ "numbers that are none", "\n\n2026-11-18 10:00:00, 192.0.2.1, 1234567890123, EUR 1.000.000,00, x012345678901, 01.02.2026, 012345", "" },
	{ "both forms of one mail", "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nhttps://a.example/1\n--b\nContent-Type: text/html\n\n"
	  "<a href=https://a.example/2>x</a>\n--b--\n", "a.example" },
	{ "attached files say nothing", "Content-Type: application/octet-stream; name=a.bin\n\nhttps://a.example/", "" },
	{ "nothing", "\n\n", "" },
};

static const struct { const char *what, *one, *two; bool same; } pairs[] = {
	{ "another name, number, link",
	  "To: Alice Smith <alice@mine.example>\n\nDear Alice, your parcel 12345 is waiting at the office, see https://a.example/x1. Pay 2 EUR, Alice, please.",
	  "To: Bob Jones <bob@mine.example>\n\nDear Bob, your parcel 98765 is waiting at the office, see https://b.example/y2. Pay 3 EUR, Bob, please.", true },
	{ "another name that only the greeting has",
	  "To: x@mine.example\n\nDear Carol, your parcel is waiting at the office of the town.",
	  "To: y@mine.example\n\nDear Dave, your parcel is waiting at the office of the town.", true },
	{ "other letters that look the same", "\n\nyour parcel is waiting at the office of the town today",
	  "\n\ny\xd0\xbeur p\xd0\xb0rcel is waiting at the \xd0\xbe" "ffice of the town today", true },
	{ "as text and as a page", "\n\nyour parcel is waiting at the office of the town today",
	  "Content-Type: text/html\n\n<p>your parcel is <b>waiting</b> at the office<br>of the town today", true },
	{ "other words", "\n\nyour parcel is waiting at the office of the town today",
	  "\n\nyour parcel is waiting at the office of the town tomorrow", false },
	{ "the other order", "\n\none two three four five six seven eight nine", "\n\nnine eight seven six five four three two one", false },
};

static struct content_payload payload_of(struct arena *a, struct bytes message)
{
	struct limits limits;
	struct header h = { 0 };
	struct mime m;
	struct content_payload p = { 0 };

	limits_init(&limits);
	struct work w = { .arena = a, .limits = &limits };
	header_index(&w, &h, message);
	CHECK(mime_read(&w, message, &m) && content_payload(&w, &h, &m, &p));
	mime_end(&m);
	return p;
}

/* Memory that runs out anywhere: no crash, no leak, and what comes out all the same is whole. */
static void check_memory(void)
{
	static const char message[] = "To: Alice <alice@mine.example>\nContent-Type: text/html\n\n<style>.x{color:red}</style><a href=https://a.example/>x</a> "
		BTC " +49 30 12345678 your parcel is waiting at the office of the town";
	long n = 0, failures = 0;

	for (; n < 20000; n++) {
		struct arena *a = arena_new(16 << 20);
		struct limits limits;
		struct header h = { 0 };
		struct mime m = { 0 };
		struct content_payload p;
		limits_init(&limits);
		struct work w = { .arena = a, .limits = &limits };
		mem_fail_after(n, false);
		mem_fail_arenas();
		header_index(&w, &h, bytes_of(message));
		bool ok = mime_read(&w, bytes_of(message), &m) && content_payload(&w, &h, &m, &p);
		long made = mem_count();
		mem_fail_after(-1, false);
		CHECK(!ok || (p.n == 3 && p.text_hash));
		failures += !ok;
		mime_end(&m);
		arena_free(a);
		if (made <= n)
			break;
	}
	CHECK_MSG(n > 20 && n < 20000 && failures > 20, "%ld allocations, %ld failures", n, failures);
}

int main(void)
{
	struct arena *a = arena_new(64 << 20);

	mime_start();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes message = heap_copy(cases[i].message), all = B("");
		tap_begin("%s", cases[i].what);
		struct content_payload p = payload_of(a, message);
		for (size_t k = 0; k < p.n; k++)
			all = arena_printf(a, "%.*s%s%.*s", BYTES_ARG(all), k ? " " : "", BYTES_ARG(p.items[k]));
		CHECK_BYTES(all, cases[i].items);
		tap_end();
		heap_free(message);
	}
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		tap_begin("%s: %s", pairs[i].same ? "the same text" : "two texts", pairs[i].what);
		uint64_t one = payload_of(a, bytes_of(pairs[i].one)).text_hash, two = payload_of(a, bytes_of(pairs[i].two)).text_hash;
		CHECK(one && two && (one == two) == pairs[i].same);
		tap_end();
	}
	tap_begin("a text of a few words says nothing");
	CHECK(payload_of(a, B("\n\nhello Alice, see 12345 https://a.example/")).text_hash == 0);
	tap_end();
	tap_begin("each allocation fails once");
	check_memory();
	tap_end();
	arena_free(a);
	return tap_done();
}
