/* kit.h - what the benches share: keys, signed mails, and a DNS whose answers are
 * all known. Set-up that fails ends the program; nothing here is measured. */
#pragma once
#include "crypto/pubkey.h"
#include "dkim/dkim.h"
#include "dns/dns_hub.h"
#include "dns/dns_zone.h"
#include "mail.h"
#include "truefrom/truefrom.h"

#define KIT_NOW 1794820344 /* 16 Nov 2026: when all mails come in */

enum kit_key { KIT_RSA2048, KIT_ED25519, KIT_KEYS };

struct kit {
	struct limits limits;
	struct arena *arena;              /* lives as long as the program */
	struct arena *scratch;            /* of signing: whoever makes many mails resets it */
	struct privkey *keys[KIT_KEYS];
	struct bytes pem[KIT_KEYS];
	struct bytes records[KIT_KEYS];   /* of their public halves, as in the DNS */
	struct bytes publics[KIT_KEYS];   /* DER of RSA, 32 bytes of Ed25519 */
	struct dns_zone *zone;
	struct dns_cache *cache;
	struct dns_hub *hub;              /* over the cache; what is not there ends the program */
};

void kit_begin(struct kit *k);
void kit_end(struct kit *k);

/* More of the zone: a master file. */
void kit_zone(struct kit *k, const char *text);
/* The record of a key at SELECTOR._domainkey.DOMAIN. */
void kit_publish(struct kit *k, const char *selector, const char *domain, enum kit_key key);
struct dname kit_name(struct kit *k, const char *text);
struct work kit_work(struct kit *k, struct arena *a);

/* The mail with a signature above it, relaxed/relaxed, over 12 of its fields; in k->scratch. */
struct bytes kit_sign(struct kit *k, struct bytes mail, const char *selector, const char *domain, enum kit_key key);
/* The same over all fields of these names. */
struct bytes kit_sign_names(struct kit *k, struct bytes mail, const char *selector, const char *domain,
                            enum kit_key key, const struct bytes *names, size_t n);
/* With a set of ARC above it (instance after instance, as status says). */
struct bytes kit_seal(struct kit *k, struct bytes mail, const char *selector, const char *domain, bool first);
/* The library over that zone (a master file) and the RSA key at rsa._domainkey.perf.example. */
struct tf_context *kit_context(struct kit *k, const char *zone);
/* Puts the zone's answer into the cache. */
void kit_warm(struct kit *k, const char *name, enum dns_type type);
