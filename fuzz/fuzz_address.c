/* fuzz_address.c - any bytes as a From value, and as another address list. */
#include "mail/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_mailbox(const struct mailbox *m, size_t end)
{
	struct dname again;
	struct arena *a = arena_new(1 << 20);

	must(a != NULL);
	must(!bytes_has(m->local, 0) && !bytes_has(m->local, '\r') && !bytes_has(m->local, '\n'));
	must(m->offset <= end);
	if (!dname_is_none(m->domain))
		must(dname_parse(a, m->domain.text, DNAME_HOST, &again, NULL) && dname_same(again, m->domain));
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1 << 26);
	struct limits limits;
	struct bytes value = { data, size };
	struct header h = { 0 };
	struct author author;
	struct mailbox *list = NULL;

	must(a != NULL);
	limits_init(&limits);
	struct work w = { .arena = a, .limits = &limits };
	header_add(&w, &h, B("From"), value);
	header_end(&w, &h);
	author_read(&w, &h, &author);
	must(author.n <= limits.v[LIMIT_FROM_MAILBOXES]);
	must(author.ambiguous || (author.n == 1 && !dname_is_none(author.candidates[0].domain)));
	for (size_t i = 0; i < author.n; i++) {
		check_mailbox(&author.candidates[i], h.bytes);
		must(i == 0 || author.candidates[i - 1].offset <= author.candidates[i].offset);
	}
	for (size_t i = 0; i < h.defects.n; i++)
		must(h.defects.list[i].offset <= h.bytes);
	size_t n = address_list_read(&w, value, 50, &list);
	for (size_t i = 0; i < n; i++)
		check_mailbox(&list[i], size);
	arena_free(a);
	return 0;
}
