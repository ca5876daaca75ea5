/* remedy.c - see remedy.h */
#include "explain/remedy.h"

#include "base/buf.h"

#define RECORD_MAX 4096u /* bytes of a record that is shown; nobody copies a longer one by hand */

/* --- DMARC --- */

/* A tag of the published policy as it goes into the new one: the tag that spoke asks for refusal; what made it
 * milder (a test, a share of the mail) goes. Was it the one that spoke? */
static bool add_tag(struct buf *out, struct bytes piece, const char *spoke)
{
	struct bytes value = piece, name;
	bool is_it;

	bytes_cut(&value, '=', &name);
	name = bytes_trim(name);
	is_it = bytes_ieq(name, spoke);
	if (name.n == 0 || bytes_ieq(name, "pct") || bytes_ieq(name, "t"))
		return false;
	buf_adds(out, out->n ? "; " : "");
	if (is_it)
		buf_addf(out, "%s=reject", spoke);
	else
		buf_add(out, bytes_trim(piece));
	return is_it;
}

/* "v=DMARC1; p=none; rua=..." as it should be. Empty: it cannot be mended, or out of memory. */
static struct bytes stricter(struct arena *a, struct bytes record, const char *spoke)
{
	struct bytes rest = record, piece, value = { NULL, 0 };
	struct buf out;
	bool found = false;

	buf_init(&out, 2 * record.n + RECORD_MAX); /* more than it can grow to: it fails for memory alone */
	while (bytes_cut(&rest, ';', &piece))
		found |= add_tag(&out, piece, spoke);
	if (out.failed)
		arena_fail(a);
	else if (found && out.n <= RECORD_MAX)
		value = arena_copy(a, buf_bytes(&out));
	buf_free(&out);
	return value;
}

/* A policy from nothing. */
static struct bytes fresh(struct arena *a, struct dname author)
{
	return arena_printf(a, "v=DMARC1; p=reject; rua=mailto:dmarc-reports@%.*s", BYTES_ARG(author.text));
}

static bool dmarc_remedy(const struct facts *f, struct remedy *out)
{
	const struct dmarc_result *d = &f->v->dmarc;
	struct arena *a = f->v->work.arena;
	struct dname author = f->author->domain;
	bool published = d->policy_tag && d->record.n && !dname_is_none(d->policy_domain);
	struct bytes value = { NULL, 0 };

	if (d->result == DMARC_PASS || d->result == DMARC_TEMPERROR ||
	    (published && d->policy == DMARC_POLICY_REJECT && !d->testing))
		return false;
	if (published)
		value = stricter(a, d->record, d->policy_tag);
	if (value.n)
		*out = (struct remedy){ arena_join(a, B("_dmarc."), d->policy_domain.text), value, true, NULL };
	else
		*out = (struct remedy){ arena_join(a, B("_dmarc."), author.text), fresh(a, author), d->record.n > 0,
		                        "the address after rua= must be one that takes mail" };
	return true;
}

/* --- SPF --- */

/* The place of the last term, if it says what becomes of all others; n where it does not. */
static size_t all_at(struct bytes record)
{
	struct bytes text = bytes_trim_right(record), last = text;

	for (size_t at; (at = bytes_find(last, ' ', 0)) < last.n;)
		last = bytes_from(last, at + 1);
	bool all = bytes_ieq(last, "all") || (last.n == 4 && bytes_iends(last, "all"));
	return all ? text.n - last.n : record.n;
}

/* A list that is missing, or that ends in "everybody else may, too". A list that hands over to another
 * (redirect=) is left to whom it belongs. */
static bool spf_remedy(const struct facts *f, struct remedy *out)
{
	const struct spf_result *spf = &f->v->author_spf;
	struct arena *a = f->v->work.arena;
	struct bytes record = spf->record, name = f->author->domain.text;

	if (f->v->no_session)
		return false; /* it was not asked for */
	if (record.n == 0) {
		*out = (struct remedy){ name, B("v=spf1 mx ~all"), false,
		                        "mx: the systems that take in your mail; add all others that send it" };
		return spf->result == SPF_NONE;
	}
	size_t at = all_at(record);
	struct bytes last = bytes_trim(bytes_from(record, at));
	if (spf->result != SPF_NEUTRAL || record.n > RECORD_MAX || bytes_search(record, B("redirect=")) < record.n ||
	    (last.n == 4 && (last.p[0] == '-' || last.p[0] == '~')))
		return false;
	struct bytes head = bytes_trim_right(bytes_sub(record, 0, at));
	*out = (struct remedy){ name, arena_printf(a, "%.*s ~all", BYTES_ARG(head)), true, NULL };
	return true;
}

size_t remedy_find(const struct facts *f, struct remedy out[REMEDY_MAX])
{
	size_t n = 0;

	if (!f->in_owner_name || !f->author || f->ambiguous || !f->own.known || f->author_missing)
		return 0;
	if (!dmarc_remedy(f, &out[n]))
		return 0; /* refused by who heeds it, whatever the list of senders says */
	n++;
	return spf_remedy(f, &out[n]) ? n + 1 : n;
}
