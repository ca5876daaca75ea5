/* bounce_words.c - see bounce_words.h */
#include "explain/bounce_words.h"

#define RECIPIENTS_SHOWN 3u

static const char *what_became(const struct bounce_recipient *r)
{
	static const char *const words[] = {
		[BOUNCE_ACTION_UNKNOWN] = "what became of it cannot be made out",
		[BOUNCE_FAILED] = "it was not delivered, for a reason that may pass",
		[BOUNCE_DELAYED] = "it waits, and will be tried again",
		[BOUNCE_DELIVERED] = "it was delivered",
		[BOUNCE_RELAYED] = "it was passed on to a system that sends no notices",
		[BOUNCE_EXPANDED] = "it was passed on to several addresses",
	};

	return r->action == BOUNCE_FAILED && r->hard ? "it was refused for good" : words[r->action];
}

/* Only a notice about delivery says what became of a mail. */
static void add_recipient(struct page *p, const char *label, const struct bounce_recipient *r, bool delivery)
{
	struct bytes address = page_safe(p, r->address), original = page_safe(p, r->original);
	struct bytes status = page_safe(p, r->status), why = page_safe(p, r->diagnostic);
	bool other = original.n && address.n && !bytes_isame(original, address);

	if (!address.n)
		address = original.n ? original : B("an address that is not named");
	page_row(p, label, "%.*s%s%.*s%s%s%s%s%.*s%s", BYTES_ARG(address), other ? " (written to as " : "",
	         BYTES_ARG(other ? original : B("")), other ? ")" : "", delivery ? ": " : "", delivery ? what_became(r) : "",
	         status.n ? " (code " : "", BYTES_ARG(status), status.n ? ")" : "");
	if (why.n)
		page_row(p, "", "Reason given: \"%.*s\"", BYTES_ARG(why));
}

static void add_recipients(struct page *p, const struct bounce *b)
{
	for (size_t i = 0; i < b->n && i < RECIPIENTS_SHOWN; i++)
		add_recipient(p, i ? "            and" : "About a mail to", &b->recipients[i],
		              b->kind == BOUNCE_DSN);
	if (b->n > RECIPIENTS_SHOWN)
		page_row(p, "", "and %zu more", b->n - RECIPIENTS_SHOWN);
}

static struct bytes subject_of(struct page *p, const struct bounce_proof *proof)
{
	const struct field *f = proof->has_header ? header_find(&proof->header, FIELD_SUBJECT, 0) : NULL;

	return f ? page_safe(p, mime_words(p->a, field_unfold(p->a, f->value))) : (struct bytes){ NULL, 0 };
}

/* What came back of the mail: enough to look for it in Sent. */
static void add_returned(struct page *p, const struct explain *x)
{
	const struct bounce_proof *proof = &x->proof;
	struct bytes author = page_safe(p, proof->author), subject = subject_of(p, proof);
	struct bytes id = page_safe(p, x->bounce.message_id);
	const char *label = "That mail";

	if (author.n || proof->date >= 0) {
		struct bytes when = proof->date >= 0 ? page_time(p, proof->date) : (struct bytes){ NULL, 0 };
		page_row(p, label, "%s%.*s%s%.*s", author.n ? "from " : "", BYTES_ARG(author), author.n && when.n ? ", " : "",
		         BYTES_ARG(when));
		label = "";
	}
	if (subject.n) {
		page_row(p, label, "Subject: \"%.*s\"", BYTES_ARG(subject));
		label = "";
	}
	if (id.n)
		page_row(p, label, "Its own number: %.*s", BYTES_ARG(id));
	else if (*label)
		page_row(p, label, "not told: nothing came back by which it could be known");
}

void bounce_words(struct page *p, const struct explain *x)
{
	static const char *const kinds[BOUNCE_KINDS] = {
		[BOUNCE_DSN] = "a notice of a mail system about the delivery of another mail",
		[BOUNCE_AUTO_REPLY] = "an automatic answer to another mail, such as \"out of office\"",
		[BOUNCE_RECEIPT] = "a receipt: a program says that another mail was shown or deleted",
		[BOUNCE_FEEDBACK] = "a complaint: somebody marked another mail as spam",
	};
	const struct bounce *b = &x->bounce;

	if (b->kind == BOUNCE_NONE)
		return;
	page_row(p, "What it is", "%s", kinds[b->kind]);
	add_recipients(p, b);
	add_returned(p, x);
}
