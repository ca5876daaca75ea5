/* dns_sign.c - signs a zone for the end-to-end tests (RFC 4033 and following):
 *
 *   dns_sign ORIGIN [expired]  < ZONE  > SIGNED
 *
 * One ECDSA key made on the spot signs all, with NSEC. The first line of the
 * output is a comment with the DS record, "; DS <record>". `expired`: the
 * signatures were valid last month. */
#include <ldns/ldns.h>

#include "base/bytes.h"

#define DAY 86400u

static void give_up(const char *what)
{
	fprintf(stderr, "dns_sign: %s\n", what);
	exit(1);
}

static ldns_key *make_key(ldns_rdf *origin, bool expired)
{
	ldns_key *key = ldns_key_new_frm_algorithm(LDNS_SIGN_ECDSAP256SHA256, 256);
	uint32_t now = (uint32_t)time(NULL);

	if (!key)
		give_up("cannot make a key");
	ldns_key_set_pubkey_owner(key, ldns_rdf_clone(origin));
	ldns_key_set_flags(key, LDNS_KEY_ZONE_KEY | LDNS_KEY_SEP_KEY);
	ldns_key_set_inception(key, expired ? now - 40 * DAY : now - DAY);
	ldns_key_set_expiration(key, expired ? now - 10 * DAY : now + 10 * DAY);
	return key;
}

static void print_ds(const ldns_rr *dnskey)
{
	ldns_rr *ds = ldns_key_rr2ds(dnskey, LDNS_SHA256);
	char *text = ds ? ldns_rr2str(ds) : NULL;

	if (!text)
		give_up("cannot make the DS record");
	for (char *c = text; *c; c++)
		if (*c == '\t')
			*c = ' ';
	printf("; DS %s", text);
	LDNS_FREE(text);
	ldns_rr_free(ds);
}

int main(int argc, char **argv)
{
	ldns_dnssec_zone *zone = NULL;
	ldns_rdf *origin = argc > 1 ? ldns_dname_new_frm_str(argv[1]) : NULL;
	ldns_rr_list *made = ldns_rr_list_new();
	ldns_key_list *keys = ldns_key_list_new();

	if (!origin || ldns_dnssec_zone_new_frm_fp(&zone, stdin, origin, 60, LDNS_RR_CLASS_IN) != LDNS_STATUS_OK)
		give_up("usage: dns_sign ORIGIN [expired] < ZONE");
	ldns_key *key = make_key(origin, argc > 2);
	ldns_key_list_push_key(keys, key);
	ldns_rr *dnskey = ldns_key2rr(key);
	ldns_rr_set_ttl(dnskey, 60);
	ldns_key_set_keytag(key, ldns_calc_keytag(dnskey));
	print_ds(dnskey);
	if (ldns_dnssec_zone_add_rr(zone, dnskey) != LDNS_STATUS_OK ||
	    ldns_dnssec_zone_sign(zone, made, keys, ldns_dnssec_default_replace_signatures, NULL) != LDNS_STATUS_OK)
		give_up("cannot sign the zone");
	ldns_dnssec_zone_print(stdout, zone);
	ldns_rr_list_free(made);
	ldns_key_list_free(keys);
	ldns_dnssec_zone_deep_free(zone);
	ldns_rdf_deep_free(origin);
	return 0;
}
