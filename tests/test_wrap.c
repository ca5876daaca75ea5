#include "base/wrap.h"
#include "tap.h"

int main(void)
{
	struct buf b;

	tap_begin("no line is over 80 columns, and no word is lost");
	buf_init(&b, 1 << 20);
	struct buf text;
	buf_init(&text, 1 << 20);
	for (int i = 0; i < 400; i++)
		buf_addf(&text, "%.*s ", i % 97 + 1,
		         "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrs");
	wrap_add(&b, "  1. ", 5, bytes_sub(buf_bytes(&text), 0, 16000));
	size_t letters = 0;
	struct bytes rest = buf_bytes(&b), line;
	while (bytes_cut(&rest, '\n', &line)) {
		CHECK_MSG(line.n <= WRAP_COLUMNS, "%zu columns", line.n);
		for (size_t i = 0; i < line.n; i++)
			letters += line.p[i] >= 'a' && line.p[i] <= 'z';
	}
	size_t want = 0;
	for (size_t i = 0; i < 16000; i++)
		want += text.p[i] != ' ';
	CHECK(letters == want && !b.failed);
	buf_free(&text);
	tap_end();

	tap_begin("escape sequences and characters that deceive are shown as ?");
	b.n = 0;
	wrap_add(&b, "", 0, B("a\033[31mb \xe2\x80\xae" "c\xff" "d\xe2\x80\x8b" "e \xc3\xa9"));
	CHECK_BYTES(buf_bytes(&b), "a?[31mb ?c?d?e \xc3\xa9\n");
	tap_end();

	tap_begin("a text that is too long is cut and says so");
	b.n = 0;
	struct buf big;
	buf_init(&big, 1 << 20);
	for (int i = 0; i < 40000; i++)
		buf_adds(&big, "x ");
	wrap_add(&b, "", 0, buf_bytes(&big));
	CHECK(!b.failed && bytes_search(buf_bytes(&b), B("[...]")) < b.n);
	buf_free(&big);
	tap_end();

	tap_begin("columns are characters, not bytes");
	b.n = 0;
	for (int i = 0; i < 3; i++)
		wrap_addf(&b, "", 0, "%s", "\xc3\xa9\xc3\xa9\xc3\xa9");
	CHECK(b.n == 21);
	tap_end();
	buf_free(&b);
	return tap_done();
}
