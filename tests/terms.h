/* terms.h - for tests: no term of the trade stands in a text for people without its meaning. */
#pragma once
#include "base/ascii.h"
#include "tap.h"

/* A term of the trade, and what must stand before it, or directly behind it; "" : it is not used at all. */
static const struct {
	const char *term, *meanings[3];
} terms[] = {
	{ "SPF", { "list of the systems that send", "list of systems that may send" } },
	{ "DKIM", { "electronic signature", "the signature that they put on it" } },
	{ "DMARC", { "carries no proof", "request about mail that carries no proof" } },
	{ "ARC", { "chain of seals" } },
	{ "DNS", { "directory of the Internet" } },
	{ "BATV", { "secret mark" } },
	{ "VPN", { "private tunnel" } },
	{ "UTC", { "world time" } },
	{ "header", { "lines above the text", "technical lines above the text" } },
	{ "phishing", { "fishes for passwords" } },
	{ "macros", { "small programs" } },
	{ "IP", { "" } },
	{ "MX", { "" } },
	{ "envelope", { "paper envelope" } },
	{ "hand-over", { "" } },
	{ "SMTP", { "" } },
	{ "MTA", { "" } },
	{ "Message-ID", { "" } },
	{ "authentication", { "" } },
	{ "identifier", { "" } },
	{ "aligned", { "" } },
};

static inline bool is_letter(struct bytes t, size_t at)
{
	return at < t.n && (ascii_is_alnum(t.p[at]) || t.p[at] == '_');
}

/* The term as a word of its own. */
static inline size_t find_term(struct bytes text, const char *term)
{
	struct bytes word = bytes_of(term);

	for (size_t at = 0; at + word.n <= text.n; at++)
		if (bytes_same(bytes_sub(text, at, word.n), word) && !(at && is_letter(text, at - 1)) && !is_letter(text, at + word.n))
			return at;
	return text.n;
}

/* Lines joined, so that a meaning that is broken over two is found. */
static inline struct bytes unwrap(struct arena *a, struct bytes page)
{
	struct bytes out = { arena_copy(a, page).p, 0 };
	uint8_t *to = (uint8_t *)(uintptr_t)out.p;

	for (size_t i = 0; i < page.n; i++) {
		uint8_t c = page.p[i] == '\n' ? ' ' : page.p[i];
		if (c != ' ' || !out.n || to[out.n - 1] != ' ')
			to[out.n++] = c;
	}
	return out;
}

static inline void check_terms(struct bytes text, const char *what)
{
	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		size_t at = find_term(text, terms[i].term), end = at + strlen(terms[i].term) + 40;
		bool explained = at == text.n;
		for (size_t k = 0; !explained && k < 3 && terms[i].meanings[k] && *terms[i].meanings[k]; k++) {
			struct bytes until = bytes_sub(text, 0, end + strlen(terms[i].meanings[k]));
			explained = bytes_search(until, bytes_of(terms[i].meanings[k])) < until.n;
		}
		CHECK_MSG(explained, "%s: \"%s\" without its meaning: ...%.*s...", what, terms[i].term,
		          BYTES_ARG(bytes_sub(text, at > 60 ? at - 60 : 0, 120)));
	}
}
