/* spf_policy.c - see spf_policy.h */
#include "spf/spf_policy.h"

#include "base/mem.h"

static const char kind; /* its address is the mark of our part of an answer */

size_t spf_select(const struct dns_answer_view *txt, struct bytes *out)
{
	size_t found = 0;

	for (size_t i = 0; i < txt->n; i++)
		if (spf_record_is(txt->records[i].text) && found++ == 0)
			*out = txt->records[i].text;
	return found;
}

void spf_policy_free(struct spf_policy *p)
{
	if (!p)
		return;
	spf_record_free(p->record);
	mem_free(p);
}

static void free_parsed(struct dns_parsed *self)
{
	spf_policy_free((struct spf_policy *)self);
}

static struct spf_policy *make(const struct dns_answer *answer)
{
	struct spf_policy *p = mem_calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->found = spf_select(dns_answer_view(answer), &p->text);
	if (p->found == 1)
		p->record = spf_record_parse(p->text, &p->err);
	if (p->found == 1 && !p->record && !p->err.what) {
		mem_free(p);
		return NULL;
	}
	p->base = (struct dns_parsed){
		.kind = &kind,
		.free = free_parsed,
		.bytes = sizeof(*p) + (p->record ? p->record->bytes : 0),
	};
	return p;
}

const struct spf_policy *spf_policy_of(const struct dns_answer *answer, struct spf_policy **own)
{
	const struct dns_parsed *there = dns_answer_parsed(answer, &kind);
	struct spf_policy *made;

	*own = NULL;
	if (!there) {
		if (!(made = make(answer)))
			return NULL;
		there = dns_answer_attach(answer, &made->base);
		if (!there)
			return *own = made;
	}
	return (const struct spf_policy *)there;
}
