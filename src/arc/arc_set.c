/* arc_set.c - see arc_set.h */
#include "arc/arc_set.h"

#include "mail/lex.h"

/* The three fields of a set. */
enum part { RESULTS, MESSAGE, SEAL, PARTS };

static const struct {
	enum field_id id;
	const char *malformed, *twice, *missing;
} parts[PARTS] = {
	[RESULTS] = { FIELD_ARC_AUTHENTICATION_RESULTS,
	              "an ARC-Authentication-Results field has no usable instance",
	              "an instance has two ARC-Authentication-Results fields",
	              "an instance has no ARC-Authentication-Results field" },
	[MESSAGE] = { FIELD_ARC_MESSAGE_SIGNATURE,
	              "an ARC-Message-Signature field is not a tag list with a usable instance",
	              "an instance has two ARC-Message-Signature fields",
	              "an instance has no ARC-Message-Signature field" },
	[SEAL] = { FIELD_ARC_SEAL,
	           "an ARC-Seal field is not a tag list with a usable instance",
	           "an instance has two ARC-Seal fields",
	           "an instance has no ARC-Seal field" },
};

/* --- instances --- */

/* RFC 8617 section 4.2.1: one or two digits, not zero. */
static bool read_instance(struct bytes text, unsigned *instance)
{
	uint64_t v;

	if (text.n > 2 || !bytes_to_u64(text, &v) || v == 0)
		return false;
	*instance = (unsigned)v;
	return true;
}

bool arc_instance_of(struct bytes value, unsigned *instance, struct bytes *rest)
{
	struct lex lx = lex_of(value);
	struct token i = lex_next_bare(&lx, "=;"), equals = lex_next_bare(&lx, "=;");
	struct token number = lex_next_bare(&lx, "=;"), end = lex_next_bare(&lx, "=;");

	if (!bytes_eq(i.text, "i") || equals.kind != LEX_MARK || !bytes_eq(equals.text, "=") ||
	    end.kind != LEX_MARK || !bytes_eq(end.text, ";") ||
	    !read_instance(number.text, instance))
		return false;
	*rest = bytes_trim(bytes_from(value, lx.at));
	return true;
}

/* --- the two signatures --- */

static const char *check_names(struct bytes names)
{
	struct bytes name;

	while (dkim_tags_item(&names, &name)) /* RFC 8617 section 4.1.2 */
		if (field_id_of(name) == FIELD_ARC_SEAL)
			return "an ARC-Message-Signature signs an ARC-Seal";
	return NULL;
}

static const char *check_message(const struct work *w, const struct dkim_sig *sig)
{
	if (sig->err.what)
		return sig->err.what;
	if (sig->expires >= 0 && sig->expires < w->now)
		return "the signature has expired (x=)";
	return check_names(sig->names);
}

static enum arc_cv read_cv(const struct dkim_tags *tags)
{
	static const char *const names[] = {
		[ARC_CV_NONE] = "none",
		[ARC_CV_PASS] = "pass",
		[ARC_CV_FAIL] = "fail",
	};
	const struct dkim_tag *cv = dkim_tags_find(tags, "cv");

	for (size_t i = ARC_CV_NONE; i < ARRAY_LEN(names); i++)
		if (cv && bytes_eq(cv->value, names[i]))
			return (enum arc_cv)i;
	return ARC_CV_UNKNOWN;
}

static const char *check_seal(const struct dkim_sig *sig, const struct dkim_tags *tags)
{
	if (sig->err.what)
		return sig->err.what;
	if (dkim_tags_find(tags, "h"))
		return "an ARC-Seal has h="; /* RFC 8617 section 4.1.3 */
	return read_cv(tags) == ARC_CV_UNKNOWN ? "cv= is none of none, pass, fail, or missing"
	                                       : NULL;
}

/* False: its instance cannot be read, or out of memory. */
static bool read_sig(struct work *w, const struct field *f, enum dkim_sig_kind kind,
                     unsigned *instance, struct arc_sig *out)
{
	struct dkim_sig *sig = arena_one(w->arena, struct dkim_sig);
	struct dkim_tags tags;

	if (!sig || !dkim_sig_read_as(w, kind, f, &tags, sig))
		return false;
	const struct dkim_tag *i = dkim_tags_find(&tags, "i");
	if (!i || !read_instance(i->value, instance))
		return false;
	*out = (struct arc_sig){
		.sig = sig,
		.bad = kind == DKIM_SIG_ARC_SEAL ? check_seal(sig, &tags) : check_message(w, sig),
		.no_canon = !dkim_tags_find(&tags, "c"),
		.cv = read_cv(&tags),
	};
	return true;
}

/* --- sets --- */

/* Notes the first thing that is wrong. */
static void breaks(struct arc_sets *sets, const char *why, unsigned instance)
{
	if (sets->broken)
		return;
	sets->broken = why;
	sets->broken_instance = instance;
}

static const struct field *part_of(const struct arc_set *set, enum part part)
{
	const struct arc_sig *signature = part == MESSAGE ? &set->message : &set->seal;

	if (part == RESULTS)
		return set->results;
	return signature->sig ? signature->sig->field : NULL;
}

/* What is known of a field before its set is. */
struct found {
	unsigned instance;
	struct bytes authres;
	struct arc_sig sig;
};

static bool read_field(struct work *w, const struct field *f, enum part part, struct found *out)
{
	if (part == RESULTS)
		return arc_instance_of(f->value, &out->instance, &out->authres);
	return read_sig(w, f, part == SEAL ? DKIM_SIG_ARC_SEAL : DKIM_SIG_ARC_MESSAGE,
	                &out->instance, &out->sig);
}

static void note_instance(struct arc_sets *sets, const struct found *found, enum part part)
{
	if (found->instance > sets->highest)
		sets->highest = found->instance;
	if (part == SEAL && found->instance >= sets->newest_seal) {
		sets->newest_seal = found->instance;
		sets->ended = found->sig.cv == ARC_CV_FAIL;
	}
}

/* Puts one field into the set of its instance; there is room for so many. */
static void place(struct work *w, struct arc_sets *sets, size_t room, const struct field *f,
                  enum part part)
{
	struct found found = { 0 };

	if (!read_field(w, f, part, &found)) {
		breaks(sets, parts[part].malformed, 0);
		return;
	}
	note_instance(sets, &found, part);
	if (found.instance > work_limit(w, LIMIT_ARC_SETS)) {
		work_reached(w, LIMIT_ARC_SETS);
		breaks(sets, "there are too many ARC sets", 0);
	}
	if (found.instance > room) {
		breaks(sets, "an instance is missing", 0);
		return;
	}
	struct arc_set *set = &sets->list[found.instance - 1];
	set->instance = found.instance;
	if (part_of(set, part)) {
		breaks(sets, parts[part].twice, found.instance);
	} else if (part == RESULTS) {
		set->results = f;
		set->authres = found.authres;
	} else if (part == MESSAGE) {
		set->message = found.sig;
	} else {
		set->seal = found.sig;
	}
}

/* RFC 8617 section 5.2 steps 2 and 3: whole sets, no gap, and a cv= that fits its instance. A cv=
 * that cannot be read is left to the check of the seal, which it fails. */
static void check_structure(struct arc_sets *sets)
{
	if (sets->ended)
		breaks(sets, "the newest seal says that the chain had failed before (cv=fail)",
		       sets->newest_seal);
	for (unsigned i = 1; i <= sets->highest && !sets->broken; i++) {
		const struct arc_set *set = &sets->list[i - 1];
		for (size_t p = 0; p < PARTS; p++)
			if (!part_of(set, (enum part)p))
				breaks(sets,
				       set->instance ? parts[p].missing : "an instance is missing",
				       i);
		if (!set->seal.bad && set->seal.cv != (i == 1 ? ARC_CV_NONE : ARC_CV_PASS))
			breaks(sets, i == 1 ? "the first seal does not say cv=none" :
			                      "a seal after the first does not say cv=pass", i);
	}
}

static bool part_from_id(enum field_id id, enum part *part)
{
	for (size_t p = 0; p < PARTS; p++)
		if (parts[p].id == id) {
			*part = (enum part)p;
			return true;
		}
	return false;
}

bool arc_sets_read(struct work *w, const struct header *h, struct arc_sets *out)
{
	size_t most = work_limit(w, LIMIT_ARC_SETS), room = 0;
	struct arc_sets sets = { 0 };
	enum part part;

	for (size_t i = 0; i < h->n; i++)
		room += part_from_id(h->fields[i].id, &part);
	sets.any = room > 0;
	if (room > most * PARTS) { /* not read at all: each costs memory */
		work_reached(w, LIMIT_ARC_SETS);
		breaks(&sets, "there are too many ARC fields", 0);
		sets.ended = true;
		*out = sets;
		return true;
	}
	/* a whole chain has no instance above the number of its fields */
	room = room < most ? room : most;
	if (!(sets.list = arena_array(w->arena, struct arc_set, room)))
		return false;
	for (size_t i = 0; i < h->n && sets.any; i++)
		if (part_from_id(h->fields[i].id, &part))
			place(w, &sets, room, &h->fields[i], part);
	check_structure(&sets);
	if (arena_failed(w->arena))
		return false;
	sets.n = sets.broken ? 0 : sets.highest;
	*out = sets;
	return true;
}

void arc_set_canon(struct dkim_sink *sink, enum line_ends ends, const struct arc_set *set)
{
	for (size_t p = 0; p < PARTS; p++)
		dkim_canon_field(sink, DKIM_RELAXED, ends, part_of(set, (enum part)p));
}
