/* dmarc_record.c - see dmarc_record.h */
#include "dmarc/dmarc_record.h"

#include "base/ascii.h"
#include "base/mem.h"

/* One tag while it is read. */
struct tag {
	struct arena *scratch;
	struct dmarc_record *rec;
	struct bytes name, value;
	struct bytes where;       /* from the tag's name on */
};

static void note(struct dmarc_record *rec, struct bytes where, const char *what)
{
	if (rec->note_n < DMARC_NOTES_MAX)
		parse_fail(&rec->notes[rec->note_n], rec->text, where, what);
	rec->note_n++;
}

/* WSP only: CR and LF have no place in a record */
static struct bytes trim(struct bytes b)
{
	while (b.n && ascii_is_wsp(b.p[0]))
		b = bytes_from(b, 1);
	while (b.n && ascii_is_wsp(b.p[b.n - 1]))
		b.n--;
	return b;
}

/* --- values; each setter says false for one that its grammar does not have --- */

static bool read_policy(struct bytes v, enum dmarc_policy *out)
{
	for (enum dmarc_policy i = DMARC_POLICY_NONE; i < DMARC_POLICY_ABSENT; i++) {
		if (bytes_ieq(v, dmarc_policy_name(i))) {
			*out = i;
			return true;
		}
	}
	return false;
}

static bool set_p(struct tag *t)
{
	return read_policy(t->value, &t->rec->p);
}

static bool set_sp(struct tag *t)
{
	return read_policy(t->value, &t->rec->sp);
}

static bool set_np(struct tag *t)
{
	return read_policy(t->value, &t->rec->np);
}

static bool read_switch(struct bytes v, const char *on, const char *off, bool *out)
{
	*out = bytes_ieq(v, on);
	return *out || bytes_ieq(v, off);
}

static bool set_adkim(struct tag *t)
{
	return read_switch(t->value, "s", "r", &t->rec->strict_dkim);
}

static bool set_aspf(struct tag *t)
{
	return read_switch(t->value, "s", "r", &t->rec->strict_spf);
}

static bool set_t(struct tag *t)
{
	return read_switch(t->value, "y", "n", &t->rec->testing);
}

static bool set_psd(struct tag *t)
{
	static const char *const words[] = {
		[DMARC_PSD_UNSAID] = "u", [DMARC_PSD_YES] = "y", [DMARC_PSD_NO] = "n",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (bytes_ieq(t->value, words[i])) {
			t->rec->psd = (enum dmarc_psd)i;
			return true;
		}
	}
	return false;
}

/* Each option at most once, "0" and "1" not together: what dmarc-fo of section 4.8 comes down to. */
static bool set_fo(struct tag *t)
{
	static const char letters[] = "01ds"; /* in the order of the DMARC_FO_ bits */
	struct bytes rest = t->value, piece;
	unsigned fo = 0;

	while (bytes_cut(&rest, ':', &piece)) {
		const char *at = piece.n == 1 && piece.p[0] ? strchr(letters, ascii_lower(piece.p[0])) : NULL;
		unsigned bit = at ? 1u << (at - letters) : 0;
		if (!bit || (fo & bit))
			return false;
		fo |= bit;
	}
	if (!fo || t->value.p[t->value.n - 1] == ':' || (fo & 3) == (DMARC_FO_ALL | DMARC_FO_ANY))
		return false;
	t->rec->fo = fo;
	return true;
}

static bool read_uris(struct tag *t, struct dmarc_uris *out)
{
	struct bytes rest = t->value, piece;

	while (bytes_cut(&rest, ',', &piece)) {
		struct parse_err err = { 0 };
		piece = trim(piece);
		if (out->n == DMARC_URIS_MAX) {
			note(t->rec, piece, "more report addresses than are read");
			break;
		}
		if (dmarc_uri_parse(t->scratch, piece, &out->v[out->n], &err)) {
			if (out->v[out->n].size.n)
				note(t->rec, out->v[out->n].size, "the size limit of a report address is obsolete");
			out->n++;
		} else {
			note(t->rec, bytes_from(piece, err.at), err.what);
		}
	}
	return out->n > 0;
}

static bool set_rua(struct tag *t)
{
	return read_uris(t, &t->rec->rua);
}

static bool set_ruf(struct tag *t)
{
	return read_uris(t, &t->rec->ruf);
}

static bool set_obsolete(struct tag *t)
{
	note(t->rec, t->where, "a tag that RFC 9989 has removed");
	return true;
}

enum { DECIDES = 1 }; /* broken, it takes the whole policy with it (section 4.10.1) */

static const struct rule {
	const char *tag;
	bool (*set)(struct tag *t);
	unsigned flags;
	const char *refusal;
} rules[] = {
	{ "p", set_p, DECIDES, "p= is not none, quarantine or reject" },
	{ "sp", set_sp, DECIDES, "sp= is not none, quarantine or reject" },
	{ "np", set_np, DECIDES, "np= is not none, quarantine or reject" },
	{ "psd", set_psd, 0, "psd= is not y, n or u" },
	{ "t", set_t, 0, "t= is not y or n" },
	{ "adkim", set_adkim, 0, "adkim= is not r or s" },
	{ "aspf", set_aspf, 0, "aspf= is not r or s" },
	{ "fo", set_fo, 0, "fo= is not a list of 0 or 1, d and s" },
	{ "rua", set_rua, 0, "rua= has no valid address" },
	{ "ruf", set_ruf, 0, "ruf= has no valid address" },
	{ "pct", set_obsolete, 0, NULL },
	{ "rf", set_obsolete, 0, NULL },
	{ "ri", set_obsolete, 0, NULL },
};

/* --- the record --- */

static bool is_version(struct bytes piece)
{
	struct bytes name;

	if (piece.n == 0 || ascii_is_wsp(piece.p[0])) /* no blank stands before it */
		return false;
	bytes_cut(&piece, '=', &name);
	return bytes_ieq(trim(name), "v") && bytes_eq(trim(piece), "DMARC1");
}

bool dmarc_record_is(struct bytes txt)
{
	return is_version(bytes_sub(txt, 0, bytes_find(txt, ';', 0)));
}

/* Sets one tag. *seen: bits of the rules met so far. False: a tag that decides is broken. */
static bool read_tag(struct tag *t, unsigned *seen)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (!bytes_ieq(t->name, rules[i].tag))
			continue;
		if (*seen & (1u << i)) {
			note(t->rec, t->where, "a repeated tag: the first one counts");
			return true;
		}
		*seen |= 1u << i;
		if (rules[i].set(t))
			return true;
		note(t->rec, t->value, rules[i].refusal);
		return !(rules[i].flags & DECIDES);
	}
	for (size_t i = 0; i < t->name.n; i++) {
		if (!ascii_is_alpha(t->name.p[i])) {
			note(t->rec, t->where, "a tag name that is not made of letters");
			break;
		}
	}
	return true; /* unknown tags are ignored (section 4.7) */
}

/* Section 4.10.1: without a valid policy there is p=none for those who want reports, else nothing.
 * A missing p alone leaves sp and np as they are (section 4.7); a broken tag takes all three. */
static void settle_policy(struct dmarc_record *rec, bool broken)
{
	if (rec->p != DMARC_POLICY_ABSENT && !broken)
		return;
	rec->usable = rec->assumed_none = rec->rua.n > 0;
	if (broken || !rec->usable)
		rec->sp = rec->np = DMARC_POLICY_ABSENT;
	rec->p = rec->usable ? DMARC_POLICY_NONE : DMARC_POLICY_ABSENT;
	if (!broken)
		note(rec, bytes_from(rec->text, rec->text.n), "p= is missing");
}

bool dmarc_record_parse(struct arena *scratch, struct bytes txt, struct dmarc_record *out,
                        struct parse_err *err)
{
	struct dmarc_record rec = {
		.text = txt, .usable = true, .fo = DMARC_FO_ALL,
		.p = DMARC_POLICY_ABSENT, .sp = DMARC_POLICY_ABSENT, .np = DMARC_POLICY_ABSENT,
	};
	struct bytes rest = txt, piece;
	unsigned seen = 0;
	bool broken = false;

	if (!dmarc_record_is(txt))
		return parse_fail_at(err, 0, "no policy record: it does not begin with v=DMARC1");
	bytes_cut(&rest, ';', &piece); /* the version */
	while (bytes_cut(&rest, ';', &piece)) {
		struct tag t = { .scratch = scratch, .rec = &rec, .where = trim(piece) };
		if (t.where.n == 0) {
			if (rest.n) /* one ";" may end the record, and blanks may follow it */
				note(&rec, piece, "an empty tag");
			continue;
		}
		if (!bytes_has(piece, '=')) {
			note(&rec, t.where, "a tag without =");
			continue;
		}
		bytes_cut(&piece, '=', &t.name);
		t.name = trim(t.name);
		t.value = trim(piece);
		broken |= !read_tag(&t, &seen);
	}
	if (rec.ruf.n == 0)
		rec.fo = DMARC_FO_ALL;
	settle_policy(&rec, broken);
	*out = rec;
	return true;
}

/* --- what hangs on an answer --- */

struct hanging {
	struct dns_parsed base;
	struct dmarc_found found;
	struct dmarc_record record;
};

static const char kind; /* its address is what counts */

static void hanging_free(struct dns_parsed *self)
{
	mem_free(self);
}

/* Fills *h; false when the scratch arena failed, so that nothing half-read is kept for others. */
static bool read_answer(struct work *w, const struct dns_answer_view *view, struct hanging *h)
{
	size_t at = 0;

	for (size_t i = 0; i < view->n; i++) {
		if (dmarc_record_is(view->records[i].text)) {
			at = i;
			h->found.n++;
		}
	}
	if (h->found.n != 1)
		return true;
	if (!dmarc_record_parse(w->arena, view->records[at].text, &h->record, NULL) || arena_failed(w->arena))
		return false;
	h->found.record = &h->record;
	return true;
}

bool dmarc_record_of_answer(struct work *w, const struct dns_answer *answer, struct dmarc_found *out)
{
	const struct dns_parsed *there = dns_answer_parsed(answer, &kind);
	struct hanging *made;

	if (!there) {
		if (!(made = mem_calloc(1, sizeof(*made))))
			return false;
		made->base = (struct dns_parsed){ &kind, hanging_free, sizeof(*made) };
		if (!read_answer(w, dns_answer_view(answer), made)) {
			mem_free(made);
			return false;
		}
		there = dns_answer_attach(answer, &made->base);
		if (!there) { /* another kind was first: a stranger's SPF record may include _dmarc names */
			struct hanging *own = arena_one(w->arena, struct hanging);
			if (own)
				*own = *made;
			mem_free(made);
			if (!own)
				return false;
			if (own->found.record)
				own->found.record = &own->record;
			there = &own->base;
		}
	}
	*out = ((const struct hanging *)there)->found;
	return true;
}
