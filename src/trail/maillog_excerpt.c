/* maillog_excerpt.c - see maillog.h and maillog_excerpt.h */
#include "trail/maillog_excerpt.h"

#include "base/clock.h"
#include "base/mem.h"
#include "folder/folder_source.h"
#include "trail/maillog_file.h"
#include "trail/maillog_index.h"

/* --- the first line --------------------------------------------------------------------- */

static const char mark[] = "# truefrom-log:";

static const struct {
	const char *name;
	size_t at;
} fields[] = {
	{ "lines=", offsetof(struct maillog_stated, lines) },
	{ "understood=", offsetof(struct maillog_stated, understood) },
	{ "backscatter=", offsetof(struct maillog_stated, backscatter) },
	{ "submissions=", offsetof(struct maillog_stated, submissions) },
	{ "silence=", offsetof(struct maillog_stated, silence) },
	{ "dated=", offsetof(struct maillog_stated, dated) },
	{ "first=", offsetof(struct maillog_stated, first) },
	{ "last=", offsetof(struct maillog_stated, last) },
	{ "zoneless=", offsetof(struct maillog_stated, zoneless) },
	{ "cut=", offsetof(struct maillog_stated, cut) },
};

bool maillog_stated_parse(struct bytes line, struct maillog_stated *out)
{
	struct maillog_stated s = { 0 };
	struct bytes word;

	if (!maillog_skip(&line, mark))
		return false;
	while (bytes_cut(&line, ' ', &word))
		for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
			uint64_t v;
			if (maillog_skip(&word, fields[i].name) && bytes_to_u64(word, &v) && v <= INT64_MAX / 2)
				memcpy((uint8_t *)&s + fields[i].at, &v, sizeof(v));
		}
	*out = s;
	return true;
}

void maillog_stated_write(struct buf *out, const struct maillog_stated *s)
{
	buf_adds(out, mark);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		uint64_t v;
		memcpy(&v, (const uint8_t *)s + fields[i].at, sizeof(v));
		buf_addf(out, " %s%llu", fields[i].name, (unsigned long long)v);
	}
	buf_add_byte(out, '\n');
}

/* --- which lines -------------------------------------------------------------------------- */

struct choice {
	const struct bytes *ids, *logins;
	size_t n_ids, n_logins;
	const struct maillog *index;   /* knows which queue ids are of them */
	struct maillog *own;           /* of this file: its counts */
	bool *picked;                  /* by entry of index */
	struct maillog_list nets;      /* uint64_t: where the log-ins came from; sorted */
	size_t section, line;          /* where the second pass is: the line within the section */
	bool kept;                     /* the line before was */
	struct buf *out;
};

static bool listed(struct bytes b, const struct bytes *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes_same(b, list[i]))
			return true;
	return false;
}

/* As maillog_login compares: as it stands, or without its domain. */
static bool is_login(const struct choice *c, struct bytes login)
{
	for (size_t i = 0; login.n && i < c->n_logins; i++) {
		struct bytes whole = c->logins[i];
		if (bytes_isame(login, whole) || bytes_isame(login, bytes_sub(whole, 0, bytes_find(whole, '@', 0))))
			return true;
	}
	return false;
}

static int by_net(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return (a > b) - (a < b);
}

static bool add_net(struct choice *c, uint64_t net)
{
	return !net || maillog_push(&c->nets, &net, sizeof(net));
}

/* What is of the messages and log-ins: queue ids, and the networks whose refused log-ins count. */
static bool pick(struct choice *c)
{
	const struct maillog *l = c->index;
	const struct maillog_tally *t = &l->tallies[MAILLOG_TALLY_ACCEPTED];
	const struct maillog_tally_row *rows = t->rows.items;
	const struct bytes *names = l->names.items;

	c->picked = mem_calloc(l->entries.n + 1, sizeof(*c->picked));
	if (!c->picked)
		return false;
	for (size_t i = 0; i < l->entries.n; i++) {
		const struct maillog_mail *m = &maillog_at(l, i)->m;
		c->picked[i] = (m->message_id.n && listed(m->message_id, c->ids, c->n_ids)) ||
		               listed(m->queue_id, c->ids, c->n_ids) || is_login(c, m->login);
		if (c->picked[i] && !add_net(c, maillog_net(&m->client)))
			return false;
	}
	for (size_t i = 0; i < t->rows.n; i++)
		if (is_login(c, names[rows[i].name]) && !add_net(c, rows[i].net))
			return false;
	if (c->nets.n)
		qsort(c->nets.items, c->nets.n, sizeof(uint64_t), by_net);
	return true;
}

static bool is_picked(const struct choice *c, struct bytes queue_id)
{
	const struct maillog_entry *e = maillog_chain(c->index, queue_id);

	for (size_t n = 0; e && n < 64; n++, e = e->older ? maillog_at(c->index, e->older - 1) : NULL)
		if (c->picked[e - maillog_at(c->index, 0)])
			return true;
	return false;
}

static bool is_refused_here(const struct choice *c, const struct maillog_event *ev)
{
	uint64_t net = maillog_net(&ev->client);

	if (ev->login.n)
		return is_login(c, ev->login);
	return net && c->nets.n && bsearch(&net, c->nets.items, c->nets.n, sizeof(net), by_net);
}

static bool is_wanted(const struct choice *c, const struct maillog_event *ev)
{
	switch (ev->kind) {
	case MAILLOG_ACCEPTED: return is_login(c, ev->login);
	case MAILLOG_REFUSED:
	case MAILLOG_REFUSED_BY_AUTH: return is_refused_here(c, ev);
	case MAILLOG_SAVED: return listed(ev->message_id, c->ids, c->n_ids);
	case MAILLOG_UNKNOWN_USER: return false; /* counted in the first line */
	case MAILLOG_AGAIN: return c->kept;
	default: /* a log-in counts also where its queue id is that of another mail, whose lines come late */
		return is_login(c, ev->login) || is_picked(c, ev->queue_id) ||
		       (ev->kind == MAILLOG_NOTICE && is_picked(c, ev->other_id));
	}
}

/* --- the second pass -------------------------------------------------------------------------- */

static void begin_section(struct choice *c)
{
	const struct maillog_section *s = (const struct maillog_section *)c->own->sections.items + c->section;
	struct maillog_stated stated = {
		.lines = s->lines, .understood = s->understood, .backscatter = s->backscatter, .submissions = s->submissions,
		.silence = (uint64_t)s->silence, .dated = s->first >= 0, .zoneless = s->zoneless, .cut = c->own->cut,
	};

	if (s->first >= 0) {
		stated.first = (uint64_t)s->first;
		stated.last = (uint64_t)s->last;
	}
	maillog_stated_write(c->out, &stated);
}

static bool on_line(void *user, struct bytes line)
{
	struct choice *c = user;
	const struct maillog_section *sections = c->own->sections.items;
	struct maillog_frame frame;
	struct maillog_event ev;

	while (c->section < c->own->sections.n && c->line == sections[c->section].lines) {
		c->section++;
		c->line = 0;
	}
	if (c->section == c->own->sections.n)
		return true; /* the file has grown meanwhile */
	if (c->line++ == 0)
		begin_section(c);
	c->kept = maillog_frame_parse(line, c->own->now, &frame) && maillog_line_parse(&frame, &ev) && is_wanted(c, &ev);
	if (c->kept) {
		buf_add(c->out, line);
		buf_add_byte(c->out, '\n');
	}
	return !c->out->failed;
}

/* An excerpt of an excerpt is what it is already: its counts are those of lines that are not there. */
static bool is_excerpt(const struct maillog *l)
{
	const struct maillog_section *s = l->sections.items;

	for (size_t i = 0; i < l->sections.n; i++)
		if (s[i].stated)
			return true;
	return false;
}

static bool copy_line(void *user, struct bytes line)
{
	struct buf *out = user;

	buf_add(out, line);
	buf_add_byte(out, '\n');
	return !out->failed;
}

static bool excerpt(struct choice *c, const char *path, char *why, size_t size)
{
	if (!maillog_read(c->own, path, why, size))
		return false;
	if (is_excerpt(c->own))
		return maillog_file_lines(path, copy_line, c->out, why, size);
	if (pick(c))
		return maillog_file_lines(path, on_line, c, why, size);
	return folder_say(why, size, "not enough memory");
}

bool maillog_excerpt_of(const struct maillog *l, const char *path, const struct bytes *message_ids, size_t n_ids,
                        const struct bytes *logins, size_t n_logins, struct buf *out, char *why, size_t size)
{
	struct limits limits;

	limits_init(&limits);
	struct maillog *own = maillog_new(l ? &l->limits : &limits, l ? l->now : clock_now());
	if (!own)
		return folder_say(why, size, "not enough memory");
	struct choice c = {
		.ids = message_ids, .n_ids = n_ids, .logins = logins, .n_logins = n_logins, .index = l ? l : own, .own = own,
		.out = out,
	};
	bool ok = excerpt(&c, path, why, size);
	if (!ok && out->failed)
		folder_say(why, size, "there are too many lines of these log-ins for a case, or not enough memory");
	mem_free(c.picked);
	mem_free(c.nets.items);
	maillog_free(own);
	return ok;
}

bool maillog_excerpt(const char *path, const struct bytes *message_ids, size_t n_ids, const struct bytes *logins,
                     size_t n_logins, struct buf *out, char *why, size_t size)
{
	return maillog_excerpt_of(NULL, path, message_ids, n_ids, logins, n_logins, out, why, size);
}
