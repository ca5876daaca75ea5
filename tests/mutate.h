/* mutate.h - mails bent at random, each judged to the end: for test_mutations.c (few, always the same) and
 * test_mutations_long.c (many). Starts from the messages of tests/cases and of the fuzz corpora. */
#pragma once
#include <dirent.h>

#include "base/clock.h"
#include "dns/dns_master.h"
#include "dns/dns_script.h"
#include "explain/explain.h"
#include "explain/explain_words.h"
#include "tap.h"

#define MUTATE_TODAY 1794996000    /* 2026-11-18T10:00:00Z */
#define MUTATE_SLOW_MS 10000       /* a hang; how fast it has to be stands in e2e/test_mutations.py */
#define MUTATE_MAX (1u << 20)      /* bytes of a message */

struct mutate_seed {
	struct bytes message, zone; /* zone may be empty */
};

struct mutate {
	struct mutate_seed *seeds;
	size_t n, cap;
	struct lookalike_tables *looks;
	uint64_t state;             /* of the random numbers: what it is decides all */
	uint8_t *text;              /* what is being bent, MUTATE_MAX bytes */
	size_t text_n;
};

/* xorshift64*: the same on every machine */
static inline uint64_t mutate_random(struct mutate *m, uint64_t below)
{
	m->state ^= m->state >> 12;
	m->state ^= m->state << 25;
	m->state ^= m->state >> 27;
	uint64_t v = m->state * UINT64_C(2685821657736338717) >> 16;

	return below ? v % below : 0;
}

/* --- seeds --- */

static inline void mutate_add(struct mutate *m, const char *message, const char *zone)
{
	struct bytes text = read_file(message);

	if (!text.p || text.n > MUTATE_MAX / 4 || text.n == 0) {
		heap_free(text);
		return;
	}
	if (m->n == m->cap) {
		m->cap = m->cap ? 2 * m->cap : 64;
		m->seeds = realloc(m->seeds, m->cap * sizeof(*m->seeds));
		assert(m->seeds);
	}
	m->seeds[m->n++] = (struct mutate_seed){ text, zone ? read_file(zone) : (struct bytes){ NULL, 0 } };
}

static inline int mutate_by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name); /* readdir's order differs from machine to machine */
}

/* Each entry of a folder below tests/: a case with message and zone, or a file that is a message. */
static inline void mutate_add_folder(struct mutate *m, const char *relative, bool cases)
{
	struct dirent **entries = NULL;
	char folder[4096], message[8192], zone[8192];

	snprintf(folder, sizeof(folder), "%s", test_path(relative));
	int n = scandir(folder, &entries, NULL, mutate_by_name);
	for (int i = 0; i < n; i++) {
		snprintf(message, sizeof(message), cases ? "%s/%s/message.eml" : "%s/%s", folder, entries[i]->d_name);
		snprintf(zone, sizeof(zone), "%s/%s/dns.zone", folder, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			mutate_add(m, message, cases ? zone : NULL);
		free(entries[i]);
	}
	free(entries);
}

static inline void mutate_start(struct mutate *m, uint64_t seed)
{
	*m = (struct mutate){ .state = seed, .looks = lookalike_start(), .text = malloc(MUTATE_MAX) };
	assert(m->text);
	mime_start();
	mutate_add_folder(m, "cases", true);
	mutate_add_folder(m, "../examples", true);
	mutate_add_folder(m, "../fuzz/corpus/fuzz_risk", false);
}

static inline void mutate_stop(struct mutate *m)
{
	for (size_t i = 0; i < m->n; i++) {
		heap_free(m->seeds[i].message);
		heap_free(m->seeds[i].zone);
	}
	free(m->seeds);
	free(m->text);
	lookalike_stop(m->looks);
}

/* --- bending --- */

/* Replaces the bytes from..to by others; what does not fit is cut. */
static inline void mutate_replace(struct mutate *m, size_t from, size_t to, struct bytes by)
{
	size_t tail = m->text_n - to, room = MUTATE_MAX - from;

	by = bytes_sub(by, 0, room);
	uint8_t *copy = malloc(by.n + 1);
	assert(copy);
	if (by.n)
		memcpy(copy, by.p, by.n); /* it may be a slice of the text itself */
	if (tail > room - by.n)
		tail = room - by.n;
	memmove(m->text + from + by.n, m->text + to, tail);
	memcpy(m->text + from, copy, by.n);
	m->text_n = from + by.n + tail;
	free(copy);
}

static inline size_t mutate_place(struct mutate *m)
{
	return (size_t)mutate_random(m, m->text_n + 1);
}

/* The line that holds a random place. */
static inline struct bytes mutate_line(struct mutate *m)
{
	struct bytes text = { m->text, m->text_n };
	size_t at = mutate_place(m), from = at;

	while (from > 0 && text.p[from - 1] != '\n')
		from--;
	return bytes_sub(text, from, bytes_find(text, '\n', at) + 1 - from);
}

static inline void mutate_bytes(struct mutate *m)
{
	for (uint64_t n = 1 + mutate_random(m, 16); n && m->text_n; n--)
		m->text[mutate_random(m, m->text_n)] = (uint8_t)mutate_random(m, 256);
}

static inline void mutate_word(struct mutate *m)
{
	static const struct bytes words[] = {
		{ (const uint8_t *)"\r\n\r\n", 4 }, { (const uint8_t *)"\0", 1 }, { (const uint8_t *)"\xff\xfe", 2 }, { (const uint8_t *)"\r", 1 },
		{ (const uint8_t *)"\xe2\x80\xae", 3 }, { (const uint8_t *)"\x1b[31m", 5 }, { (const uint8_t *)"=?utf-8?b?w6Q=?=", 16 },
		{ (const uint8_t *)"<>", 2 }, { (const uint8_t *)"\"", 1 }, { (const uint8_t *)"(", 1 }, { (const uint8_t *)"@", 1 }, { (const uint8_t *)":", 1 },
		{ (const uint8_t *)"\nContent-Type: multipart/mixed; boundary=\"\"\n\n--\n", 49 },
		{ (const uint8_t *)"\nContent-Type: message/rfc822\n\n", 31 }, { (const uint8_t *)"\nContent-Transfer-Encoding: base64\n", 35 },
		{ (const uint8_t *)"\nFrom: <a@b.example>, c@d.example\n", 34 }, { (const uint8_t *)"99999999999999999999", 20 },
	};
	size_t at = mutate_place(m);

	mutate_replace(m, at, at, words[mutate_random(m, ARRAY_LEN(words))]);
}

static inline void mutate_cut(struct mutate *m)
{
	size_t at = mutate_place(m), n = (size_t)mutate_random(m, 200);

	mutate_replace(m, at, at + n < m->text_n ? at + n : m->text_n, B(""));
}

static inline void mutate_truncate(struct mutate *m)
{
	m->text_n = mutate_place(m);
}

static inline void mutate_swap_lines(struct mutate *m)
{
	struct bytes line = mutate_line(m);
	uint8_t copy[2000];
	size_t n = line.n < sizeof(copy) ? line.n : sizeof(copy);

	memcpy(copy, line.p, n);
	size_t from = (size_t)(line.p - m->text);
	mutate_replace(m, from, from + line.n, B(""));
	struct bytes other = mutate_line(m);
	from = (size_t)(other.p - m->text);
	mutate_replace(m, from, from, (struct bytes){ copy, n });
}

static inline void mutate_repeat_line(struct mutate *m)
{
	struct bytes line = mutate_line(m);
	size_t from = (size_t)(line.p - m->text);

	for (uint64_t n = mutate_random(m, 50); n; n--)
		mutate_replace(m, from, from, bytes_sub((struct bytes){ m->text, m->text_n }, from, line.n));
}

static inline void mutate_run(struct mutate *m)
{
	uint8_t run[3000];
	size_t at = mutate_place(m);

	memset(run, (int)mutate_random(m, 256), sizeof(run));
	mutate_replace(m, at, at, (struct bytes){ run, (size_t)mutate_random(m, sizeof(run)) });
}

static inline void mutate_splice(struct mutate *m)
{
	struct bytes other = m->seeds[mutate_random(m, m->n)].message;
	size_t at = mutate_place(m);

	mutate_replace(m, at, mutate_random(m, 2) ? m->text_n : at, bytes_from(other, (size_t)mutate_random(m, other.n)));
}

/* --- judging --- */

static inline void mutate_check_page(const struct explain *x, uint64_t state)
{
	struct buf out;

	buf_init(&out, 4 << 20);
	explain_words(&out, x, (struct words_style){ .colour = false });
	explain_line(&out, x, "mail.eml");
	CHECK_MSG(!out.failed && out.n > 80, "%llu: %zu bytes", (unsigned long long)state, out.n);
	for (size_t i = 0; i < out.n; i++)
		CHECK_MSG(out.p[i] >= ' ' || out.p[i] == '\n', "%llu: a control character goes to the terminal", (unsigned long long)state);
	buf_free(&out);
}

static inline void mutate_judge(struct mutate *m, const struct mutate_seed *seed, bool offline, uint64_t state)
{
	struct bytes message = heap_bytes((struct bytes){ m->text, m->text_n });
	struct dns_zone *zone = dns_zone_new();
	struct dns_script *script = zone && dns_master_read(zone, seed->zone, NULL) ? dns_script_new(zone, NULL) : NULL;
	struct dns_resolver *resolver = script ? dns_script_resolver(script) : NULL;
	struct limits limits;
	struct explain x;

	limits_init(&limits);
	struct explain_settings settings = { .limits = &limits, .today = MUTATE_TODAY, .offline = offline, .sources = { .looks = m->looks } };
	int64_t began = clock_mono_ms();
	bool ok = explain_begin(&x, &settings, message) && explain_drive(&x, offline ? NULL : resolver) == CHECK_DONE && explain_judge(&x);
	CHECK_MSG(ok, "%llu: no verdict", (unsigned long long)state);
	if (ok) {
		json_t *json = explain_json(&x);
		char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
		CHECK_MSG(text, "%llu: no JSON", (unsigned long long)state);
		free(text);
		json_decref(json);
		mutate_check_page(&x, state);
	}
	CHECK_MSG(clock_mono_ms() - began < MUTATE_SLOW_MS, "%llu: %d ms", (unsigned long long)state, (int)(clock_mono_ms() - began));
	explain_end(&x);
	dns_resolver_free(resolver);
	dns_zone_free(zone);
	heap_free(message);
}

/* One mail, bent in one to eight ways. What is printed on failure is the state that makes the same mail again. */
static inline void mutate_one(struct mutate *m)
{
	static void (*const ways[])(struct mutate *) = {
		mutate_bytes, mutate_word, mutate_word, mutate_cut, mutate_truncate, mutate_swap_lines, mutate_swap_lines,
		mutate_repeat_line, mutate_run, mutate_splice,
	};
	uint64_t state = m->state;
	const struct mutate_seed *seed = &m->seeds[mutate_random(m, m->n)];

	memcpy(m->text, seed->message.p, seed->message.n);
	m->text_n = seed->message.n;
	for (uint64_t n = 1 + mutate_random(m, 8); n; n--)
		ways[mutate_random(m, ARRAY_LEN(ways))](m);
	mutate_judge(m, seed, mutate_random(m, 3) == 0, state);
}
