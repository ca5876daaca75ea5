/* peer_spf2.c - libspf2 beside us. Its best fair setting: one server object for all checks, no
 * debugging, the client as a binary address, only the identity that is checked, no name of the
 * receiving host (its text is shorter so, and the check 2 % faster), answers from its own zone in
 * memory, or from its cache over that. It compiles the record again for each check, and writes
 * its Received-SPF text: there is no switch for either. */
#include "peer.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <sys/types.h>
#include <netdb.h>

#include <spf2/spf.h>
#include <spf2/spf_dns_cache.h>
#include <spf2/spf_dns_zone.h>

#include "bench.h"

#define CACHE_BITS 10 /* slots: far more than there are answers */

struct peer_spf {
	SPF_server_t *server;
	struct in_addr client;
	const char *mail_from;
};

bool peer_spf_there(void)
{
	return true;
}

static ns_type type_of(const char *type)
{
	return strcmp(type, "TXT") == 0 ? ns_t_txt : strcmp(type, "MX") == 0 ? ns_t_mx : ns_t_a;
}

struct peer_spf *peer_spf_new(const struct peer_record *records, size_t n, const char *client, const char *mail_from,
                              bool cached)
{
	struct peer_spf *p = calloc(1, sizeof(*p));
	SPF_dns_server_t *dns = SPF_dns_zone_new(NULL, "zone", 0);

	BENCH_NEED(p && dns);
	for (size_t i = 0; i < n; i++)
		BENCH_NEED(SPF_dns_zone_add_str(dns, records[i].name, type_of(records[i].type), NETDB_SUCCESS,
		                                records[i].data) == SPF_E_SUCCESS);
	if (cached)
		dns = SPF_dns_cache_new(dns, "cache", 0, CACHE_BITS);
	BENCH_NEED(dns && (p->server = SPF_server_new_dns(dns, 0)));
	BENCH_NEED(inet_pton(AF_INET, client, &p->client) == 1);
	p->mail_from = mail_from;
	peer_spf_check(p);
	return p;
}

void peer_spf_free(struct peer_spf *p)
{
	if (!p)
		return;
	SPF_server_free(p->server);
	free(p);
}

void peer_spf_check(void *peer)
{
	struct peer_spf *p = peer;
	SPF_request_t *request = SPF_request_new(p->server);
	SPF_response_t *response = NULL;

	BENCH_NEED(request && SPF_request_set_ipv4(request, p->client) == SPF_E_SUCCESS);
	SPF_request_set_env_from(request, p->mail_from);
	SPF_request_query_mailfrom(request, &response);
	BENCH_NEED(response && SPF_response_result(response) == SPF_RESULT_PASS);
	SPF_response_free(response);
	SPF_request_free(request);
}
