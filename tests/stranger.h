/* stranger.h - for tests: a forged mail, and names and risks of every kind. */
#pragma once
#include "explain_world.h"

#define STRANGER_ZONE \
	"mine.example. 60 TXT \"v=spf1 ip4:192.0.2.10 -all\"\n_dmarc.mine.example. 60 TXT \"v=DMARC1; p=none\"\n"
#define STRANGER_MAIL \
	"Return-Path: <x@thief.example>\r\n" \
	"Received: from h.thief.example (h.thief.example [203.0.113.66])\r\n\tby mx.example.net (Postfix) with ESMTP id 4X\r\n" \
	"\tfor <alice@mine.example>; Mon, 16 Nov 2026 09:15:00 +0000 (UTC)\r\n" \
	"From: Alice <alice@mine.example>\r\nTo: alice@mine.example\r\nSubject: hello\r\n" \
	"Date: Mon, 16 Nov 2026 09:14:00 +0000\r\n\r\nbody\r\n"

#define S(lit) { (const uint8_t *)("" lit ""), sizeof(lit) - 1 } /* B() as a constant, for gcc */

static struct lookalike stranger_looks[] = {
	{ LOOKALIKE_DOMAIN, S("From"), S("m\xd1\x96ne.example"), S("mine.example") },
	{ LOOKALIKE_DOMAIN_INSIDE, S("Reply-To"), S("mine.example.thief.example"), S("mine.example") },
	{ LOOKALIKE_NAME, S("display name"), S("Alice Example"), S("Alice Example") },
	{ LOOKALIKE_NAME_ADDRESS, S("display name"), S("alice@mine.example"), S("alice@mine.example") },
	{ LOOKALIKE_MIXED_SCRIPT, S("display name"), S("Al\xd1\x96" "ce"), { NULL, 0 } },
	{ LOOKALIKE_BIDI, S("display name"), S("a\xe2\x80\xae" "b"), { NULL, 0 } },
	{ LOOKALIKE_INVISIBLE, S("display name"), S("a\xe2\x80\x8b" "b"), { NULL, 0 } },
};
static struct risk stranger_risks[RISK_KINDS];

/* All that can be found in a mail. */
static inline void stranger_lines(struct explain *x)
{
	for (size_t i = 0; i < RISK_KINDS; i++)
		stranger_risks[i] = (struct risk){
			.kind = i, .what = B("https://thief.example/?x=1"),
			.target = i % 2 ? B("http://www.thief.example/") : B(""), .more = i % 3,
		};
	x->risks = stranger_risks;
	x->n_risks = RISK_KINDS;
	x->looks = stranger_looks;
	x->n_looks = ARRAY_LEN(stranger_looks);
	x->facts.is.risks = stranger_risks;
	x->facts.is.n_risks = RISK_KINDS;
	x->facts.is.looks = stranger_looks;
	x->facts.is.n_looks = ARRAY_LEN(stranger_looks);
}
