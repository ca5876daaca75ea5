/* Where the words of a machine end and the mail that it quotes begins. */
#include "bounce/bounce_quote.h"
#include "tap.h"

#define HEADER "Received: x\nFrom: a@example.com\nSubject: s\n"

static const struct {
	const char *name, *text, *words, *mail;
} splits[] = {
	{ "nothing", "", "", "" },
	{ "words only", "It failed.\nSo it is.\n", "It failed.\nSo it is.\n", "" },
	{ "a line between", "no\n--- Below this line is a copy of the message.\n\n" HEADER "\nhi\n", "no\n", HEADER "\nhi\n" },
	{ "in upper case, CRLF", "no\r\n==== ORIGINAL MESSAGE ====\r\n\r\nReceived: x\r\nFrom: y\r\n", "no\r\n", "Received: x\r\nFrom: y\r\n" },
	{ "rulers around it", "no\nIncluded is a copy of the message header:\n-----\n" HEADER, "no\n", HEADER },
	{ "an mbox line in front", "no\nOriginal message follows.\n\nFrom a@example.com Mon\n" HEADER, "no\n", HEADER },
	{ "a line between, and nothing behind it", "no\nOriginal message follows.\n====END\n", "no\n", "" },
	{ "text behind it is no mail", "no\n----- Original message -----\n\nI wrote: hello\n", "no\n", "" },
	{ "each line has blanks in front", "no\nOriginal mail as follows:\n\n   Received: x\n   \ty\n   From: z\n\n   hi\n", "no\n",
	  "Received: x\n\ty\nFrom: z\n\nhi\n" },
	{ "each line is quoted", "no\n-- Original message --\n> Received: x\n> From: y\n> \n> hi\nend\n", "no\n", "Received: x\nFrom: y\n\nhi\n" },
	{ "a header by itself", "no\n\n" HEADER "\nhi\n", "no\n\n", HEADER "\nhi\n" },
	{ "a summary is no header", "Your message\n\nTo: b@example.net\nSubject: s\nDate: d\n\nfailed\n",
	  "Your message\n\nTo: b@example.net\nSubject: s\nDate: d\n\nfailed\n", "" },
	{ "fields that no mail has", "no\n\nFinal-Recipient: x\nAction: y\nStatus: z\n", "no\n\nFinal-Recipient: x\nAction: y\nStatus: z\n", "" },
	{ "a sentence", "The original message was received at ten.\nReturned message text is not kept here for reasons\n",
	  "The original message was received at ten.\nReturned message text is not kept here for reasons\n", "" },
	{ "what somebody quotes", "> --- Below this line is a copy of the message.\n> " HEADER,
	  "> --- Below this line is a copy of the message.\n> " HEADER, "" },
};

static void test_splits(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(splits); i++) {
		struct bytes text = heap_copy(splits[i].text), words, mail;

		tap_begin("split: %s", splits[i].name);
		CHECK(bounce_quote_split(a, text, &words, &mail));
		CHECK_BYTES(words, splits[i].words);
		CHECK_BYTES(mail, splits[i].mail);
		tap_end();
		heap_free(text);
	}
}

static void test_fields(void)
{
	struct bytes mail = heap_copy("Subject: one\n two\nTo: a\nSubject: three\n\nMessage-ID: no\n");

	tap_begin("fields of a mail");
	CHECK_BYTES(bounce_quote_field(mail, "subject"), " one\n two");
	CHECK_BYTES(bounce_quote_field(mail, "To"), " a");
	CHECK(!bounce_quote_field(mail, "Message-ID").p);
	CHECK(bounce_quote_has_body(mail));
	CHECK(!bounce_quote_has_body(B("Subject: x\n\n \n")) && !bounce_quote_has_body(B("Subject: x\n")));
	tap_end();
	heap_free(mail);

	tap_begin("is it a mail?");
	CHECK(bounce_quote_is_mail(B("\n\n>From x\n" HEADER)) && !bounce_quote_is_mail(B("Subject: x\nTo: y\n")));
	CHECK(!bounce_quote_is_mail(B("hello\n" HEADER)) && !bounce_quote_is_mail(B("")));
	tap_end();
}

int main(void)
{
	struct arena *a = arena_new(1u << 20);

	assert(a);
	test_splits(a);
	test_fields();
	arena_free(a);
	return tap_done();
}
