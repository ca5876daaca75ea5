/* bounce_quote.c - see bounce_quote.h */
#include "bounce/bounce_quote.h"

#include "base/ascii.h"

/* --- headers --- */

/* The name of the field that a line begins with; empty: it is no field. */
static struct bytes field_name(struct bytes line)
{
	size_t n = 0;

	while (n < line.n && ascii_is_vchar(line.p[n]) && line.p[n] != ':')
		n++;
	return n > 1 && n < line.n && line.p[n] == ':' ? bytes_sub(line, 0, n) : B("");
}

static bool is_one_of(struct bytes name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes_ieq(name, names[i]))
			return true;
	return false;
}

/* How many of the first fields are such as mails have, and whether one is written on the way. Looks no
 * further than it has to. */
struct look {
	size_t fields, usual;
	bool trace;
};

static struct look look_at(struct bytes text)
{
	static const char *const usual[] = {
		"From", "To", "Subject", "Date", "Cc", "Reply-To", "Sender", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
	};
	static const char *const trace[] = {
		"Received", "Return-Path", "Message-ID", "DKIM-Signature", "X-Received", "ARC-Seal", "Delivered-To", "X-Original-To",
		"Received-SPF", "Authentication-Results",
	};
	struct look seen = { 0 };
	struct bytes line;

	while (seen.fields < 40 && bytes_cut(&text, '\n', &line)) {
		if (line.n && ascii_is_wsp(line.p[0]) && seen.fields && bytes_trim(line).n)
			continue;
		struct bytes name = field_name(line);
		if (!name.n)
			break;
		bool is_trace = is_one_of(name, trace, ARRAY_LEN(trace));
		seen.fields++;
		seen.trace |= is_trace;
		seen.usual += is_trace || is_one_of(name, usual, ARRAY_LEN(usual));
	}
	return seen;
}

struct bytes bounce_quote_skip(struct bytes text)
{
	for (;;) {
		struct bytes rest = text, line;
		if (!bytes_cut(&rest, '\n', &line))
			return rest;
		if (bytes_trim(line).n && !bytes_istarts(line, "From ") && !bytes_istarts(line, ">From "))
			return text;
		text = rest;
	}
}

bool bounce_quote_is_mail(struct bytes text)
{
	struct look seen = look_at(bounce_quote_skip(text));

	return seen.usual >= 2 && seen.trace;
}

struct bytes bounce_quote_field(struct bytes mail, const char *name)
{
	struct bytes line, fold;

	while (bytes_cut(&mail, '\n', &line) && bytes_trim(line).n) {
		struct bytes got = field_name(line);
		if (!bytes_ieq(got, name))
			continue;
		struct bytes value = bytes_from(line, got.n + 1);
		while (mail.n && ascii_is_wsp(mail.p[0]) && bytes_cut(&mail, '\n', &fold))
			value.n = (size_t)(fold.p + fold.n - value.p);
		return value;
	}
	return (struct bytes){ NULL, 0 };
}

bool bounce_quote_has_body(struct bytes mail)
{
	struct bytes line;

	while (bytes_cut(&mail, '\n', &line))
		if (bytes_trim(line).n == 0)
			return bytes_trim(mail).n > 0;
	return false;
}

/* --- the line between --- */

/* What such a line begins with, without the rulers around it. In lower case. */
static const char *const separators[] = {
	"a copy of the original message",
	"a copy of your message",
	"begin forwarded message",
	"below is a copy of the original message",
	"below this line is a copy of the",
	"below this line is the original",
	"enclosed is a copy of the message",
	"forwarded message",
	"here is a copy of your message",
	"included is a copy of the message header",
	"message header follows",
	"message headers follow",
	"message text follows",
	"original mail as follows",
	"original message",
	"returned message",
	"returned mail",
	"text of the original message",
	"the body of the message",
	"the following is a copy of",
	"the header of the original message",
	"the original message headers",
	"this is a copy of the message",
	"this is a copy of your message",
	"undeliverable message",
	"undelivered message",
	"unsent message",
	"your message reads",
	"your original message",
};

static bool is_ruler_byte(uint8_t c)
{
	return ascii_is_space(c) || memchr("-=_*|#+~<>", c, 10);
}

static struct bytes without_ruler(struct bytes line)
{
	while (line.n && is_ruler_byte(line.p[0]))
		line = bytes_from(line, 1);
	while (line.n && is_ruler_byte(line.p[line.n - 1]))
		line.n--;
	return line;
}

/* It says so and not much more: no sentence that goes on, nor what somebody quotes. */
static bool is_separator(struct bytes line)
{
	struct bytes text = without_ruler(line);

	if (text.n < 12 || text.n > 100 || line.p[0] == '>')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(separators); i++)
		if (bytes_istarts(text, separators[i]))
			return text.n < line.n || bytes_iends(text, ":") || bytes_iends(text, ".") ||
			       text.n == strlen(separators[i]);
	return false;
}

/* Behind lines that are blank or rulers. */
static struct bytes skip_rulers(struct bytes text)
{
	for (;;) {
		struct bytes rest = text, line;
		if (!bytes_cut(&rest, '\n', &line))
			return rest;
		if (without_ruler(line).n)
			return text;
		text = rest;
	}
}

/* "   " or "> ": what stands before the first field, and before each line then. */
static struct bytes prefix_of(struct bytes text)
{
	size_t n = 0;

	while (n < text.n && n < 20 && (ascii_is_wsp(text.p[n]) || memchr(">|", text.p[n], 2)))
		n++;
	return bytes_sub(text, 0, n);
}

static struct bytes without_prefix(struct arena *a, struct bytes text, struct bytes prefix)
{
	uint8_t *to = arena_array(a, uint8_t, text.n + 1);
	struct bytes line;
	size_t n = 0;

	if (!to)
		return (struct bytes){ NULL, 0 };
	while (bytes_cut(&text, '\n', &line)) {
		if (bytes_same(bytes_sub(line, 0, prefix.n), prefix))
			line = bytes_from(line, prefix.n);
		else if (bytes_trim(line).n)
			break;
		memcpy(to + n, line.p, line.n);
		n += line.n;
		to[n++] = '\n';
	}
	return (struct bytes){ to, n };
}

/* What stands behind the separator, if it is a header. */
static bool returned_behind(struct arena *a, struct bytes text, struct bytes *returned)
{
	struct bytes mail = skip_rulers(text), prefix = prefix_of(mail);

	*returned = B("");
	if (prefix.n) {
		mail = without_prefix(a, mail, prefix);
		if (!mail.p)
			return false;
	}
	mail = bounce_quote_skip(mail);
	if (look_at(mail).usual > 0)
		*returned = mail;
	return true;
}

bool bounce_quote_split(struct arena *a, struct bytes text, struct bytes *words, struct bytes *returned)
{
	struct bytes rest = text, line;
	bool behind_blank = true;

	*returned = B("");
	*words = text;
	for (size_t at = 0; bytes_cut(&rest, '\n', &line); at = text.n - rest.n) {
		if (is_separator(line)) {
			*words = bytes_sub(text, 0, at);
			return returned_behind(a, rest, returned);
		}
		bool blank = without_ruler(line).n == 0;
		if (!blank && behind_blank && field_name(line).n) {
			struct bytes here = bytes_from(text, at);
			struct look seen = look_at(here);
			if (seen.fields >= 3 && seen.usual >= 2 && seen.trace) {
				*words = bytes_sub(text, 0, at);
				*returned = here;
				return true;
			}
		}
		behind_blank = blank;
	}
	return true;
}
