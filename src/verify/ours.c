/* ours.c - see ours.h */
#include "verify/ours.h"

#include "dmarc/psl.h"
#include "mail/authres.h"

#define NAMES_MAX 8
#define NETS_MAX 3

/* One row a provider whose hand-over cannot be found by one domain name alone. */
static const struct provider {
	const char *domains[NAMES_MAX]; /* its servers' names are these or below */
	const char *nets[NETS_MAX];     /* addresses that only its own servers use among themselves */
	const char *border;             /* servers below this name talk to the outside: there, an
	                                 * address of `nets` may be a customer's */
	bool no_id;                     /* its Authentication-Results may come without an authserv-id */
	bool writes_below;              /* it writes them below its Received line, always */
} providers[] = {
	{ { "google.com", "gmail.com", "googlemail.com" }, { "2002:a00::/24" }, .writes_below = true },
	{ { "outlook.com", "office365.com", "exchangelabs.com", "office.com", "hotmail.com",
	    "live.com" },
	  { "2603:1000::/24", "2a01:111::/32" }, .border = "mail.protection.outlook.com", .no_id = true },
	{ { "yahoo.com", "yahoodns.net", "aol.com", "ymail.com", "rocketmail.com" } },
	{ { "icloud.com", "apple.com", "me.com", "mac.com" }, { "17.0.0.0/8" } },
	{ { "messagingengine.com", "fastmail.com" } },
	{ { "amazonaws.com", "amazonses.com", "awsapps.com" } },
	{ { "proton.me", "protonmail.ch", "protonmail.com", "proton.ch" } },
};

/* Names that no DNS of the Internet knows (RFC 6761, RFC 6762, RFC 8375, and habit). */
static const char *const local_tops[] = {
	"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private",
	"home.arpa",
};

static bool below(struct dname name, const char *top)
{
	size_t n = strlen(top);

	return bytes_iends(name.text, top) &&
	       (name.text.n == n || (name.text.n > n && name.text.p[name.text.n - n - 1] == '.'));
}

static bool of_provider(struct dname name, const struct provider *p)
{
	for (size_t i = 0; p && i < NAMES_MAX && p->domains[i]; i++)
		if (below(name, p->domains[i]))
			return true;
	return false;
}

static const struct provider *provider_of(struct dname name)
{
	for (size_t i = 0; i < ARRAY_LEN(providers); i++)
		if (of_provider(name, &providers[i]))
			return &providers[i];
	return NULL;
}

static bool in_provider_nets(const struct provider *p, const struct ip *ip)
{
	struct ip_net net;

	for (size_t i = 0; p && i < NETS_MAX && p->nets[i]; i++)
		if (ip_net_parse(bytes_of(p->nets[i]), &net) && ip_in(ip, &net))
			return true;
	return false;
}

static bool in_networks(const struct trust *t, const struct ip *ip)
{
	for (size_t i = 0; i < t->n_networks; i++)
		if (ip_in(ip, &t->networks[i]))
			return true;
	return false;
}

void ours_init(struct ours *o, struct arena *a, const struct trust *trust)
{
	*o = (struct ours){
		.trust = trust,
		.arena = a,
		.inferred = trust->n_hosts == 0 && trust->n_networks == 0,
	};
	for (size_t i = 0; i < trust->n_hosts && !o->provider; i++)
		o->provider = provider_of(trust->hosts[i]);
}

/* A provider's servers call each other by addresses, too, and those tell whose they are. */
static void learn_address(struct ours *o, const struct ip *ip)
{
	for (size_t i = 0; i < ARRAY_LEN(providers) && !o->provider; i++)
		if (in_provider_nets(&providers[i], ip))
			o->provider = &providers[i];
}

void ours_learn(struct ours *o, struct bytes host)
{
	struct dname name, org;
	struct ip ip;

	if (!o->inferred)
		return;
	if (ip_parse_smtp(host, &ip)) {
		learn_address(o, &ip);
		return;
	}
	if (ours_local_name(host) || !dname_parse(o->arena, host, DNAME_HOST, &name, NULL))
		return;
	org = psl_registrable(psl_list_builtin(), name);
	if (dname_is_none(org))
		org = dname_last(name, 2); /* a public suffix of its own, or no list: the name as it is */
	o->org = org;
	o->provider = provider_of(name);
}

static bool host_name(const struct ours *o, struct dname name)
{
	for (size_t i = 0; i < o->trust->n_hosts; i++)
		if (dname_within(name, o->trust->hosts[i]))
			return true;
	if (of_provider(name, o->provider))
		return true;
	return o->inferred && !dname_is_none(o->org) && dname_within(name, o->org);
}

bool ours_host(const struct ours *o, struct bytes host)
{
	struct dname name;
	struct ip ip;

	if (ip_parse_smtp(host, &ip))
		return in_networks(o->trust, &ip) || in_provider_nets(o->provider, &ip);
	return dname_parse(o->arena, host, DNAME_HOST, &name, NULL) && host_name(o, name);
}

bool ours_local_name(struct bytes host)
{
	struct ip ip;

	if (host.n && host.p[host.n - 1] == '.')
		host.n--;
	if (ip_parse_smtp(host, &ip))
		return ip_is_local(&ip);
	if (!bytes_has(host, '.'))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(local_tops); i++)
		if (below((struct dname){ host }, local_tops[i]))
			return true;
	return false;
}

static bool at_border(const struct ours *o, struct bytes by)
{
	struct dname name;

	return o->provider && o->provider->border && dname_parse(o->arena, by, DNAME_HOST, &name, NULL) &&
	       below(name, o->provider->border);
}

bool ours_client(const struct ours *o, const struct received *r)
{
	struct dname name;

	if (r->has_ip && (ip_is_local(&r->from_ip) || in_networks(o->trust, &r->from_ip)))
		return true;
	if (r->has_ip && in_provider_nets(o->provider, &r->from_ip) && !at_border(o, r->by))
		return true;
	return r->has_ip && r->rdns_checked && dname_parse(o->arena, r->rdns, DNAME_HOST, &name, NULL) &&
	       host_name(o, name);
}

bool ours_authserv_id(const struct ours *o, struct bytes id)
{
	for (size_t i = 0; i < o->trust->n_authserv_ids; i++)
		if (authres_id_same(o->arena, id, o->trust->authserv_ids[i]))
			return true;
	if (o->trust->n_authserv_ids)
		return false;
	if (id.n == 0)
		return o->provider && o->provider->no_id;
	return ours_host(o, id);
}

bool ours_writes_below(const struct ours *o)
{
	return o->provider && o->provider->writes_below;
}
