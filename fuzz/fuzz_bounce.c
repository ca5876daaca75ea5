/* What is read lies within the message or the arena's memory, and a kind has what it promises. */
#include "bounce/bounce.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool can_be_read(struct bytes b)
{
	unsigned sum = 0;

	for (size_t i = 0; i < b.n; i++)
		sum += b.p[i];
	return sum != UINT32_MAX;
}

static void check_recipient(const struct bounce *b, const struct bounce_recipient *r)
{
	const struct bytes all[] = { r->address, r->original, r->status, r->diagnostic, r->remote_mta };

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (!can_be_read(all[i]))
			abort();
	if ((r->status.n && (r->status.n < 5 || r->status.p[1] != '.')) || (r->reply_code && (r->reply_code < 400 || r->reply_code > 599)))
		abort();
	if (r->hard && (b->kind != BOUNCE_DSN || r->action > BOUNCE_FAILED))
		abort();
	if (bytes_has(r->diagnostic, '\n') || r->diagnostic.n > 1000)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes message = { data, size };
	struct arena *a = arena_new(1u << 26);
	struct limits l;
	struct header h;
	struct mime m;
	struct bounce b;

	limits_init(&l);
	mime_start();
	l.v[LIMIT_BOUNCE_RECIPIENTS] = 3;
	struct work w = { .arena = a, .limits = &l };
	if (!a)
		return 0;
	header_index(&w, &h, message);
	if (mime_read(&w, message, &m) && bounce_read(&w, &h, message, &m, &b)) {
		const struct bytes all[] = { b.reporting_mta, b.envelope_id, b.queue_id, b.feedback_type, b.source_ip, b.returned, b.message_id };
		for (size_t i = 0; i < ARRAY_LEN(all); i++)
			if (!can_be_read(all[i]))
				abort();
		if (!b.why || b.kind >= BOUNCE_KINDS || b.n > 3 || (b.kind == BOUNCE_NONE) != (b.n == 0))
			abort();
		for (size_t i = 0; i < b.n; i++)
			check_recipient(&b, &b.recipients[i]);
	}
	arena_free(a);
	return 0;
}
