/* The record that would have stopped a forged mail, and who takes complaints about it: exactly what is published,
 * made stricter; never the forged domain. */
#include "explain/advice_list.h"
#include "explain/complaint.h"
#include "explain/remedy.h"
#include "explain_world.h"

#define OWNER "alice@mine.example"
#define MAIL_FROM_HOST(rdns) \
	"Return-Path: <x@thief.example>\r\n" \
	"Received: from h.thief.example (" rdns " [203.0.113.66])\r\n\tby mx.example.net (Postfix) with ESMTP id 4XyZ\r\n" \
	"\tfor <alice@mine.example>; Mon, 16 Nov 2026 09:15:00 +0000 (UTC)\r\n" \
	"From: Alice <alice@mine.example>\r\nTo: alice@mine.example\r\nSubject: hello\r\n" \
	"Date: Mon, 16 Nov 2026 09:14:00 +0000\r\n\r\nbody\r\n"
#define SPF "mine.example. 60 TXT \"v=spf1 ip4:192.0.2.10 ~all\"\n"
#define DMARC(record) "_dmarc.mine.example. 60 TXT \"" record "\"\n"

static const struct {
	const char *name, *zone;
	const char *records[REMEDY_MAX]; /* "NAME VALUE" */
	bool replaces;                   /* the first of them */
} remedies[] = {
	{ "nothing is published", "mine.example. 60 A 192.0.2.1\n",
	  { "_dmarc.mine.example v=DMARC1; p=reject; rua=mailto:dmarc-reports@mine.example", "mine.example v=spf1 mx ~all" } },
	{ "a list of senders alone", SPF,
	  { "_dmarc.mine.example v=DMARC1; p=reject; rua=mailto:dmarc-reports@mine.example" } },
	{ "p=none is made p=reject, and nothing else changes", SPF DMARC("v=DMARC1; p=none; rua=mailto:a@mine.example; adkim=s"),
	  { "_dmarc.mine.example v=DMARC1; p=reject; rua=mailto:a@mine.example; adkim=s" }, true },
	{ "p=quarantine too", SPF DMARC("v=DMARC1;p=quarantine"), { "_dmarc.mine.example v=DMARC1; p=reject" }, true },
	{ "a test and a share go", SPF DMARC("v=DMARC1; p=reject; t=y; pct=10"),
	  { "_dmarc.mine.example v=DMARC1; p=reject" }, true },
	{ "p=reject: nothing is left to publish", SPF DMARC("v=DMARC1; p=reject"), { NULL } },
	{ "the list ends in everybody", "mine.example. 60 TXT \"v=spf1 ip4:192.0.2.10 ?all\"\n" DMARC("v=DMARC1; p=none"),
	  { "_dmarc.mine.example v=DMARC1; p=reject", "mine.example v=spf1 ip4:192.0.2.10 ~all" }, true },
	{ "the list has no end", "mine.example. 60 TXT \"v=spf1 ip4:192.0.2.10\"\n" DMARC("v=DMARC1; p=none"),
	  { "_dmarc.mine.example v=DMARC1; p=reject", "mine.example v=spf1 ip4:192.0.2.10 ~all" }, true },
	{ "the list is another's", "mine.example. 60 TXT \"v=spf1 redirect=other.example\"\n"
	  "other.example. 60 TXT \"v=spf1 ?all\"\n" DMARC("v=DMARC1; p=none"),
	  { "_dmarc.mine.example v=DMARC1; p=reject" }, true },
	{ "the DNS does not say what is published", "mine.example. 60 A 192.0.2.1\n;!fault mine.example. TXT timeout\n"
	  ";!fault _dmarc.mine.example. TXT timeout\n", { NULL } },
};

static void test_remedy(size_t i)
{
	struct explain_world w;
	struct remedy got[REMEDY_MAX];
	size_t want = 0;

	tap_begin("record: %s", remedies[i].name);
	if (CHECK(explain_world_make(&w, remedies[i].zone, MAIL_FROM_HOST("h.thief.example"), OWNER))) {
		size_t n = remedy_find(&w.x.facts, got);
		while (want < REMEDY_MAX && remedies[i].records[want])
			want++;
		CHECK_MSG(n == want, "%zu records, verdict %s", n, verdict_name(w.x.verdict.kind));
		CHECK(n == 0 || got[0].replaces == remedies[i].replaces);
		for (size_t k = 0; k < n && k < want; k++)
			CHECK_BYTES(arena_printf(w.x.v->work.arena, "%.*s %.*s", BYTES_ARG(got[k].name), BYTES_ARG(got[k].value)),
			            remedies[i].records[k]);
	}
	tap_end();
	explain_world_free(&w);
}

/* Who takes complaints. */
static const struct {
	const char *name, *rdns;
	const char *tables[2]; /* what the tables named; NULL: nothing */
	const char *contact;   /* the first; NULL: none */
} contacts[] = {
	{ "the tables know whom", "h.thief.example", { "abuse@carrier.example" }, "abuse@carrier.example" },
	{ "the tables name the forged domain", "h.thief.example", { "abuse@mine.example" }, "abuse@thief.example" },
	{ "and another besides", "h.thief.example", { "abuse@mail.mine.example", "noc@carrier.example" }, "noc@carrier.example" },
	{ "no table: the host's checked name", "a.b.carrier.example", { NULL }, "abuse@carrier.example" },
	{ "a host that calls itself the forged domain", "h.mine.example", { NULL }, NULL },
	{ "no table and no name", "unknown", { NULL }, NULL },
	{ "what is no address", "unknown", { "see our web page" }, NULL },
};

static void test_contact(size_t i)
{
	struct explain_world w;
	struct bytes got[COMPLAINT_MAX], tables[2];
	char mail[1024];

	snprintf(mail, sizeof(mail), MAIL_FROM_HOST("%s"), contacts[i].rdns);
	tap_begin("contact: %s", contacts[i].name);
	if (CHECK(explain_world_make(&w, SPF DMARC("v=DMARC1; p=reject"), mail, OWNER))) {
		for (size_t k = 0; k < 2 && contacts[i].tables[k]; k++)
			tables[w.x.origin.n_contacts++] = bytes_of(contacts[i].tables[k]);
		w.x.origin.contacts = tables;
		size_t n = complaint_contacts(&w.x, got);
		CHECK_MSG((n > 0) == (contacts[i].contact != NULL), "%zu contacts", n);
		if (n && contacts[i].contact)
			CHECK_BYTES(got[0], contacts[i].contact);
		/* and the advice is there only where there is somebody */
		struct advice *list;
		size_t n_list, reports = 0;
		advice_list(&w.x, &list, &n_list);
		for (size_t k = 0; k < n_list; k++)
			if (strcmp(list[k].row->id, "report_network") == 0)
				reports += n > 0 && bytes_search(list[k].text, got[0]) < list[k].text.n ? 1 : 2;
		CHECK_MSG(reports == (n > 0), "%zu", reports);
	}
	tap_end();
	explain_world_free(&w);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(remedies); i++)
		test_remedy(i);
	for (size_t i = 0; i < ARRAY_LEN(contacts); i++)
		test_contact(i);
	return tap_done();
}
