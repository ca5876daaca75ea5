/* dns_book.c - see dns_book.h */
#include "dns/dns_book.h"

#define SLOTS_FIRST 64u /* a power of two; most messages ask 5 to 30 questions */

struct dns_book {
	struct arena *arena;
	struct dns_source source;
	struct dns_entry *entries;     /* in the order in which they were noted */
	size_t n, cap, unsent;         /* entries before `unsent` are sent or answered */
	uint32_t *slots;               /* hash table of indices + 1 */
	size_t slot_count;
	uint64_t version;
	uint32_t askers, round;
	bool round_used;               /* a question was sent in the current round */
	const struct dns_answer *cut[DNS_STATUSES]; /* answers for those who may not ask */
};

struct dns_book *dns_book_new(struct arena *a, const struct dns_source *source)
{
	struct dns_book *book = arena_one(a, struct dns_book);

	if (!book || !(book->slots = arena_array(a, uint32_t, SLOTS_FIRST)))
		return NULL;
	book->arena = a;
	book->slot_count = SLOTS_FIRST;
	if (source)
		book->source = *source;
	return book;
}

void dns_book_set_source(struct dns_book *book, const struct dns_source *source)
{
	assert(book->n == 0);
	book->source = *source;
}

void dns_book_end(struct dns_book *book)
{
	if (!book)
		return;
	for (size_t i = 0; i < book->n; i++)
		dns_answer_unref(book->entries[i].answer);
	for (size_t i = 0; i < DNS_STATUSES; i++)
		dns_answer_unref(book->cut[i]);
	book->n = 0;
}

void dns_asker_init(struct dns_asker *k, struct dns_book *book, uint32_t questions, uint32_t foreseen)
{
	assert(book->askers < 64);
	*k = (struct dns_asker){
		.book = book,
		.questions_left = questions,
		.foreseen_left = foreseen,
		.id = UINT64_C(1) << book->askers++,
	};
}

/* The slot of a question: where its index is, or where it would go. */
static uint32_t *slot_of(struct dns_book *book, const struct dns_question *q)
{
	size_t mask = book->slot_count - 1, at = dns_question_hash(q, 0) & mask;

	while (book->slots[at] && !dns_question_same(&book->entries[book->slots[at] - 1].question, q))
		at = (at + 1) & mask;
	return &book->slots[at];
}

static bool grow_slots(struct dns_book *book)
{
	uint32_t *slots = arena_array(book->arena, uint32_t, book->slot_count * 2);

	if (!slots)
		return false;
	book->slots = slots;
	book->slot_count *= 2;
	for (size_t i = 0; i < book->n; i++)
		*slot_of(book, &book->entries[i].question) = (uint32_t)i + 1;
	return true;
}

/* Finds or makes the entry of a question; the source is asked when it is made. */
static struct dns_entry *entry_of(struct dns_book *book, struct dname name, enum dns_type type, bool make)
{
	struct dns_question q = { name, type };
	uint32_t *slot = slot_of(book, &q);

	if (*slot)
		return &book->entries[*slot - 1];
	if (book->n * 2 >= book->slot_count) {
		if (!grow_slots(book))
			return NULL;
		slot = slot_of(book, &q);
	}
	struct dns_answer *known = book->source.find ? book->source.find(book->source.user, &q) : NULL;
	if (!known && !make)
		return NULL;
	/* the name is copied: it may be a slice of an answer or of a scratch buffer */
	struct dns_entry e = { .question = { { arena_copy(book->arena, name.text) }, type }, .answer = known };
	struct dns_entry *kept =
		e.question.name.text.p ? ARENA_PUSH(book->arena, book->entries, book->n, book->cap, &e) : NULL;
	if (!kept) {
		dns_answer_unref(known);
		return NULL;
	}
	*slot = (uint32_t)book->n;
	return kept;
}

static const struct dns_answer *cut_answer(struct dns_book *book, enum dns_status status)
{
	struct dns_answer_view view = { .status = status, .question.type = DNS_TXT };

	if (!book->cut[status] && !(book->cut[status] = dns_answer_new(&view)))
		arena_fail(book->arena); /* NULL without waiting would look like a bug of the check */
	return book->cut[status];
}

const struct dns_answer *dns_need(struct dns_asker *k, struct dname name, enum dns_type type)
{
	bool may_ask = k->cut == DNS_OK && k->questions_left > 0;
	struct dns_entry *e = entry_of(k->book, name, type, may_ask);

	if (e && !(e->needed_by & k->id)) {
		/* an answer that is there by foresight or luck counts too: no result may depend on it */
		if (k->questions_left == 0)
			return cut_answer(k->book, DNS_TIMEOUT);
		k->questions_left--;
		e->needed_by |= k->id;
	}
	if (e && e->answer)
		return e->answer;
	if (e && k->cut != DNS_OK)
		e->given_up_by |= k->id;
	if (k->cut != DNS_OK || (!e && !may_ask))
		return cut_answer(k->book, k->cut != DNS_OK ? k->cut : DNS_TIMEOUT);
	k->waiting = true; /* also where memory ended: the arena says so, and the driver looks */
	return NULL;
}

const struct dns_answer *dns_foresee(struct dns_asker *k, struct dname name, enum dns_type type)
{
	struct dns_entry *e = entry_of(k->book, name, type, k->cut == DNS_OK && k->foreseen_left > 0);

	if (!e)
		return NULL;
	if (!(e->foreseen_by & k->id) && !e->answer) {
		if (k->foreseen_left == 0)
			return NULL;
		k->foreseen_left--;
	}
	e->foreseen_by |= k->id;
	return e->answer;
}

bool dns_book_next(struct dns_book *book, struct dns_question *out)
{
	for (; book->unsent < book->n; book->unsent++) {
		struct dns_entry *e = &book->entries[book->unsent];
		if (e->answer || e->sent)
			continue;
		e->sent = true;
		e->round = book->round;
		book->round_used = true;
		book->unsent++;
		*out = e->question;
		return true;
	}
	return false;
}

void dns_book_begin_round(struct dns_book *book)
{
	if (book->round == 0 || book->round_used)
		book->round++;
	book->round_used = false;
}

uint32_t dns_book_rounds(const struct dns_book *book)
{
	return book->round - (book->round && !book->round_used);
}

void dns_book_bring(struct dns_book *book, struct dns_answer *answer)
{
	uint32_t at = *slot_of(book, &dns_answer_view(answer)->question);

	if (at == 0 || book->entries[at - 1].answer) {
		dns_answer_unref(answer);
		return;
	}
	book->entries[at - 1].answer = answer;
	book->version++;
}

bool dns_book_pending(const struct dns_book *book, const struct dns_asker *k)
{
	for (size_t i = 0; i < book->n; i++)
		if ((book->entries[i].needed_by & k->id) && !book->entries[i].answer)
			return true;
	return false;
}

uint64_t dns_book_version(const struct dns_book *book)
{
	return book->version;
}

size_t dns_book_count(const struct dns_book *book)
{
	return book->n;
}

const struct dns_entry *dns_book_entry(const struct dns_book *book, size_t i)
{
	return &book->entries[i];
}

uint32_t dns_book_queries(const struct dns_book *book)
{
	uint32_t n = 0;

	for (size_t i = 0; i < book->n; i++)
		n += book->entries[i].sent;
	return n;
}

const struct dns_entry *dns_book_next_failed(const struct dns_book *book, size_t *at)
{
	while (*at < book->n) {
		const struct dns_entry *e = &book->entries[(*at)++];
		if (e->needed_by && (!e->answer || dns_status_is_error(dns_answer_view(e->answer)->status)))
			return e;
	}
	return NULL;
}
