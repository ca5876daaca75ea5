/* fuzz_dkim_key.c - key records, one a line, as they stand at one name. */
#include "dkim/dkim_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void read_all(struct work *w, const struct dns_record *records, size_t n)
{
	struct dkim_keys *own = NULL;
	struct dns_answer *answer = dns_answer_new(&(struct dns_answer_view){
		.question = { { B("s._domainkey.example.org") }, DNS_TXT }, .status = DNS_OK, .n = n, .records = records });

	must(answer != NULL);
	const struct dkim_keys *keys = dkim_keys_get(w, answer, &own);
	must(keys && !own && keys->n <= work_limit(w, LIMIT_DKIM_KEYS_PER_NAME));
	must(keys->n > 0 || keys->why_none);
	for (size_t i = 0; i < keys->n; i++)
		must((keys->list[i].pub != NULL) == (keys->list[i].refusal == NULL));
	must(dkim_keys_get(w, answer, &own) == keys);
	dns_answer_unref(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dns_record records[8];
	struct bytes rest = { data, size }, line;
	struct arena *a = arena_new(1 << 26);
	struct limits limits;
	struct work w = { .arena = a, .limits = &limits };
	size_t n = 0;

	must(a != NULL);
	limits_init(&limits);
	while (n < ARRAY_LEN(records) && bytes_cut(&rest, '\n', &line)) {
		struct dkim_key key = { .flags = 99 };
		struct parse_err err = { 0 };
		bool ok = dkim_key_parse(a, line, &key, &err);
		must(ok ? err.what == NULL : err.what && err.at <= line.n && key.flags == 99);
		records[n++] = (struct dns_record){ .text = line };
	}
	if (n)
		read_all(&w, records, n);
	arena_free(a);
	return 0;
}
