/* risk.c - see risk.h: goes through the parts and collects */
#include "content/risk.h"

#include "base/ascii.h"
#include "base/idn.h"
#include "content/html_links.h"
#include "content/link_risk.h"
#include "content/part_reader.h"
#include "content/risk_file.h"
#include "content/risk_text.h"
#include "mail/address.h"

#define SHOWN_MAX 200u      /* bytes of what is listed */
#define HIDDEN_MIN 10u      /* letters: fewer are an accident of layout */
#define RECIPIENTS_MAX 16u  /* whose addresses are looked for in pictures' links */
#define WRAPPED_MAX 2u      /* mails in mails that are encoded as a whole */

const struct risk_row risk_rows[RISK_KINDS] = {
#define X(id, name, meaning) [RISK_##id] = { name, meaning },
	RISK_TABLE(X)
#undef X
};

/* What is listed of one kind. */
struct list {
	struct risk *items;
	size_t n, cap;
	uint32_t more;
};

struct finder {
	struct work *w;
	const struct risk_input *in;
	struct part_reader parts;
	struct list lists[RISK_KINDS];
	struct risk_text text;
	struct bytes *recipients;
	size_t n_recipients;
	struct file_budget budget;
	size_t links_left;      /* of the whole message */
	unsigned wrapped;
};

/* --- collecting --- */

/* The first bytes of a text, no character cut in two, in the arena. */
static struct bytes shown(struct finder *f, struct bytes text)
{
	size_t n = text.n > SHOWN_MAX ? SHOWN_MAX : text.n;

	while (n && n < text.n && (text.p[n] & 0xc0) == 0x80)
		n--;
	return utf8_clean(f->w->arena, arena_copy(f->w->arena, bytes_trim(bytes_sub(text, 0, n))));
}

static void note(struct finder *f, enum risk_kind kind, struct bytes what, struct bytes target, size_t part)
{
	struct list *l = &f->lists[kind];
	struct risk r = { .kind = kind, .part = part };

	if (l->n >= work_limit(f->w, LIMIT_RISKS)) {
		l->more++;
		work_reached(f->w, LIMIT_RISKS);
		return;
	}
	r.what = shown(f, what);
	r.target = shown(f, target);
	for (size_t i = 0; i < l->n; i++)
		if (bytes_same(l->items[i].what, r.what) && bytes_same(l->items[i].target, r.target))
			return;
	if (!ARENA_PUSH(f->w->arena, l->items, l->n, l->cap, &r))
		return; /* the arena remembers */
}

static bool collect(struct finder *f, struct risk **out, size_t *n)
{
	size_t total = 0, at = 0;

	for (size_t i = 0; i < RISK_KINDS; i++)
		total += f->lists[i].n;
	struct risk *all = arena_array(f->w->arena, struct risk, total);
	if (!all)
		return false;
	for (size_t i = 0; i < RISK_KINDS; i++) {
		struct list *l = &f->lists[i];
		if (l->n)
			l->items[l->n - 1].more = l->more;
		for (size_t k = 0; k < l->n; k++)
			all[at++] = l->items[k];
	}
	*out = all;
	*n = total;
	return !arena_failed(f->w->arena);
}

/* --- the header --- */

/* Requests for a receipt when the mail is read, or when it has arrived. */
static void look_at_receipts(struct finder *f)
{
	static const char *const names[] = { "Disposition-Notification-To", "Return-Receipt-To", "X-Confirm-Reading-To",
	                                     "Read-Receipt-To", "Return-Receipt-Requested" };
	const struct header *h = f->in->header;

	for (size_t i = 0; i < h->n; i++)
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			if (bytes_ieq(h->fields[i].name, names[k]) && bytes_trim(h->fields[i].value).n)
				note(f, RISK_RECEIPT_ASKED, field_unfold(f->w->arena, h->fields[i].value), B(""), 0);
}

static bool look_at_subject(struct finder *f)
{
	const struct field *subject = header_find(f->in->header, FIELD_SUBJECT, 0);

	if (!subject)
		return true;
	struct bytes text = mime_words(f->w->arena, field_unfold(f->w->arena, subject->value));
	return risk_text_read(&f->parts.w, bytes_sub(text, 0, work_limit(f->w, LIMIT_TEXT_BYTES)), 0, &f->text);
}

static void list_recipients(struct finder *f)
{
	static const enum field_id fields[] = { FIELD_TO, FIELD_CC, FIELD_DELIVERED_TO, FIELD_X_ORIGINAL_TO };
	struct arena *a = f->w->arena;
	size_t cap = 0;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const struct field *field = header_find(f->in->header, fields[i], 0);
		struct mailbox *m = NULL;
		size_t n = field ? address_list_read(f->w, field->value, RECIPIENTS_MAX, &m) : 0;
		for (size_t k = 0; k < n && f->n_recipients < RECIPIENTS_MAX; k++) {
			struct bytes address = arena_lower(a, arena_printf(a, "%.*s@%.*s", BYTES_ARG(m[k].local),
			                                                   BYTES_ARG(m[k].domain.text)));
			if (m[k].local.n && !dname_is_none(m[k].domain) &&
			    !ARENA_PUSH(a, f->recipients, f->n_recipients, cap, &address))
				return;
		}
	}
}

/* --- links --- */

static void look_at_link(struct finder *f, const struct link_context *c, const struct html_link *l, size_t part)
{
	struct link_risk r;

	if (!link_risk_judge(c, l, &r))
		return;
	for (size_t kind = 0; kind < RISK_KINDS; kind++)
		if (r.kinds >> kind & 1)
			note(f, (enum risk_kind)kind, kind == RISK_LINK_ODD_HOST ? r.shown : l->text, r.leads.text, part);
}

static struct link_context context_of(struct finder *f)
{
	return (struct link_context){
		.w = &f->parts.w, .list = psl_list_builtin(), .tables = f->in->tables, .domains = f->in->domains,
		.n_domains = f->in->n_domains, .recipients = f->recipients, .n_recipients = f->n_recipients,
	};
}

/* May one more be looked at? */
static bool take_link(struct finder *f)
{
	if (f->links_left == 0) {
		work_reached(f->w, LIMIT_LINKS);
		return false;
	}
	f->links_left--;
	return true;
}

/* --- parts --- */

static bool look_at_text(struct finder *f, struct bytes text, size_t part)
{
	struct link_context c = context_of(f);
	struct html_link l = { .kind = HTML_LINK };
	size_t at = 0;

	while (url_next(text, &at, &l.target) && take_link(f))
		look_at_link(f, &c, &l, part);
	return risk_text_read(&f->parts.w, text, part, &f->text);
}

/* bitcoin:16L5y...: an address that stands in a link alone */
static bool look_at_wallet(struct finder *f, const struct html_link *l, size_t part)
{
	static const char *const schemes[] = { "bitcoin:", "litecoin:", "ethereum:", "monero:", "dogecoin:", "dash:" };

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (l->kind == HTML_LINK && bytes_istarts(l->target, schemes[i]))
			return risk_text_read(&f->parts.w, bytes_sub(l->target, 0, SHOWN_MAX), part, &f->text);
	return true;
}

static size_t letters_of(struct bytes text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += ascii_is_alnum(text.p[i]) || (text.p[i] & 0xc0) == 0xc0;
	return n;
}

/* A page: the mail's own, or an attached one, which a browser would open with its programs. */
static bool look_at_page(struct finder *f, struct bytes html, size_t part, bool attached)
{
	struct link_context c = context_of(f);
	struct html_page page;
	struct url base;

	if (!html_links_read(&f->parts.w, html, &page))
		return false;
	if (page.base.n && url_parse(f->parts.w.arena, page.base, NULL, &base))
		c.base = &base;
	for (size_t i = 0; i < page.n && take_link(f); i++) {
		look_at_link(f, &c, &page.links[i], part);
		if (!look_at_wallet(f, &page.links[i], part))
			return false;
	}
	if (attached && page.program)
		note(f, RISK_FILE_RUNS_CODE, f->in->mime->parts[part].name, B(""), part);
	if (letters_of(page.hidden) >= HIDDEN_MIN)
		note(f, RISK_TEXT_HIDDEN, page.hidden, B(""), part);
	return risk_text_read(&f->parts.w, page.text, part, &f->text);
}

static bool is_attached(const struct mime_part *p)
{
	return bytes_eq(p->disposition, "attachment") || p->name.n;
}

static bool opens_in_browser(const struct mime_part *p, enum file_type type)
{
	enum file_name_kind named = file_name_read(p->name).kind;

	return named == FILE_NAME_PAGE || (named == FILE_NAME_OTHER && type == FILE_TYPE_PAGE);
}

static bool look_at_file(struct finder *f, const struct mime_part *p, struct bytes content, size_t part)
{
	struct risk_file_input in = { p->name, p->type, content, &f->budget };
	struct risk_file r;

	if (!risk_file_look(&f->parts.w, &in, &r))
		return false;
	const struct { enum risk_kind kind; struct bytes path; } rows[] = {
		{ RISK_FILE_RUNS_CODE, r.runs }, { RISK_FILE_HIDES_TYPE, r.hides }, { RISK_FILE_LOCKED, r.locked },
		{ RISK_FILE_MAY_RUN_CODE, r.may_run },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].path.p)
			note(f, rows[i].kind, rows[i].path, B(""), part);
	if (part_kind_of(p) != PART_PAGE && opens_in_browser(p, r.type))
		return look_at_page(f, part_reader_as_text(&f->parts, content), part, true);
	return true;
}

static bool look_at_parts(struct finder *f, const struct mime *m, size_t as_part);

/* A mail within the mail that is encoded as a whole. */
static bool look_at_mail(struct finder *f, struct bytes content, size_t part)
{
	struct mime inner;

	if (f->wrapped == WRAPPED_MAX)
		return true;
	struct bytes kept = arena_copy(f->w->arena, content);
	if (!kept.p || !mime_read(f->w, kept, &inner))
		return false;
	f->wrapped++;
	bool ok = look_at_parts(f, &inner, part);
	f->wrapped--;
	mime_end(&inner);
	return ok;
}

static bool look_at_part(struct finder *f, const struct mime *m, size_t i, size_t as_part)
{
	const struct mime_part *p = &m->parts[i];
	enum part_kind kind = part_kind_of(p);
	struct bytes content;
	bool ok = true;

	if (kind == PART_NOTHING)
		return true;
	if (!part_reader_read(&f->parts, m, i, &content))
		return false;
	if (bytes_istarts(p->type, "message/rfc822") || bytes_istarts(p->type, "message/global"))
		return look_at_mail(f, content, as_part);
	if (kind == PART_FILE || is_attached(p)) /* an attached text may be no text at all */
		ok = look_at_file(f, p, content, as_part);
	if (ok && kind == PART_PAGE)
		ok = look_at_page(f, content, as_part, is_attached(p));
	if (ok && kind == PART_TEXT)
		ok = look_at_text(f, content, as_part);
	return ok;
}

/* as_part: MIME_NO_PART, or the part of the message that all of these stand in. */
static bool look_at_parts(struct finder *f, const struct mime *m, size_t as_part)
{
	for (size_t i = 0; i < m->n; i++)
		if (!look_at_part(f, m, i, as_part == MIME_NO_PART ? i : as_part))
			return false;
	return true;
}

static void look_at_threats(struct finder *f)
{
	const struct risk_text *t = &f->text;

	if (risk_text_asks_for_money(t))
		note(f, RISK_ASKS_FOR_MONEY, t->wallet, B(""), t->threat_part);
	if (risk_text_names_password(t))
		note(f, RISK_NAMES_PASSWORD, t->password, B(""), t->password_part);
	if (risk_text_is_disguised(t))
		note(f, RISK_TEXT_DISGUISED, t->disguised, B(""), t->disguised_part);
	if (risk_text_is_sign_in(t))
		note(f, RISK_SIGN_IN_NOTICE, t->sign_in, B(""), t->sign_in_part);
}

bool risk_find(struct work *w, const struct risk_input *in, struct risk **out, size_t *n)
{
	struct finder *f = arena_one(w->arena, struct finder);
	bool ok = f && part_reader_start(&f->parts, w);

	if (ok) {
		f->w = w;
		f->in = in;
		f->links_left = work_limit(w, LIMIT_LINKS);
		f->budget = file_budget_of(w);
		ok = risk_text_start(w->arena, &f->text);
	}
	if (ok) {
		list_recipients(f);
		look_at_receipts(f);
		ok = look_at_subject(f) && look_at_parts(f, in->mime, MIME_NO_PART);
	}
	if (ok)
		look_at_threats(f);
	if (f)
		part_reader_end(&f->parts);
	return ok && collect(f, out, n);
}
