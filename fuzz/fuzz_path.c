/* fuzz_path.c - any bytes as an envelope path. What is read, written out and
 * read again is the same path; what is refused has an offset within. */
#include "mail/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1 << 24);
	struct path path, again;
	struct parse_err err = { 0 };

	must(a != NULL);
	if (!path_parse(a, (struct bytes){ data, size }, &path, &err)) {
		must(err.what && err.at <= size);
	} else {
		must(!bytes_has(path.text, 0) && !bytes_has(path.text, '\r') && !bytes_has(path.text, '\n'));
		must(path_parse(a, path.text, &again, NULL) && again.null == path.null);
		must(bytes_same(again.local, path.local) && dname_same(again.domain, path.domain));
		must(bytes_same(again.text, path.text));
	}
	must(!arena_failed(a));
	arena_free(a);
	return 0;
}
