/* Values as a stranger chooses them, written and read back: nothing in them ends a quote,
 * opens a comment, starts a line or makes a result. The input is cut at bytes 0x01. */
#include "base/ascii.h"
#include "base/idn.h"
#include "mail/authres.h"
#include "mail/authres_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_plain(struct bytes v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!ascii_is_vchar(v.p[i]) && v.p[i] != ' ')
			return false;
	return v.n < AUTHRES_VALUE_MAX - 8;
}

static void check_lines(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		bool line_end = text.p[i] == '\r' && i + 2 < text.n && text.p[i + 1] == '\n' && ascii_is_wsp(text.p[i + 2]);
		if (line_end)
			i++;
		else if (ascii_is_ctl(text.p[i]) && text.p[i] != '\t')
			abort();
	}
	if (!utf8_valid(text, NULL))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = { data, size }, v[5] = { { NULL, 0 } };
	struct limits limits;
	struct work w = { .arena = arena_new(1 << 20), .limits = &limits };
	struct authres_writer aw;
	struct authres ar;
	struct buf out;

	limits_init(&limits);
	for (size_t i = 0; i < ARRAY_LEN(v) && bytes_cut(&rest, 1, &v[i]); i++)
		;
	buf_init(&out, 1 << 20);
	authres_write_begin(&aw, &out, "\r\n", 24, v[0]);
	authres_write_result(&aw, "spf", "fail");
	authres_write_comment(&aw, v[1]);
	authres_write_reason(&aw, v[2]);
	authres_write_prop(&aw, "smtp", "mailfrom", v[3]);
	authres_write_prop(&aw, "smtp", "helo", v[4]);
	authres_write_result(&aw, "dmarc", "none");
	authres_write_end(&aw);
	if (w.arena && !out.failed) {
		check_lines(buf_bytes(&out));
		if (!authres_parse(&w, buf_bytes(&out), &ar) || ar.damaged || ar.n != 2 || ar.results[0].n != 2 ||
		    ar.results[1].n || !bytes_eq(ar.results[0].result, "fail"))
			abort();
		if ((is_plain(v[0]) && !bytes_same(ar.id, v[0])) ||
		    (is_plain(v[2]) && !bytes_same(ar.results[0].reason, v[2])) ||
		    (is_plain(v[3]) && !bytes_same(ar.results[0].props[0].value, v[3])) ||
		    (is_plain(v[4]) && !bytes_same(ar.results[0].props[1].value, v[4])))
			abort();
	}
	buf_free(&out);
	arena_free(w.arena);
	return 0;
}
