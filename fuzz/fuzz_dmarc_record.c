/* Any bytes as a policy record: what is read lies within them and agrees with itself. */
#include "dmarc/dmarc_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static bool lies_within(struct bytes part, struct bytes whole)
{
	return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

static void look_at(struct arena *a, const struct dmarc_uris *uris, struct bytes txt)
{
	must(uris->n <= DMARC_URIS_MAX);
	for (size_t i = 0; i < uris->n; i++) {
		const struct dmarc_uri *u = &uris->v[i];
		struct bytes local;
		struct dname domain;
		must(u->text.n > 0 && lies_within(u->text, txt) && lies_within(u->size, txt));
		must(!bytes_has(u->text, ',') && !bytes_has(u->text, '!') && !bytes_has(u->text, ';'));
		must(dmarc_uri_mailbox(a, u, &local, &domain) == u->mailto);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes txt = { data, size };
	struct arena *a = arena_new(1 << 20);
	struct dmarc_record r;
	struct parse_err err = { 0 };

	if (!a || size > 65535)
		goto out;
	bool ok = dmarc_record_parse(a, txt, &r, &err);
	must(ok == dmarc_record_is(txt));
	if (!ok) {
		must(err.what && err.at <= size);
		goto out;
	}
	must(!arena_failed(a));
	must(bytes_same(r.text, txt));
	must(r.usable == (r.p != DMARC_POLICY_ABSENT));
	must(r.usable || (r.sp == DMARC_POLICY_ABSENT && r.np == DMARC_POLICY_ABSENT && r.rua.n == 0));
	must(!r.assumed_none || (r.p == DMARC_POLICY_NONE && r.rua.n > 0));
	must(r.ruf.n > 0 || r.fo == DMARC_FO_ALL);
	for (size_t i = 0; i < r.note_n && i < DMARC_NOTES_MAX; i++)
		must(r.notes[i].what && r.notes[i].at <= size);
	look_at(a, &r.rua, txt);
	look_at(a, &r.ruf, txt);
out:
	arena_free(a);
	return 0;
}
