/* fuzz_dns_packet - a DNS message; its first byte says which type was asked. */
#include "dns/dns_packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum dns_type types[] = { DNS_A, DNS_AAAA, DNS_MX, DNS_TXT, DNS_PTR, DNS_CNAME };
	struct bytes packet = bytes_from((struct bytes){ data, size }, 1);
	struct dns_question q = { { B("q.example") }, types[size ? data[0] % ARRAY_LEN(types) : 0] };
	struct arena *a = arena_new(4 << 20);
	struct dns_answer_view v;
	struct parse_err err = { 0 };

	if (!a)
		return 0;
	(void)dns_packet_has_type(packet, 46);
	if (dns_packet_read(a, packet, &q, &v, &err)) {
		if ((v.status == DNS_OK) != (v.n > 0))
			abort();
		dns_answer_unref(dns_answer_new(&v)); /* the answer copies all that the view points at */
	} else if (!err.what || err.at > packet.n) {
		abort();
	}
	arena_free(a);
	return 0;
}
