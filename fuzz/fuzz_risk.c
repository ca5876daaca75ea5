/* A whole mail of any bytes: what is listed is UTF-8, short, in order, and within its limits; what it leads
 * to is sorted and without doubles. */
#include "base/idn.h"
#include "content/risk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_risks(const struct risk *r, size_t n, const struct limits *limits, const struct mime *m)
{
	uint32_t of_kind = 0;

	for (size_t i = 0; i < n; i++) {
		of_kind = i && r[i].kind == r[i - 1].kind ? of_kind + 1 : 1;
		if (r[i].kind >= RISK_KINDS || (i && r[i].kind < r[i - 1].kind) || of_kind > limits->v[LIMIT_RISKS] || r[i].part >= m->n)
			abort();
		if (r[i].what.n > 600 || r[i].target.n > 600 || !utf8_valid(r[i].what, NULL) || !utf8_valid(r[i].target, NULL))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct lookalike_tables *tables;
	static const struct dname ours = { { (const uint8_t *)"example.org", 11 } };
	struct bytes message = { data, size };
	struct limits limits;
	struct arena *a = arena_new(64 << 20);
	struct header h = { 0 };
	struct mime m;
	struct risk *risks;
	struct content_payload p;
	size_t n;

	if (!tables)
		tables = lookalike_start();
	mime_start();
	limits_init(&limits);
	limits.v[LIMIT_ARCHIVE_BYTES] = 1 << 20;
	struct work w = { .arena = a, .limits = &limits };
	if (!a || !tables)
		abort();
	header_index(&w, &h, message);
	if (mime_read(&w, message, &m)) {
		struct risk_input in = { .header = &h, .mime = &m, .tables = tables, .domains = &ours, .n_domains = 1 };
		if (risk_find(&w, &in, &risks, &n))
			check_risks(risks, n, &limits, &m);
		if (content_payload(&w, &h, &m, &p))
			for (size_t i = 0; i < p.n; i++)
				if (p.items[i].n == 0 || (i && bytes_compare(p.items[i - 1], p.items[i]) >= 0))
					abort();
		mime_end(&m);
	}
	arena_free(a);
	return 0;
}
