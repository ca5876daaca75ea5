/* who_words.c - see who_words.h */
#include "explain/who_words.h"

#include "base/idn.h"
#include "explain/country.h"
#include "explain/host.h"

/* "alice@example.org"; a name in foreign letters is shown as such, and again in plain ones. */
static struct bytes address_of(struct page *p, const struct mailbox *m)
{
	struct bytes domain = page_safe(p, idn_to_unicode(p->a, m->domain.text)), local = page_safe(p, m->local);

	if (bytes_same(domain, m->domain.text))
		return arena_printf(p->a, "%.*s@%.*s", BYTES_ARG(local), BYTES_ARG(domain));
	return arena_printf(p->a, "%.*s@%.*s (%.*s)", BYTES_ARG(local), BYTES_ARG(domain), BYTES_ARG(m->domain.text));
}

static void add_author(struct page *p, const struct facts *f)
{
	const struct author *author = &f->v->author;

	if (f->author) {
		struct bytes name = page_safe(p, mime_words(p->a, f->author->display_name)), address = address_of(p, f->author);
		page_row(p, "Says it is from", "%.*s%s%.*s%s", BYTES_ARG(name), name.n ? " <" : "", BYTES_ARG(address),
		         name.n ? ">" : "");
		return;
	}
	if (author->n == 0)
		page_row(p, "Says it is from", "nobody that can be read");
	for (size_t i = 0; i < author->n; i++)
		page_row(p, i ? "            or" : "Says it is from", "%.*s",
		         BYTES_ARG(address_of(p, &author->candidates[i])));
}

/* The names of the host that handed the mail over: as the DNS has it, and as it called itself. */
static struct bytes names_of(struct page *p, const struct explain *x)
{
	const struct handover *h = &x->handover;
	bool checked;
	struct bytes rdns = page_safe(p, host_name(x, &checked)), helo = page_safe(p, h->helo);
	struct bytes known = { NULL, 0 };

	if (rdns.n)
		known = arena_printf(p->a, ", %s %.*s", checked ? "known as" : "which may be", BYTES_ARG(rdns));
	if (helo.n == 0 || bytes_isame(helo, rdns))
		return known;
	return arena_printf(p->a, "%.*s, which called itself \"%.*s\"", BYTES_ARG(known), BYTES_ARG(helo));
}

static void add_host(struct page *p, const struct explain *x)
{
	const struct handover *h = &x->handover;
	struct bytes names = names_of(p, x), user = page_safe(p, h->auth_user);
	char ip[IP_TEXT];
	const char *host = h->has_ip ? ip_text(&h->ip, ip) : "a computer whose address was not written down";

	if (!h->found)
		page_row(p, "Really came from", "unknown: the mail does not say which computers it passed");
	else if (h->authenticated)
		page_row(p, "Really came from", "%s, the computer of somebody who had logged in%s%.*s%s", host,
		         user.n ? " as \"" : "", BYTES_ARG(user), user.n ? "\"" : "");
	else
		page_row(p, "Really came from", "%s%.*s%s", host, BYTES_ARG(names),
		         h->internal ? " (a system of your own provider, as far as the mail shows)" : "");
}

/* The tables say where a network is registered, which is not where the sender sits. */
static void add_network(struct page *p, const struct origin *o)
{
	struct bytes name = page_safe(p, o->as_name), prefix = page_safe(p, o->prefix), country = page_safe(p, o->country);
	const char *country_name = country_find(country);

	if (!o->known || (!name.n && !prefix.n && !country.n && !o->asn))
		return;
	struct bytes number = o->asn ? arena_printf(p->a, "AS%u", o->asn) : (struct bytes){ NULL, 0 };
	struct bytes numbers = arena_printf(p->a, "%.*s%s%.*s", BYTES_ARG(number), number.n && prefix.n ? ", " : "",
	                                    BYTES_ARG(prefix));
	struct bytes network = name.n ? arena_printf(p->a, "%.*s (%.*s)", BYTES_ARG(name), BYTES_ARG(numbers)) : numbers;
	if (country.n)
		page_row(p, "Its network", "%.*s%sregistered in %.*s%s%s%s; the sender may sit elsewhere", BYTES_ARG(network),
		         network.n ? ", " : "", BYTES_ARG(country), country_name ? " (" : "", country_name ? country_name : "",
		         country_name ? ")" : "");
	else
		page_row(p, "Its network", "%.*s", BYTES_ARG(network));
}

static void add_handover(struct page *p, const struct handover *h)
{
	if (!h->found)
		return;
	struct bytes by = h->by.n ? page_safe(p, h->by) : B("a system that gave no name");
	struct bytes when = h->time >= 0 ? page_time(p, h->time) : (struct bytes){ NULL, 0 };
	page_row(p, "Handed over to", "%.*s%s%.*s%s", BYTES_ARG(by), when.n ? ", " : "", BYTES_ARG(when),
	         when.n ? " (world time)" : "");
	if (h->inferred)
		page_row(p, "", "(taken to be your provider's; --trust HOST makes it certain)");
}

void who_words(struct page *p, const struct explain *x)
{
	const struct facts *f = &x->facts;
	struct bytes owner = page_safe(p, f->owner);

	add_author(p, f);
	add_host(p, x);
	add_network(p, &x->origin);
	add_handover(p, &x->handover);
	if (owner.n)
		page_row(p, "Your address", "%.*s%s", BYTES_ARG(owner),
		         f->owner_guessed ? " (taken from the mail; --owner names another)" : "");
	else
		page_row(p, "Your address", "not known (--owner ADDRESS names it)");
}
