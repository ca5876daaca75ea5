/* Every error path of a whole verification: the Nth allocation fails, for each N
 * until one run needs no more. Nothing may crash or leak; a result that comes
 * out all the same must be the right one. */
#include "base/mem.h"
#include "judge.h"
#include "tap.h"

#define ZONE \
	"mine.example. 60 TXT \"v=spf1 include:a.mine.example mx exists:%{i}.x.mine.example -all exp=why.mine.example\"\n" \
	"why.mine.example. 60 TXT \"%{i} is not one of %{d}\"\n" \
	"a.mine.example. 60 TXT \"v=spf1 a:h.mine.example ptr ?all\"\n" \
	"mine.example. 60 MX 10 h.mine.example.\n" \
	"h.mine.example. 60 A 192.0.2.10\n" \
	"_dmarc.mine.example. 60 TXT \"v=DMARC1; p=reject; rua=mailto:d@mine.example\"\n" \
	"k._domainkey.mine.example. 60 TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n"

static const char message[] =
	"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=mine.example; s=k; h=from:to:subject;\r\n"
	"\tbh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n"
	"\tAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\r\n"
	"ARC-Seal: i=1; a=rsa-sha256; cv=none; d=list.example; s=k; t=1; b=AAAA\r\n"
	"ARC-Message-Signature: i=1; a=rsa-sha256; d=list.example; s=k; h=from; bh=AAAA; b=AAAA\r\n"
	"ARC-Authentication-Results: i=1; list.example; dmarc=pass header.from=mine.example\r\n"
	"Received: from x.example (x.example [203.0.113.66]) by mx.example.net; Mon, 16 Nov 2026 09:15:00 +0000\r\n"
	"From: =?utf-8?q?A?= <alice@mine.example>\r\nTo: b@example.net\r\nSubject: x\r\n\r\nbody\r\n";

/* False when it failed for want of memory. */
static bool run_once(size_t piece)
{
	struct judge j = {
		.zone = ZONE, .ip = "203.0.113.66", .helo = "x.example", .mail_from = "alice@mine.example", .piece = piece,
	};
	struct verify *v = judge_message(&j, (struct bytes){ (const uint8_t *)message, sizeof(message) - 1 });
	bool whole = v != NULL;

	if (v) {
		CHECK_MSG(v->dmarc.result == DMARC_FAIL || v->dmarc.result == DMARC_TEMPERROR, "dmarc %s",
		          dmarc_outcome_name(v->dmarc.result));
		CHECK_MSG(v->spf.result == SPF_FAIL || v->spf.result == SPF_TEMPERROR, "spf %s",
		          spf_outcome_name(v->spf.result));
	}
	judge_free(&j, v);
	return whole;
}

int main(void)
{
	static const struct { const char *name; size_t piece; bool forever; } ways[] = {
		{ "one allocation fails", 0, false },
		{ "all from one on fail", 0, true },
		{ "one fails, fed in pieces", 100, false },
	};

	tap_begin("with memory it is judged");
	CHECK(run_once(0) && run_once(100));
	tap_end();
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		long n = 0, failures = 0;
		bool whole = false;

		tap_begin("%s", ways[i].name);
		for (; n < 20000; n++) {
			mem_fail_after(n, ways[i].forever);
			mem_fail_arenas();
			whole = run_once(ways[i].piece);
			long made = mem_count();
			mem_fail_after(-1, false);
			failures += !whole;
			if (made <= n)
				break; /* this run needed no more than n allocations */
		}
		printf("# %ld allocations, %ld of them ended the check\n", n, failures);
		CHECK_MSG(whole && n > 10 && n < 20000 && failures > 5, "%ld allocations, %ld failures", n, failures);
		tap_end();
	}
	return tap_done();
}
