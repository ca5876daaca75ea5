/* fuzz_zone - the text of a zone file, and questions to what was read. */
#include "dns/dns_master.h"

static void ask_all_types(const struct dns_zone *z, const char *name)
{
	static const enum dns_type types[] = { DNS_A, DNS_AAAA, DNS_MX, DNS_TXT, DNS_PTR, DNS_CNAME };

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct dns_question q = { { bytes_of(name) }, types[i] };
		struct dns_zone_reply reply;
		if (!dns_zone_ask(z, &q, &reply))
			abort();
		if (!reply.answer)
			continue;
		const struct dns_answer_view *v = dns_answer_view(reply.answer);
		if ((v->status == DNS_OK) != (v->n > 0) || !bytes_eq(v->question.name.text, name))
			abort();
		dns_answer_unref(reply.answer);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { data, size };
	struct dns_zone *z = dns_zone_new();
	struct dns_master_err err = { 0 };

	if (!z)
		return 0;
	if (!dns_master_read(z, text, &err) && (!err.what || err.line == 0 || err.at > size))
		abort();
	ask_all_types(z, "a");
	ask_all_types(z, "a.example");
	ask_all_types(z, "x.w.example");
	dns_zone_free(z);
	return 0;
}
