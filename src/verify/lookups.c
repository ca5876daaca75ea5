/* lookups.c - see lookups.h */
#include "verify/lookups.h"

#include <errno.h>
#include <pthread.h>

#include "base/mem.h"
#include "dns/dns_cache.h"
#include "dns/dns_hub.h"
#include "dns/dns_master.h"
#include "dns/dns_script.h"
#include "dns/dns_unbound.h"

#define IDLE_MAX 64u            /* resolvers kept for later messages; more threads make their own */
#define ZONE_MAX (64u << 20)    /* bytes of a master file */

struct lookups {
	bool offline;
	char *dns;                         /* own copy: every new resolver reads it; NULL: the system's */
	struct dns_cache *cache;
	struct dns_zone *zone;             /* NULL: the network */
	pthread_mutex_t lock;              /* of the two below */
	struct dns_hub *idle[IDLE_MAX];
	size_t n_idle;
};

/* --- making it --- */

static struct lookups *refuse(struct lookups *l, enum lookups_problem kind, enum lookups_problem *problem)
{
	*problem = kind;
	lookups_free(l);
	return NULL;
}

/* The whole file in memory (mem_free); false: errno says why. */
static bool read_zone_file(const char *path, struct bytes *out)
{
	FILE *f = fopen(path, "rb");
	size_t n = 0, size = 0, got;
	uint8_t *p = NULL;

	if (!f)
		return false;
	do {
		if (n == size) {
			size = size ? size * 2 : 65536;
			uint8_t *grown = size > ZONE_MAX ? NULL : mem_realloc(p, size);
			if (!grown) {
				mem_free(p);
				fclose(f);
				errno = size > ZONE_MAX ? EFBIG : ENOMEM;
				return false;
			}
			p = grown;
		}
		got = fread(p + n, 1, size - n, f);
		n += got;
	} while (got);
	bool ok = !ferror(f);
	fclose(f);
	if (!ok) {
		mem_free(p);
		return false;
	}
	*out = (struct bytes){ p, n };
	return true;
}

static bool read_zone(struct lookups *l, const char *path, struct bytes text, char *why, size_t size)
{
	struct dns_master_err err = { 0, 0, "out of memory" };

	l->zone = dns_zone_new();
	if (l->zone && dns_master_read(l->zone, text, &err))
		return true;
	snprintf(why, size, "zone file \"%s\", line %zu: %s", path, err.line, err.what);
	return false;
}

static bool load_zone(struct lookups *l, const struct lookups_settings *settings, char *why, size_t size)
{
	const char *path = settings->zone;
	struct bytes text;

	if (settings->zone_text.p)
		return read_zone(l, path, settings->zone_text, why, size);
	if (!read_zone_file(path, &text)) {
		snprintf(why, size, "cannot read the zone file \"%s\": %s", path, strerrordesc_np(errno));
		return false;
	}
	bool ok = read_zone(l, path, text, why, size);
	mem_free((void *)(uintptr_t)text.p);
	return ok;
}

/* A resolver and what stands in front of it, for one thread. NULL: *why is static. */
static struct dns_hub *make_hub(struct lookups *l, const char **why)
{
	struct dns_unbound_settings settings = { .servers = l->dns };
	struct dns_resolver *r = NULL;

	*why = "out of memory";
	if (l->zone) {
		struct dns_script *s = dns_script_new(l->zone, NULL);
		r = s ? dns_script_resolver(s) : NULL;
	} else {
		struct dns_unbound *u = dns_unbound_new(&settings, why);
		r = u ? dns_unbound_resolver(u) : NULL;
	}
	return r ? dns_hub_new(l->cache, r) : NULL;
}

/* The first one is made at once, so that bad settings are said before any mail is read. */
static bool make_first_hub(struct lookups *l, char *why, size_t size)
{
	const char *reason;
	struct dns_hub *hub = make_hub(l, &reason);

	if (!hub) {
		snprintf(why, size, "cannot ask the DNS at \"%s\": %s",
		         l->dns ? l->dns : "the system's resolvers", reason);
		return false;
	}
	l->idle[l->n_idle++] = hub;
	return true;
}

static bool copy_server(struct lookups *l, const char *dns)
{
	size_t n = dns ? strlen(dns) + 1 : 0;

	if (n == 0)
		return true;
	l->dns = mem_alloc(n);
	if (l->dns)
		memcpy(l->dns, dns, n);
	return l->dns != NULL;
}

struct lookups *lookups_new(const struct lookups_settings *settings, enum lookups_problem *problem, char *why,
                            size_t size)
{
	struct lookups *l = mem_calloc(1, sizeof(*l));

	snprintf(why, size, "out of memory");
	if (!l || pthread_mutex_init(&l->lock, NULL) != 0) {
		mem_free(l);
		return refuse(NULL, LOOKUPS_NO_MEMORY, problem);
	}
	l->offline = settings->offline;
	l->cache = dns_cache_new(settings->limits);
	if (!l->cache || !copy_server(l, settings->dns))
		return refuse(l, LOOKUPS_NO_MEMORY, problem);
	if (settings->zone && !load_zone(l, settings, why, size))
		return refuse(l, LOOKUPS_BAD_ZONE, problem);
	if (!settings->offline && !make_first_hub(l, why, size))
		return refuse(l, LOOKUPS_BAD_SERVER, problem);
	*problem = LOOKUPS_OK;
	return l;
}

void lookups_free(struct lookups *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n_idle; i++)
		dns_resolver_free(dns_hub_resolver(l->idle[i]));
	dns_cache_free(l->cache);
	mem_free(l->dns);
	dns_zone_free(l->zone);
	pthread_mutex_destroy(&l->lock);
	mem_free(l);
}

/* --- a resolver for the thread that is at work --- */

static struct dns_hub *take_hub(struct lookups *l)
{
	struct dns_hub *hub = NULL;
	const char *why;

	pthread_mutex_lock(&l->lock);
	if (l->n_idle)
		hub = l->idle[--l->n_idle];
	pthread_mutex_unlock(&l->lock);
	return hub ? hub : make_hub(l, &why);
}

static void give_back(struct lookups *l, struct dns_hub *hub)
{
	pthread_mutex_lock(&l->lock);
	bool kept = l->n_idle < IDLE_MAX;
	if (kept)
		l->idle[l->n_idle++] = hub;
	pthread_mutex_unlock(&l->lock);
	if (!kept)
		dns_resolver_free(dns_hub_resolver(hub));
}

/* --- driving --- */

static enum check_state run_verify(void *user)
{
	return verify_run(user);
}

void lookups_askers(struct verify *v, struct dns_pump_asker askers[VERIFY_CHECKS])
{
	for (size_t i = 0; i < VERIFY_CHECKS; i++)
		askers[i] = (struct dns_pump_asker){ &v->askers[i], work_limit(&v->work, v->time_limit[i]),
		                                     UINT64_C(1) << v->time_limit[i] };
}

/* Everything but the resolver; `askers` is room for one row a check. */
static struct dns_pump_settings settings_of(struct verify *v, struct dns_pump_asker askers[VERIFY_CHECKS])
{
	lookups_askers(v, askers);
	return (struct dns_pump_settings){
		.work = &v->work,
		.book = v->book,
		.askers = askers,
		.n = VERIFY_CHECKS,
		.run = run_verify,
		.user = v,
	};
}

enum check_state lookups_drive(struct dns_resolver *r, struct verify *v)
{
	struct dns_pump_asker askers[VERIFY_CHECKS];
	struct dns_pump_settings settings = settings_of(v, askers);

	settings.resolver = r;
	return dns_pump_finish(&settings);
}

enum check_state lookups_pump(struct lookups *l, const struct dns_pump_settings *given)
{
	struct dns_pump_settings settings = *given;

	if (l->offline)
		return dns_pump_finish(&settings);
	struct dns_hub *hub = take_hub(l);
	if (!hub)
		return CHECK_NO_MEMORY;
	struct dns_source source = dns_hub_source(hub);
	dns_book_set_source(settings.book, &source);
	settings.resolver = dns_hub_resolver(hub);
	enum check_state s = dns_pump_finish(&settings);
	give_back(l, hub);
	return s;
}

enum check_state lookups_finish(struct lookups *l, struct verify *v)
{
	struct dns_pump_asker askers[VERIFY_CHECKS];
	struct dns_pump_settings settings = settings_of(v, askers);

	return lookups_pump(l, &settings);
}
