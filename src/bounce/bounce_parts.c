/* bounce_parts.c - see bounce_parts.h */
#include "bounce/bounce_parts.h"

#include "bounce/bounce_quote.h"

#define PART_MAX (1u << 20)  /* bytes read of a part; a header and words of a machine are far shorter */
#define WORDS_MAX (1u << 16) /* bytes of words kept of a part */
#define TEXT_PARTS 4u        /* that words are read from */

struct reader {
	struct work *w;
	const struct mime *m;
	struct bounce_parts *out;
	size_t text_parts;
	struct bytes html;   /* where there is no other text */
	bool whole;          /* the mail that came back is a part of its own */
};

/* --- text --- */

static bool append(struct arena *a, struct bytes *words, struct bytes more)
{
	struct bytes first = words->n ? arena_join(a, *words, B("\n\n")) : *words;

	if (words->n && !first.p)
		return false;
	*words = first.n ? arena_join(a, first, more) : more;
	return words->p;
}

/* The mail behind the words of a part, with the bytes that it came with. */
static bool read_quoted(struct reader *r, size_t part)
{
	struct bytes octets = mime_octets(r->w, r->m, part, PART_MAX, NULL), words;

	return octets.p && bounce_quote_split(r->w->arena, octets, &words, &r->out->returned);
}

/* Words, and perhaps a mail behind them. A file that somebody attached is neither, unless it is a header. */
static bool read_text(struct reader *r, size_t part)
{
	struct bytes text = mime_content(r->w, r->m, part, PART_MAX, NULL), words, mail;
	bool attached = bytes_eq(r->m->parts[part].disposition, "attachment");

	if (!text.p)
		return false;
	if (attached && !bounce_quote_is_mail(text))
		return true;
	if (!bounce_quote_split(r->w->arena, text, &words, &mail))
		return false;
	if (mail.n && !r->out->returned.n && !read_quoted(r, part))
		return false;
	r->text_parts++;
	return append(r->w->arena, &r->out->words, bytes_sub(words, 0, WORDS_MAX));
}

/* --- HTML --- */

/* The end of the tag at `at`; of style and script that of all that they enclose. */
static size_t tag_end(struct bytes html, size_t at)
{
	static const char *const closing[][2] = { { "<style", "</style" }, { "<script", "</script" } };
	struct bytes rest = bytes_from(html, at);
	size_t from = 0;

	for (size_t i = 0; i < ARRAY_LEN(closing); i++)
		if (bytes_istarts(rest, closing[i][0]))
			from = bytes_search(rest, bytes_of(closing[i][1]));
	return at + bytes_find(rest, '>', from);
}

static bool starts_line(struct bytes tag)
{
	static const char *const tags[] = { "<br", "<p", "<div", "<td", "<tr", "<li", "</" };

	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		if (bytes_istarts(tag, tags[i]))
			return true;
	return false;
}

/* The byte that an entity stands for, and its length; 0: none that matters here. */
static uint8_t entity_at(struct bytes t, size_t *length)
{
	static const struct {
		const char *name;
		uint8_t c;
	} rows[] = {
		{ "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' }, { "&nbsp;", ' ' }, { "&#39;", '\'' },
		{ "&#64;", '@' },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (bytes_istarts(t, rows[i].name)) {
			*length = strlen(rows[i].name);
			return rows[i].c;
		}
	return 0;
}

/* Without tags, styles, scripts and entities: enough to find addresses and answers. */
static struct bytes plain_of_html(struct arena *a, struct bytes html)
{
	uint8_t *to = arena_array(a, uint8_t, html.n);
	size_t n = 0, length;

	for (size_t at = 0; to && at < html.n; at += length) {
		struct bytes rest = bytes_from(html, at);
		uint8_t c = rest.p[0];
		length = 1;
		if (c == '<') {
			c = starts_line(rest) ? '\n' : ' ';
			length = tag_end(html, at) + 1 - at;
		} else if (c == '&') {
			uint8_t entity = entity_at(rest, &length);
			c = entity ? entity : c;
		}
		to[n++] = c;
	}
	return (struct bytes){ to, n };
}

/* --- parts --- */

/* A mail as it stands is not copied, and has no bound; one that came encoded is read up to one. */
static bool read_returned(struct reader *r, size_t part)
{
	struct bytes mail = mime_octets(r->w, r->m, part, r->m->parts[part].container ? SIZE_MAX : PART_MAX, NULL);

	if (!mail.p)
		return false;
	r->out->returned = bounce_quote_skip(mail);
	r->whole = true;
	return true;
}

static bool holds_mail(struct bytes type)
{
	static const char *const types[] = {
		"message/rfc822", "message/global", "message/news", "message/partial", "text/rfc822-headers",
		"message/global-headers", /* and what is written by mistake: */
		"text/rfc822-header", "text/rfc822", "message/rfc822-headers", "message/rfc822-header",
	};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (bytes_eq(type, types[i]))
			return true;
	return false;
}

/* Where a machine-readable part of that type is kept; NULL: it is none. */
static struct bytes *machine_part(struct bounce_parts *out, struct bytes type)
{
	const struct {
		const char *type;
		struct bytes *to;
	} rows[] = {
		{ "message/delivery-status", &out->status },
		{ "message/global-delivery-status", &out->status },
		{ "message/feedback-report", &out->feedback },
		{ "message/disposition-notification", &out->disposition },
		{ "message/global-disposition-notification", &out->disposition },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (bytes_eq(type, rows[i].type))
			return rows[i].to;
	return NULL;
}

static bool read_part(struct reader *r, size_t part)
{
	const struct mime_part *p = &r->m->parts[part];
	struct bytes *machine = machine_part(r->out, p->type);
	bool html = bytes_eq(p->type, "text/html");

	if (machine || html) {
		struct bytes *to = machine ? machine : &r->html;
		if (!to->p)
			*to = mime_content(r->w, r->m, part, PART_MAX, NULL);
		return to->p;
	}
	if (holds_mail(p->type))
		return r->whole || read_returned(r, part);
	if (p->container || r->text_parts >= TEXT_PARTS)
		return true;
	/* a multipart without parts is text whose boundary is not where it should be */
	if (bytes_istarts(p->type, "text/") || bytes_istarts(p->type, "multipart/"))
		return read_text(r, part);
	return true;
}

bool bounce_parts_read(struct work *w, const struct mime *m, struct bounce_parts *out)
{
	struct reader r = { .w = w, .m = m, .out = out };
	bool *within = arena_array(w->arena, bool, m->n);

	*out = (struct bounce_parts){ .words = B(""), .returned = B("") };
	if (!within)
		return false;
	for (size_t i = 0; i < m->n; i++) {
		size_t parent = m->parts[i].parent;
		within[i] = parent != MIME_NO_PART && (within[parent] || bytes_istarts(m->parts[parent].type, "message/"));
		if (!within[i] && !read_part(&r, i))
			return false;
	}
	/* where its boundary is wrong, the mail stands behind the notification */
	struct bytes fields;
	if (!out->returned.n && out->status.n &&
	    !bounce_quote_split(w->arena, out->status, &fields, &out->returned))
		return false;
	if (!bytes_trim(out->words).n && r.html.n)
		out->words = bytes_sub(plain_of_html(w->arena, r.html), 0, WORDS_MAX);
	return !arena_failed(w->arena);
}
