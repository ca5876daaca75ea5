/* maillog.c - see maillog.h: reading, and what is said of the log as a whole. */
#include "trail/maillog.h"

#include "base/mem.h"
#include "dns/dns_seed.h"
#include "trail/maillog_excerpt.h"
#include "trail/maillog_file.h"
#include "trail/maillog_index.h"

#define TEXT_A_MAIL 1024       /* bytes of text for each mail of the limit */
#define ZONE_STEP 900          /* seconds: zones differ by quarters of an hour */
#define ZONE_MAX (14 * 3600)
#define ZONE_SLACK 60          /* between a log's line and the Received line of the same mail */

struct maillog *maillog_new(const struct limits *limits, int64_t now)
{
	struct maillog *l = mem_calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->limits = *limits;
	l->now = now;
	l->seed = dns_seed();
	l->arena = arena_new((size_t)limits->v[LIMIT_LOG_MAILS] * TEXT_A_MAIL);
	if (l->arena)
		return l;
	mem_free(l);
	return NULL;
}

void maillog_free(struct maillog *l)
{
	if (!l)
		return;
	maillog_index_free(l);
	mem_free(l);
}

/* --- reading ------------------------------------------------------------------------- */

static bool begin_section(struct maillog *l)
{
	struct maillog_section s = { .first = -1, .last = -1, .previous = -1 };

	l->refused.set = false;
	return maillog_push(&l->sections, &s, sizeof(s)) != NULL;
}

static struct maillog_section *section(struct maillog *l)
{
	return (struct maillog_section *)l->sections.items + (l->sections.n - 1);
}

/* The first line of an excerpt: it speaks for lines that are not in it. */
static bool state_counts(struct maillog *l, const struct maillog_stated *stated)
{
	if (section(l)->lines && !begin_section(l))
		return false;
	*section(l) = (struct maillog_section){
		.lines = stated->lines, .understood = stated->understood, .backscatter = stated->backscatter,
		.submissions = stated->submissions, .silence = (int64_t)stated->silence, .zoneless = stated->zoneless > 0,
		.first = stated->dated ? (int64_t)stated->first : -1, .last = stated->dated ? (int64_t)stated->last : -1,
		.previous = -1, .stated = true,
	};
	l->cut |= stated->cut > 0;
	return true;
}

/* Notes that there was a line, and when; after a long silence another section begins with it. */
static bool note_line(struct maillog *l, const struct maillog_frame *f)
{
	struct maillog_section *s = section(l);

	if (s->stated)
		return true;
	if (f && s->previous >= 0 && f->time - s->previous > MAILLOG_SILENCE) {
		if (!begin_section(l))
			return false;
		s = section(l);
	}
	s->lines++;
	if (!f)
		return true;
	if (s->first < 0 || f->time < s->first)
		s->first = f->time;
	if (f->time > s->last)
		s->last = f->time;
	if (s->previous >= 0 && f->time - s->previous > s->silence)
		s->silence = f->time - s->previous;
	s->previous = f->time;
	s->zoneless |= !f->zoned;
	return true;
}

static bool on_line(void *user, struct bytes line)
{
	struct maillog *l = user;
	struct maillog_stated stated;
	struct maillog_frame frame;
	struct maillog_event ev;

	if (maillog_stated_parse(line, &stated))
		return state_counts(l, &stated);
	bool framed = maillog_frame_parse(line, l->now, &frame);
	if (!note_line(l, framed ? &frame : NULL))
		return false;
	if (!framed || !maillog_line_parse(&frame, &ev)) {
		l->refused.set = false;
		return true;
	}
	section(l)->understood += !section(l)->stated;
	return maillog_index_add(l, &frame, &ev);
}

bool maillog_read(struct maillog *l, const char *path, char *why, size_t size)
{
	maillog_index_unsort(l);
	if (begin_section(l) && maillog_file_lines(path, on_line, l, why, size))
		return true;
	if (!l->sections.n)
		snprintf(why, size, "not enough memory");
	l->cut = true; /* who goes on all the same has not seen everything */
	return false;
}

bool maillog_feed(struct maillog *l, struct bytes lines)
{
	maillog_index_unsort(l);
	return begin_section(l) && maillog_file_cut(lines, on_line, l);
}

bool maillog_ready(struct maillog *l)
{
	return maillog_index_sort(l);
}

/* --- times ------------------------------------------------------------------------------ */

static void shift_tally(struct maillog_tally *t, int64_t by)
{
	struct maillog_tally_row *rows = t->rows.items;

	for (size_t i = 0; i < t->rows.n; i++)
		if (!rows[i].zoned)
			rows[i].at += by;
}

/* All times that were read without a zone. */
static void shift(struct maillog *l, int64_t by)
{
	struct maillog_section *sections = l->sections.items;
	struct maillog_saved *saved = l->saved.items;

	for (size_t i = 0; i < l->entries.n; i++) {
		struct maillog_entry *e = (struct maillog_entry *)l->entries.items + i;
		if (e->zoned)
			continue;
		e->first += by;
		e->last += by;
		e->m.time += by;
	}
	for (size_t i = 0; i < MAILLOG_TALLIES; i++)
		shift_tally(&l->tallies[i], by);
	for (size_t i = 0; i < l->saved.n; i++)
		saved[i].at += by;
	for (size_t i = 0; i < l->sections.n; i++) {
		if (!sections[i].zoneless || sections[i].first < 0)
			continue;
		sections[i].first += by;
		sections[i].last += by;
	}
}

/* The zone by which that entry would be of that instant; 0: none, or it is right already. */
static int64_t zone_of(const struct maillog_entry *e, int64_t at)
{
	int64_t away = at - e->m.time, zone;

	if (away > ZONE_MAX + ZONE_SLACK || away < -ZONE_MAX - ZONE_SLACK)
		return 0;
	zone = (away + (away < 0 ? -ZONE_STEP / 2 : ZONE_STEP / 2)) / ZONE_STEP * ZONE_STEP;
	return away - zone <= ZONE_SLACK && zone - away <= ZONE_SLACK ? zone : 0;
}

bool maillog_learn_zone(struct maillog *l, struct bytes queue_id, int64_t at)
{
	const struct maillog_entry *e = maillog_chain(l, queue_id);
	int64_t zone = 0;
	size_t candidates = 0;

	for (; e && !l->zone_learned; e = e->older ? maillog_at(l, e->older - 1) : NULL) {
		int64_t away = at - e->m.time;
		if (e->zoned)
			continue;
		if (away <= ZONE_SLACK && away >= -ZONE_SLACK)
			return true; /* the server speaks UTC */
		if (zone_of(e, at)) {
			zone = zone_of(e, at);
			candidates++;
		}
	}
	if (candidates != 1)
		return true;
	l->zone_learned = true;
	maillog_index_unsort(l);
	shift(l, zone);
	return maillog_index_sort(l);
}

/* --- the log as a whole -------------------------------------------------------------------- */

struct maillog_counts maillog_counts(const struct maillog *l)
{
	struct maillog_counts c = { .first = -1, .last = -1, .cut = l->cut };
	const struct maillog_section *s = l->sections.items;

	for (size_t i = 0; i < l->sections.n; i++) {
		c.lines += s[i].lines;
		c.understood += s[i].understood;
		c.zoneless |= s[i].zoneless && !l->zone_learned;
		if (s[i].first >= 0 && (c.first < 0 || s[i].first < c.first))
			c.first = s[i].first;
		if (s[i].last > c.last)
			c.last = s[i].last;
	}
	return c;
}

uint64_t maillog_backscatter(const struct maillog *l)
{
	const struct maillog_section *s = l->sections.items;
	uint64_t n = 0;

	for (size_t i = 0; i < l->sections.n; i++)
		n += s[i].backscatter;
	return n;
}

bool maillog_covers(const struct maillog *l, int64_t at, int64_t seconds)
{
	const struct maillog_section *s = l->sections.items;
	uint64_t submissions = 0;

	for (size_t i = 0; i < l->sections.n; i++)
		submissions += s[i].submissions;
	if (l->cut || !submissions || at < 0)
		return false;
	for (size_t i = 0; i < l->n_covered; i++)
		if (l->covered[i].first <= at - seconds && l->covered[i].last >= at + seconds)
			return true;
	return false;
}
