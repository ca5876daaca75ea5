#include "dkim/dkim_write.h"

#include "base/mem.h"
#include "dkim/dkim_tags.h"
#include "tap.h"

#define A76 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* Writes the tags a, h and b, with an `a` of `pad` bytes to move what follows along the line. */
static void write_all(struct dkim_writer *x, struct buf *to, size_t pad, size_t names,
                      const char *b)
{
	static const struct bytes list[] = {
		B("from"), B("content-transfer-encoding"), B("subject"), B("to"), B("message-id"),
		B("date"), B("references"),
	};

	dkim_write_begin(x, to, "Sig");
	dkim_write_tag(x, "a", bytes_sub(B(A76), 0, pad));
	dkim_write_list(x, "h", list, names);
	dkim_write_b(x, bytes_of(b));
	dkim_write_end(x);
}

static size_t longest_line(struct bytes text)
{
	size_t longest = 0;
	struct bytes line;

	while (bytes_cut(&text, '\n', &line))
		if (line.n > longest + 1)
			longest = line.n - 1; /* without CR */
	return longest;
}

/* Every position of every tag: lines fit, the list reads back, b= is where it is said to be, and
 * what stands before b= does not depend on it. */
static void test_positions(void)
{
	struct dkim_writer x, y;
	struct buf full, empty;
	struct dkim_tags tags;
	struct parse_err err = { 0 };

	tap_begin("no line over 78 columns, wherever the tags come to stand");
	for (size_t pad = 0; pad <= 73; pad++) {
		for (size_t names = 0; names <= 7; names++) {
			buf_init(&full, 4096);
			buf_init(&empty, 4096);
			write_all(&x, &full, pad, names, A76 A76 A76);
			write_all(&y, &empty, pad, names, "");
			struct bytes text = buf_bytes(&full),
			             value = bytes_from(text, strlen("Sig:"));
			CHECK_MSG(longest_line(text) <= DKIM_WRITE_COLUMNS,
			          "%zu columns, pad %zu, %zu names", longest_line(text), pad,
			          names);
			CHECK(x.b_at == y.b_at && y.b_n == 0 &&
			      bytes_same(bytes_sub(text, 0, x.b_at),
			                 bytes_sub(buf_bytes(&empty), 0, y.b_at)));
			CHECK_MSG(dkim_tags_parse(bytes_sub(value, 0, value.n - 2), &tags, &err),
			          "%s", err.what);
			const struct dkim_tag *b = dkim_tags_find(&tags, "b");
			CHECK(b && b->span.p == text.p + x.b_at && b->span.n == x.b_n);
			buf_free(&full);
			buf_free(&empty);
		}
	}
	tap_end();
}

static void test_text(void)
{
	struct dkim_writer x;
	struct buf to;

	tap_begin("as it looks");
	buf_init(&to, 4096);
	write_all(&x, &to, 3, 3, "YWJj");
	CHECK_BYTES(buf_bytes(&to),
	            "Sig: a=aaa; h=from:content-transfer-encoding:subject; b=YWJj\r\n");
	buf_free(&to);
	write_all(&x, &to, 40, 7, A76);
	CHECK_BYTES(buf_bytes(&to),
	            "Sig: a=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;\r\n"
	            " h=from:content-transfer-encoding:subject:to:message-id:date:references;\r\n"
	            " b=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"
	            " aa\r\n");
	buf_free(&to);
	tap_end();
	tap_begin("no memory: the buffer says so");
	buf_init(&to, 4096);
	mem_fail_after(0, false);
	write_all(&x, &to, 3, 3, "YWJj");
	mem_fail_after(-1, false);
	CHECK(to.failed);
	buf_free(&to);
	tap_end();
}

int main(void)
{
	test_text();
	test_positions();
	return tap_done();
}
