/* explain_one.c - see explain_one.h */
#include "cli/explain_one.h"

/* --- the attached mail --- */

/* Is there a Received field? Without one nobody has carried the mail: it was saved from a draft or a
 * Sent folder, or put together by hand. */
static bool has_trace(struct bytes message)
{
	struct bytes line, name;

	while (bytes_cut(&message, '\n', &line)) {
		if (bytes_trim(line).n == 0)
			return false;
		if (bytes_cut(&line, ':', &name) && bytes_ieq(bytes_trim_right(name), "received"))
			return true;
	}
	return false;
}

static bool is_mail(const struct mime_part *p)
{
	return bytes_eq(p->type, "message/rfc822") || bytes_eq(p->type, "message/global") || bytes_iends(p->name, ".eml");
}

static bool is_within(const struct mime *m, size_t part, size_t whole)
{
	while (part != MIME_NO_PART && part != whole)
		part = m->parts[part].parent;
	return part == whole;
}

/* The one attached mail; MIME_NO_PART: none, or several. Mails within it do not count. */
static size_t one_mail(const struct mime *m)
{
	size_t found = MIME_NO_PART;

	for (size_t i = 1; i < m->n; i++) {
		if (!is_mail(&m->parts[i]) || (found != MIME_NO_PART && is_within(m, i, found)))
			continue;
		if (found != MIME_NO_PART)
			return MIME_NO_PART;
		found = i;
	}
	return found;
}

/* The attached mail in the arena or as a slice of the message; empty: there is none that is meant. */
static bool find_attached(struct work *w, struct bytes message, bool asked_for, struct bytes *out)
{
	struct bytes mail = { NULL, 0 };
	struct mime m;

	if (!mime_read(w, message, &m))
		return false;
	size_t part = one_mail(&m);
	bool bounce = m.n && m.parts[0].report_type.n; /* a bounce carries a mail, too */
	if (part != MIME_NO_PART && (asked_for || !bounce))
		mail = mime_content(w, &m, part, SIZE_MAX, NULL);
	mime_end(&m);
	*out = mail;
	return !arena_failed(w->arena);
}

/* --- judging --- */

static bool judge(const struct explain_how *how, struct bytes message, bool offline, struct explain *x)
{
	struct explain_settings settings = *how->settings;

	settings.offline |= offline;
	return explain_begin(x, &settings, message) &&
	       (offline ? explain_drive(x, NULL) : explain_ask(x, how->lookups)) == CHECK_DONE && explain_judge(x);
}

static bool body_was_changed(const struct explain *x)
{
	return x->facts.own.dkim_changed && !x->facts.own.dkim_pass;
}

/* As unquoted by the folder; and where its signature does not fit that, as stored. */
static bool judge_either(const struct explain_how *how, struct bytes message, struct bytes stored, bool offline,
                         struct explain *x)
{
	bool differ = stored.p != message.p;

	if (!judge(how, message, offline, x))
		return false;
	if (!differ || !body_was_changed(x))
		return true;
	explain_end(x);
	if (!judge(how, stored, offline, x))
		return false;
	if (!body_was_changed(x))
		return true;
	explain_end(x);
	return judge(how, message, offline, x);
}

/* Goes on to the attached mail, where there is one that is meant. */
static enum explain_one_result unwrap(const struct explain_how *how, struct explain_one *one, struct bytes *message)
{
	const struct explain_settings *s = how->settings;
	struct bytes inner;

	one->arena = arena_new(s->limits->v[LIMIT_ARENA_BYTES]);
	if (!one->arena)
		return EXPLAIN_ONE_NO_MEMORY;
	struct work w = { .arena = one->arena, .limits = s->limits, .now = s->today };
	if (!find_attached(&w, *message, how->attached, &inner))
		return EXPLAIN_ONE_NO_MEMORY;
	one->attached = inner.n > 0;
	if (one->attached)
		*message = inner;
	return how->attached && !one->attached ? EXPLAIN_ONE_NOT_ATTACHED : EXPLAIN_ONE_OK;
}

enum explain_one_result explain_one_judge(const struct explain_how *how, struct bytes message, struct bytes stored,
                                          bool offline, struct explain_one *out)
{
	bool given = how->settings->given != NULL; /* the session of a case is that of the mail itself */

	memset(out, 0, sizeof(*out));
	if (how->attached || (!given && !has_trace(message))) {
		enum explain_one_result r = unwrap(how, out, &message);
		if (r != EXPLAIN_ONE_OK)
			return r;
		if (out->attached)
			stored = message;
	}
	return judge_either(how, message, stored, offline, &out->x) ? EXPLAIN_ONE_OK : EXPLAIN_ONE_NO_MEMORY;
}

void explain_one_end(struct explain_one *one)
{
	explain_end(&one->x);
	arena_free(one->arena);
	one->arena = NULL;
}
