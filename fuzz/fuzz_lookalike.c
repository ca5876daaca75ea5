/* "display name NEWLINE address NEWLINE domain": whatever is shown, what is said is consistent, and
 * our own name under our own domain is never an imitation. */
#include "lookalike/lookalike.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_found(const struct lookalike *l)
{
	bool of_ours = l->kind <= LOOKALIKE_NAME_ADDRESS;

	if (l->kind >= LOOKALIKE_KINDS || !lookalike_kind_name(l->kind) || !l->where.n || !l->shown.n ||
	    of_ours != (l->imitates.n > 0))
		abort();
}

static void check_ours(const struct lookalike_tables *t, struct arena *a, struct dname d)
{
	struct dname below;

	if (lookalike_domains(t, a, d, d))
		abort();
	if (dname_prepend(a, B("mail"), d, &below) &&
	    (lookalike_domains(t, a, below, d) || lookalike_domains(t, a, d, below)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct lookalike_tables *t; /* made once: the fuzzer has one thread */
	static const struct bytes names[] = { B("Alice Example"), B("Contoso") }, addresses[] = { B("alice@example.org") };
	struct dname domains[] = { { B("example.org") }, { B("xn--mller-kva.example") } };
	struct lookalike_ours ours = { domains, 2, addresses, 1, names, 2 };
	struct bytes rest = { data, size }, line;
	struct lookalike_shown shown = { .where = "From" };
	struct arena *a = arena_new(1 << 22);
	struct lookalike *found;
	enum lookalike_kind kind;
	size_t n;

	t = t ? t : lookalike_start();
	if (!t || !a)
		abort();
	if (bytes_cut(&rest, '\n', &line))
		shown.display_name = line;
	if (bytes_cut(&rest, '\n', &line))
		shown.address = line;
	if (dname_parse(a, rest, DNAME_HOST, &shown.domain, NULL))
		check_ours(t, a, shown.domain);
	if (lookalike_find(t, a, &ours, &shown, 1, &found, &n))
		for (size_t i = 0; i < n; i++)
			check_found(&found[i]);
	(void)lookalike_odd(t, (struct bytes){ data, size }, &kind);
	arena_free(a);
	return 0;
}
