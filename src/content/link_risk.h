/* link_risk.h - what is dangerous in one link: where it seems to lead and where it does. */
#pragma once
#include "content/html_links.h"
#include "content/url.h"
#include "dmarc/psl.h"
#include "lookalike/lookalike.h"

/* What a link is judged with; the same for all links of a page. */
struct link_context {
	struct work *w;                        /* slices of results live in its arena */
	const struct psl_list *list;           /* may be NULL: then hosts are compared as a whole */
	const struct lookalike_tables *tables; /* may be NULL */
	const struct dname *domains;           /* of the owner */
	size_t n_domains;
	const struct bytes *recipients;        /* addresses, lower case */
	size_t n_recipients;
	const struct url *base;                /* of the page; may be NULL */
};

struct link_risk {
	uint32_t kinds;      /* bits (1 << enum risk_kind) */
	struct url leads;    /* where it leads to, redirectors that rewrite all links of a mail undone */
	struct bytes shown;  /* of LINK_ODD_HOST: the host as a person sees it */
};

/* Judges one link. False: it leads nowhere that could be judged (or out of memory: arena_failed). */
bool link_risk_judge(const struct link_context *c, const struct html_link *l, struct link_risk *out);

/* Do two hosts belong to one organization, as far as names tell? */
bool link_risk_same_house(const struct psl_list *list, const struct url *a, const struct url *b);
