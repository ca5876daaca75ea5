/* redact_text.c - see redact_text.h
 *
 * At each place the recognisers are asked in turn; the first that knows what begins
 * there says how far it reaches. None looks further than a limit, so that all together look at each
 * byte but a few times. */
#include "explain/redact_text.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/idn.h"
#include "explain/redact_host.h"
#include "explain/redact_name.h"
#include "explain/redact_url.h"
#include "explain/redact_vocabulary.h"
#include "explain/redact_wallet.h"
#include "explain/redact_word.h"
#include "mail/encoded_word.h"
#include "mime/mime.h"

enum {
	UNIT_MAX = 998,   /* bytes of an address, of half a link */
	HOST_MAX = 512,   /* of the name of a host, with U-labels */
	TOKEN_MIN = 20,   /* letters and digits in a row that are no word */
	PHONE_MIN = 7,    /* digits; a run of DIGITS_MIN is replaced alone */
	DIGITS_MIN = 4,
	NUMBER_MAX = 40,  /* bytes of a telephone number */
	ENCODED_MAX = 45, /* bytes in one encoded word, so that it has at most 75 */
};

struct scan {
	struct redact *r;
	struct bytes text;
	size_t at;
	unsigned flags;
	struct buf *out;
	bool no_end;      /* of encoded words; see encoded_word_at */
	size_t no_address; /* up to here none begins; so that a long run is looked through once */
	size_t no_host;
};

static struct arena *arena_of(const struct redact *r)
{
	return r->work.arena;
}

static bool noting(const struct scan *s)
{
	return s->flags & REDACT_NOTE;
}

static uint8_t peek(const struct scan *s, size_t at)
{
	return at < s->text.n ? s->text.p[at] : 0;
}

static bool among(uint8_t c, const char *list)
{
	return c && strchr(list, c);
}

/* Does the text before `at` end in that, in any case? */
static bool follows(const struct scan *s, size_t at, const char *what)
{
	size_t n = strlen(what);

	return at >= n && bytes_istarts(bytes_sub(s->text, at - n, n), what);
}

/* --- words --- */

static bool has_digit(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		if (ascii_is_digit(b.p[i]))
			return true;
	return false;
}

static bool mostly_digits(struct bytes b)
{
	size_t digits = 0;

	for (size_t i = 0; i < b.n; i++)
		digits += ascii_is_digit(b.p[i]);
	return 3 * digits > b.n;
}

static void rewrite_word(struct redact *r, struct bytes word, struct buf *out)
{
	bool digits = has_digit(word);

	if (digits && word.n < DIGITS_MIN)
		buf_add(out, word);
	else if (redact_wallet(r, word, out))
		return;
	else if (digits && (mostly_digits(word) || word.n >= TOKEN_MIN))
		redact_token(r, word, out);
	else
		redact_word(r, word, out);
}

static bool take_word(struct scan *s)
{
	size_t end = redact_word_end(s->text, s->at);
	struct bytes word = bytes_sub(s->text, s->at, end - s->at);

	if (word.n == 0)
		return false;
	if (noting(s)) {
		struct bytes key = s->flags & REDACT_NAMES && word.n > 2 && !redact_vocabulary(word)
		                           ? arena_lower(arena_of(s->r), word)
		                           : (struct bytes){ NULL, 0 };
		if (key.n)
			redact_map_add(arena_of(s->r), &s->r->people, key);
	} else if (s->flags & REDACT_PROSE) {
		rewrite_word(s->r, word, s->out);
	} else if (redact_map_has_lower(&s->r->people, word)) {
		redact_word(s->r, word, s->out);
	} else {
		buf_add(s->out, word);
	}
	s->at = end;
	return true;
}

/* --- numbers --- */

/* How far digits reach that may stand in groups, as in telephone numbers; not "5.1.1". */
static size_t number_end(const struct scan *s, size_t *digits, size_t *first_run)
{
	size_t end = s->at, group = 0;

	*digits = *first_run = 0;
	for (size_t i = s->at; i < s->text.n && i < s->at + NUMBER_MAX; i++) {
		uint8_t c = s->text.p[i];
		bool after_digit = group > 0, mark = among(c, " -/()") || (c == '.' && group > 1);
		if (ascii_is_digit(c)) {
			group++;
			end = i + 1;
			*first_run += ++*digits == i - s->at + 1;
			continue;
		}
		group = 0;
		if (!(c == '+' && i == s->at) && c != '(' && !(mark && after_digit))
			break;
	}
	return end;
}

static bool take_number(struct scan *s)
{
	size_t digits, run, end;
	uint8_t to[NUMBER_MAX];

	if (!(s->flags & REDACT_PROSE) || noting(s) || (s->at && ascii_is_alnum(s->text.p[s->at - 1])))
		return false;
	end = number_end(s, &digits, &run);
	if (digits < PHONE_MIN) /* no telephone number: the first run alone */
		end = s->at + run;
	if ((digits < PHONE_MIN && run < DIGITS_MIN) || ascii_is_alpha(peek(s, end)))
		return false;
	struct bytes number = bytes_sub(s->text, s->at, end - s->at);
	redact_hash_token(&s->r->hash, REDACT_DIGITS, number, to);
	buf_add(s->out, (struct bytes){ to, number.n });
	s->at = end;
	return true;
}

/* --- addresses --- */

static bool is_local_byte(uint8_t c)
{
	return ascii_is_atext(c) || c == '.' || c >= 0x80;
}

static bool is_host_byte(uint8_t c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.' || c >= 0x80;
}

static size_t host_end(const struct scan *s, size_t at)
{
	size_t end = at;

	while (end < s->text.n && end < at + HOST_MAX && is_host_byte(s->text.p[end]) &&
	       !(s->text.p[end] == '.' && peek(s, end + 1) == '.'))
		end++;
	while (end > at && (s->text.p[end - 1] == '.' || s->text.p[end - 1] == '-'))
		end--;
	return end;
}

static void note_address(struct scan *s, struct bytes address)
{
	size_t at = address.n;

	if (s->flags & REDACT_IDS)
		return;
	while (at > 0 && address.p[at - 1] != '@')
		at--;
	redact_name_note(s->r, bytes_from(address, at), s->flags & REDACT_OWNER);
	if (at)
		redact_name_note_local(s->r, bytes_sub(address, 0, at - 1));
}

/* "<alice@example.org>", "<id@host>": whatever stands in it is one name and one domain. */
static bool take_unit(struct scan *s)
{
	struct bytes rest = bytes_sub(s->text, s->at + 1, UNIT_MAX);
	size_t end = 0;

	while (end < rest.n && rest.p[end] > ' ' && rest.p[end] != '>' && rest.p[end] != '<')
		end++;
	struct bytes unit = bytes_sub(rest, 0, end);
	if (end == rest.n || rest.p[end] != '>' || unit.n == 0 || bytes_istarts(unit, "mailto:") ||
	    bytes_search(unit, B("://")) < unit.n || bytes_istarts(unit, "/"))
		return false;
	if (!bytes_has(unit, '@')) {
		if (!(s->flags & (REDACT_IDS | REDACT_TRACE)) || noting(s))
			return false;
		buf_add_byte(s->out, '<');
		if (s->flags & REDACT_IDS || follows(s, s->at, "message-id="))
			redact_token(s->r, unit, s->out);
		else
			redact_name_local(s->r, unit, s->out); /* a log-in, or a program's user */
		buf_add_byte(s->out, '>');
	} else if (noting(s)) {
		if (!follows(s, s->at, "message-id="))
			note_address(s, unit);
	} else {
		buf_add_byte(s->out, '<');
		redact_name_address(s->r, unit, s->out);
		buf_add_byte(s->out, '>');
	}
	s->at += unit.n + 2;
	return true;
}

/* "sasl_username=alice@...": what stands before the sign is no part of the name. */
static bool is_key(struct bytes word)
{
	static const char *const list[] = { "bcc", "cc", "d", "envelope-from", "from", "header.b", "header.d", "header.from",
		                            "header.i", "i", "identity", "login", "mailfrom", "mailto", "message-id", "orig_to",
		                            "r", "receiver", "rcpt", "recipient", "rua", "ruf", "sasl_sender", "sasl_username",
		                            "sender", "smtp.auth", "smtp.helo", "smtp.mail", "smtp.mailfrom", "smtp.rcptto",
		                            "smtp.rcpttodomain", "smtp.remote-ip", "to", "user" };

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (bytes_ieq(word, list[i]))
			return true;
	return false;
}

/* "alice@example.org", "\"a b\"@example.org", "@example.org" */
static bool take_address(struct scan *s)
{
	size_t at = s->at, end;
	struct bytes local;

	if (peek(s, at) == '"') {
		size_t close = bytes_find(bytes_sub(s->text, 0, at + 1 + 128), '"', at + 1);
		local = bytes_sub(s->text, at + 1, close - at - 1);
		at = close + 1;
	} else {
		while (at < s->text.n && at < s->at + UNIT_MAX && is_local_byte(s->text.p[at])) {
			at++;
			if (s->text.p[at - 1] == '=' && is_key(bytes_sub(s->text, s->at, at - 1 - s->at))) {
				if (!noting(s))
					buf_add(s->out, bytes_sub(s->text, s->at, at - s->at));
				s->at = at;
				return true;
			}
		}
		local = bytes_sub(s->text, s->at, at - s->at);
	}
	if (peek(s, at) != '@') {
		s->no_address = peek(s, s->at) == '"' ? s->no_address : at;
		return false;
	}
	if (peek(s, at + 1) == '[')
		end = bytes_find(bytes_sub(s->text, 0, at + 64), ']', at + 1) + 1;
	else
		end = host_end(s, at + 1);
	if (end <= at + 1 || end > s->text.n)
		return false;
	struct bytes domain = bytes_sub(s->text, at + 1, end - at - 1);
	struct bytes address = arena_join(arena_of(s->r), arena_join(arena_of(s->r), local, B("@")), domain);
	if (noting(s))
		note_address(s, address);
	else
		redact_name_address(s->r, address, s->out);
	s->at = end;
	return true;
}

/* --- hosts --- */

static bool take_ip(struct scan *s)
{
	size_t end = s->at;
	struct bytes length = { NULL, 0 };
	struct ip ip;
	char text[IP_TEXT];

	if (s->at && (ascii_is_alnum(s->text.p[s->at - 1]) || s->text.p[s->at - 1] == '.'))
		return false;
	while (end < s->text.n && end < s->at + IP_TEXT && (ascii_hex(s->text.p[end]) >= 0 || among(s->text.p[end], ":.")))
		end++;
	struct bytes token = bytes_sub(s->text, s->at, end - s->at);
	if (!ip_parse(token, &ip)) {
		while (token.n && among(token.p[token.n - 1], ":."))
			token.n--;
		if (token.n < 3 || !ip_parse(token, &ip))
			return false;
	}
	end = s->at + token.n;
	if (ascii_is_alpha(peek(s, end)) || (peek(s, end) == '.' && is_host_byte(peek(s, end + 1))))
		return false; /* the first labels of a name */
	for (size_t i = end + 1; peek(s, end) == '/' && ascii_is_digit(peek(s, i)) && i < end + 4; i++)
		length = bytes_sub(s->text, end, i + 1 - end);
	if (noting(s))
		redact_map_add(arena_of(s->r), &s->r->hosts, bytes_of(ip_text(&ip, text)));
	else
		redact_host_ip(s->r, ip, length, s->out);
	s->at = end + length.n;
	return true;
}

/* Behind these stands what somebody called his computer, or himself. */
static bool names_computer(const struct scan *s, size_t at)
{
	return follows(s, at, "from ") || follows(s, at, "helo ") || follows(s, at, "ehlo ") || follows(s, at, "helo=");
}

static bool names_login(const struct scan *s, size_t at)
{
	return follows(s, at, "sasl_username=") || follows(s, at, "authenticated sender: ") || follows(s, at, "login=") ||
	       follows(s, at, "authenticated user ") || follows(s, at, "user=") || follows(s, at, "account ") ||
	       follows(s, at, "smtp.auth=") || follows(s, at, "auth=pass (") || follows(s, at, "sasl_sender=");
}

/* What stands alone and has no dot: a log-in, or the name of a computer. */
static bool take_single(struct scan *s, struct bytes token)
{
	bool known = redact_map_has_lower(&s->r->locals, token);

	if (s->flags & REDACT_PROSE || noting(s) || token.n == 0)
		return false;
	if (known || (s->flags & REDACT_TRACE && names_login(s, s->at))) {
		redact_name_local(s->r, token, s->out);
		return true;
	}
	struct bytes rest = bytes_from(s->text, s->at + token.n);
	bool computer = names_computer(s, s->at) && !bytes_ieq(token, "userid") && !bytes_ieq(token, "network");
	bool logger = bytes_istarts(rest, " postfix") || bytes_istarts(rest, " dovecot");
	if (!(s->flags & REDACT_TRACE) || !(computer || logger) || bytes_has(token, '.'))
		return false;
	redact_name_bare(s->r, token, s->out);
	return true;
}

/* In a text: is that a name of a host, and not the end of a sentence without a blank? */
static bool looks_like_host(struct bytes token)
{
	static const char *const tops[] = { "com", "net", "org", "info", "biz", "example", "test", "invalid", "edu", "gov", "mil",
		                            "online", "site", "shop", "xyz", "app", "dev", "cloud", "email", "club", "top" };
	size_t dot = token.n;

	while (dot > 0 && token.p[dot - 1] != '.')
		dot--;
	struct bytes top = bytes_from(token, dot);
	for (size_t i = 0; i < ARRAY_LEN(tops); i++)
		if (bytes_ieq(top, tops[i]))
			return true;
	return top.n == 2 && ascii_is_alpha(top.p[0]) && ascii_is_alpha(top.p[1]);
}

static bool take_host(struct scan *s)
{
	size_t end = host_end(s, s->at);
	struct bytes token = bytes_sub(s->text, s->at, end - s->at);
	bool prose = s->flags & REDACT_PROSE;

	if (take_single(s, token)) {
		s->at = end;
		return true;
	}
	if (!bytes_has(token, '.') || noting(s)) {
		s->no_host = end;
		return false;
	}
	if (peek(s, end) == '.' && !is_host_byte(peek(s, end + 1)) && !prose)
		token.n++; /* the dot of a name in a master file */
	if (!redact_name_domain(s->r, token, prose && looks_like_host(token), s->out)) {
		s->no_host = end;
		if (prose)
			return false;
		buf_add(s->out, token); /* a host that is nobody's */
	}
	s->at += token.n;
	return true;
}

/* --- links --- */

static const char *const url_schemes[] = { "http://", "https://", "ftp://", "mailto:", "cid:", "tel:", "sms:" };

static bool take_url(struct scan *s)
{
	struct bytes rest = bytes_sub(s->text, s->at, 2 * UNIT_MAX);
	size_t end = 0;
	bool is_url = false;

	for (size_t i = 0; i < ARRAY_LEN(url_schemes); i++)
		is_url = is_url || bytes_istarts(rest, url_schemes[i]);
	is_url = is_url || (s->flags & REDACT_PROSE && bytes_istarts(rest, "www."));
	if (!is_url || (s->at && ascii_is_alnum(s->text.p[s->at - 1])))
		return false;
	while (end < rest.n && rest.p[end] > ' ' && !strchr("<>\"'`{}|\\^,", rest.p[end]))
		end++;
	while (end > 0 && strchr(".;:!?)]", rest.p[end - 1]))
		end--;
	size_t colon = bytes_find(rest, ':', 0);
	if (bytes_istarts(rest, "mailto:") || bytes_istarts(rest, "cid:")) { /* an address follows, and is taken as such */
		end = colon + 1;
		if (!noting(s))
			buf_add(s->out, bytes_sub(rest, 0, end));
	} else if (!noting(s)) {
		redact_url(s->r, bytes_sub(rest, 0, end), s->flags & REDACT_ENTITIES, s->out);
	}
	s->at += end;
	return true;
}

/* --- encoded words --- */

static void write_encoded(struct redact *r, struct bytes text, struct buf *out)
{
	for (bool first = true; text.n || first; first = false) {
		struct bytes piece = bytes_sub(text, 0, ENCODED_MAX);
		while (piece.n < text.n && piece.n > 1 && (text.p[piece.n] & 0xc0) == 0x80)
			piece.n--;
		struct bytes coded = base64_encode(arena_of(r), piece);
		buf_addf(out, "%s=?utf-8?B?%.*s?=", first ? "" : " ", BYTES_ARG(coded));
		text = bytes_from(text, piece.n);
	}
}

/* A run of encoded words is one text. */
static bool take_encoded(struct scan *s)
{
	struct encoded_word word;
	size_t end = s->at, from = s->at;
	struct buf made;

	while (encoded_word_at(s->text, from, &s->no_end, &word)) {
		end = from = word.end;
		while (from < s->text.n && ascii_is_space(s->text.p[from]))
			from++;
	}
	if (end == s->at)
		return false;
	struct bytes text = mime_words(arena_of(s->r), bytes_sub(s->text, s->at, end - s->at));
	buf_init(&made, 32 * s->text.n + 1024);
	redact_text(s->r, text, s->flags & ~(unsigned)REDACT_ENCODED, &made);
	if (!noting(s))
		write_encoded(s->r, buf_bytes(&made), s->out);
	if (made.failed)
		arena_fail(arena_of(s->r));
	buf_free(&made);
	s->at = end;
	return true;
}

static bool take_entity(struct scan *s)
{
	size_t close = bytes_find(bytes_sub(s->text, 0, s->at + 12), ';', s->at);

	for (size_t i = s->at + 1; i < close; i++)
		if (!ascii_is_alnum(s->text.p[i]) && s->text.p[i] != '#')
			return false;
	if (close >= s->text.n || close >= s->at + 12)
		return false;
	if (!noting(s))
		buf_add(s->out, bytes_sub(s->text, s->at, close + 1 - s->at));
	s->at = close + 1;
	return true;
}

/* --- all together --- */

static bool take(struct scan *s)
{
	uint8_t c = s->text.p[s->at];
	bool start = s->at == 0 || !(ascii_is_alnum(s->text.p[s->at - 1]) || s->text.p[s->at - 1] >= 0x80);

	if (c == '=' && s->flags & REDACT_ENCODED && peek(s, s->at + 1) == '?' && take_encoded(s))
		return true;
	if (c == '&' && s->flags & REDACT_ENTITIES && take_entity(s))
		return true;
	if (c == '<')
		return take_unit(s);
	if (ascii_is_alpha(c) && take_url(s))
		return true;
	if ((is_local_byte(c) || c == '"' || c == '@') && start && s->at >= s->no_address && take_address(s))
		return true;
	if ((ascii_hex(c) >= 0 || c == ':') && take_ip(s))
		return true;
	if ((ascii_is_alnum(c) || c == '_' || c >= 0x80) && start && s->at >= s->no_host && take_host(s))
		return true;
	return ((ascii_is_digit(c) || c == '+') && take_number(s)) || take_word(s);
}

void redact_text(struct redact *r, struct bytes text, unsigned flags, struct buf *out)
{
	struct scan s = { .r = r, .text = text, .flags = flags, .out = out };
	size_t len;

	while (s.at < text.n && !arena_failed(arena_of(r)))
		if (!take(&s)) {
			utf8_next(text, s.at, &len);
			if (!noting(&s))
				buf_add(out, bytes_sub(text, s.at, len));
			s.at += len;
		}
}

void redact_text_file(struct redact *r, struct bytes name, struct buf *out)
{
	size_t end = name.n;

	/* the endings: what stands behind the last dots, as far as it says of what kind the file is */
	for (size_t dot = name.n; dot-- > 0;) {
		if (name.p[dot] != '.')
			continue;
		if (!redact_extension(bytes_trim(bytes_sub(name, dot + 1, end - dot - 1))))
			break;
		end = dot;
	}
	struct bytes base = bytes_sub(name, 0, end);
	while (base.n) { /* names of files are no hosts: piece by piece */
		size_t dot = bytes_find(base, '.', 0);
		redact_text(r, bytes_sub(base, 0, dot), REDACT_PROSE, out);
		buf_add(out, bytes_sub(base, dot, 1));
		base = bytes_from(base, dot + 1);
	}
	buf_add(out, bytes_from(name, end));
}
