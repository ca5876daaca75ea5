/* html_tidy.c - see html_tidy.h */
#include "content/html_tidy.h"

#include "base/ascii.h"

struct tidy {
	struct bytes in;
	size_t at;
	uint8_t *out;
	size_t n;
};

static bool more(const struct tidy *t)
{
	return t->at < t->in.n;
}

static void put(struct tidy *t, uint8_t c)
{
	if (c)
		t->out[t->n++] = c;
}

static bool is_space(uint8_t c)
{
	return ascii_is_space(c) || c == '\f';
}

/* Does the text stand at this place, in any case? */
static bool here(const struct tidy *t, const char *text)
{
	return bytes_istarts(bytes_sub(t->in, t->at, strlen(text)), text);
}

static void skip_behind(struct tidy *t, uint8_t c)
{
	size_t end = bytes_find(t->in, c, t->at);

	t->at = end < t->in.n ? end + 1 : end;
}

/* Behind "<!--": ends at "-->" or "--!>", and at once as "<!-->" and "<!--->". */
static void skip_comment(struct tidy *t)
{
	t->at += 4;
	if (here(t, ">") || here(t, "->")) {
		skip_behind(t, '>');
		return;
	}
	while (more(t) && !here(t, "-->") && !here(t, "--!>"))
		t->at = bytes_find(t->in, '-', t->at + 1);
	skip_behind(t, '>');
}

/* An attribute's value, with the quotes that it has. */
static void copy_value(struct tidy *t, bool keep)
{
	uint8_t quote = t->in.p[t->at];

	if (quote != '"' && quote != '\'') {
		for (; more(t) && !is_space(t->in.p[t->at]) && t->in.p[t->at] != '>'; t->at++)
			if (keep)
				put(t, t->in.p[t->at]);
		return;
	}
	size_t end = bytes_find(t->in, quote, t->at + 1);
	for (; t->at <= end && more(t); t->at++)
		if (keep)
			put(t, t->in.p[t->at]);
}

/* One attribute. Bytes that libxml2 takes for the end of a name become '_'. */
static void copy_attribute(struct tidy *t, bool keep)
{
	size_t start = t->at;

	if (keep)
		put(t, ' ');
	for (; more(t); t->at++) {
		uint8_t c = t->in.p[t->at];
		if (is_space(c) || c == '>' || c == '/' || (c == '=' && t->at > start))
			break;
		bool plain = ascii_is_alpha(c) || (t->at > start && (ascii_is_digit(c) || c == '-' || c == ':'));
		if (keep)
			put(t, plain ? c : '_');
	}
	size_t behind = t->at;
	while (behind < t->in.n && is_space(t->in.p[behind]))
		behind++;
	if (behind == t->in.n || t->in.p[behind] != '=')
		return;
	for (behind++; behind < t->in.n && is_space(t->in.p[behind]); behind++)
		;
	t->at = behind;
	if (keep)
		put(t, '=');
	if (more(t) && t->in.p[t->at] != '>')
		copy_value(t, keep);
	else if (keep)
		t->n--; /* a name with nothing behind its '=' */
}

/* The attributes of a tag and its '>'. */
static void copy_attributes(struct tidy *t, bool keep)
{
	for (size_t n = 0; more(t) && t->in.p[t->at] != '>';) {
		if (is_space(t->in.p[t->at]) || t->in.p[t->at] == '/')
			t->at++;
		else
			copy_attribute(t, keep && n++ < HTML_ATTRIBUTES_MAX);
	}
	if (more(t)) {
		put(t, '>');
		t->at++;
	}
}

static struct bytes copy_name(struct tidy *t)
{
	size_t from = t->n;

	for (; more(t); t->at++) {
		uint8_t c = t->in.p[t->at];
		if (is_space(c) || c == '>' || c == '/')
			break;
		put(t, ascii_is_alnum(c) || c == '-' || c == ':' ? c : '_');
	}
	return (struct bytes){ t->out + from, t->n - from };
}

/* Elements in which a browser looks for nothing but their end. */
static const struct raw {
	const char *name, *end;
	bool program; /* not shown: libxml2 knows them as well and is given them as they are */
} raws[] = {
	{ "script", "</script", true },       { "style", "</style", true },       { "title", "</title", false },
	{ "textarea", "</textarea", false },  { "xmp", "</xmp", false },          { "iframe", "</iframe", false },
	{ "noembed", "</noembed", false },    { "noframes", "</noframes", false }, { "plaintext", "", false },
};

static const struct raw *raw_of(struct bytes name)
{
	for (size_t i = 0; i < ARRAY_LEN(raws); i++)
		if (bytes_ieq(name, raws[i].name))
			return &raws[i];
	return NULL;
}

static bool raw_ends(const struct tidy *t, const struct raw *raw)
{
	size_t n = strlen(raw->end), behind = t->at + n;

	return n && here(t, raw->end) &&
	       (behind == t->in.n || is_space(t->in.p[behind]) || t->in.p[behind] == '>' || t->in.p[behind] == '/');
}

static void copy_raw(struct tidy *t, const struct raw *raw)
{
	for (; more(t); t->at++) {
		uint8_t c = t->in.p[t->at];
		if (c == '<' && raw_ends(t, raw))
			return;
		/* of "</x" in a program libxml2 might think that it ends it */
		bool tag = c == '<' && (!raw->program || bytes_eq(bytes_sub(t->in, t->at + 1, 1), "/"));
		put(t, tag ? ' ' : c);
	}
}

static void copy_tag(struct tidy *t)
{
	bool closes = t->in.p[t->at + 1] == '/';

	put(t, '<');
	if (closes)
		put(t, '/');
	t->at += closes ? 2 : 1;
	struct bytes name = copy_name(t);
	const struct raw *raw = closes ? NULL : raw_of(name);
	copy_attributes(t, !closes);
	if (raw)
		copy_raw(t, raw);
}

/* A '<': of a tag, of a comment, of something that is skipped like one, or a plain one. */
static void copy_markup(struct tidy *t)
{
	uint8_t next = t->at + 1 < t->in.n ? t->in.p[t->at + 1] : 0;
	uint8_t third = t->at + 2 < t->in.n ? t->in.p[t->at + 2] : 0;

	if (ascii_is_alpha(next) || (next == '/' && ascii_is_alpha(third))) {
		copy_tag(t);
	} else if (here(t, "<!--")) {
		skip_comment(t);
	} else if (next == '!' || next == '?' || next == '/') {
		skip_behind(t, '>');
	} else {
		put(t, ' '); /* shown as it is, and nothing that we look for */
		t->at++;
	}
}

struct bytes html_tidy(struct arena *a, struct bytes html)
{
	/* an attribute grows by a blank in front where it had none: twice is more than enough */
	struct tidy t = { .in = html, .out = arena_array_of(a, html.n + 8, 2) };

	if (!t.out)
		return (struct bytes){ NULL, 0 };
	while (more(&t)) {
		if (html.p[t.at] == '<')
			copy_markup(&t);
		else
			put(&t, html.p[t.at++]);
	}
	return (struct bytes){ t.out, t.n };
}
