/* Codes in what servers answer, and whether an address is no good. */
#include "bounce/bounce_answer.h"
#include "tap.h"

static const struct {
	const char *words;
	unsigned reply;
	const char *status;
} answers[] = {
	{ "", 0, "" },
	{ "550 5.1.1 <a@example.net>: User unknown", 550, "5.1.1" },
	{ "550-5.7.26 said over\n550 5.7.26 two lines", 550, "5.7.26" },
	{ "host mx.example.net[192.0.2.1] said: 421 4.4.2 (in reply to RCPT)", 421, "4.4.2" },
	{ "Sorry, no mailbox here by that name. (#5.1.1)", 0, "5.1.1" },
	{ "550 #5.1.0 Address rejected.", 550, "5.1.0" },
	{ "550: 5.1.1 so Yahoo writes", 550, "5.1.1" },
	{ "ERROR_CODE :550, ERROR_CODE :5.1.1 x", 550, "5.1.1" },
	{ "5.3.0 - Other mail system problem 550-'5.7.1 not from you'", 550, "5.7.1" },
	{ "5.3.0 - Other mail system problem 550-'no'", 550, "5.3.0" },
	{ "554 4.4.7 expired <421 4.4.2 timeout>", 421, "4.4.2" },
	{ "550 5.1.351 unknown -> 550 5.1.1 no", 550, "5.1.1" },
	{ "554", 554, "" },
	{ "5.1.1", 0, "5.1.1" },
	{ "5.1.", 0, "" },
	{ "version 4.8.5.36, from 192.0.2.5, port 5.5.2653", 0, "" },
	{ "5.9.1 is no code, nor 5.1.1234 nor x5.1.1 nor 5.1.1x", 0, "" },
	{ "in 450000 seconds, 5501 times, 4500", 0, "" },
	{ "connect to mx.example.net[192.0.2.1]:25: timed out", 0, "" },
};

static void test_answers(void)
{
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct bytes words = heap_copy(answers[i].words);
		struct bounce_answer a = bounce_answer_read(words);

		tap_begin("answer: %s", answers[i].words);
		CHECK_MSG(a.reply == answers[i].reply, "%u", a.reply);
		CHECK_BYTES(a.status, answers[i].status);
		tap_end();
		heap_free(words);
	}
}

/* In lower case, as the function wants it. */
static const struct {
	const char *line, *around, *status;
	bool said, hard;
} verdicts[] = {
	{ "user unknown", "", "", false, true },
	{ "550 5.1.1 no", "", "5.1.1", true, true },
	{ "550 no", "", "5.0.0", false, false },
	{ "", "", "5.1.1", false, true },
	{ "", "", "5.1.10", false, true },
	{ "", "", "4.1.1", false, false },
	/* the reason counts, not the code */
	{ "mailbox full (#5.1.1)", "", "5.1.1", true, false },
	{ "553 blocked, see a list", "", "5.1.3", false, false },
	{ "553 invalid recipient", "", "5.7.1", false, true },
	{ "450 user unknown in virtual alias table", "", "4.1.1", true, true },
	{ "554 user unknown, perhaps for your spam", "", "", false, true },
	/* the mailbox is there */
	{ "550 5.2.1 user unknown", "", "5.2.1", true, false },
	{ "550 5.7.1 user unknown", "", "5.7.1", true, false },
	/* the sender */
	{ "553 5.1.8 domain of sender address a@example.com does not exist", "", "5.1.8", true, false },
	{ "450 4.1.8 <a@example.com>: sender address rejected: domain not found", "", "4.1.8", true, false },
	{ "550 user unknown", "said: 550 user unknown (in reply to end of data command)", "", false, false },
	{ "550 user unknown", "after mail from:<a@example.com>: 550 user unknown", "", false, false },
	/* the domain */
	{ "no such domain", "", "5.0.0", false, true },
	{ "dns error: domain not found: example.net", "", "4.0.0", false, false },
	{ "name service error: host not found, try again", "", "", false, false },
	{ "no mx record found for domain=example.net", "", "", false, true },
	{ "the account or domain may not exist, they may be blacklisted", "", "", false, true },
};

static void test_verdicts(void)
{
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		tap_begin("%s: %s %s", verdicts[i].hard ? "hard" : "soft", verdicts[i].status, verdicts[i].line);
		CHECK(bounce_answer_hard(bytes_of(verdicts[i].line), bytes_of(verdicts[i].around), bytes_of(verdicts[i].status),
		                         verdicts[i].said) == verdicts[i].hard);
		tap_end();
	}
}

static void test_text(void)
{
	tap_begin("the text of an answer");
	CHECK_BYTES(bounce_answer_read(B("host said: 550 5.1.1 no\nuser\n\nGive up.")).text, "550 5.1.1 no\nuser\n");
	CHECK_BYTES(bounce_answer_read(B("\n no\n such\n \nGive up.")).text, "no\n such\n");
	CHECK_BYTES(bounce_answer_read(B("554 late <421 4.4.2 x>")).text, "421 4.4.2 x>");
	tap_end();
}

static void test_line(void)
{
	struct arena *a = arena_new(1u << 16);

	assert(a);
	tap_begin("one line");
	CHECK_BYTES(bounce_answer_line(a, B(" a \r\n\t b  c \n"), 100), "a b c");
	CHECK_BYTES(bounce_answer_line(a, B("abc def"), 4), "abc");
	CHECK_BYTES(bounce_answer_line(a, B(""), 4), "");
	tap_end();
	arena_free(a);
}

int main(void)
{
	test_answers();
	test_verdicts();
	test_text();
	test_line();
	return tap_done();
}
