/* Any bytes as the value of Received-SPF. */
#include "mail/received_spf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(4 << 20);
	struct received_spf r;
	size_t sum = 0;

	if (a && received_spf_parse(a, (struct bytes){ data, size }, &r)) {
		const struct bytes parts[] = { r.result, r.comment, r.envelope_from, r.helo, r.receiver,
		                               r.identity, r.mechanism };
		for (size_t i = 0; i < ARRAY_LEN(parts); i++)
			for (size_t j = 0; j < parts[i].n; j++)
				sum += parts[i].p[j]; /* the address sanitizer looks */
		if (r.has_ip && r.client_ip.family != 4 && r.client_ip.family != 6)
			abort();
	}
	if (sum == SIZE_MAX)
		abort();
	arena_free(a);
	return 0;
}
