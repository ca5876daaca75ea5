/* sent.c - see sent.h */
#include "trail/sent.h"

#include "base/mem.h"
#include "dns/dns_seed.h"
#include "mail/address.h"
#include "mail/date.h"

#define STDIN_MEMORY (64u << 20) /* of a folder on standard input: what is more goes to a file */
#define KEPT_PER_MAIL 2048u      /* on average, in bytes: a letter has 500, one to a hundred people 5000 */
#define KEPT_LEAST (16u << 20)   /* however few mails are allowed: one of them may go to many people */

struct sent {
	struct arena *arena;     /* what the mails' slices point to */
	size_t room;             /* bytes that may still be kept in it */
	struct sent_mail *mails;
	size_t n, cap;
	uint32_t *slots;         /* by the hash of the Message-ID: index of the mail + 1; 0: free */
	size_t n_slots;          /* a power of two */
	uint64_t seed;
	int64_t oldest;
	bool cut;
};

/* --- one mail ----------------------------------------------------------------- */

static bool is_kept(enum field_id id)
{
	return id == FIELD_FROM || id == FIELD_TO || id == FIELD_CC || id == FIELD_BCC || id == FIELD_SUBJECT ||
	       id == FIELD_DATE || id == FIELD_MESSAGE_ID;
}

static bool names_recipients(enum field_id id)
{
	return id == FIELD_TO || id == FIELD_CC || id == FIELD_BCC;
}

/* Copies text whose lines end in CRLF or LF as one whose lines end in LF; returns its length. */
static size_t copy_lines(uint8_t *to, struct bytes text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '\r' || i + 1 == text.n || text.p[i + 1] != '\n')
			to[n++] = text.p[i];
	if (n && to[n - 1] != '\n') /* the message ends within it */
		to[n++] = '\n';
	return n;
}

static struct bytes keep_fields(struct arena *a, const struct header *h)
{
	size_t n = 0, at = 0;

	for (size_t i = 0; i < h->n; i++)
		n += is_kept(h->fields[i].id) ? h->fields[i].raw.n + 1 : 0;
	uint8_t *to = arena_alloc(a, n + 1);
	for (size_t i = 0; to && i < h->n; i++)
		if (is_kept(h->fields[i].id))
			at += copy_lines(to + at, h->fields[i].raw);
	return (struct bytes){ to, at };
}

static struct bytes join_recipients(struct arena *a, const struct header *h)
{
	size_t n = 0, at = 0;

	for (size_t i = 0; i < h->n; i++)
		n += names_recipients(h->fields[i].id) ? h->fields[i].value.n + 2 : 0;
	uint8_t *to = arena_alloc(a, n + 1);
	for (size_t i = 0; to && i < h->n; i++) {
		if (!names_recipients(h->fields[i].id))
			continue;
		struct bytes value = field_unfold(a, h->fields[i].value);
		if (at && value.n) {
			memcpy(to + at, ", ", 2);
			at += 2;
		}
		if (value.n)
			memcpy(to + at, value.p, value.n);
		at += value.n;
	}
	return (struct bytes){ to, at };
}

static struct bytes without_brackets(struct bytes id)
{
	size_t open = bytes_find(id, '<', 0), close = bytes_find(id, '>', open);

	return close < id.n ? bytes_sub(id, open + 1, close - open - 1) : bytes_trim(id);
}

static struct bytes unfolded(struct arena *a, const struct header *h, enum field_id id)
{
	const struct field *f = header_find(h, id, 0);

	return f ? field_unfold(a, f->value) : (struct bytes){ NULL, 0 };
}

/* What a header says, in the memory of one message. */
static struct sent_mail read_mail(struct arena *a, const struct header *h)
{
	const struct field *date = header_find(h, FIELD_DATE, 0);
	struct date at = { .at = -1 };
	struct sent_mail m = {
		.message_id = without_brackets(unfolded(a, h, FIELD_MESSAGE_ID)),
		.subject = unfolded(a, h, FIELD_SUBJECT),
		.to = join_recipients(a, h),
		.header = keep_fields(a, h),
	};

	if (date && !date_parse(date->value, &at, NULL))
		at.at = -1;
	m.date = at.at;
	return m;
}

/* --- the folder ------------------------------------------------------------------ */

/* Copies a mail for good. False: out of memory. */
static bool add_mail(struct sent *s, const struct sent_mail *from)
{
	struct bytes parts[] = { from->message_id, from->subject, from->to, from->header };
	struct sent_mail m = { .date = from->date };
	size_t need = 0;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		need += parts[i].n;
	if (need > s->room) {
		s->cut = true;
		return true;
	}
	s->room -= need;
	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 256;
		struct sent_mail *grown = mem_realloc(s->mails, cap * sizeof(*grown));
		if (!grown)
			return false;
		s->mails = grown;
		s->cap = cap;
	}
	m.message_id = arena_copy(s->arena, parts[0]);
	m.subject = arena_copy(s->arena, parts[1]);
	m.to = arena_copy(s->arena, parts[2]);
	m.header = arena_copy(s->arena, parts[3]);
	s->mails[s->n++] = m;
	if (m.date >= 0 && (s->oldest < 0 || m.date < s->oldest))
		s->oldest = m.date;
	return !arena_failed(s->arena);
}

static bool add_message(struct sent *s, struct work *w, struct bytes message)
{
	struct header h;

	arena_reset(w->arena);
	w->reached = 0;
	header_index(w, &h, message);
	struct sent_mail m = read_mail(w->arena, &h);
	if (arena_failed(w->arena))
		return false;
	s->cut |= w->reached != 0; /* what identifies it may be in the part that was not looked at */
	return add_mail(s, &m);
}

/* False: out of memory. */
static bool add_all(struct sent *s, struct work *w, struct folder *f)
{
	size_t most = work_limit(w, LIMIT_SENT_MAILS);
	struct folder_item item;
	enum folder_got got;
	char trouble[256];
	bool ok = true;

	while (ok && (got = folder_next(f, &item, trouble, sizeof(trouble))) != FOLDER_END) {
		if (got == FOLDER_TROUBLE) {
			s->cut = true;
			continue;
		}
		if (s->n < most)
			ok = add_message(s, w, item.message);
		else
			s->cut = true;
		folder_let_go(f, &item);
		if (s->n == most && s->cut)
			break;
	}
	return ok;
}

/* The slot of a Message-ID: its mail's, or a free one. */
static size_t slot_of(const struct sent *s, struct bytes id)
{
	size_t at = (size_t)bytes_hash(id, s->seed) & (s->n_slots - 1);

	while (s->slots[at] && !bytes_same(s->mails[s->slots[at] - 1].message_id, id))
		at = (at + 1) & (s->n_slots - 1);
	return at;
}

static bool index_mails(struct sent *s)
{
	s->n_slots = 16;
	while (s->n_slots < s->n * 2)
		s->n_slots *= 2;
	s->slots = mem_calloc(s->n_slots, sizeof(*s->slots));
	s->seed = dns_seed();
	for (size_t i = 0; s->slots && i < s->n; i++) {
		size_t at = slot_of(s, s->mails[i].message_id);
		if (s->mails[i].message_id.n && !s->slots[at])
			s->slots[at] = (uint32_t)i + 1;
	}
	return s->slots != NULL;
}

static struct sent *new_sent(const struct limits *limits)
{
	struct sent *s = mem_calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->oldest = -1;
	s->room = (size_t)limits->v[LIMIT_SENT_MAILS] * KEPT_PER_MAIL;
	if (s->room < KEPT_LEAST)
		s->room = KEPT_LEAST;
	s->arena = arena_new(SIZE_MAX); /* `room` is its bound */
	if (!s->arena) {
		mem_free(s);
		return NULL;
	}
	return s;
}

struct sent *sent_read(const char *path, const struct limits *limits, char *why, size_t size)
{
	struct folder *f = folder_open(path, STDIN_MEMORY, why, size);
	struct work w = { .limits = limits };
	struct sent *s;

	if (!f)
		return NULL;
	s = new_sent(limits);
	w.arena = arena_new(limits->v[LIMIT_ARENA_BYTES]);
	if (!s || !w.arena || !add_all(s, &w, f) || !index_mails(s)) {
		snprintf(why, size, "out of memory");
		sent_free(s);
		s = NULL;
	}
	arena_free(w.arena);
	folder_close(f);
	return s;
}

void sent_free(struct sent *s)
{
	if (!s)
		return;
	arena_free(s->arena);
	mem_free(s->mails);
	mem_free(s->slots);
	mem_free(s);
}

/* --- asking ------------------------------------------------------------------------ */

const struct sent_mail *sent_find(const struct sent *s, struct bytes message_id)
{
	struct bytes id = without_brackets(message_id);
	uint32_t found = id.n ? s->slots[slot_of(s, id)] : 0;

	return found ? &s->mails[found - 1] : NULL;
}

static size_t count_at_signs(struct bytes text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '@';
	return n;
}

static bool is_listed(struct work *w, struct bytes list, struct bytes recipient)
{
	struct mailbox *boxes = NULL;
	struct path path;

	if (!path_parse(w->arena, recipient, &path, NULL) || dname_is_none(path.domain))
		return false;
	size_t n = address_list_read(w, list, count_at_signs(list), &boxes);
	for (size_t i = 0; i < n; i++)
		if (dname_same(boxes[i].domain, path.domain) && bytes_isame(boxes[i].local, path.local))
			return true;
	return false;
}

bool sent_went_to(const struct sent_mail *m, struct bytes recipient)
{
	struct limits limits;
	struct work w = { .limits = &limits, .arena = arena_new(SIZE_MAX) }; /* a header's list, so not much */

	limits_init(&limits);
	bool found = w.arena && is_listed(&w, m->to, recipient);
	arena_free(w.arena);
	return found;
}

size_t sent_count(const struct sent *s)
{
	return s->n;
}

int64_t sent_oldest(const struct sent *s)
{
	return s->oldest;
}

bool sent_cut(const struct sent *s)
{
	return s->cut;
}
