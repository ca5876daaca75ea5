/* Any page: every slice is inside what was made of it, and what is shown is UTF-8. */
#include "base/idn.h"
#include "content/html_links.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits limits;
	struct arena *a = arena_new(64 << 20);
	struct html_page page;

	limits_init(&limits);
	struct work w = { .arena = a, .limits = &limits };
	if (a && html_links_read(&w, (struct bytes){ data, size }, &page)) {
		if (page.n > limits.v[LIMIT_LINKS] || !utf8_valid(page.text, NULL) || !utf8_valid(page.hidden, NULL))
			abort();
		for (size_t i = 0; i < page.n; i++) {
			const struct html_link *l = &page.links[i];
			if (l->text.n && (l->text.p < page.text.p || l->text.p + l->text.n > page.text.p + page.text.n))
				abort();
			if (l->kind > HTML_FRAME || !utf8_valid(l->target, NULL))
				abort();
		}
	}
	arena_free(a);
	return 0;
}
