/* origin.c - see origin.h. What the tables say, as TXT:
 *   1.113.0.203.origin.asn.cymru.com      64500 [64501 ...] | 203.0.113.0/24 | US | arin | 2001-02-03
 *   (32 nibbles).origin6.asn.cymru.com    the same for IPv6
 *   AS64500.asn.cymru.com                 64500 | US | arin | 2001-02-03 | NAME
 *   1.113.0.203.abuse-contacts.abusix.zone  address, address
 * Fields may be empty; one address may have several rows, of which the longest prefix counts. */
#include "explain/origin.h"

#include "base/ascii.h"
#include "mail/address.h"

#define CONTACTS_MAX 5u  /* a person writes to one or two */
#define ROWS_MAX 64u     /* of a table that are read */

/* The address backwards, below one of the two zones (for IPv4 and IPv6). */
static bool name_below(struct arena *a, const struct ip *ip, const char *v4, const char *v6, struct dname *out)
{
	struct dname reverse;

	if (!dns_reverse_name(a, ip, &reverse))
		return false;
	struct dname top = dname_last(reverse, 2); /* in-addr.arpa, ip6.arpa */
	struct bytes digits = bytes_sub(reverse.text, 0, reverse.text.n - top.text.n - 1);
	struct dname zone = { bytes_of(ip->family == 4 ? v4 : v6) };
	return dname_prepend(a, digits, zone, out);
}

/* Takes the field before the next '|'. */
static struct bytes next_field(struct bytes *row)
{
	struct bytes field = { NULL, 0 };

	(void)!bytes_cut(row, '|', &field);
	return bytes_trim(field);
}

/* The first number of "64500 64501"; 0: none. */
static uint32_t first_asn(struct bytes field)
{
	struct bytes first = { NULL, 0 };
	uint64_t n;

	(void)!bytes_cut(&field, ' ', &first);
	return bytes_to_u64(first, &n) && n <= UINT32_MAX ? (uint32_t)n : 0;
}

static bool is_country(struct bytes field)
{
	return field.n == 2 && ascii_is_alpha(field.p[0]) && ascii_is_alpha(field.p[1]);
}

/* The records of an answer; none where nobody knows. */
static struct bytes text_at(const struct dns_answer *answer, size_t i)
{
	const struct dns_answer_view *v = dns_answer_view(answer);

	return v->status == DNS_OK && i < v->n && i < ROWS_MAX ? v->records[i].text : (struct bytes){ NULL, 0 };
}

/* One row of the table of networks. False: it says nothing of this address. */
static bool read_network(struct bytes row, const struct ip *ip, struct origin *out, int *bits)
{
	uint32_t asn = first_asn(next_field(&row));
	struct bytes prefix = next_field(&row), country = next_field(&row);
	struct ip_net net;

	if (prefix.n && (!ip_net_parse(prefix, &net) || !ip_in(ip, &net)))
		return false;
	if (!asn && !prefix.n)
		return false;
	out->known = true;
	out->asn = asn;
	out->prefix = prefix;
	out->country = is_country(country) ? country : (struct bytes){ NULL, 0 };
	*bits = prefix.n ? net.bits : -1;
	return true;
}

static void read_networks(const struct dns_answer *answer, const struct ip *ip, struct origin *out)
{
	struct origin one = { .known = false };
	int longest = -2, bits = 0;
	struct bytes row;

	for (size_t i = 0; (row = text_at(answer, i)).p; i++)
		if (read_network(row, ip, &one, &bits) && bits > longest) {
			longest = bits;
			*out = one;
		}
}

static void read_as_name(const struct dns_answer *answer, struct origin *out)
{
	struct bytes row;

	for (size_t i = 0; (row = text_at(answer, i)).p; i++) {
		if (first_asn(next_field(&row)) != out->asn)
			continue;
		for (size_t skip = 0; skip < 3; skip++) /* country, registry, date */
			(void)next_field(&row);
		out->as_name = bytes_trim(row);
		return;
	}
}

static enum check_state ask_as_name(struct work *w, struct dns_asker *dns, struct origin *out)
{
	uint8_t text[32];
	struct dname name;
	int n = snprintf((char *)text, sizeof(text), "as%u.asn.cymru.com", out->asn);

	if (!out->asn)
		return CHECK_DONE;
	bool ok = dname_write((struct bytes){ text, (size_t)n }, text, &name);
	assert(ok);
	(void)ok;
	const struct dns_answer *answer = dns_need(dns, name, DNS_TXT); /* the book copies the name */
	if (answer)
		read_as_name(answer, out);
	return answer ? CHECK_DONE : CHECK_WAITING;
}

/* --- contacts --- */

static bool is_listed(const struct origin *out, struct bytes address)
{
	for (size_t i = 0; i < out->n_contacts; i++)
		if (bytes_isame(out->contacts[i], address))
			return true;
	return false;
}

/* Mail can be sent to it from anywhere, and it goes to none of those who are victims here. */
static bool may_be_told(const struct origin_input *in, const struct path *path)
{
	if (path->null || dname_labels(path->domain) < 2)
		return false;
	for (size_t i = 0; i < in->n_never; i++)
		if (dname_within(path->domain, in->never[i]))
			return false;
	return true;
}

/* False: out of memory. */
static bool read_contacts(struct work *w, const struct origin_input *in, const struct dns_answer *answer,
                          struct origin *out)
{
	struct bytes row, item;
	struct path path;

	if (!(out->contacts = arena_array(w->arena, struct bytes, CONTACTS_MAX)))
		return false;
	for (size_t i = 0; (row = text_at(answer, i)).p; i++)
		while (out->n_contacts < CONTACTS_MAX && bytes_cut(&row, ',', &item))
			if (path_parse(w->arena, bytes_trim(item), &path, NULL) && may_be_told(in, &path) &&
			    !is_listed(out, path.text))
				out->contacts[out->n_contacts++] = path.text;
	return !arena_failed(w->arena);
}

enum check_state origin_check(struct work *w, struct dns_asker *dns, const struct origin_input *in, struct origin *out)
{
	struct origin o = { .known = false };
	struct dname network, contact;

	if (!in->ip.family || ip_is_local(&in->ip)) {
		*out = o;
		return CHECK_DONE;
	}
	if (!name_below(w->arena, &in->ip, "origin.asn.cymru.com", "origin6.asn.cymru.com", &network) ||
	    !name_below(w->arena, &in->ip, "abuse-contacts.abusix.zone", "abuse-contacts.abusix.zone", &contact))
		return CHECK_NO_MEMORY;
	const struct dns_answer *networks = dns_need(dns, network, DNS_TXT);
	const struct dns_answer *contacts = dns_need(dns, contact, DNS_TXT);
	if (networks)
		read_networks(networks, &in->ip, &o);
	enum check_state name = networks ? ask_as_name(w, dns, &o) : CHECK_WAITING;
	if (contacts && !read_contacts(w, in, contacts, &o))
		return CHECK_NO_MEMORY;
	if (arena_failed(w->arena))
		return CHECK_NO_MEMORY;
	if (name != CHECK_DONE || !contacts)
		return CHECK_WAITING;
	*out = o;
	return CHECK_DONE;
}
