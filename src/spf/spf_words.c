/* spf_words.c - see spf_words.h */
#include "spf/spf_words.h"

#include "base/ascii.h"

static void add_safe(struct buf *to, struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];
		if (c == ' ' || (ascii_is_vchar(c) && c != '"' && c != '\\'))
			buf_add_byte(to, c);
		else
			buf_addf(to, "\\x%02x", c);
	}
}

static void add_quoted(struct buf *to, struct bytes text)
{
	buf_add_byte(to, '"');
	add_safe(to, text);
	buf_add_byte(to, '"');
}

static void add_client(struct buf *to, const struct ip *client)
{
	char text[IP_TEXT];

	buf_addf(to, "client %s", ip_text(client, text));
}

/* The domain whose record decided, and who led there by include and redirect. */
static void add_way(struct buf *to, const struct spf_result *r)
{
	if (r->path_n == 0) {
		add_safe(to, r->domain.text);
		return;
	}
	add_safe(to, r->path[r->path_n - 1].text);
	if (r->path_n == 1)
		return;
	buf_adds(to, ", which ");
	add_safe(to, r->path[0].text);
	buf_adds(to, " names");
	for (size_t i = 1; i + 1 < r->path_n; i++) {
		buf_adds(to, i == 1 ? " by way of " : ", ");
		add_safe(to, r->path[i].text);
	}
}

static void add_error(struct buf *to, const struct spf_result *r)
{
	struct dname last = r->path_n ? r->path[r->path_n - 1] : r->domain;

	if (!dname_is_none(last)) {
		add_way(to, r);
		buf_adds(to, ": ");
	}
	buf_adds(to, r->error);
	if (r->error_at.n && !bytes_same(r->error_at, last.text)) {
		buf_adds(to, ": ");
		add_quoted(to, r->error_at);
	}
}

void spf_words(const struct ip *client, const struct spf_result *r, struct buf *to)
{
	if (r->error) {
		add_error(to, r);
	} else if (r->term.n == 0) {
		buf_adds(to, "no term matches ");
		add_client(to, client);
		buf_adds(to, " in the record of ");
		add_way(to, r);
	} else {
		bool is_all = bytes_iends(r->term, "all") && r->term.n <= sizeof("-all") - 1;
		add_client(to, client);
		buf_adds(to, is_all ? " matches nothing before " : " matches ");
		add_quoted(to, r->term);
		buf_adds(to, " of ");
		add_way(to, r);
	}
}
