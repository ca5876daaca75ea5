/* handover.c - see handover.h */
#include "verify/handover.h"

#include "mail/authres.h"

/* What a line that a server of ours wrote says of its client. */
enum client { CLIENT_INSIDE, CLIENT_OUTSIDE, CLIENT_LOGGED_IN };

struct walk {
	struct work *w;
	const struct header *h;
	struct ours ours;
	struct received *lines;
	size_t *fields;
	size_t n;
	size_t trusted;   /* lines above this one were written inside */
	size_t lowest;    /* the lowest of them that a server of ours, by name, wrote; n: none yet */
	bool may_learn;   /* inference: the next server may name the network anew */
	bool fetched;     /* a line said that the mail was taken out of a mailbox elsewhere */
};

static const char note_settings[] = "found by the servers and networks that are named as trusted";
static const char note_inferred[] = "inferred from the server that wrote the topmost line; "
                                    "name trusted servers to be sure";
static const char note_login[] = "the client logged in, as the server says; SPF is not about its address";
static const char note_inside[] = "no client outside was seen: the mail began inside, or a server "
                                  "inside does not write where it came from";
static const char note_no_ip[] = "the server at the hand-over did not write the client's address";
static const char note_none[] = "there is no Received line: the mail never passed a server, or was "
                                "saved without its trace";
static const char note_stranger[] = "the topmost Received line was not written by a server that is trusted";
static const char note_fetched[] = "the mail was fetched from a mailbox elsewhere; name the servers of "
                                   "that provider as trusted";

/* --- the lines ---------------------------------------------------------------------- */

/* False: out of memory. */
static bool read_lines(struct walk *k)
{
	size_t max = work_limit(k->w, LIMIT_RECEIVED_FIELDS), n = header_count(k->h, FIELD_RECEIVED);
	const struct field *f = header_find(k->h, FIELD_RECEIVED, 0);

	if (n > max) {
		work_reached(k->w, LIMIT_RECEIVED_FIELDS);
		n = max;
	}
	k->lines = arena_array(k->w->arena, struct received, n);
	k->fields = arena_array(k->w->arena, size_t, n);
	if (!k->lines || !k->fields)
		return false;
	for (; f && k->n < n; f = header_find(k->h, FIELD_RECEIVED, k->fields[k->n++] + 1)) {
		k->fields[k->n] = (size_t)(f - k->h->fields);
		received_parse(f->value, &k->lines[k->n]);
	}
	return true;
}

static bool has(const struct received *r, unsigned part)
{
	return (r->parsed & part) != 0;
}

/* The store takes mail from a server beside it, the fetcher out of a mailbox: neither talks to
 * strangers. A line without a client, or with one at a local address, is of the same kind. */
static bool talks_to_strangers(const struct received *r)
{
	if (r->transport == RECEIVED_BY_LMTP || r->transport == RECEIVED_BY_FETCHING)
		return false;
	return has(r, RECEIVED_HAS_FROM) && !(r->has_ip && ip_is_local(&r->from_ip)) &&
	       r->transport != RECEIVED_BY_LOCAL;
}

/* Was this line written inside? All lines above it were, and their clients stood inside. */
static bool written_inside(struct walk *k, const struct received *r)
{
	bool by_ours = has(r, RECEIVED_HAS_BY) && ours_host(&k->ours, r->by);

	if (!has(r, RECEIVED_HAS_BY))
		return !has(r, RECEIVED_HAS_FROM); /* a remark, such as qmail's */
	if (!by_ours && k->ours.inferred && k->may_learn && r->transport != RECEIVED_BY_FETCHING) {
		ours_learn(&k->ours, r->by);
		by_ours = ours_host(&k->ours, r->by);
	}
	if (by_ours) {
		k->may_learn = false;
		return true;
	}
	if (ours_local_name(r->by))
		return true;
	/* above the first server of ours there may be others, as long as they cannot have
	 * taken the mail from a stranger: the store, the owner's own fetchmail */
	return (k->lowest == k->n || k->may_learn) && !talks_to_strangers(r);
}

/* Is a log-in that this line tells of to be believed? A local name may be typed by
 * anybody whose mail comes through a server inside that leaves no line of its own. */
static bool may_tell_of_login(const struct walk *k, const struct received *r)
{
	bool all_local = k->ours.inferred && dname_is_none(k->ours.org) && !k->ours.provider;

	return has(r, RECEIVED_HAS_BY) && (all_local ? ours_local_name(r->by) : ours_host(&k->ours, r->by));
}

/* A content filter on the same host repeats what the server below it wrote: that line says more. */
static bool repeats_next(const struct walk *k, size_t i)
{
	const struct received *r = &k->lines[i], *next = r + 1;

	return i + 1 < k->n && ours_local_name(r->by) && next->has_ip && ip_same(&r->from_ip, &next->from_ip) &&
	       has(next, RECEIVED_HAS_BY) && ours_host(&k->ours, next->by);
}

static enum client client_of(const struct walk *k, size_t i)
{
	const struct received *r = &k->lines[i];
	bool named_inside = ours_host(&k->ours, r->from_name) || ours_local_name(r->from_name);

	if (r->auth && may_tell_of_login(k, r))
		return CLIENT_LOGGED_IN;
	if (r->transport == RECEIVED_BY_LMTP || r->transport == RECEIVED_BY_FETCHING)
		return CLIENT_INSIDE;
	if (!has(r, RECEIVED_HAS_FROM))
		return CLIENT_INSIDE;
	if (r->has_ip)
		return ours_client(&k->ours, r) || repeats_next(k, i) ? CLIENT_INSIDE : CLIENT_OUTSIDE;
	/* no address: a name is worth something only where no stranger can have said it */
	if (r->transport == RECEIVED_BY_LOCAL || (r->transport != RECEIVED_BY_SMTP && named_inside))
		return CLIENT_INSIDE;
	return CLIENT_OUTSIDE;
}

/* --- the walk -------------------------------------------------------------------------- */

static void set_line(const struct walk *k, size_t i, struct handover *out)
{
	const struct received *r = &k->lines[i];

	out->found = true;
	out->received_index = i;
	out->field_index = k->fields[i];
	out->has_ip = r->has_ip;
	out->ip = r->from_ip;
	out->helo = r->from_name;
	out->rdns = r->rdns;
	out->by = r->by;
	out->with = r->with;
	out->time = has(r, RECEIVED_HAS_DATE) ? r->date.at : -1;
}

/* SPF is about the public server that passed the mail on. Above a log-in that is the
 * line of a server of ours that sent it to another one, if there is such a line. */
static size_t spf_line(const struct walk *k, const struct handover *out)
{
	for (size_t i = out->received_index + !out->authenticated; i > 0; i--) {
		const struct received *r = &k->lines[i - 1];
		bool public_client = r->has_ip && !ip_is_local(&r->from_ip);
		if (public_client && r->transport != RECEIVED_BY_LMTP && r->transport != RECEIVED_BY_FETCHING)
			return i - 1;
		if (!out->authenticated)
			break;
	}
	return k->n;
}

static const char *note_of(const struct walk *k, const struct handover *out)
{
	if (!out->found)
		return k->n == 0 ? note_none : k->fetched ? note_fetched : note_stranger;
	if (out->authenticated)
		return note_login;
	if (out->internal)
		return note_inside;
	if (!out->has_ip)
		return note_no_ip;
	return out->inferred ? note_inferred : note_settings;
}

static void walk_lines(struct walk *k, struct handover *out)
{
	enum client client = CLIENT_INSIDE;
	size_t i;

	for (i = 0; i < k->n && client == CLIENT_INSIDE; i++) {
		const struct received *r = &k->lines[i];
		if (!written_inside(k, r))
			break;
		bool by_ours = has(r, RECEIVED_HAS_BY) && (ours_host(&k->ours, r->by) || ours_local_name(r->by));
		client = client_of(k, i);
		if (by_ours)
			k->lowest = i;
		if (r->transport == RECEIVED_BY_LMTP || r->transport == RECEIVED_BY_FETCHING)
			k->may_learn = true; /* the server below may be of another name */
		k->fetched |= r->transport == RECEIVED_BY_FETCHING;
	}
	out->n_trusted = i;
	if (k->lowest == k->n)
		return;
	set_line(k, client == CLIENT_INSIDE ? k->lowest : i - 1, out);
	out->internal = client == CLIENT_INSIDE;
	out->authenticated = client == CLIENT_LOGGED_IN;
	if (out->authenticated)
		out->auth_user = k->lines[i - 1].auth_user;
	out->spf_index = spf_line(k, out);
}

/* --- results that others wrote ------------------------------------------------------------- */

struct index_list {
	size_t *items, n, cap;
};

static void add_index(struct work *w, struct index_list *list, size_t index)
{
	(void)!ARENA_PUSH(w->arena, list->items, list->n, list->cap, &index);
}

/* Fields that filters write beside their results, directly below the server's line. */
static bool is_filter_field(const struct field *f)
{
	return f->id == FIELD_AUTHENTICATION_RESULTS || f->id == FIELD_RECEIVED_SPF ||
	       f->id == FIELD_RETURN_PATH || f->id == FIELD_ARC_SEAL || f->id == FIELD_ARC_MESSAGE_SIGNATURE ||
	       f->id == FIELD_ARC_AUTHENTICATION_RESULTS || bytes_istarts(f->name, "X-") ||
	       bytes_iends(f->name, "-Filter");
}

/* Index of the first field below the hand-over's that is none of these. */
static size_t filter_end(const struct walk *k, const struct handover *out)
{
	size_t i = out->field_index + 1;

	while (i < k->h->n && is_filter_field(&k->h->fields[i]))
		i++;
	return i;
}

static void sort_results(struct walk *k, struct handover *out)
{
	size_t max = work_limit(k->w, LIMIT_AUTHRES_FIELDS), read = 0, end = filter_end(k, out), at;
	struct index_list ours = { 0 }, forged = { 0 }, unsure = { 0 };
	const struct field *f = header_find(k->h, FIELD_AUTHENTICATION_RESULTS, 0);
	struct authres ar;

	for (; f; f = header_find(k->h, FIELD_AUTHENTICATION_RESULTS, at + 1)) {
		at = (size_t)(f - k->h->fields);
		if (read++ == max) {
			work_reached(k->w, LIMIT_AUTHRES_FIELDS);
			break;
		}
		if (!authres_parse(k->w, f->value, &ar) || !ours_authserv_id(&k->ours, ar.id))
			continue;
		bool beside = at < end && ours.n == 0; /* where filters of ours may write */
		if (at < out->field_index || (beside && ours_writes_below(&k->ours)))
			add_index(k->w, &ours, at);
		else if (beside)
			add_index(k->w, &unsure, at);
		else if (ar.id.n)
			add_index(k->w, &forged, at);
	}
	out->authres = ours.items;
	out->n_authres = ours.n;
	out->forged_authres = forged.items;
	out->n_forged_authres = forged.n;
	out->unsure_authres = unsure.items;
	out->n_unsure_authres = unsure.n;
}

void handover_find(struct work *w, const struct header *h, const struct trust *trust,
                   struct handover *out)
{
	struct walk k = { .w = w, .h = h, .may_learn = true };

	*out = (struct handover){ .time = -1, .note = note_none };
	ours_init(&k.ours, w->arena, trust);
	out->inferred = k.ours.inferred;
	if (!read_lines(&k))
		return;
	k.lowest = k.n;
	out->lines = k.lines;
	out->line_fields = k.fields;
	out->n_lines = out->spf_index = k.n;
	walk_lines(&k, out);
	out->note = note_of(&k, out);
	if (out->found)
		sort_results(&k, out);
}
