/* link_risk.c - see link_risk.h */
#include "content/link_risk.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/idn.h"
#include "content/file_type.h"
#include "content/risk.h"
#include "content/text_fold.h"

#define BIT(kind) (UINT32_C(1) << RISK_##kind)
#define UNWRAP_MAX 3 /* gateways that rewrote each other's links */

static bool is_web(const struct url *u)
{
	return bytes_eq(u->scheme, "http") || bytes_eq(u->scheme, "https");
}

static struct dname house_of(const struct psl_list *list, struct dname host)
{
	struct dname house = psl_registrable(list, host);

	return dname_is_none(house) ? host : house;
}

bool link_risk_same_house(const struct psl_list *list, const struct url *a, const struct url *b)
{
	if (a->ip.family || b->ip.family)
		return a->ip.family && b->ip.family && ip_same(&a->ip, &b->ip);
	return dname_same(house_of(list, a->host), house_of(list, b->host));
}

/* --- redirectors --- */

/* Gateways of the receiver that put their own host in front of each link of a mail, and one search engine:
 * what they lead to stands in a parameter. Anybody else's parameter proves nothing. */
static const struct { const char *host, *parameter; } gateways[] = {
	{ "safelinks.protection.outlook.com", "url" },
	{ "linkprotect.cudasvc.com", "a" },
	{ "www.google.com", "q" },
	{ "www.google.com", "url" },
};

/* urldefense.com/v3/__https://example.com/__;... */
static struct bytes urldefense(const struct url *u)
{
	struct bytes rest = bytes_from(u->rest, 6);

	if (!bytes_eq(u->host.text, "urldefense.com") || !bytes_istarts(u->rest, "/v3/__"))
		return (struct bytes){ NULL, 0 };
	return bytes_sub(rest, 0, bytes_search(rest, B("__;")));
}

static struct bytes unwrapped(struct arena *a, const struct url *u)
{
	for (size_t i = 0; i < ARRAY_LEN(gateways); i++) {
		struct dname gateway = { bytes_of(gateways[i].host) };
		if (!dname_within(u->host, gateway))
			continue;
		struct bytes inner = url_parameter(a, u, gateways[i].parameter);
		if (bytes_istarts(inner, "http"))
			return inner;
	}
	return urldefense(u);
}

static bool read_target(const struct link_context *c, struct bytes target, struct url *out)
{
	struct arena *a = c->w->arena;
	struct url inner;

	if (!url_parse(a, target, c->base, out))
		return false;
	for (int i = 0; i < UNWRAP_MAX; i++) {
		struct bytes text = unwrapped(a, out);
		if (!text.n || !url_parse(a, text, NULL, &inner) || !url_has_host(&inner))
			break;
		*out = inner;
	}
	return true;
}

/* --- what the text promises --- */

/* "example.com", "example.com/login": a name of the public DNS, or of the examples, that is no file's. */
static bool claims_host(const struct link_context *c, struct bytes text, struct url *out)
{
	struct url u;

	while (text.n > 1 && strchr(".,;:!?)>", text.p[text.n - 1]) && text.p[text.n - 1])
		text.n--;
	while (text.n && (text.p[0] == '<' || text.p[0] == '('))
		text = bytes_from(text, 1);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] <= ' ' || text.p[i] == '@')
			return false;
	struct bytes host = bytes_sub(text, 0, bytes_find(text, '/', 0));
	if (!bytes_has(host, '.') || host.n > DNAME_TEXT_MAX ||
	    !url_parse(c->w->arena, arena_join(c->w->arena, B("http://"), text), NULL, &u) || dname_is_none(u.host))
		return false;
	struct file_name file = file_name_read(host);
	bool bare = host.n == text.n && dname_labels(u.host) == 2 && !bytes_ieq(file.extension, "com");
	bool known = psl_top_is_listed(c->list, u.host) || bytes_eq(dname_last(u.host, 1).text, "example");
	if (!known || (bare && file.kind != FILE_NAME_OTHER))
		return false;
	*out = u;
	return true;
}

/* The address that a link's text shows, if any. */
static bool claims(const struct link_context *c, struct bytes text, struct url *out)
{
	struct bytes link;
	size_t at = 0;

	while (url_next(text, &at, &link))
		if (read_target(c, link, out) && url_has_host(out))
			return true;
	return claims_host(c, bytes_trim(text), out);
}

/* The domain of an address of mail that stands alone: "a@example.com", "mailto:a@example.com?subject=x". */
static struct bytes mail_domain(struct bytes text)
{
	struct bytes address = bytes_trim(bytes_sub(text, 0, bytes_find(text, '?', 0)));
	size_t at = bytes_find(address, '@', 0);

	if (at == address.n || bytes_has(address, ' '))
		return (struct bytes){ NULL, 0 };
	return bytes_from(address, at + 1);
}

static bool text_differs(const struct link_context *c, const struct html_link *l, const struct url *leads)
{
	struct url said;

	if (l->kind != HTML_LINK || !l->text.n)
		return false;
	if (bytes_eq(leads->scheme, "mailto")) {
		struct dname shown, meant;
		return dname_parse(c->w->arena, mail_domain(l->text), DNAME_HOST, &shown, NULL) &&
		       dname_parse(c->w->arena, mail_domain(leads->rest), DNAME_HOST, &meant, NULL) &&
		       !dname_same(house_of(c->list, shown), house_of(c->list, meant));
	}
	return is_web(leads) && url_has_host(leads) && claims(c, l->text, &said) &&
	       !link_risk_same_house(c->list, &said, leads);
}

/* --- the host --- */

/* A label all of whose letters can be taken for Latin ones, under a Latin top: nobody who writes in that
 * script has a reason for it. */
static bool poses_as_latin(struct arena *a, struct bytes label)
{
	struct text_fold f;
	bool foreign = false;

	if (!text_fold_read(a, label, &f))
		return false;
	for (size_t i = 0; i < f.letters.n; i++) {
		foreign = foreign || (f.marks[i] & FOLD_LOOKALIKE && f.at[i] < label.n && label.p[f.at[i]] >= 0x80);
		if (f.letters.p[i] == '~' || (ascii_is_alpha(f.letters.p[i]) && !f.marks[i]))
			return false;
	}
	return foreign;
}

static bool is_odd_host(const struct link_context *c, const struct url *u, struct bytes *shown)
{
	struct arena *a = c->w->arena;
	struct bytes name = idn_to_unicode(a, u->host.text), rest = name, label;
	bool latin_top = !bytes_istarts(dname_last(u->host, 1).text, "xn--"), odd = u->encoded;
	enum lookalike_kind kind;

	while (bytes_cut(&rest, '.', &label) && name.p != u->host.text.p) { /* ASCII alone cannot be odd so */
		odd = odd || (latin_top && poses_as_latin(a, label));
		odd = odd || (c->tables && lookalike_odd(c->tables, label, &kind));
	}
	for (size_t i = 0; c->tables && i < c->n_domains && !odd; i++)
		odd = lookalike_domains(c->tables, a, u->host, c->domains[i]);
	*shown = name;
	return odd;
}

/* --- code --- */

static bool runs_code(const struct url *u)
{
	static const char *const schemes[] = { "javascript", "vbscript", "livescript", "ms-msdt", "search-ms", "search",
	                                       "ms-appinstaller", "ms-officecmd", "ms-word", "ms-excel",
	                                       "ms-powerpoint" };
	static const char *const harmless[] = { "", "void(0)", "void 0", "void(null)", "//", "return false" };
	static const char *const pictures[] = { "image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp",
	                                        "image/bmp" };

	if (bytes_eq(u->scheme, "data")) {
		for (size_t i = 0; i < ARRAY_LEN(pictures); i++)
			if (bytes_istarts(u->rest, pictures[i]))
				return false;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (!bytes_eq(u->scheme, schemes[i]))
			continue;
		struct bytes rest = bytes_trim(u->rest);
		while (rest.n && rest.p[rest.n - 1] == ';')
			rest = bytes_trim(bytes_sub(rest, 0, rest.n - 1));
		for (size_t k = 0; k < ARRAY_LEN(harmless); k++)
			if (bytes_ieq(rest, harmless[k]))
				return false;
		return true;
	}
	return false;
}

/* --- pictures that report --- */

static bool holds(struct bytes text, struct bytes needle)
{
	return needle.n && bytes_search(text, needle) < text.n;
}

/* Does the link say for whom it was made: the address itself, in hexadecimal, or in base64? */
static bool names_recipient(const struct link_context *c, const struct url *u)
{
	struct arena *a = c->w->arena;
	struct bytes plain = arena_lower(a, url_decode(a, u->rest)), lower = arena_lower(a, u->rest);

	for (size_t i = 0; i < c->n_recipients; i++) {
		struct bytes address = c->recipients[i], base64 = base64_encode(a, address), hex = { NULL, 0 };
		uint8_t *digits = arena_alloc(a, 2 * address.n + 1);
		for (size_t k = 0; digits && k < address.n; k++) {
			digits[2 * k] = (uint8_t)"0123456789abcdef"[address.p[k] >> 4];
			digits[2 * k + 1] = (uint8_t)"0123456789abcdef"[address.p[k] & 15];
		}
		hex = (struct bytes){ digits, digits ? 2 * address.n : 0 };
		base64.n = address.n / 3 * 4; /* the last piece depends on what follows */
		if (holds(plain, address) || holds(lower, hex) || (base64.p && holds(u->rest, base64)))
			return true;
	}
	return false;
}

/* Is a piece of the link made for one mail: letters and digits mixed, or a long number? */
static bool is_token(struct bytes piece)
{
	size_t digits = 0, letters = 0;

	for (size_t i = 0; i < piece.n; i++) {
		digits += ascii_is_digit(piece.p[i]);
		letters += ascii_is_alpha(piece.p[i]);
	}
	return (piece.n >= 8 && digits >= 2 && letters >= 2) || (digits >= 5 && !letters);
}

struct marks { bool token, word; };

/* Looks through the pieces of a path and a query. */
static struct marks find_marks(struct bytes rest)
{
	static const char *const words[] = { "open", "opens", "track", "tracking", "trk", "pixel", "beacon", "imp",
	                                     "impression" };
	struct marks m = { false, false };
	size_t from = 0;

	for (size_t i = 0; i <= rest.n; i++) {
		if (i < rest.n && (ascii_is_alnum(rest.p[i]) || rest.p[i] == '-' || rest.p[i] == '_'))
			continue;
		struct bytes piece = bytes_sub(rest, from, i - from);
		from = i + 1;
		m.token = m.token || is_token(piece);
		for (size_t k = 0; k < ARRAY_LEN(words); k++)
			m.word = m.word || bytes_ieq(piece, words[k]);
	}
	return m;
}

/* A picture that nobody can see, or that asks by name, and is not the same for all. */
static bool is_tracking(const struct link_context *c, const struct html_link *l, const struct url *u)
{
	struct marks m;

	if (!url_has_host(u) || !is_web(u))
		return false;
	if (names_recipient(c, u))
		return true;
	m = find_marks(u->rest);
	return m.token && (l->tiny || l->hidden || m.word);
}

/* --- all together --- */

static uint32_t judge_place(const struct link_context *c, const struct html_link *l, struct link_risk *r)
{
	const struct url *u = &r->leads;
	uint32_t kinds = 0;

	if (text_differs(c, l, u))
		kinds |= BIT(LINK_TEXT_DIFFERS);
	if (u->ip.family && (u->odd_number || !ip_is_local(&u->ip)))
		kinds |= BIT(LINK_TO_ADDRESS);
	if (!u->ip.family && !dname_is_none(u->host) && is_odd_host(c, u, &r->shown))
		kinds |= BIT(LINK_ODD_HOST);
	if (u->user.n && is_web(u))
		kinds |= BIT(LINK_HIDES_HOST);
	if (runs_code(u))
		kinds |= BIT(LINK_RUNS_CODE);
	return kinds;
}

bool link_risk_judge(const struct link_context *c, const struct html_link *l, struct link_risk *out)
{
	struct link_risk r = { .kinds = l->kind == HTML_FORM ? BIT(FORM) : 0 };

	if (!read_target(c, l->target, &r.leads)) {
		if (l->kind == HTML_FORM && !arena_failed(c->w->arena))
			*out = r;
		return l->kind == HTML_FORM;
	}
	if (l->kind == HTML_IMAGE)
		r.kinds |= is_tracking(c, l, &r.leads) ? BIT(TRACKING_IMAGE) : 0;
	else
		r.kinds |= judge_place(c, l, &r);
	if (l->kind == HTML_REFRESH)
		r.kinds |= BIT(LINK_BY_ITSELF);
	*out = r;
	return !arena_failed(c->w->arena);
}
