/* Whose mailbox a mail lies in, and whose log-in a name is. */
#include "explain/owner.h"
#include "judge.h"
#include "tap.h"

static const struct {
	const char *name, *given[2], *message;
	const char *address;    /* NULL: unknown */
	bool guessed, is_author;
} cases[] = {
	{ "named, and the author", { "alice@example.org" }, "From: Alice <ALICE@Example.ORG>\n\n", "alice@example.org", .is_author = true },
	{ "named, and not the author", { "alice@example.org" }, "From: bob@example.net\n\n", "alice@example.org" },
	{ "the second of two is the author", { "a@example.org", "b@example.org" }, "From: b@example.org\n\n", "b@example.org", .is_author = true },
	{ "neither of two: the first", { "a@example.org", "b@example.org" }, "From: c@example.org\n\n", "a@example.org" },
	{ "both of two: the first", { "a@example.org", "A@example.org" }, "From: a@example.org\n\n", "a@example.org", .is_author = true },
	{ "from Delivered-To", { NULL }, "Delivered-To: alice@example.org\nTo: x@example.net\nFrom: b@example.net\n\n", "alice@example.org", .guessed = true },
	{ "from X-Original-To where there is no Delivered-To", { NULL }, "X-Original-To: alice@example.org\nTo: x@example.net\n\n", "alice@example.org", .guessed = true },
	{ "from To", { NULL }, "To: undisclosed:;\nTo: Alice <alice@example.org>\nFrom: alice@example.org\n\n", NULL },
	{ "nothing to guess from", { NULL }, "From: alice@example.org\n\n", NULL },
	{ "an ambiguous From with the owner in it", { "alice@example.org" }, "From: x@example.net, alice@example.org\n\n", "alice@example.org", .is_author = true },
	{ "an address in Unicode", { "alice@bücher.example" }, "From: alice@xn--bcher-kva.example\n\n", "alice@bücher.example", .is_author = true },
};

static const struct { const char *login; bool ours; } logins[] = {
	{ "alice@example.org", true }, { "Alice@Example.org", true }, { "alice", true },
	{ "alice@example.net", false }, { "ali", false }, { "alicex", false }, { "", false },
};

static void run(size_t i)
{
	struct bytes given[2] = { bytes_of(cases[i].given[0] ? cases[i].given[0] : ""), bytes_of(cases[i].given[1] ? cases[i].given[1] : "") };
	size_t n = (cases[i].given[0] != NULL) + (cases[i].given[1] != NULL);
	struct judge j = { 0 };
	struct owner o;

	tap_begin("%s", cases[i].name);
	struct bytes message = heap_copy(cases[i].message);
	struct verify *v = judge_message(&j, message);
	CHECK(v && owner_find(v, given, n, &o));
	CHECK_MSG(o.address.n == 0 ? !cases[i].address : cases[i].address && bytes_eq(o.address, cases[i].address), "address %.*s",
	          BYTES_ARG(o.address));
	CHECK(o.guessed == cases[i].guessed && o.is_author == cases[i].is_author);
	judge_free(&j, v);
	heap_free(message);
	tap_end();
}

int main(void)
{
	struct bytes alice = B("alice@example.org");
	struct owner o = { .addresses = &alice, .n = 1 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		run(i);
	tap_begin("log-in names");
	for (size_t i = 0; i < ARRAY_LEN(logins); i++)
		CHECK_MSG(owner_login(&o, bytes_of(logins[i].login)) == logins[i].ours, "%s", logins[i].login);
	tap_end();
	return tap_done();
}
