/* The rows of the table of attacks that concern the header, From and the
 * envelope path, each as a case of its own; then varied: at other places,
 * folded, in other case, with each other. L is l.example, T is t.example. */
#include "base/ascii.h"
#include "mail/address.h"
#include "mail/body_scan.h"
#include "tap.h"

#define M(lit) lit, sizeof(lit) - 1

static struct limits limits;
static struct work work;

struct reading {
	struct header h;
	struct author author;
};

static void read_message(struct bytes message, struct reading *r)
{
	struct bytes copy = heap_bytes(message);

	r->h = (struct header){ 0 };
	for (size_t at = 0; at < copy.n;) { /* streamed, so that nothing borrows from the copy */
		size_t used = header_feed(&work, &r->h, bytes_sub(copy, at, 7));
		if (!used)
			break;
		at += used;
	}
	heap_free(copy);
	header_end(&work, &r->h);
	author_read(&work, &r->h, &r->author);
}

static bool is_candidate(const struct author *a, const char *domain)
{
	for (size_t i = 0; i < a->n; i++)
		if (bytes_eq(a->candidates[i].domain.text, domain))
			return true;
	return false;
}

/* --- the rows that are a header ---------------------------------------------- */

static const struct attack {
	const char *name, *header;
	size_t n;
	enum defect_kind defect;      /* that it must have */
	const char *first, *second;   /* domains that must be candidates; NULL: none */
	bool clean;                   /* the one right author, nothing ambiguous */
} attacks[] = {
	{ "the first line is a From with a leading blank",
	  M(" From: <a@t.example>\r\nFrom: <b@l.example>\r\n\r\n"), DEFECT_LEADING_SPACE,
	  "t.example", "l.example" },
	{ "From folded before the colon, then a normal From",
	  M("From\r\n : <a@t.example>\r\nFrom: <b@l.example>\r\n\r\n"), DEFECT_SEVERAL_FROM,
	  "t.example", "l.example" },
	{ "a folded From and Resent-From, no other From",
	  M("From\r\n : <a@t.example>\r\nResent-From: <b@l.example>\r\n\r\n"),
	  DEFECT_FOLD_BEFORE_COLON, "t.example" },
	{ "an indented From and Resent-From, no other From",
	  M(" From: <a@t.example>\r\nResent-From: <b@l.example>\r\n\r\n"), DEFECT_NO_FROM,
	  "t.example" },
	{ "From is an encoded word of an address, and a second address",
	  M("From: =?utf-8?B?PGFkbWluQGwuZXhhbXBsZT4=?=,<second@t.example>\r\n\r\n"),
	  DEFECT_FROM_ENCODED_ADDRESS,
	  "t.example" },
	{ "a quoted pair outside quotes", M("From: <admin@l.example>\\,<second@t.example>\r\n\r\n"),
	  DEFECT_FROM_BACKSLASH, "l.example", "t.example" },
	{ "text after the angle address", M("From: <any@t.example>admin@l.example\r\n\r\n"),
	  DEFECT_FROM_AFTER_ADDRESS,
	  "t.example", "l.example" },
	{ "two From fields, one's own and another's",
	  M("From: <a@t.example>\r\nFrom: <b@l.example>\r\n\r\n"),
	  DEFECT_SEVERAL_FROM, "t.example", "l.example" },
	{ "a replay with a second Subject on top",
	  M("Subject: new\r\nDKIM-Signature: x\r\nSubject: old\r\nFrom: <b@l.example>\r\n\r\n"),
	  DEFECT_DUPLICATE_FIELD,
	  "l.example", .clean = true },
	{ "a replay with a second From on top",
	  M("From: <b@l.example>\r\nDKIM-Signature: x\r\nFrom: <a@t.example>\r\n\r\n"),
	  DEFECT_SEVERAL_FROM, "l.example",
	  "t.example" },
	{ "a new Content-Type on top",
	  M("Content-Type: a/b\r\ncontent-type: c/d\r\nFrom: <b@l.example>\r\n\r\n"),
	  DEFECT_DUPLICATE_FIELD, "l.example", .clean = true },
	{ "the address of L in the display name",
	  M("From: \"L <ceo@l.example>\" <a@t.example>\r\n\r\n"),
	  DEFECT_FROM_ADDRESS_IN_NAME, "t.example", .clean = true },
	{ "right-to-left override in the domain", M("From: <a@t.\xe2\x80\xae" "example>\r\n\r\n"),
	  DEFECT_FROM_HIDDEN_CHARS },
};

static void check_attack(const struct attack *a, struct bytes message)
{
	struct reading r;

	arena_reset(work.arena);
	read_message(message, &r);
	CHECK_MSG(defects_have(&r.h.defects, a->defect), "%s is missing", defect_rows[a->defect].name);
	CHECK(r.author.ambiguous == !a->clean);
	CHECK(!a->clean || r.author.n == 1);
	if (a->first)
		CHECK_MSG(is_candidate(&r.author, a->first), "%s is no candidate", a->first);
	if (a->second)
		CHECK_MSG(is_candidate(&r.author, a->second), "%s is no candidate", a->second);
}

static void test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(attacks); i++) {
		tap_begin("%s", attacks[i].name);
		check_attack(&attacks[i], (struct bytes){ (const uint8_t *)attacks[i].header, attacks[i].n });
		tap_end();
	}
	tap_begin("Sender, Reply-To and Resent-From never stand in for From");
	struct reading r;
	read_message(B("Sender: a@l.example\r\nReply-To: a@l.example\r\nResent-From: a@l.example\r\n\r\n"), &r);
	CHECK(r.author.n == 0 && r.author.ambiguous && defects_have(&r.h.defects, DEFECT_NO_FROM));
	tap_end();
}

/* --- varied: each attack, changed in each way that keeps its meaning ----------- */

typedef size_t change(struct bytes message, uint8_t *to);

static size_t put(uint8_t *to, size_t n, const char *text)
{
	memcpy(to + n, text, strlen(text));
	return n + strlen(text);
}

static size_t copy(struct bytes m, uint8_t *to)
{
	memcpy(to, m.p, m.n);
	return m.n;
}

static size_t upper(struct bytes m, uint8_t *to)
{
	bool value = false;

	for (size_t i = 0; i < m.n; i++) { /* names only: base64 has a case */
		value = (value || m.p[i] == ':') && m.p[i] != '\n';
		to[i] = value || !ascii_is_alpha(m.p[i]) ? m.p[i] : m.p[i] & 0xdf;
	}
	return m.n;
}

static size_t lf_only(struct bytes m, uint8_t *to)
{
	size_t n = 0;

	for (size_t i = 0; i < m.n; i++)
		if (m.p[i] != '\r')
			to[n++] = m.p[i];
	return n;
}

static size_t behind_mbox_line(struct bytes m, uint8_t *to)
{
	size_t n = put(to, 0, "From a@t.example Mon Jan  5 00:00:00 2026\r\n");

	return n + copy(m, to + n);
}

static size_t more_fields_below(struct bytes m, uint8_t *to)
{
	size_t n = copy(m, to) - 2;

	return put(to, n, "To: c@l.example\r\nX: <d@t.example>\r\n y\r\n\r\nFrom: body@t.example\r\n");
}

/* "a: b" to "a:\r\n b" */
static size_t folded_values(struct bytes m, uint8_t *to)
{
	size_t n = 0;

	for (size_t i = 0; i < m.n; i++) {
		to[n++] = m.p[i];
		if (m.p[i] == ':' && i + 1 < m.n && m.p[i + 1] == ' ')
			n = put(to, n, "\r\n");
	}
	return n;
}

static size_t tabs(struct bytes m, uint8_t *to)
{
	for (size_t i = 0; i < m.n; i++)
		to[i] = m.p[i] == ' ' ? '\t' : m.p[i];
	return m.n;
}

static size_t blanks_before_colons(struct bytes m, uint8_t *to)
{
	size_t n = 0;
	bool value = false;

	for (size_t i = 0; i < m.n; i++) {
		if (m.p[i] == ':' && !value && i && m.p[i - 1] != ' ')
			to[n++] = ' ';
		value = (value || m.p[i] == ':') && m.p[i] != '\n';
		to[n++] = m.p[i];
	}
	return n;
}

static const struct {
	const char *name;
	change *make;
} changes[] = {
	{ "names in upper case", upper },          { "lines of LF", lf_only },
	{ "behind an mbox line", behind_mbox_line }, { "more fields below", more_fields_below },
	{ "values folded", folded_values },        { "tabs for blanks", tabs },
	{ "blanks before colons", blanks_before_colons },
};

/* Some changes take the point out of a row: only the author must then stand. */
static bool keeps_defect(const struct attack *a, change *make)
{
	return !(make == tabs && a->defect == DEFECT_FROM_ADDRESS_IN_NAME);
}

/* May `second` be made of what `first` made? Not where it would change the text that was added. */
static bool goes_behind(change *second, change *first)
{
	bool adds_text = first == behind_mbox_line || first == more_fields_below || second == more_fields_below;

	return second != first && first != lf_only && !adds_text;
}

static void test_varied(void)
{
	static uint8_t once[4096], twice[8192];

	for (size_t i = 0; i < ARRAY_LEN(attacks); i++) {
		struct bytes m = { (const uint8_t *)attacks[i].header, attacks[i].n };

		for (size_t k = 0; k < ARRAY_LEN(changes); k++) {
			if (!keeps_defect(&attacks[i], changes[k].make))
				continue;
			tap_begin("%s: %s", attacks[i].name, changes[k].name);
			struct bytes first = { once, changes[k].make(m, once) };
			check_attack(&attacks[i], first);
			for (size_t l = 0; l < ARRAY_LEN(changes); l++)
				if (goes_behind(changes[l].make, changes[k].make) &&
				    keeps_defect(&attacks[i], changes[l].make))
					check_attack(&attacks[i], (struct bytes){ twice, changes[l].make(first, twice) });
			tap_end();
		}
	}
}

/* Two attacks in one header are no better than one. */
static void test_pairs(void)
{
	uint8_t text[4096];

	tap_begin("any two attacks in one header: an author of L comes out of none");
	for (size_t i = 0; i < ARRAY_LEN(attacks); i++) {
		for (size_t k = 0; k < ARRAY_LEN(attacks); k++) {
			struct reading r;
			size_t n = attacks[i].n - 2; /* without its empty line */
			memcpy(text, attacks[i].header, n);
			memcpy(text + n, attacks[k].header, attacks[k].n);
			arena_reset(work.arena);
			read_message((struct bytes){ text, n + attacks[k].n }, &r);
			CHECK_MSG(r.author.ambiguous || !is_candidate(&r.author, "l.example"), "\"%s\" and \"%s\"",
			          attacks[i].name, attacks[k].name);
		}
	}
	tap_end();
}

/* --- a From where only some see one, at any place ------------------------------ */

static void test_hidden(void)
{
	static const char *const hides[] = { "\n", "\r", "\f", "\v", "\n\n", "\r\r", "\x1e", "\r\n\x01", "\r\n\xef\xbb\xbf",
		"\r\n\x7f" };
	static const char *const places[] = { "To: z\r\nReceived: x%sFrom: <a@t.example>\r\nTo: y\r\nFrom: <b@l.example>\r\n\r\n",
		"To: y\r\nFrom: <b@l.example>\r\nX: %sfROM\t :\r\n <a@t.example>\r\n\r\n",
		"To: y\r\nFrom: <b@l.example>\r\nX:%sFrom:<a@t.example>\r\nY: z\r\n\r\n" };
	char text[512];

	for (size_t i = 0; i < ARRAY_LEN(hides); i++) {
		tap_begin("a From behind odd bytes, %zu", i);
		for (size_t k = 0; k < ARRAY_LEN(places); k++) {
			struct reading r;
			int n = snprintf(text, sizeof(text), places[k], hides[i]);
			arena_reset(work.arena);
			read_message((struct bytes){ (uint8_t *)text, (size_t)n }, &r);
			CHECK(r.author.ambiguous && defects_have(&r.h.defects, DEFECT_HIDDEN_FROM));
			CHECK(is_candidate(&r.author, "t.example") && is_candidate(&r.author, "l.example"));
		}
		tap_end();
	}
}

/* --- the envelope -------------------------------------------------------------- */

static const struct {
	const char *name, *path;
	size_t n;
	const char *domain; /* NULL: refused */
} paths[] = {
	{ "a parenthesis in the domain", M("any@l.example(a.t.example"), NULL },
	{ "a source route: the final mailbox counts", M("<@l.example,@any.example:any@t.example>"),
	  "t.example" },
	{ "a source route of broken names", M("<@l.example,@any(.example:any@t.example>"), NULL },
	{ "a NUL and a tail", M("<any@l.example\0.t.example>"), NULL },
	{ "a second address", M("<any@l.example>,<any@t.example>"), NULL },
	{ "text behind", M("<any@t.example>any@l.example"), NULL },
	{ "white space only is not the null path", M(" "), NULL },
	{ "a line end and another command", M("<a@l.example>\r\nRCPT TO:<b@t.example>"), NULL },
	{ "quotes that hold an address", M("<\"a@l.example>,<\"@t.example>"), "t.example" },
};

static void test_paths(void)
{
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct bytes text = heap_bytes((struct bytes){ (const uint8_t *)paths[i].path, paths[i].n });
		struct path path;
		struct parse_err err = { 0 };

		tap_begin("MAIL FROM: %s", paths[i].name);
		if (path_parse(work.arena, text, &path, &err)) {
			CHECK(paths[i].domain && !path.null);
			CHECK_BYTES(path.domain.text, paths[i].domain ? paths[i].domain : "");
		} else {
			CHECK(!paths[i].domain && err.what && err.at <= text.n);
		}
		tap_end();
		heap_free(text);
	}
}

/* --- smuggling ------------------------------------------------------------------ */

static const struct {
	const char *name, *end;
	size_t n;
} ends[] = {
	{ "LF . LF", M("\n.\n") },     { "LF . CR", M("\n.\r") },         { "CR . LF", M("\r.\n") },
	{ "CR . CR", M("\r.\r") },     { "LF . CRLF", M("\n.\r\n") },     { "CR . CRLF", M("\r.\r\n") },
	{ "CRLF NUL . CRLF", M("\r\n\0.\r\n") }, { "CRLF . CR CRLF", M("\r\n.\r\r\n") },
	{ "CR CRLF . CR CRLF", M("\r\r\n.\r\r\n") },
};

static void test_smuggling(void)
{
	static const char *const verbs[] = { "MAIL FROM:<x@l.example>\r\n", "mail from:<x@l.example> SIZE=9\n",
		"EHLO t.example\r\n", "RSET\r\n", "x\r\nHELO y\r\n", "\r\nData\r\n" };
	uint8_t body[256];

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		tap_begin("smuggling: %s", ends[i].name);
		for (size_t k = 0; k < ARRAY_LEN(verbs); k++) {
			struct defects d = { 0 };
			struct body_scan s;
			size_t n = put(body, 0, "first mail");
			memcpy(body + n, ends[i].end, ends[i].n);
			n = put(body, n + ends[i].n, verbs[k]);
			body_scan_begin(&s, &work, &d, LINES_CRLF, 0);
			for (size_t at = 0; at < n; at++)
				body_scan_update(&s, (struct bytes){ body + at, 1 });
			body_scan_end(&s);
			CHECK(defects_have(&d, DEFECT_SMUGGLED_END) && defects_have(&d, DEFECT_SMUGGLED_COMMANDS));
		}
		tap_end();
	}
	tap_begin("the same words in an ordinary mail are no smuggling");
	struct defects d = { 0 };
	struct body_scan s;
	body_scan_begin(&s, &work, &d, LINES_CRLF, 0);
	body_scan_update(&s, B("How to:\r\n.\r\nMAIL FROM:<x@l.example>\r\nDATA\r\n.\r\nQUIT\r\n"));
	body_scan_end(&s);
	CHECK(d.seen == 0);
	tap_end();
}

int main(void)
{
	limits_init(&limits);
	work = (struct work){ .arena = arena_new(1 << 24), .limits = &limits };
	test_rows();
	test_varied();
	test_pairs();
	test_hidden();
	test_paths();
	test_smuggling();
	arena_free(work.arena);
	return tap_done();
}
