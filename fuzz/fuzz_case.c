/* fuzz_case - session.ini: what is read is written, and read again to the same. */
#include "verify/case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_and_compare(struct arena *a, const struct case_session *s)
{
	struct case_session back;
	struct buf one, two;

	buf_init(&one, 16u << 20);
	buf_init(&two, 16u << 20);
	case_session_write(&one, s);
	if (!one.failed && !case_session_parse(a, buf_bytes(&one), &back, NULL) && !arena_failed(a))
		abort();
	if (!one.failed && !arena_failed(a)) {
		case_session_write(&two, &back);
		if (!two.failed && !bytes_same(buf_bytes(&one), buf_bytes(&two)))
			abort();
	}
	buf_free(&one);
	buf_free(&two);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(16u << 20);
	struct case_err err = { 0 };
	struct case_session s;

	if (!a)
		return 0;
	if (case_session_parse(a, (struct bytes){ data, size }, &s, &err))
		write_and_compare(a, &s);
	else if (!err.what || err.line == 0)
		abort();
	arena_free(a);
	return 0;
}
