/* fuzz_message.c - a whole message of any bytes, with answers made from the
 * input as well: everything that a stranger can write, at once. */
#include "dns/dns_master.h"
#include "dns/dns_script.h"
#include "explain/explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input: a zone, a NUL, a message. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes all = { data, size }, zone_text = { NULL, 0 };
	struct limits limits;
	struct dns_zone *zone = dns_zone_new();
	struct dns_script *script = zone ? dns_script_new(zone, NULL) : NULL;
	struct dns_resolver *r = script ? dns_script_resolver(script) : NULL;
	struct explain x;

	bytes_cut(&all, 0, &zone_text);
	limits_init(&limits);
	struct explain_settings settings = { .limits = &limits, .today = 1794996000 };
	if (!r || !dns_master_read(zone, zone_text, NULL)) {
		/* what stood before the error is still a zone */
	}
	if (r) {
		if (explain_begin(&x, &settings, all) && explain_drive(&x, r) == CHECK_DONE && explain_judge(&x))
			json_decref(explain_json(&x));
		explain_end(&x);
	}
	dns_resolver_free(r);
	dns_zone_free(zone);
	return 0;
}
