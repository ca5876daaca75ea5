/* lookalike_fold.c - see lookalike_fold.h */
#include "lookalike/lookalike_fold.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "base/ascii.h"
#include "base/mem.h"

enum {
	UNITS = 512,       /* UTF-16 units of what is read at once; a word has at most half of it */
	UNITS_LONG = 4096, /* one character becomes up to 18 */
	TABLES_BYTES = 65536,
};

/* Words beside a name that make it sound official. Short ones are in it only because they must
 * be a whole piece between hyphens. */
static const char *const lures[] = {
	"access",   "account", "accounting", "accounts", "admin",   "alert",   "alerts", "auth",     "bank",
	"banking",  "billing", "bonus",      "care",     "center",  "ceo",     "client", "clients",  "cloud",
	"confirm",  "contact", "customer",   "delivery", "desk",    "docs",    "email",  "finance",  "help",
	"helpdesk", "home",    "hr",         "id",       "info",    "invoice", "invoices", "it",     "konto",
	"kunden",   "login",   "mail",       "mailer",   "my",      "notice",  "notify", "office",   "official",
	"online",   "order",   "orders",     "pay",      "payment", "payments", "payroll", "portal", "post",
	"refund",   "secure",  "security",   "server",   "service", "services", "share", "shop",     "sign",
	"signin",   "sso",     "staff",      "store",    "support", "team",    "the",    "update",   "updates",
	"user",     "users",   "verification", "verify", "vpn",     "web",     "webmail", "www",
};

/* Digits that are read as letters, beyond 0 and 1, which Unicode's table has. */
static UChar32 letter_of_digit(UChar32 c)
{
	static const char digits[] = "34578", letters[] = "eastb";
	const char *at = c > 0 && c < 128 ? strchr(digits, (int)c) : NULL;

	return at ? letters[at - digits] : c;
}

/* "r3gi0n" is a word, "a5" and "2024" are numbers: digits count as letters where letters rule. */
static bool reads_digits(const UChar *text, int32_t n)
{
	int32_t letters = 0, digits = 0;

	for (int32_t i = 0; i < n; i++) {
		digits += text[i] < 128 && ascii_is_digit((uint8_t)text[i]);
		letters += text[i] >= 128 || ascii_is_alpha((uint8_t)text[i]);
	}
	return letters > 2 * digits;
}

/* The last step, from a skeleton to what is compared. Accents go, but only European ones: Indic
 * vowel signs are letters. Unicode has rn for m, but neither cl for d nor vv for w; and "I" has
 * become "i" by now, which is an l to the eye. */
static size_t write_folded(const UChar *skeleton, int32_t n, bool digits, char *to, size_t size)
{
	int32_t at = 0;
	UChar32 c;

	for (int32_t i = 0; i < n && at + 4 < (int32_t)size;) {
		U16_NEXT(skeleton, i, n, c);
		c = u_foldCase(c, U_FOLD_CASE_DEFAULT);
		if (c >= 0x300 && c <= 0x36f)
			continue;
		if (digits)
			c = letter_of_digit(c);
		if (c == 'v' && at > 0 && to[at - 1] == 'v')
			to[at - 1] = 'w';
		else if (c == 'l' && at > 0 && to[at - 1] == 'c')
			to[at - 1] = 'd';
		else
			U8_APPEND_UNSAFE(to, at, c == 'i' ? 'l' : U_IS_SURROGATE(c) ? 0xfffd : c);
	}
	return (size_t)at;
}

/* Reads UTF-8 and folds its case; the number of units, or -1. */
static int32_t plain_units(const struct lookalike_tables *t, struct bytes text, UChar to[UNITS_LONG])
{
	UErrorCode status = U_ZERO_ERROR;
	UChar units[UNITS];
	int32_t n = 0;

	u_strFromUTF8WithSub(units, UNITS, &n, (const char *)text.p, (int32_t)text.n, 0xfffd, NULL, &status);
	n = unorm2_normalize(t->casefold, units, n, to, UNITS_LONG, &status);
	return U_SUCCESS(status) ? n : -1;
}

struct bytes lookalike_fold(const struct lookalike_tables *t, struct arena *a, struct bytes word)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar plain[UNITS_LONG], skeleton[UNITS_LONG];
	char to[UNITS_LONG];

	word = bytes_sub(word, 0, LOOKALIKE_WORD_MAX);
	if (word.n == 0)
		return arena_copy(a, word);
	int32_t n = plain_units(t, word, plain);
	if (n < 0)
		return arena_copy(a, word);
	bool digits = reads_digits(plain, n);
	n = uspoof_getSkeleton(t->spoof, 0, plain, n, skeleton, UNITS_LONG, &status);
	if (U_FAILURE(status))
		return arena_copy(a, word);
	size_t made = write_folded(skeleton, n, digits, to, sizeof(to));
	return arena_copy(a, (struct bytes){ (const uint8_t *)to, made });
}

struct bytes lookalike_plain(const struct lookalike_tables *t, struct arena *a, struct bytes text, size_t max)
{
	UChar plain[UNITS_LONG];
	char to[3 * UNITS_LONG];
	struct bytes out = { (const uint8_t *)"", 0 };

	text = bytes_sub(text, 0, max);
	for (size_t at = 0; at < text.n && out.p;) {
		UErrorCode status = U_ZERO_ERROR;
		struct bytes piece = bytes_sub(text, at, LOOKALIKE_WORD_MAX);
		while (at + piece.n < text.n && piece.n > 1 && (text.p[at + piece.n] & 0xc0) == 0x80)
			piece.n--; /* not within a character */
		at += piece.n;
		int32_t n = plain_units(t, piece, plain), made = 0;
		if (n >= 0)
			u_strToUTF8WithSub(to, sizeof(to), &made, plain, n, 0xfffd, NULL, &status);
		if (n >= 0 && U_SUCCESS(status))
			piece = (struct bytes){ (const uint8_t *)to, (size_t)made };
		out = arena_join(a, out, piece);
	}
	return out;
}

bool lookalike_fold_lure(const struct lookalike_tables *t, struct bytes folded)
{
	for (size_t i = 0; i < t->n_lures; i++)
		if (bytes_same(t->lures[i], folded))
			return true;
	return false;
}

static bool open_icu(struct lookalike_tables *t)
{
	UErrorCode status = U_ZERO_ERROR;

	t->casefold = unorm2_getNFKCCasefoldInstance(&status);
	t->spoof = uspoof_open(&status);
	if (U_FAILURE(status))
		return false;
	uspoof_setChecks(t->spoof, USPOOF_RESTRICTION_LEVEL, &status);
	uspoof_setRestrictionLevel(t->spoof, USPOOF_HIGHLY_RESTRICTIVE);
	return U_SUCCESS(status);
}

static bool fold_lures(struct lookalike_tables *t)
{
	t->arena = arena_new(TABLES_BYTES);
	t->lures = t->arena ? arena_array(t->arena, struct bytes, ARRAY_LEN(lures)) : NULL;
	if (!t->lures)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(lures); i++)
		t->lures[t->n_lures++] = lookalike_fold(t, t->arena, bytes_of(lures[i]));
	return !arena_failed(t->arena);
}

struct lookalike_tables *lookalike_start(void)
{
	struct lookalike_tables *t = mem_calloc(1, sizeof(*t));

	if (t && open_icu(t) && fold_lures(t))
		return t;
	lookalike_stop(t);
	return NULL;
}

void lookalike_stop(struct lookalike_tables *t)
{
	if (!t)
		return;
	uspoof_close(t->spoof);
	arena_free(t->arena);
	mem_free(t);
}
