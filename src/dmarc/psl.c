/* psl.c - see psl.h */
#include "dmarc/psl.h"

#include <libpsl.h>

/* struct psl_list is never defined: it is libpsl's context under a name of ours. */
static const psl_ctx_t *context(const struct psl_list *list)
{
	return (const psl_ctx_t *)(const void *)list;
}

const struct psl_list *psl_list_builtin(void)
{
	return (const struct psl_list *)(const void *)psl_builtin();
}

struct psl_list *psl_list_load(const char *path)
{
	return (struct psl_list *)(void *)psl_load_file(path);
}

void psl_list_free(struct psl_list *list)
{
	psl_free((psl_ctx_t *)(void *)list);
}

struct dname psl_registrable(const struct psl_list *list, struct dname name)
{
	struct dname none = { { NULL, 0 } };
	char text[DNAME_TEXT_MAX + 1];

	if (!list || dname_is_none(name) || name.text.n > DNAME_TEXT_MAX)
		return none;
	memcpy(text, name.text.p, name.text.n);
	text[name.text.n] = '\0'; /* no label of a dname holds a NUL */
	const char *found = psl_registrable_domain(context(list), text);
	if (!found)
		return none;
	return (struct dname){ bytes_from(name.text, (size_t)(found - text)) };
}

bool psl_top_is_listed(const struct psl_list *list, struct dname name)
{
	char text[DNAME_LABEL_MAX + 1];
	struct bytes top = dname_last(name, 1).text;

	if (!list || top.n == 0 || top.n > DNAME_LABEL_MAX)
		return false;
	memcpy(text, top.p, top.n);
	text[top.n] = '\0';
	return psl_is_public_suffix2(context(list), text, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
}
