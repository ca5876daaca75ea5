/* Any header: the hand-over and the session are found in it, within its bounds; and a line
 * of a server of ours about a stranger on top settles both, whatever stands below. */
#include "verify/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TOP "Received: from evil.example (evil.example [203.0.113.5]) by mx.ours.example (Postfix) with ESMTP id 1; " \
            "Mon, 23 Nov 2026 20:00:05 +0100\r\n"

static void run(struct work *w, struct bytes text, struct handover *ho)
{
	struct trust infer = { .n_hosts = 0 };
	struct session s;
	struct header h;

	header_index(w, &h, text);
	handover_find(w, &h, &infer, ho);
	session_recover(w, &h, ho, &s);
	if (!ho->note || (ho->found && (ho->field_index >= h.n || ho->received_index >= ho->n_lines)) ||
	    ho->spf_index > ho->n_lines || ho->n_trusted > ho->n_lines || (s.ip.source && ip_is_local(&s.ip.ip)))
		abort();
	for (size_t i = 0; i < ho->n_authres; i++)
		if (ho->authres[i] >= h.n)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits limits;
	struct work w = { .arena = arena_new(8 << 20), .limits = &limits };
	struct handover ho;

	limits_init(&limits);
	if (!w.arena)
		return 0;
	run(&w, (struct bytes){ data, size }, &ho);
	arena_reset(w.arena);
	if (size && data[0] != ' ' && data[0] != '\t') { /* a fold would belong to the line on top */
		run(&w, arena_join(w.arena, B(TOP), (struct bytes){ data, size }), &ho);
		if (!arena_failed(w.arena) && (ho.received_index != 0 || ho.authenticated || ho.n_authres || !ho.found || ho.internal))
			abort();
	}
	arena_free(w.arena);
	return 0;
}
