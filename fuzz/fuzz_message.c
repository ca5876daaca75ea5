/* fuzz_message.c - a whole message of any bytes, with answers made from the
 * input as well: everything that a stranger can write, at once. */
#include "base/columns.h"
#include "base/wrap.h"
#include "dns/dns_master.h"
#include "dns/dns_script.h"
#include "explain/explain_words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No control byte of a stranger, no line over 80 columns. */
static void write_page(const struct explain *x)
{
	struct bytes rest, line;
	struct buf page;

	buf_init(&page, 1u << 24);
	explain_words(&page, x, (struct words_style){ .colour = false });
	explain_line(&page, x, "mail.eml");
	for (rest = buf_bytes(&page); !page.failed && bytes_cut(&rest, '\n', &line);) {
		if (columns_of(line) > WRAP_COLUMNS)
			abort();
		for (size_t i = 0; i < line.n; i++)
			if (line.p[i] < ' ' || line.p[i] == 127)
				abort();
	}
	buf_free(&page);
}

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
		if (explain_begin(&x, &settings, all) && explain_drive(&x, r) == CHECK_DONE && explain_judge(&x)) {
			json_decref(explain_json(&x));
			write_page(&x);
		}
		explain_end(&x);
	}
	dns_resolver_free(r);
	dns_zone_free(zone);
	return 0;
}
