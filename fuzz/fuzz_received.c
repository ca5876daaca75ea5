/* Every slice that is read lies inside the value, and what is said is consistent. */
#include "mail/received.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct bytes part, struct bytes whole)
{
	if (part.n && (part.p < whole.p || part.p + part.n > whole.p + whole.n) &&
	    !bytes_eq(part, "Microsoft SMTP Server"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes value = { data, size };
	struct received r;

	received_parse(value, &r);
	const struct bytes parts[] = { r.from_name, r.rdns, r.by, r.with, r.auth_user, r.id,
	                               r.recipient, r.envelope_from, r.date_text };
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		inside(parts[i], value);
	if ((r.has_ip && !r.from_ip.family) || (r.has_by_ip && !r.by_ip.family) || r.dialect >= RECEIVED_DIALECTS ||
	    (r.rdns_checked && !r.rdns.n) || (r.auth_user.n && !r.auth))
		abort();
	return 0;
}
