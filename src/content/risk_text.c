/* risk_text.c - see risk_text.h */
#include "content/risk_text.h"

#include "base/ascii.h"
#include "content/text_fold.h"

#define PASSWORD_MIN 4u
#define PASSWORD_MAX 40u
#define SAMPLE_MAX 200u         /* bytes of what is shown */
#define DISGUISED_MIN 3u        /* words; one or two happen in honest mail */

/* What stands behind "your password is", and before "is your password", in honest mail. */
static const char no_passwords[] =
	" a abgelaufen about already also and andern as at auf because bekannt bitte but by can changed "
	"compromised con correct das dass de der di die e en es est et ete expire expired expires expiring "
	"exposed for from fur geandert gestohlen gestolen ha hacked has have he here i if immediately in "
	"incorrect is ist it known lautet leaked may me must my naar never new nicht niet no non not now oder of "
	"old on or ou para per please pour reset robada rubata safe secure she should sicher sido so stata still "
	"stolen strong sur that the then they this to too und unsicher van veilig verlopen vole voor was we weak "
	"what when where will wird with wrong wurde y you your zu zum ";

bool risk_text_start(struct arena *keep, struct risk_text *t)
{
	*t = (struct risk_text){ .keep = keep, .index = phrase_index_new(keep) };
	return t->index != NULL;
}

/* --- passwords --- */

static bool is_blank(uint8_t c)
{
	return c <= ' ';
}

static bool is_quote(struct bytes b, size_t at)
{
	struct bytes rest = bytes_from(b, at);

	return rest.n && (rest.p[0] == '"' || rest.p[0] == '\'' || rest.p[0] == '`' || bytes_istarts(rest, "\xe2\x80\x9c") ||
	                  bytes_istarts(rest, "\xe2\x80\x9e") || bytes_istarts(rest, "\xe2\x80\x98") ||
	                  bytes_istarts(rest, "\xc2\xab"));
}

/* Without quotes and stops around it. */
static struct bytes bare(struct bytes word)
{
	while (word.n && strchr("\"'`:=-<([*", word.p[0]) && word.p[0])
		word = bytes_from(word, 1);
	while (word.n > 2 && word.p[0] == 0xe2 && word.p[1] == 0x80)
		word = bytes_from(word, 3);
	while (word.n > 2 && word.p[word.n - 3] == 0xe2 && word.p[word.n - 2] == 0x80)
		word.n -= 3;
	while (word.n && strchr("\"'`.,;:!?>)]*", word.p[word.n - 1]) && word.p[word.n - 1])
		word.n--;
	return word;
}

static bool is_ordinary(struct bytes word)
{
	uint8_t lower[PASSWORD_MAX + 2] = { ' ' };
	struct bytes list = { (const uint8_t *)no_passwords, sizeof(no_passwords) - 1 };

	for (size_t i = 0; i < word.n; i++)
		lower[i + 1] = ascii_lower(word.p[i]);
	lower[word.n + 1] = ' ';
	return bytes_search(list, (struct bytes){ lower, word.n + 2 }) < list.n;
}

/* Digits, signs, capitals within: no word of a language. */
static bool is_odd(struct bytes word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!ascii_is_alpha(word.p[i]) || (i && word.p[i] < 'a'))
			return true;
	return false;
}

/* Keeps it with stars inside: the owner knows it, others need not. */
static bool keep_password(struct risk_text *t, struct bytes word, size_t part)
{
	if (word.n < PASSWORD_MIN || word.n > PASSWORD_MAX || is_ordinary(word))
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (!ascii_is_vchar(word.p[i]))
			return false;
	t->password = word.n < 6 ? arena_printf(t->keep, "%c***", word.p[0])
	                         : arena_printf(t->keep, "%c***%c", word.p[0], word.p[word.n - 1]);
	t->password_part = part;
	return true;
}

/* The word behind a phrase that ends at `at`. */
static void password_behind(struct risk_text *t, struct bytes clean, size_t at, bool needs_colon, size_t part)
{
	bool colon = false, quoted;
	size_t start, end;

	for (; at < clean.n && (is_blank(clean.p[at]) || clean.p[at] == ':' || clean.p[at] == '='); at++)
		colon = colon || !is_blank(clean.p[at]);
	quoted = is_quote(clean, at);
	for (start = end = at; end < clean.n && !is_blank(clean.p[end]); end++)
		;
	struct bytes word = bytes_sub(clean, start, end - start), inner = bare(word);
	bool last = end == clean.n || clean.p[end] == '\n' || clean.p[end] == '\r' || inner.n < word.n;
	if (needs_colon ? colon || quoted : quoted || last || is_odd(inner))
		keep_password(t, inner, part);
}

/* The word before a phrase that begins at `at`. */
static void password_before(struct risk_text *t, struct bytes clean, size_t at, size_t part)
{
	size_t end = at, start;

	while (end > 0 && is_blank(clean.p[end - 1]))
		end--;
	for (start = end; start > 0 && !is_blank(clean.p[start - 1]) && end - start <= PASSWORD_MAX + 8; start--)
		;
	keep_password(t, bare(bytes_sub(clean, start, end - start)), part);
}

/* --- phrases --- */

static bool is_marked(const struct text_fold *f, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (f->marks[i])
			return true;
	return false;
}

/* Keeps the words there, unless some are kept already. */
static void keep_words(struct risk_text *t, const struct text_fold *f, size_t from, size_t to, size_t part,
                       struct bytes *words, size_t *in_part)
{
	struct bytes shown = bytes_sub(f->clean, f->at[from], f->at[to] - f->at[from]);

	if (words->n)
		return;
	*words = arena_copy(t->keep, bytes_trim(bytes_sub(shown, 0, SAMPLE_MAX)));
	*in_part = part;
}

static void note_phrase(struct risk_text *t, const struct text_fold *f, size_t row, size_t from, size_t to,
                        size_t part)
{
	enum phrase_sign sign = phrase_rows[row].sign;
	uint64_t bit = UINT64_C(1) << row % 64;

	if (!(t->seen[row / 64] & bit) && from >= t->behind[sign]) { /* of phrases that overlap one counts */
		t->seen[row / 64] |= bit;
		t->behind[sign] = to;
		if (sign == PHRASE_THREAT && !t->signs[sign])
			t->threat_part = part;
		t->signs[sign]++;
	}
	if (is_marked(f, from, to))
		keep_words(t, f, from, to, part, &t->disguised, &t->disguised_part);
	if (sign == PHRASE_SIGN_IN)
		keep_words(t, f, from, to, part, &t->sign_in, &t->sign_in_part);
	if (t->password.n)
		return;
	if (sign == PHRASE_PASSWORD_BEFORE)
		password_before(t, f->clean, f->at[from], part);
	else if (sign == PHRASE_PASSWORD_BEHIND || sign == PHRASE_PASSWORD_COLON)
		password_behind(t, f->clean, f->at[to], sign == PHRASE_PASSWORD_COLON, part);
}

bool risk_text_read(struct work *w, struct bytes text, size_t part, struct risk_text *t)
{
	struct text_fold f;
	size_t at = 0, end;

	if (!text_fold_read(w->arena, text, &f))
		return false;
	memset(t->behind, 0, sizeof(t->behind));
	for (size_t i = 0; i < f.letters.n; i = bytes_find(f.letters, ' ', i) + 1)
		for (size_t row = PHRASE_NONE; (row = phrase_find(t->index, f.letters, i, row, &end)) != PHRASE_NONE;)
			note_phrase(t, &f, row, i, end, part);
	if (!t->wallet.n && wallet_next(f.clean, &at, &t->wallet, &t->wallet_kind))
		t->wallet = arena_copy(t->keep, t->wallet);
	t->disguised_words += f.disguised;
	if (f.disguised && t->disguised_words >= DISGUISED_MIN)
		keep_words(t, &f, f.first_from, f.first_to, part, &t->disguised, &t->disguised_part);
	return !arena_failed(w->arena) && !arena_failed(t->keep);
}

/* An address to pay to, and a threat; without an address more of everything. */
bool risk_text_asks_for_money(const struct risk_text *t)
{
	const size_t *n = t->signs;

	if (t->wallet.n)
		return n[PHRASE_THREAT] >= 1 && (n[PHRASE_DEMAND] || n[PHRASE_COIN]);
	return n[PHRASE_THREAT] >= 2 && n[PHRASE_DEMAND] >= 1 && n[PHRASE_COIN] >= 1;
}

bool risk_text_names_password(const struct risk_text *t)
{
	return t->password.n && t->signs[PHRASE_THREAT] >= 1;
}

bool risk_text_is_disguised(const struct risk_text *t)
{
	return t->disguised.n > 0;
}

bool risk_text_is_sign_in(const struct risk_text *t)
{
	return t->sign_in.n > 0;
}
