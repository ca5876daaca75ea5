/* bounce_answer.c - see bounce_answer.h */
#include "bounce/bounce_answer.h"

#include "base/ascii.h"

/* --- codes --- */

static uint8_t at_or_blank(struct bytes t, size_t at)
{
	return at < t.n ? t.p[at] : ' ';
}

/* Is the byte before `at` one that a code cannot follow: part of a word, a number or an address? */
static bool follows_word(struct bytes t, size_t at)
{
	return at > 0 && (ascii_is_alnum(t.p[at - 1]) || t.p[at - 1] == '.' || t.p[at - 1] == '_');
}

/* The length of the enhanced status code at `at`; 0: none. Its subject is 0 to 7 (RFC 3463 section 3). */
static size_t status_at(struct bytes t, size_t at)
{
	size_t n = 4;

	if (t.n - at < 5 || !memchr("245", t.p[at], 3) || t.p[at + 1] != '.' || t.p[at + 2] < '0' || t.p[at + 2] > '7' ||
	    t.p[at + 3] != '.' || follows_word(t, at))
		return 0;
	while (n < 7 && ascii_is_digit(at_or_blank(t, at + n)))
		n++;
	uint8_t after = at_or_blank(t, at + n);
	bool longer = ascii_is_alnum(after) || (after == '.' && ascii_is_digit(at_or_blank(t, at + n + 1)));
	return n > 4 && !longer ? n : 0;
}

/* A reply code is followed by something that ends a word. */
static uint16_t reply_at(struct bytes t, size_t at)
{
	if (t.n - at < 3 || (t.p[at] != '4' && t.p[at] != '5') || t.p[at + 1] < '0' || t.p[at + 1] > '7' ||
	    !ascii_is_digit(t.p[at + 2]) || follows_word(t, at) || at_or_blank(t, at + 3) == 0)
		return 0;
	if (!memchr(" \t\r\n-:,;.)]<'", at_or_blank(t, at + 3), 13))
		return 0;
	return (uint16_t)((t.p[at] - '0') * 100 + (t.p[at + 1] - '0') * 10 + (t.p[at + 2] - '0'));
}

/* Where the status begins that belongs to the reply code at `at`: behind blanks and marks. */
static size_t status_behind(struct bytes t, size_t at)
{
	size_t i = at + 3;

	while (i < t.n && i < at + 9 && memchr(" \t\r\n-:'#(<", t.p[i], 10))
		i++;
	return i < t.n ? i : t.n;
}

/* "<421 ..." and "-> 550 ...": the answer of another server */
static bool is_quoted(struct bytes t, size_t at)
{
	struct bytes before = bytes_trim_right(bytes_sub(t, at > 4 ? at - 4 : 0, at > 4 ? 4 : at));

	return bytes_iends(before, "<") || bytes_iends(before, "->");
}

/* To the next blank line. */
static struct bytes paragraph(struct bytes words)
{
	struct bytes rest = bytes_trim_left(words), line;
	size_t n = 0;

	for (struct bytes text = rest; bytes_cut(&rest, '\n', &line) && bytes_trim(line).n;)
		n = text.n - rest.n;
	return bytes_sub(bytes_trim_left(words), 0, n);
}

struct bounce_answer bounce_answer_read(struct bytes words)
{
	struct bounce_answer pair = { 0 }, loose = { .text = words };

	for (size_t i = 0; i < words.n; i++) {
		if (!ascii_is_digit(words.p[i]))
			continue;
		size_t n = status_at(words, i);
		uint16_t reply = n ? 0 : reply_at(words, i);
		if (n && !loose.status.n)
			loose.status = bytes_sub(words, i, n);
		if (!reply)
			continue;
		if (!loose.reply) {
			loose.reply = reply;
			loose.text = bytes_from(words, i);
		}
		size_t behind = status_behind(words, i);
		n = behind < words.n ? status_at(words, behind) : 0;
		if (n && (!pair.reply || is_quoted(words, i)))
			pair = (struct bounce_answer){ reply, bytes_sub(words, behind, n), bytes_from(words, i) };
	}
	if (pair.reply)
		loose = pair;
	loose.text = paragraph(loose.text);
	return loose;
}

struct bytes bounce_answer_line(struct arena *a, struct bytes words, size_t max)
{
	struct bytes rest = bytes_trim(words);
	uint8_t *to = arena_array(a, uint8_t, rest.n < max ? rest.n : max);
	size_t n = 0;

	if (!to)
		return (struct bytes){ NULL, 0 };
	for (size_t i = 0; i < rest.n && n < max; i++) {
		bool space = ascii_is_space(rest.p[i]);
		if (space && n && to[n - 1] == ' ')
			continue;
		to[n++] = space ? ' ' : rest.p[i];
	}
	return bytes_trim((struct bytes){ to, n });
}

/* --- hard or soft --- */

/* Words first, since many systems give the same code (5.1.1, 5.0.0) to everything; codes where the words
 * say nothing. All words are in lower case; the first row that fits decides. */

/* Which command was answered: before RCPT no recipient was known, and after it the address had been accepted. */
static const char *const other_commands[] = {
	"after end of data",
	"after initial connection",
	"after mail from",
	"end of data command",
	"in reply to data command",
	"in reply to ehlo",
	"in reply to end of data",
	"in reply to helo",
	"in reply to mail from",
	"smtp command data",
	" 550 : user unknown", /* of au.com, after DATA: it names nobody */
	" 550: : user unknown",
};

/* The mail, its sender or the sending host was refused, or the mailbox is there: the address may be fine. */
static const char *const not_the_address[] = {
	"account has been disabled",
	"account is disabled",
	"couldn't create",
	"domain of sender",
	"host not found, try again",
	"insecure mail relay",
	"mailbox exceeds",
	"mailbox full",
	"mailbox is full",
	"quota",
	"relaying denied",
	"sender address",
	"sender rejected",
	"try again later",
};

enum certainty { ALWAYS, UNLESS_4 /* a code of class 4 says that it may pass */ };

static const struct {
	const char *words;
	enum certainty certainty;
} never[] = {
	/* nobody of that name */
	{ "account that you tried to reach does not exist", ALWAYS },
	{ "address couldn't be found", ALWAYS },
	{ "check if address is correct", ALWAYS },
	{ "doesn't have a ", ALWAYS },
	{ "invalid address", ALWAYS },
	{ "invalid recipient", ALWAYS },
	{ "invalid user address", ALWAYS },
	{ "mailbox does not exist", ALWAYS },
	{ "mailbox not found", ALWAYS },
	{ "no mailbox here by that name", ALWAYS },
	{ "no such recipient", ALWAYS },
	{ "no such user", ALWAYS },
	{ "not listed in public name", ALWAYS },
	{ "recipient address rejected: access denied", ALWAYS }, /* Exchange Online */
	{ "recipient name is not recognized", ALWAYS },
	{ "recipient unknown", ALWAYS },
	{ "recipientnotfound", ALWAYS },
	{ "recipnotfound", ALWAYS },
	{ "requested action not taken: mailbox unavailable", UNLESS_4 },
	{ "unknown or illegal user", ALWAYS },
	{ "unknown recipient", ALWAYS },
	{ "unknown user", ALWAYS },
	{ "user does not exist", ALWAYS },
	{ "user not exist", ALWAYS },
	{ "user not found", ALWAYS },
	{ "user unknown", ALWAYS },
	{ "#5.1.0 address rejected", ALWAYS }, /* Cisco */
	/* moved */
	{ "has moved", ALWAYS },
	{ "no longer on server", ALWAYS },
	{ "not our user", ALWAYS },
	/* no such domain, or one that takes no mail */
	{ "dns lookup failure", UNLESS_4 },
	{ "does not accept mail", UNLESS_4 },
	{ "domain does not exist", UNLESS_4 },
	{ "domain is not reachable", UNLESS_4 },
	{ "domain not found", UNLESS_4 },
	{ "host or domain name not found", UNLESS_4 },
	{ "host unknown", UNLESS_4 },
	{ "invalid domain", UNLESS_4 },
	{ "no mx found", UNLESS_4 },
	{ "no mx record found", UNLESS_4 },
	{ "no such domain", UNLESS_4 },
	{ "unknown host", UNLESS_4 },
};

/* Reasons that are no fault of the address, where nothing is said of it. */
static const char *const other_reasons[] = { "blacklist", "blocked", "spam" };

/* RFC 3463 section 3.2, RFC 7505 section 4.2 */
static const char *const never_codes[] = { "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4" };

static bool says(struct bytes text, const char *words)
{
	return text.n && memmem(text.p, text.n, words, strlen(words));
}

static bool says_one_of(struct bytes text, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (says(text, list[i]))
			return true;
	return false;
}

/* X.2.X is about a mailbox that exists, X.7.X about who may send what to it (RFC 3463 sections 3.3, 3.8). */
static bool is_of_subject(struct bytes status, uint8_t subject)
{
	return status.n > 3 && status.p[2] == subject;
}

bool bounce_answer_hard(struct bytes line, struct bytes around, struct bytes status, bool said)
{
	if (says(line, "account or domain may not exist")) /* cPanel, of a name that DNS does not have */
		return true;
	if (says_one_of(line, other_commands, ARRAY_LEN(other_commands)) ||
	    says_one_of(around, other_commands, ARRAY_LEN(other_commands)) ||
	    says_one_of(line, not_the_address, ARRAY_LEN(not_the_address)))
		return false;
	if (is_of_subject(status, '2') || (said && is_of_subject(status, '7')))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(never); i++)
		if (says(line, never[i].words))
			return never[i].certainty == ALWAYS || !status.n || status.p[0] != '4';
	if (says_one_of(line, other_reasons, ARRAY_LEN(other_reasons)))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(never_codes); i++)
		if (bytes_eq(status, never_codes[i]))
			return true;
	return false;
}
