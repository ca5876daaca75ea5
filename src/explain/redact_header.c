/* redact_header.c - see redact_header.h */
#include "explain/redact_header.h"

#include "base/ascii.h"
#include "explain/redact_name.h"
#include "explain/redact_text.h"
#include "mail/date.h"

#define NAME_LENGTH_MAX 80u /* of a field's name that is looked for in a text */

/* --- what a field is --- */

static void keep(struct redact *r, struct bytes value, unsigned note, struct buf *out)
{
	if (!note)
		buf_add(out, value);
}

/* Addresses, with people's names beside them. */
static void people(struct redact *r, struct bytes value, unsigned note, struct buf *out)
{
	redact_text(r, value, note | REDACT_PROSE | REDACT_ENCODED | (note ? REDACT_NAMES : 0), out);
}

static void owners(struct redact *r, struct bytes value, unsigned note, struct buf *out)
{
	redact_text(r, value, note | REDACT_PROSE | REDACT_ENCODED | (note ? REDACT_NAMES | REDACT_OWNER : 0), out);
}

static void prose(struct redact *r, struct bytes value, unsigned note, struct buf *out)
{
	redact_text(r, value, note | REDACT_PROSE | REDACT_ENCODED, out);
}

static void trace(struct redact *r, struct bytes value, unsigned note, struct buf *out)
{
	redact_text(r, value, note | REDACT_TRACE, out);
}

static void plain(struct redact *r, struct bytes value, unsigned note, struct buf *out)
{
	redact_text(r, value, note, out);
}

/* Addresses of services, whose hosts stay in the trace: they are not noted. */
static void links(struct redact *r, struct bytes value, unsigned note, struct buf *out)
{
	if (!note)
		redact_text(r, value, 0, out);
}

static void ids(struct redact *r, struct bytes value, unsigned note, struct buf *out)
{
	redact_text(r, value, note | REDACT_IDS | REDACT_PROSE, out); /* "Your mail to Bob of Monday" */
}

static bool is_blank(uint8_t c)
{
	return ascii_is_space(c) || c == '"';
}

void redact_header_secret(struct redact *r, struct bytes text, size_t front, size_t back, struct buf *out)
{
	size_t n = 0, k = 0;
	uint8_t *dense = arena_array(r->work.arena, uint8_t, text.n + 1);

	if (!dense)
		return;
	for (size_t i = 0; i < text.n; i++)
		if (!is_blank(text.p[i]))
			dense[n++] = text.p[i];
	uint8_t *made = arena_array(r->work.arena, uint8_t, n + 1);
	if (!made)
		return;
	redact_hash_token(&r->hash, REDACT_TOKEN, (struct bytes){ dense, n }, made);
	for (size_t i = 0; i < text.n; i++) {
		bool stays = is_blank(text.p[i]) || k < front || k + back >= n;
		buf_add_byte(out, stays ? text.p[i] : made[k]);
		k += !is_blank(text.p[i]);
	}
}

/* A signature: its tags stay, but for the copy of the header (z=), and what was computed over the text. */
static void signature(struct redact *r, struct bytes value, unsigned note, struct buf *out)
{
	struct bytes rest = value, tag;
	const uint8_t *end = value.p + value.n;

	if (note) {
		plain(r, value, note, out);
		return;
	}
	while (bytes_cut(&rest, ';', &tag)) {
		size_t equals = bytes_find(tag, '=', 0);
		struct bytes name = bytes_trim(bytes_sub(tag, 0, equals)), secret = bytes_from(tag, equals + 1);
		bool semicolon = tag.p + tag.n < end;
		if (bytes_eq(name, "z")) {
			buf_add(out, bytes_sub(tag, 0, equals + 1));
		} else if (bytes_eq(name, "b") || bytes_eq(name, "bh")) {
			buf_add(out, bytes_sub(tag, 0, equals + 1));
			redact_header_secret(r, secret, 0, 4, out);
		} else {
			plain(r, tag, 0, out);
		}
		buf_add(out, semicolon ? B(";") : B(""));
	}
}

/* --- Content-Type and Content-Disposition --- */

/* "name*0*=" and "filename=": is the parameter a file's name, and is it written with percent signs? */
static bool is_file_name(struct bytes parameter, bool *percent)
{
	static const char *const list[] = { "name", "filename" };
	struct bytes base = bytes_sub(parameter, 0, bytes_find(parameter, '*', 0));

	*percent = parameter.n && parameter.p[parameter.n - 1] == '*';
	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (bytes_ieq(base, list[i]))
			return true;
	return false;
}

/* "utf-8''M%C3%BCller.pdf" (RFC 2231 section 4); the charset stays only where it is UTF-8, as what is
 * written is. */
static void percent_name(struct redact *r, struct bytes value, struct buf *out)
{
	size_t first = bytes_find(value, '\'', 0), second = bytes_find(value, '\'', first + 1), n = 0;
	struct bytes coded = second < value.n ? bytes_from(value, second + 1) : value;
	uint8_t *text = arena_array(r->work.arena, uint8_t, coded.n + 1);
	struct buf made;

	if (!text)
		return;
	for (size_t i = 0; i < coded.n; i++) {
		int high = i + 2 < coded.n && coded.p[i] == '%' ? ascii_hex(coded.p[i + 1]) : -1;
		int low = high >= 0 ? ascii_hex(coded.p[i + 2]) : -1;
		text[n++] = low >= 0 ? (uint8_t)(high << 4 | low) : coded.p[i];
		i += low >= 0 ? 2 : 0;
	}
	buf_init(&made, 32 * coded.n + 256);
	redact_text_file(r, (struct bytes){ text, n }, &made);
	buf_adds(out, second < value.n ? "utf-8''" : "");
	for (size_t i = 0; i < made.n; i++)
		buf_addf(out, ascii_is_alnum(made.p[i]) || made.p[i] == '.' || made.p[i] == '-' ? "%c" : "%%%02X", made.p[i]);
	if (made.failed)
		arena_fail(r->work.arena);
	buf_free(&made);
}

static void file_name(struct redact *r, struct bytes value, bool percent, struct buf *out)
{
	bool quoted = value.n > 1 && value.p[0] == '"' && value.p[value.n - 1] == '"';
	struct bytes inner = quoted ? bytes_sub(value, 1, value.n - 2) : value;

	buf_adds(out, quoted ? "\"" : "");
	if (percent)
		percent_name(r, inner, out);
	else if (bytes_search(inner, B("=?")) < inner.n)
		redact_text(r, inner, REDACT_PROSE | REDACT_ENCODED, out);
	else
		redact_text_file(r, inner, out);
	buf_adds(out, quoted ? "\"" : "");
}

/* The end of a parameter: a semicolon outside of quotes. */
static size_t parameter_end(struct bytes value, size_t at)
{
	bool quoted = false;

	for (; at < value.n; at++) {
		if (value.p[at] == '\\' && quoted)
			at++;
		else if (value.p[at] == '"')
			quoted = !quoted;
		else if (value.p[at] == ';' && !quoted)
			return at;
	}
	return value.n;
}

static void parameters(struct redact *r, struct bytes value, unsigned note, struct buf *out)
{
	bool percent;

	if (note)
		return;
	for (size_t at = 0; at < value.n;) {
		size_t end = parameter_end(value, at);
		struct bytes one = bytes_sub(value, at, end - at);
		size_t equals = bytes_find(one, '=', 0);
		struct bytes text = bytes_trim(bytes_from(one, equals + 1));
		if (text.n && is_file_name(bytes_trim(bytes_sub(one, 0, equals)), &percent)) {
			size_t from = (size_t)(text.p - one.p);
			buf_add(out, bytes_sub(one, 0, from));
			file_name(r, text, percent, out);
			buf_add(out, bytes_from(one, from + text.n));
		} else {
			buf_add(out, one);
		}
		buf_add(out, bytes_sub(value, end, 1));
		at = end + 1;
	}
}

/* --- fields --- */

typedef void rewrite(struct redact *r, struct bytes value, unsigned note, struct buf *out);

/* What is not in the table was put in by somebody for somebody: its words are replaced. */
static const struct {
	const char *name;
	rewrite *rewrite;
} fields[] = {
	{ "Action", keep },
	{ "ARC-Authentication-Results", trace },
	{ "ARC-Message-Signature", signature },
	{ "ARC-Seal", signature },
	{ "Arrival-Date", keep },
	{ "Auth-Failure", keep },
	{ "Authentication-Results", trace },
	{ "Auto-Submitted", keep },
	{ "Bcc", people },
	{ "Cc", people },
	{ "Content-Disposition", parameters },
	{ "Content-ID", ids },
	{ "Content-Language", keep },
	{ "Content-Transfer-Encoding", keep },
	{ "Content-Type", parameters },
	{ "Date", keep },
	{ "Delivered-To", owners },
	{ "Delivery-Result", keep },
	{ "Diagnostic-Code", plain },
	{ "Disposition", keep },
	{ "Disposition-Notification-To", people },
	{ "DKIM-Signature", signature },
	{ "DomainKey-Signature", signature },
	{ "Envelope-To", owners },
	{ "Errors-To", people },
	{ "Feedback-Type", keep },
	{ "Final-Recipient", plain },
	{ "From", people },
	{ "Importance", keep },
	{ "In-Reply-To", ids },
	{ "Last-Attempt-Date", keep },
	{ "List-Archive", links },
	{ "List-Help", links },
	{ "List-Id", people },
	{ "List-Owner", links },
	{ "List-Post", plain },
	{ "List-Subscribe", links },
	{ "List-Unsubscribe", links },
	{ "List-Unsubscribe-Post", keep },
	{ "Mail-Followup-To", people },
	{ "Message-ID", ids },
	{ "MIME-Version", keep },
	{ "Original-Envelope-Id", ids },
	{ "Original-Mail-From", plain },
	{ "Original-Message-ID", ids },
	{ "Original-Rcpt-To", plain },
	{ "Original-Recipient", plain },
	{ "Precedence", keep },
	{ "Priority", keep },
	{ "Received", trace },
	{ "Received-From-MTA", plain },
	{ "Received-SPF", trace },
	{ "References", ids },
	{ "Remote-MTA", plain },
	{ "Reply-To", people },
	{ "Reported-Domain", plain },
	{ "Reporting-MTA", plain },
	{ "Reporting-UA", plain },
	{ "Resent-Date", keep },
	{ "Resent-From", people },
	{ "Resent-Message-ID", ids },
	{ "Resent-Sender", people },
	{ "Resent-To", people },
	{ "Return-Path", people },
	{ "Return-Receipt-To", people },
	{ "Sender", people },
	{ "Source-IP", plain },
	{ "Status", keep },
	{ "Subject", prose },
	{ "To", owners },
	{ "User-Agent", plain },
	{ "Version", keep },
	{ "Will-Retry-Until", keep },
	{ "X-Auto-Response-Suppress", keep },
	{ "X-Autoreply", keep },
	{ "X-Confirm-Reading-To", people },
	{ "X-Failed-Recipients", people },
	{ "X-Mailer", plain },
	{ "X-MS-Exchange-Organization-AuthAs", keep },
	{ "X-Original-To", owners },
	{ "X-Originating-IP", plain },
	{ "X-PHP-Originating-Script", plain },
	{ "X-PHP-Script", plain },
	{ "X-Postfix-Queue-ID", keep },
	{ "X-Postfix-Sender", plain },
	{ "X-Priority", keep },
	{ "X-Spam-Flag", keep },
	{ "X-Spam-Level", keep },
	{ "X-Spam-Score", keep },
};

static rewrite *rewrite_of(struct bytes name)
{
	size_t low = 0, high = ARRAY_LEN(fields);

	while (low < high) {
		size_t middle = (low + high) / 2;
		struct bytes row = bytes_of(fields[middle].name);
		int order = 0;
		for (size_t i = 0; i < name.n && i < row.n && order == 0; i++)
			order = ascii_lower(name.p[i]) - ascii_lower(row.p[i]);
		if (order == 0 && name.n == row.n)
			return fields[middle].rewrite;
		if (order < 0 || (order == 0 && name.n < row.n))
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static bool is_name_byte(uint8_t c)
{
	return c > 32 && c < 127 && c != ':';
}

/* The length of a field's name at the start of a line; 0: there is none. */
static size_t name_length(struct bytes line)
{
	size_t n = 0;

	while (n < line.n && is_name_byte(line.p[n]))
		n++;
	return n < line.n && line.p[n] == ':' ? n : 0;
}

/* The end of a field: behind the first line end that no blank follows. */
static size_t field_end(struct bytes block, size_t at)
{
	do
		at = bytes_find(block, '\n', at) + 1;
	while (at < block.n && ascii_is_wsp(block.p[at]));
	return at < block.n ? at : block.n;
}

bool redact_header_quoted(struct bytes text)
{
	size_t name = name_length(bytes_sub(text, 0, NAME_LENGTH_MAX));
	rewrite *is = name ? rewrite_of(bytes_sub(text, 0, name)) : NULL;
	struct date date;

	if (!is || is == parameters)
		return false;
	struct bytes value = bytes_sub(text, name + 1, field_end(text, 0) - name - 1);
	if (is == keep)
		return bytes_iends(bytes_sub(text, 0, name), "date") && date_parse(value, &date, NULL);
	if (is == trace)
		return bytes_has(value, ';');
	if (is == signature)
		return bytes_search(value, B("b=")) < value.n;
	return is != plain || bytes_has(value, ';') || bytes_has(value, '@');
}

void redact_header(struct redact *r, struct bytes block, bool note, struct buf *out)
{
	unsigned noting = note ? REDACT_NOTE : 0;

	for (size_t at = 0, end; at < block.n; at = end) {
		end = field_end(block, at);
		struct bytes field = bytes_sub(block, at, end - at);
		size_t name = name_length(field);
		rewrite *known = name ? rewrite_of(bytes_sub(field, 0, name)) : NULL;
		if (!note && name)
			buf_add(out, bytes_sub(field, 0, name + 1));
		if (name)
			field = bytes_from(field, name + 1);
		if (known)
			known(r, field, noting, out);
		else if (!note)
			prose(r, field, 0, out);
	}
}
