/* payload.c - content_payload of risk.h: what the mails of one campaign have in common, whatever they change
 * from one recipient to the next */
#include "base/ascii.h"
#include "content/html_links.h"
#include "content/part_reader.h"
#include "content/risk.h"
#include "content/text_fold.h"
#include "content/url.h"
#include "content/wallet.h"
#include "mail/address.h"

#define WORDS_MIN 8u       /* a text with fewer says too little to be compared */
#define NAMES_MAX 64u      /* words of names that are left out */
#define NAME_MIN 3u        /* letters */
#define PHONE_MIN 9u       /* digits */
#define PHONE_MAX 15u      /* ITU-T E.164 */
#define ADDRESSES_MAX 16u

struct gatherer {
	struct work *w;
	struct part_reader parts;
	struct bytes *items;
	size_t n, cap;
	struct bytes names[NAMES_MAX]; /* folded words of the recipients' names and addresses */
	size_t n_names;
	uint64_t text_hash;
};

static void add(struct gatherer *g, struct bytes item)
{
	struct bytes lower = arena_lower(g->w->arena, item);

	if (g->n >= work_limit(g->w, LIMIT_LINKS))
		work_reached(g->w, LIMIT_LINKS);
	else if (lower.n && !ARENA_PUSH(g->w->arena, g->items, g->n, g->cap, &lower))
		return; /* the arena remembers */
}

/* --- places, wallets, telephones --- */

static void add_host(struct gatherer *g, struct bytes link, const struct url *base)
{
	char ip[IP_TEXT];
	struct url u;

	if (!url_parse(g->parts.w.arena, link, base, &u))
		return;
	if (u.ip.family)
		add(g, bytes_of(ip_text(&u.ip, ip)));
	else
		add(g, u.host.text);
}

/* A number as it is dialled: '+' and digits, or 0 and digits, with the signs that people put between them. */
static size_t phone_at(struct bytes text, size_t at, char *to, size_t *n)
{
	size_t i = at, end = at, digits = 0;
	unsigned signs = 0; /* in a row */

	for (; i < text.n && digits <= PHONE_MAX && signs < 3; i++) {
		uint8_t c = text.p[i];
		if (ascii_is_digit(c) || (c == '+' && i == at)) {
			if (digits + (c != '+') <= PHONE_MAX)
				to[digits + (text.p[at] == '+')] = (char)c;
			if (c == '+')
				to[0] = '+';
			digits += c != '+';
			signs = 0;
			end = i + 1;
		} else if (c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')') {
			signs++;
		} else {
			break;
		}
	}
	*n = digits < PHONE_MIN || digits > PHONE_MAX ? 0 : digits + (text.p[at] == '+');
	return end > at ? end : at + 1;
}

static void add_phones(struct gatherer *g, struct bytes text)
{
	char digits[PHONE_MAX + 2];

	for (size_t i = 0; i < text.n;) {
		bool starts = text.p[i] == '+' || text.p[i] == '0';
		uint8_t before = i ? text.p[i - 1] : ' ';
		if (!starts || ascii_is_alnum(before) || before == '.' || before == '/' || before == '-') {
			i++;
			continue;
		}
		size_t n;
		i = phone_at(text, i, digits, &n);
		bool word = i < text.n && ascii_is_alnum(text.p[i]);
		if (n && !word)
			add(g, (struct bytes){ (const uint8_t *)digits, n });
	}
}

static void add_wallets(struct gatherer *g, struct bytes text)
{
	enum wallet_kind kind;
	struct bytes wallet;
	size_t at = 0;

	while (wallet_next(text, &at, &wallet, &kind))
		add(g, wallet);
}

/* --- the text --- */

/* Words of the recipients' names and addresses: they differ from mail to mail. */
static void list_names(struct gatherer *g, const struct header *h)
{
	static const enum field_id fields[] = { FIELD_TO, FIELD_CC, FIELD_DELIVERED_TO };
	struct arena *a = g->w->arena;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const struct field *f = header_find(h, fields[i], 0);
		struct mailbox *m = NULL;
		size_t n = f ? address_list_read(g->w, f->value, ADDRESSES_MAX, &m) : 0;
		for (size_t k = 0; k < n; k++) {
			struct text_fold fold;
			struct bytes word, name = display_name_decode(a, m[k].display_name);
			struct bytes all = arena_printf(a, "%.*s %.*s %.*s", BYTES_ARG(name), BYTES_ARG(m[k].local),
			                                BYTES_ARG(m[k].domain.text));
			if (!text_fold_read(a, all, &fold))
				return;
			while (g->n_names < NAMES_MAX && bytes_cut(&fold.letters, ' ', &word))
				if (word.n >= NAME_MIN)
					g->names[g->n_names++] = word;
		}
	}
}

static bool is_name(const struct gatherer *g, struct bytes word)
{
	for (size_t i = 0; i < g->n_names; i++)
		if (bytes_same(word, g->names[i]))
			return true;
	return false;
}

/* The word behind one of these is somebody's name. */
static bool is_greeting(struct bytes word)
{
	static const char *const words[] = { "dear", "hello", "hi", "hallo", "liebe", "lieber", "bonjour", "cher", "chere",
	                                     "hola", "querido", "ciao", "caro", "beste", "geachte", "herr", "frau", "mr",
	                                     "mrs", "ms" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (bytes_eq(word, words[i]))
			return true;
	return false;
}

/* Links, addresses and what has digits: blanks instead, so that no word is left of them. */
static struct bytes without_numbers(struct arena *a, struct bytes text)
{
	uint8_t *to = arena_alloc(a, text.n + 1);

	if (!to)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0, end; i < text.n; i = end) {
		bool drop = false;
		for (end = i; end < text.n && (text.p[end] > ' ' || end == i); end++)
			drop = drop || text.p[end] == '@' || text.p[end] == '/' || ascii_is_digit(text.p[end]);
		if (drop)
			memset(to + i, ' ', end - i);
		else
			memcpy(to + i, text.p + i, end - i);
	}
	return (struct bytes){ to, text.n };
}

/* A hash of the words that are neither numbers nor names; 0: there are too few. */
static uint64_t hash_text(struct gatherer *g, struct bytes text)
{
	struct arena *a = g->parts.w.arena;
	struct text_fold f;
	struct bytes word;
	uint64_t hash = 1;
	size_t n = 0;
	bool greeted = false;

	if (!text_fold_read(a, without_numbers(a, text), &f))
		return 0;
	while (bytes_cut(&f.letters, ' ', &word)) {
		bool skip = greeted || is_name(g, word);
		greeted = is_greeting(word);
		if (skip)
			continue;
		hash = bytes_hash(word, hash);
		n++;
	}
	return n < WORDS_MIN ? 0 : hash ? hash : 1;
}

static void read_text(struct gatherer *g, struct bytes text)
{
	add_wallets(g, text);
	add_phones(g, text);
	if (!g->text_hash)
		g->text_hash = hash_text(g, text);
}

/* --- parts --- */

static void read_plain(struct gatherer *g, struct bytes text)
{
	struct bytes link;
	size_t at = 0;

	while (url_next(text, &at, &link))
		add_host(g, link, NULL);
	read_text(g, text);
}

static bool read_page(struct gatherer *g, struct bytes html)
{
	struct html_page page;
	struct url base;
	bool has_base = false;

	if (!html_links_read(&g->parts.w, html, &page))
		return false;
	has_base = page.base.n && url_parse(g->parts.w.arena, page.base, NULL, &base);
	for (size_t i = 0; i < page.n; i++)
		if (page.links[i].kind == HTML_LINK || page.links[i].kind == HTML_FORM || page.links[i].kind == HTML_REFRESH)
			add_host(g, page.links[i].target, has_base ? &base : NULL);
	read_text(g, page.text);
	return true;
}

static bool read_parts(struct gatherer *g, const struct mime *m)
{
	for (size_t i = 0; i < m->n; i++) {
		enum part_kind kind = part_kind_of(&m->parts[i]);
		struct bytes content;
		if (kind != PART_TEXT && kind != PART_PAGE)
			continue;
		if (!part_reader_read(&g->parts, m, i, &content))
			return false;
		if (kind == PART_TEXT)
			read_plain(g, content);
		else if (!read_page(g, content))
			return false;
	}
	return !arena_failed(g->parts.w.arena);
}

static int compare(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

static size_t without_doubles(struct bytes *items, size_t n)
{
	size_t kept = 0;

	if (n)
		qsort(items, n, sizeof(*items), compare);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || !bytes_same(items[i], items[kept - 1]))
			items[kept++] = items[i];
	return kept;
}

bool content_payload(struct work *w, const struct header *h, const struct mime *m, struct content_payload *out)
{
	struct gatherer *g = arena_one(w->arena, struct gatherer);
	bool ok = g && part_reader_start(&g->parts, w);

	if (ok) {
		g->w = w;
		list_names(g, h);
		ok = read_parts(g, m);
	}
	if (g)
		part_reader_end(&g->parts);
	if (!ok || arena_failed(w->arena))
		return false;
	*out = (struct content_payload){ .items = g->items, .n = without_doubles(g->items, g->n),
	                                 .text_hash = g->text_hash };
	return true;
}
