/* psl.h - registrable domains by the public suffix list, as RFC 7489 found
 * organizational domains. The one place that knows the library (libpsl). A
 * list never changes once it is there and is shared by threads. */
#pragma once
#include "base/dname.h"

struct psl_list;

/* The list that comes with the library. NULL: it was built without one. Never freed. */
const struct psl_list *psl_list_builtin(void);
/* Reads a list in the format of publicsuffix.org. NULL: cannot be read, or out of memory. */
MUST_USE struct psl_list *psl_list_load(const char *path);
void psl_list_free(struct psl_list *list); /* NULL does nothing */

/* The public suffix of a name and one label more; borrows from it. None: the name is a public
 * suffix itself, or there is no list. The private section of the list counts; a top-level
 * name that is not in the list is a public suffix. */
struct dname psl_registrable(const struct psl_list *list, struct dname name);

/* Does the top-level label of a name stand in the list? One that does not is no part of the public DNS. */
bool psl_top_is_listed(const struct psl_list *list, struct dname name);
