/* explain_tables.c - what truefrom-explain(1) takes from the tables of the program, so that no row can be
 * missing or out of date: one line a row, "PLACE<tab>line of scdoc". gen-manual puts them in the places
 * that the page names. */
#include "explain/advice.h"

static void place(const char *name, const char *id)
{
	printf("@%s%s%s@\t", name, id ? " " : "", id ? id : "");
}

/* The text with line ends as blanks, and open places as words. */
static void print_text(const char *text)
{
	static const struct { const char *found, *shown; } places[] = {
		{ ADVICE_CONTACTS, "(the addresses)" }, { ADVICE_RECORDS, "(the records)" }, { "\n", " " }, { "~", "\\~" },
	};

	while (*text) {
		size_t i = 0;
		while (i < ARRAY_LEN(places) && strncmp(text, places[i].found, strlen(places[i].found)) != 0)
			i++;
		fputs(i < ARRAY_LEN(places) ? places[i].shown : (char[]){ *text, 0 }, stdout);
		text += i < ARRAY_LEN(places) ? strlen(places[i].found) : 1;
	}
	putchar('\n');
}

static void print_evidence(void)
{
	for (size_t i = 0; i < evidence_row_count; i++) {
		const struct evidence_row *r = &evidence_rows[i];
		place("evidence", r->id);
		printf("\tPoints to *%s*, at most *%s*. Needs %s. What fools it: %s.\n", points_to_name(r->points_to),
		       strength_name(r->most), evidence_needs_words(r->needs), r->fooled_by);
	}
}

static void print_actions(void)
{
	static const char *const whens[ADVICE_WHENS] = {
		[ADVICE_FORGED] = "forged (in your name)", [ADVICE_FORGED_OTHER] = "forged (in another's)",
		[ADVICE_THROUGH] = "forged_through_own_systems", [ADVICE_ACCOUNT] = "account_used",
		[ADVICE_DEVICE] = "own_device", [ADVICE_GENUINE] = "genuine", [ADVICE_PROVEN] = "proven",
		[ADVICE_UNPROVEN] = "unproven", [ADVICE_LOOKALIKE] = "lookalike", [ADVICE_ABOUT] = "about_your_mail",
		[ADVICE_BACKSCATTER] = "backscatter", [ADVICE_OPEN] = "cannot_tell",
		[ADVICE_OPEN_ABOUT] = "cannot_tell (a notice)",
	};

	for (size_t i = 0; i < advice_row_count; i++) {
		const struct advice_row *r = &advice_rows[i];
		bool all = r->when == (1u << ADVICE_WHENS) - 1;
		place("actions", NULL);
		printf("*%s*: %s", r->id, all ? "every verdict" : "");
		for (size_t w = 0, n = 0; w < ADVICE_WHENS && !all; w++)
			if (r->when >> w & 1)
				printf("%s%s", n++ ? ", " : "", whens[w]);
		printf("%s\n", r->also ? "; only where it fits" : "");
		place("actions", NULL);
		putchar('\t');
		print_text(r->text);
	}
}

static void print_risks(void)
{
	for (size_t i = 0; i < RISK_KINDS; i++) {
		place("risks", NULL);
		printf("*%s*\n", risk_rows[i].name);
		place("risks", NULL);
		printf("\t%c%s.\n", risk_rows[i].meaning[0] & ~32, risk_rows[i].meaning + 1);
	}
}

int main(void)
{
	print_evidence();
	print_actions();
	print_risks();
	return fflush(stdout) == 0 ? 0 : 1;
}
