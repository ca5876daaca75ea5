#include "base/clock.h"
#include "mail/received.h"
#include "tap.h"

/* What was read, in one line: "dialect transport [tls|plain] [auth[=user]] helo= rdns=[*] ip= by=
 * byip= with= id= for= env= at=", each only if there; "*": the server checked the name. */
static const char *describe(const struct received *r)
{
	static const char *const transports[] = { "other", "smtp", "lmtp", "fetching", "http", "local" };
	static const char *const tls[] = { "", " plain", " tls" };
	static char to[4096];
	char ip[IP_TEXT], at[CLOCK_TEXT];
	struct { const char *name; struct bytes v; bool have; } rows[] = {
		{ "helo", r->from_name, r->from_name.n },
		{ "rdns", r->rdns, r->rdns.n },
		{ "ip", bytes_of(r->has_ip ? ip_text(&r->from_ip, ip) : ""), r->has_ip },
		{ "by", r->by, r->by.n },
		{ "with", r->with, r->with.n },
		{ "id", r->id, r->id.n },
		{ "for", r->recipient, r->recipient.n },
		{ "env", r->envelope_from, r->envelope_from.p },
		{ "at", bytes_of(r->parsed & RECEIVED_HAS_DATE ? clock_rfc3339(r->date.at, at) : ""),
		  r->parsed & RECEIVED_HAS_DATE },
	};
	int n = snprintf(to, sizeof(to), "%s %s%s%s", received_dialect_name(r->dialect),
	                 transports[r->transport], tls[r->tls], r->auth ? " auth" : "");

	if (r->auth_user.n)
		n += snprintf(to + n, sizeof(to) - (size_t)n, "=%.*s", BYTES_ARG(r->auth_user));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].have)
			n += snprintf(to + n, sizeof(to) - (size_t)n, " %s=%.*s%s", rows[i].name,
			              BYTES_ARG(rows[i].v), i == 1 && r->rdns_checked ? "*" : "");
	if (r->has_by_ip)
		snprintf(to + n, sizeof(to) - (size_t)n, " byip=%s", ip_text(&r->by_ip, ip));
	return to;
}

#define AT "; Mon, 23 Nov 2026 20:00:05 +0100"
#define UTC " at=2026-11-23T19:00:05Z"

static const struct {
	const char *name, *value, *want;
} cases[] = {
	/* Postfix */
	{ "postfix: TLS, folded",
	  " from mail.example.org (mail.example.org [192.0.2.1])\r\n"
	  "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n"
	  "\t key-exchange X25519 server-signature RSA-PSS (2048 bits))\r\n"
	  "\t(No client certificate requested)\r\n"
	  "\tby mx.example.com (Postfix) with ESMTPS id 4F0A12B3C\r\n"
	  "\tfor <ann@example.com>" AT " (CET)\r\n",
	  "postfix smtp tls helo=mail.example.org rdns=mail.example.org* ip=192.0.2.1 by=mx.example.com with=ESMTPS "
	  "id=4F0A12B3C for=ann@example.com" UTC },
	{ "postfix: a log-in",
	  "from [192.168.1.5] (pool.example.net [203.0.113.9])\n\t(Authenticated sender: bob@example.com)\n"
	  "\tby mx.example.com (Postfix) with ESMTPSA id 4F0A12B3C\n\tfor <ann@example.org>" AT,
	  "postfix smtp tls auth=bob@example.com helo=[192.168.1.5] rdns=pool.example.net* ip=203.0.113.9 "
	  "by=mx.example.com with=ESMTPSA id=4F0A12B3C for=ann@example.org" UTC },
	{ "postfix: no name by DNS, IPv6",
	  "from evil.example (unknown [IPv6:2001:db8::25]) by mx.example.com (Postfix) with ESMTP id 9C" AT,
	  "postfix smtp plain helo=evil.example ip=2001:db8::25 by=mx.example.com with=ESMTP id=9C" UTC },
	{ "postfix: a program on the host",
	  "by www.example.com (Postfix, from userid 33)\n\tid 4F0A12B3C" AT,
	  "postfix local by=www.example.com id=4F0A12B3C" UTC },
	{ "postfix: back from the content filter",
	  "from localhost (localhost [127.0.0.1])\n\tby mx.example.com (Postfix) with ESMTP id 77\n\tfor <a@example.com>" AT,
	  "postfix smtp plain helo=localhost rdns=localhost* ip=127.0.0.1 by=mx.example.com with=ESMTP id=77 "
	  "for=a@example.com" UTC },
	{ "postfix under another name, told by its remarks",
	  "from a.example (a.example [192.0.2.7]) (using TLSv1.2 with cipher X (256/256 bits)) by mx.example.com (Ours) "
	  "with ESMTPS id 1" AT,
	  "postfix smtp tls helo=a.example rdns=a.example* ip=192.0.2.7 by=mx.example.com with=ESMTPS id=1" UTC },

	/* Exim */
	{ "exim: HELO differs from the name",
	  "from mail.example.org ([192.0.2.1]:43210 helo=smtp.example.org)\n\tby mx.example.com with esmtps  (TLS1.3) "
	  "tls TLS_AES_256_GCM_SHA384\n\t(Exim 4.96)\n\t(envelope-from <bob@example.org>)\n\tid 1rXyZ0-0000AB-2c\n"
	  "\tfor ann@example.com" AT,
	  "exim smtp tls helo=smtp.example.org rdns=mail.example.org* ip=192.0.2.1 by=mx.example.com with=esmtps "
	  "id=1rXyZ0-0000AB-2c for=ann@example.com env=bob@example.org" UTC },
	{ "exim: HELO is the name",
	  "from mail.example.org ([2001:db8::1])\n\tby mx.example.com with esmtp (Exim 4.94.2)\n"
	  "\t(envelope-from <>)\n\tid 1rX-00-2c\n\tfor ann@example.com" AT,
	  "exim smtp plain helo=mail.example.org rdns=mail.example.org* ip=2001:db8::1 by=mx.example.com with=esmtp "
	  "id=1rX-00-2c for=ann@example.com env=" UTC },
	{ "exim: no name by DNS",
	  "from [203.0.113.5] (helo=evil.example)\n\tby mx.example.com with smtp (Exim 4.96) id 1rX-00-2c" AT,
	  "exim smtp plain helo=evil.example ip=203.0.113.5 by=mx.example.com with=smtp id=1rX-00-2c" UTC },
	{ "exim: no name, and HELO is another's address",
	  "from [203.0.113.5] (port=2525 helo=[127.0.0.1])\n\tby mx.example.com with esmtp (Exim 4.96) id 1rX-00-2c" AT,
	  "exim smtp plain helo=[127.0.0.1] ip=203.0.113.5 by=mx.example.com with=esmtp id=1rX-00-2c" UTC },
	{ "exim: a log-in",
	  "from pool.example.net ([198.51.100.4] helo=[192.168.0.2])\n\tby mx.example.com with esmtpsa "
	  "(TLS1.2:ECDHE-RSA-AES256-GCM-SHA384:256)\n\t(Exim 4.92) (envelope-from <a@example.com>)\n\tid 1r-1-2" AT,
	  "exim smtp tls auth helo=[192.168.0.2] rdns=pool.example.net* ip=198.51.100.4 by=mx.example.com with=esmtpsa "
	  "id=1r-1-2 env=a@example.com" UTC },
	{ "exim: a program on the host",
	  "from www-data by web.example.com with local (Exim 4.96)\n\t(envelope-from <www-data@web.example.com>)\n\tid 1r" AT,
	  "exim local helo=www-data by=web.example.com with=local id=1r env=www-data@web.example.com" UTC },

	/* Sendmail */
	{ "sendmail: TLS behind the id",
	  "from mail.example.org (mail.example.org [192.0.2.1])\n\tby mx.example.com (8.17.1/8.17.1) with ESMTPS id "
	  "4ANJ05xx012345\n\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NOT)\n\tfor <a@example.com>" AT,
	  "sendmail smtp tls helo=mail.example.org rdns=mail.example.org* ip=192.0.2.1 by=mx.example.com with=ESMTPS "
	  "id=4ANJ05xx012345 for=a@example.com" UTC },
	{ "sendmail: a name that does not lead back",
	  "from evil.example (mx.example.com [203.0.113.5] (may be forged))\n\tby mx.example.com (8.15.2/8.15.2) with SMTP "
	  "id x1" AT,
	  "sendmail smtp plain helo=evil.example rdns=mx.example.com ip=203.0.113.5 by=mx.example.com with=SMTP id=x1" UTC },
	{ "sendmail: ident and a log-in",
	  "from laptop (joe@pool.example.net [198.51.100.4])\n\t(authenticated bits=0)\n\tby mx.example.com (8.17.1/8.17.1) "
	  "with ESMTPSA id x2" AT,
	  "sendmail smtp tls auth helo=laptop rdns=pool.example.net* ip=198.51.100.4 by=mx.example.com with=ESMTPSA id=x2" UTC },
	{ "sendmail: handed in on the host",
	  "(from root@localhost)\n\tby mx.example.com (8.17.1/8.17.1/Submit) id 4ANJ05" AT,
	  "sendmail local by=mx.example.com id=4ANJ05" UTC },

	/* qmail */
	{ "qmail: HELO differs from the name",
	  "from unknown (HELO evil.example) (203.0.113.5)\n  by mx.example.com with SMTP; 23 Nov 2026 19:00:05 -0000",
	  "qmail smtp helo=evil.example ip=203.0.113.5 by=mx.example.com with=SMTP" UTC },
	{ "qmail: HELO is the name",
	  "from mail.example.org (192.0.2.1)\n  by mx.example.com with SMTP; 23 Nov 2026 19:00:05 -0000",
	  "qmail smtp helo=mail.example.org rdns=mail.example.org ip=192.0.2.1 by=mx.example.com with=SMTP" UTC },
	{ "qmail: a log-in stands where ident does",
	  "from pool.example.net (HELO laptop) (joe@198.51.100.4)\n  by mx.example.com with ESMTPA; 23 Nov 2026 19:00:05 -0000",
	  "qmail smtp auth helo=laptop rdns=pool.example.net ip=198.51.100.4 by=mx.example.com with=ESMTPA" UTC },
	{ "qmail: TLS before the protocol",
	  "from mail.example.org (HELO smtp.example.org) (192.0.2.1)\n  (envelope-sender <bob@example.org>)\n"
	  "  by mx.example.com with (AES256-SHA encrypted) ESMTPS\n  for <ann@example.com>; 23 Nov 2026 19:00:05 -0000",
	  "qmail smtp tls helo=smtp.example.org rdns=mail.example.org ip=192.0.2.1 by=mx.example.com with=ESMTPS "
	  "for=ann@example.com env=bob@example.org" UTC },
	{ "qmail: a note of its queue",
	  "(qmail 4711 invoked from network); 23 Nov 2026 19:00:05 -0000", "qmail other" UTC },
	{ "qmail: a program on the host",
	  "(qmail 4711 invoked by uid 1000); 23 Nov 2026 19:00:05 -0000", "qmail local" UTC },

	/* Exchange on one's own servers */
	{ "exchange: between servers",
	  "from EX1.corp.example (10.0.0.1) by EX2.corp.example\r\n (10.0.0.2) with Microsoft SMTP Server (version=TLS1_2,\r\n"
	  " cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.1.2507.6" AT,
	  "exchange smtp tls helo=EX1.corp.example ip=10.0.0.1 by=EX2.corp.example with=Microsoft SMTP Server "
	  "id=15.1.2507.6" UTC " byip=10.0.0.2" },
	{ "exchange: from outside, through the front end",
	  "from mail.example.org (192.0.2.1) by EX1.example.com (203.0.113.20) with Microsoft\r\n SMTP Server id 15.2.1118.9 via "
	  "Frontend Transport" AT,
	  "exchange smtp helo=mail.example.org ip=192.0.2.1 by=EX1.example.com with=Microsoft SMTP Server "
	  "id=15.2.1118.9" UTC " byip=203.0.113.20" },
	{ "exchange: the old SMTP service",
	  "from mail.example.org ([192.0.2.1]) by old.example.com with Microsoft SMTPSVC(6.0.3790.4675)" AT,
	  "exchange smtp helo=mail.example.org ip=192.0.2.1 by=old.example.com with=Microsoft SMTP Server" UTC },
	{ "exchange: mailbox to server, with an address of the link",
	  "from EX1.corp.example ([fe80::1111:2222%13]) by EX1.corp.example ([fe80::1111:2222%13]) with mapi id 15.01.2507.006" AT,
	  "exchange http helo=EX1.corp.example ip=fe80::1111:2222 by=EX1.corp.example with=mapi id=15.01.2507.006" UTC
	  " byip=fe80::1111:2222" },

	/* Microsoft 365 */
	{ "microsoft 365: between its servers",
	  "from AB1PR02MB1234.eurprd02.prod.outlook.com (2603:10a6:10:1::2)\r\n by DB2PR02MB5678.eurprd02.prod.outlook.com with "
	  "HTTPS" AT,
	  "microsoft365 http tls helo=AB1PR02MB1234.eurprd02.prod.outlook.com ip=2603:10a6:10:1::2 "
	  "by=DB2PR02MB5678.eurprd02.prod.outlook.com with=HTTPS" UTC },
	{ "microsoft 365: from outside",
	  "from mail.example.org (192.0.2.1) by\r\n DB8EUR05FT003.mail.protection.outlook.com (10.233.238.1) with Microsoft SMTP\r\n"
	  " Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.8182.16 via\r\n Frontend Transport" AT,
	  "microsoft365 smtp tls helo=mail.example.org ip=192.0.2.1 by=DB8EUR05FT003.mail.protection.outlook.com "
	  "with=Microsoft SMTP Server id=15.20.8182.16" UTC " byip=10.233.238.1" },
	{ "microsoft 365: a mailbox sends",
	  "from AB1PR02MB1234.eurprd02.prod.outlook.com\r\n ([fe80::aaaa:bbbb]) by AB1PR02MB1234.eurprd02.prod.outlook.com\r\n"
	  " ([fe80::aaaa:bbbb%4]) with mapi id 15.20.8182.016" AT,
	  "microsoft365 http helo=AB1PR02MB1234.eurprd02.prod.outlook.com ip=fe80::aaaa:bbbb "
	  "by=AB1PR02MB1234.eurprd02.prod.outlook.com with=mapi id=15.20.8182.016" UTC " byip=fe80::aaaa:bbbb" },

	/* Gmail */
	{ "gmail: from outside",
	  "from mail.example.org (mail.example.org. [192.0.2.1])\r\n        by mx.google.com with ESMTPS id "
	  "a1-20020a05600c0000b0abc.12.2026.11.23.11.00.05\r\n        for <ann@example.com>\r\n"
	  "        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256)" AT,
	  "gmail smtp tls helo=mail.example.org rdns=mail.example.org ip=192.0.2.1 by=mx.google.com with=ESMTPS "
	  "id=a1-20020a05600c0000b0abc.12.2026.11.23.11.00.05 for=ann@example.com" UTC },
	{ "gmail: no name by DNS",
	  "from evil.example ([203.0.113.5]) by mx.google.com with ESMTP id x.1 for <a@example.com>" AT,
	  "gmail smtp plain helo=evil.example ip=203.0.113.5 by=mx.google.com with=ESMTP id=x.1 for=a@example.com" UTC },
	{ "gmail: inside",
	  "by 2002:a05:6a10:1:b0:2:3:4 with SMTP id q1csp123;\r\n        Mon, 23 Nov 2026 11:00:05 -0800 (PST)",
	  "gmail smtp plain by=2002:a05:6a10:1:b0:2:3:4 with=SMTP id=q1csp123" UTC " byip=2002:a05:6a10:1:b0:2:3:4" },
	{ "gmail: a user's program",
	  "from [192.168.1.5] (pool.example.net. [203.0.113.9])\r\n by smtp.gmail.com with ESMTPSA id x-2\r\n for "
	  "<ann@example.org>\r\n (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128)" AT,
	  "gmail smtp tls auth helo=[192.168.1.5] rdns=pool.example.net ip=203.0.113.9 by=smtp.gmail.com with=ESMTPSA id=x-2 "
	  "for=ann@example.org" UTC },
	{ "gmail: its API",
	  "from 123456789 named unknown by gmailapi.google.com with HTTPREST" AT,
	  "gmail http helo=123456789 by=gmailapi.google.com with=HTTPREST" UTC },

	/* Yahoo */
	{ "yahoo: from outside",
	  "from 127.0.0.1  (EHLO mail.example.org) (192.0.2.1)\r\n  by atlas-production.v2-mail-prod1-xx1.omega.yahoo.com with "
	  "SMTPs\r\n  (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256)" AT,
	  "yahoo smtp tls helo=mail.example.org ip=192.0.2.1 by=atlas-production.v2-mail-prod1-xx1.omega.yahoo.com "
	  "with=SMTPs" UTC },
	{ "yahoo: a user's program",
	  "by hermes--production-xx1-abc (Yahoo Inc. Hermes SMTP Server) with ESMTPA ID 0123456789abcdef;\r\n"
	  "          Mon, 23 Nov 2026 19:00:05 +0000 (UTC)",
	  "yahoo smtp auth by=hermes--production-xx1-abc with=ESMTPA id=0123456789abcdef" UTC },
	{ "yahoo: its webmail",
	  "from sonic.gate.mail.xx1.yahoo.com by sonic301.consmr.mail.xx1.yahoo.com with HTTP" AT,
	  "yahoo http helo=sonic.gate.mail.xx1.yahoo.com by=sonic301.consmr.mail.xx1.yahoo.com with=HTTP" UTC },
	{ "yahoo: its webmail of old",
	  "from [198.51.100.40] by web34.mail.mud.yahoo.com via HTTP; Mon, 23 Nov 2026 11:00:05 PST",
	  "yahoo http helo=[198.51.100.40] ip=198.51.100.40 by=web34.mail.mud.yahoo.com" UTC },

	/* Amazon SES */
	{ "ses: receiving",
	  "from mail.example.org (mail.example.org [192.0.2.1])\r\n by inbound-smtp.eu-west-1.amazonaws.com with SMTP id "
	  "abcdef0123\r\n for ann@example.com;\r\n Mon, 23 Nov 2026 19:00:05 +0000 (UTC)",
	  "amazon-ses smtp helo=mail.example.org rdns=mail.example.org ip=192.0.2.1 by=inbound-smtp.eu-west-1.amazonaws.com "
	  "with=SMTP id=abcdef0123 for=ann@example.com" UTC },
	{ "ses: its own relay hands over",
	  "from a1-2.smtp-out.eu-west-1.amazonses.com (a1-2.smtp-out.eu-west-1.amazonses.com [198.51.100.77])\n"
	  "\tby mx.example.com (Postfix) with ESMTPS id 66" AT,
	  "postfix smtp tls helo=a1-2.smtp-out.eu-west-1.amazonses.com rdns=a1-2.smtp-out.eu-west-1.amazonses.com* "
	  "ip=198.51.100.77 by=mx.example.com with=ESMTPS id=66" UTC },
	{ "ses: submission by a program",
	  "from app.example.com (ec2.example.net [198.51.100.80])\n by email-smtp.amazonaws.com with SMTP "
	  "(SimpleEmailService-d-ABC) id xyz for a@example.org" AT,
	  "amazon-ses smtp helo=app.example.com rdns=ec2.example.net ip=198.51.100.80 by=email-smtp.amazonaws.com with=SMTP "
	  "id=xyz for=a@example.org" UTC },

	/* Dovecot */
	{ "dovecot: LMTP over TCP",
	  "from mx.example.com ([192.0.2.30])\n\tby imap.example.com with LMTP\n\tid AbCdEfGh+IjKl\n"
	  "\t(envelope-from <bob@example.org>)\n\tfor <ann@example.com>" AT,
	  "dovecot lmtp helo=mx.example.com ip=192.0.2.30 by=imap.example.com with=LMTP id=AbCdEfGh+IjKl "
	  "for=ann@example.com env=bob@example.org" UTC },
	{ "dovecot: LMTP over TLS",
	  "from mx.example.com ([2001:db8::30])\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n"
	  "\tby imap.example.com with LMTPS\n\tid AbC\n\t(envelope-from <>)" AT,
	  "dovecot lmtp tls helo=mx.example.com ip=2001:db8::30 by=imap.example.com with=LMTPS id=AbC env=" UTC },
	{ "dovecot: LMTP over a local socket",
	  "from mx.example.com\n\tby mx.example.com (Dovecot) with LMTP id AbC" AT,
	  "dovecot lmtp helo=mx.example.com by=mx.example.com with=LMTP id=AbC" UTC },

	/* others */
	{ "opensmtpd: a log-in",
	  "from laptop (<unknown> [198.51.100.4])\n\tby mx.example.com (OpenSMTPD) with ESMTPSA id 0a1b2c3d "
	  "(TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO) auth=yes user=joe\n\tfor <ann@example.org>" AT,
	  "opensmtpd smtp tls auth=joe helo=laptop ip=198.51.100.4 by=mx.example.com with=ESMTPSA id=0a1b2c3d "
	  "for=ann@example.org" UTC },
	{ "courier: a log-in, a mapped address",
	  "from laptop (pool.example.net [::ffff:198.51.100.4])\n  (AUTH: LOGIN joe@example.com, TLS: TLSv1.2,256bits,ECDHE)\n"
	  "  by mx.example.com with ESMTPSA\n  id 00000000000A.0000000065" AT,
	  "courier smtp tls auth=joe@example.com helo=laptop rdns=pool.example.net ip=198.51.100.4 by=mx.example.com "
	  "with=ESMTPSA id=00000000000A.0000000065" UTC },
	{ "haraka",
	  "from mail.example.org (mail.example.org [192.0.2.1])\n\tby mx.example.com (Haraka/3.0.2) with ESMTPS id ABC.1\n"
	  "\tenvelope-from <bob@example.org>\n\ttls TLS_AES_256_GCM_SHA384" AT,
	  "haraka smtp tls helo=mail.example.org rdns=mail.example.org ip=192.0.2.1 by=mx.example.com with=ESMTPS id=ABC.1 "
	  "env=bob@example.org" UTC },
	{ "cyrus: servers log in to a store as themselves",
	  "from mx.example.com ([192.0.2.30])\n\t by store.internal (Cyrus 3.9.0) with LMTPA" AT,
	  "cyrus lmtp helo=mx.example.com ip=192.0.2.30 by=store.internal with=LMTPA" UTC },
	{ "amavis: by localhost, with its name behind",
	  "from mail.example.org ([192.0.2.1])\n by localhost (mx.example.com [127.0.0.1]) (amavisd-new, port 10024)\n"
	  " with ESMTP id x_y for <a@example.com>" AT,
	  "amavis smtp helo=mail.example.org ip=192.0.2.1 by=localhost with=ESMTP id=x_y for=a@example.com" UTC
	  " byip=127.0.0.1" },
	{ "ironport: qmail's shape with brackets",
	  "from unknown (HELO evil.example) ([203.0.113.5])\r\n  by esa1.example.com with ESMTP/TLS/ECDHE-RSA-AES256-GCM-SHA384" AT,
	  "ironport smtp tls helo=evil.example ip=203.0.113.5 by=esa1.example.com "
	  "with=ESMTP/TLS/ECDHE-RSA-AES256-GCM-SHA384" UTC },
	{ "mimecast: with twice",
	  "from mail.example.org (mail.example.org [192.0.2.1]) by\r\n relay.mimecast.com with ESMTP with STARTTLS (version=TLSv1.3,\r\n"
	  " cipher=TLS_AES_256_GCM_SHA384) id us-mta-12-AbC-1" AT,
	  "mimecast smtp tls helo=mail.example.org rdns=mail.example.org ip=192.0.2.1 by=relay.mimecast.com with=ESMTP "
	  "id=us-mta-12-AbC-1" UTC },
	{ "messagelabs: an address for a name",
	  "from [192.0.2.1] (using TLSv1.2 with cipher ECDHE-RSA (256/256 bits)) by server-1.bemta.az-a.eu.messagelabs.com id "
	  "A1/B2-00001-C3D4" AT,
	  "messagelabs other tls helo=[192.0.2.1] ip=192.0.2.1 by=server-1.bemta.az-a.eu.messagelabs.com id=A1/B2-00001-C3D4" UTC },
	{ "fortimail: a log-in",
	  "from laptop (pool.example.net [198.51.100.4])\n\t(user=joe@example.com mech=LOGIN bits=0)\n\tby fml.example.com  with "
	  "ESMTP id 4ANJ-4ANJ" AT,
	  "fortimail smtp auth=joe@example.com helo=laptop rdns=pool.example.net ip=198.51.100.4 by=fml.example.com with=ESMTP "
	  "id=4ANJ-4ANJ" UTC },
	{ "barracuda",
	  "from mail.example.org (mail.example.org [192.0.2.1]) by cuda.example.com with ESMTP id AbC123 (version=TLSv1.2 "
	  "cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NO) for <a@example.com>" AT,
	  "other smtp tls helo=mail.example.org rdns=mail.example.org ip=192.0.2.1 by=cuda.example.com with=ESMTP id=AbC123 "
	  "for=a@example.com" UTC },
	{ "proofpoint: sendmail's words",
	  "from mail.example.org (mail.example.org [192.0.2.1])\r\n\tby mx0a-0001.pphosted.com (PPS) with ESMTPS id 4abc-1\r\n"
	  "\t(version=TLSv1.2 cipher=ECDHE-RSA bits=256 verify=NOT)\r\n\tfor <a@example.com>" AT,
	  "other smtp tls helo=mail.example.org rdns=mail.example.org ip=192.0.2.1 by=mx0a-0001.pphosted.com with=ESMTPS "
	  "id=4abc-1 for=a@example.com" UTC },
	{ "communigate: a log-in",
	  "from [198.51.100.4] (account joe@example.com HELO laptop)\r\n  by mx.example.com (CommuniGate Pro SMTP 6.3.3)\r\n"
	  "  with ESMTPSA id 12345 for a@example.org" AT,
	  "communigate smtp tls auth=joe@example.com helo=[198.51.100.4] ip=198.51.100.4 by=mx.example.com with=ESMTPSA id=12345 "
	  "for=a@example.org" UTC },
	{ "kerio: a log-in",
	  "from laptop ([198.51.100.4])\n\t(authenticated user joe@example.com)\n\tby mx.example.com (Kerio Connect 9.4)\n"
	  "\twith ESMTPSA" AT,
	  "other smtp tls auth=joe@example.com helo=laptop ip=198.51.100.4 by=mx.example.com with=ESMTPSA" UTC },
	{ "mdaemon: a name and nothing behind it is a claim",
	  "from [192.0.2.66] by example.com (MDaemon PRO v23.0.2)\n\twith ESMTPSA id md500012" AT,
	  "mdaemon smtp tls auth helo=[192.0.2.66] by=example.com with=ESMTPSA id=md500012" UTC },
	{ "fetchmail",
	  "from pop.example.org [192.0.2.110]\n\tby laptop.example.com with POP3 (fetchmail-6.4.37)\n"
	  "\tfor <joe@localhost> (single-drop)" AT,
	  "fetchmail fetching helo=pop.example.org ip=192.0.2.110 by=laptop.example.com with=POP3 for=joe@localhost" UTC },
	{ "roundcube",
	  "from pool.example.net ([198.51.100.4])\n by webmail.example.com\n with HTTP (HTTP/1.1 POST)" AT,
	  "webmail http helo=pool.example.net ip=198.51.100.4 by=webmail.example.com with=HTTP" UTC },
	{ "squirrelmail",
	  "from 198.51.100.4\n        (SquirrelMail authenticated user joe)\n        by webmail.example.com with HTTP" AT,
	  "webmail http auth=joe helo=198.51.100.4 ip=198.51.100.4 by=webmail.example.com with=HTTP" UTC },
	{ "a gateway that writes the address without parentheses",
	  "from unknown [203.0.113.5] (EHLO evil.example)\n by gw.example.com (mxl_mta-8.5.0-0) with ESMTP id 1" AT,
	  "ironport smtp helo=evil.example ip=203.0.113.5 by=gw.example.com with=ESMTP id=1" UTC },
	{ "exim without its name",
	  "from [198.51.100.4] (port=51714 helo=[192.168.0.3])\n by smtp22.example.com with esmtpa (envelope-from <a@example.com>)"
	  "\n id 1Xsa-1-2" AT,
	  "exim-like smtp plain auth helo=[192.168.0.3] ip=198.51.100.4 by=smtp22.example.com with=esmtpa id=1Xsa-1-2 "
	  "env=a@example.com" UTC },
	{ "an address and a port in one bracket",
	  "from [192.0.2.66] ([192.0.2.66:0318] helo=pc) by x.example with ESMTP id 1" AT,
	  "other smtp helo=pc ip=192.0.2.66 by=x.example with=ESMTP id=1" UTC },
	{ "a name glued to its bracket, no HELO",
	  "from  (localhost[127.0.0.1]) by vm.example.com (vm2) with SMTP id <1>" AT,
	  "other smtp rdns=localhost ip=127.0.0.1 by=vm.example.com with=SMTP id=<1>" UTC },
	{ "as RFC 5321 has it",
	  "from x.example by y.example via TCP with ESMTP id ABC12345 for <mary@example.net>;  21 Nov 1997 10:05:43 -0600",
	  "other smtp helo=x.example by=y.example with=ESMTP id=ABC12345 for=mary@example.net at=1997-11-21T16:05:43Z" },

	/* what a client typed is not the server's word */
	{ "trap: a whole line in HELO",
	  "from a by mx.example.com with ESMTPSA id 1 (unknown [203.0.113.5]) by mx.example.com (Postfix) with ESMTP id 2" AT,
	  "postfix smtp plain helo=a ip=203.0.113.5 by=mx.example.com with=ESMTP id=2" UTC },
	{ "trap: HELO is the word by",
	  "from by (unknown [203.0.113.5]) by mx.example.com (Postfix) with ESMTP id 2" AT,
	  "postfix smtp plain helo=by ip=203.0.113.5 by=mx.example.com with=ESMTP id=2" UTC },
	{ "trap: an address of the network we trust in HELO",
	  "from [127.0.0.1] (evil.example [203.0.113.5]) by mx.example.com (Postfix) with ESMTP id 2" AT,
	  "postfix smtp plain helo=[127.0.0.1] rdns=evil.example* ip=203.0.113.5 by=mx.example.com with=ESMTP id=2" UTC },
	{ "trap: a bracket in HELO, and the server's comment behind it",
	  "from a [127.0.0.1] (evil.example [203.0.113.5]) by mx.example.com (Postfix) with ESMTP id 2" AT,
	  "postfix smtp plain helo=a rdns=evil.example* ip=203.0.113.5 by=mx.example.com with=ESMTP id=2" UTC },
	{ "trap: a comment with an address in HELO",
	  "from a (localhost [127.0.0.1]) (evil.example [203.0.113.5]) by mx.example.com with ESMTP id 2" AT,
	  "other smtp helo=a rdns=evil.example ip=203.0.113.5 by=mx.example.com with=ESMTP id=2" UTC },
	{ "trap: a log-in in HELO",
	  "from a (Authenticated sender: ceo@example.com) (evil.example [203.0.113.5]) by mx.example.com (Postfix) with ESMTP "
	  "id 2" AT,
	  "postfix smtp plain helo=a rdns=evil.example* ip=203.0.113.5 by=mx.example.com with=ESMTP id=2" UTC },
	{ "trap: a log-in and a recipient in MAIL FROM",
	  "from evil.example ([203.0.113.5]) by mx.example.com with esmtp (Exim 4.96) (envelope-from <\"x) (Authenticated "
	  "sender: ceo) with esmtpsa auth=yes user=ceo (\"@evil.example>) id 1r for a@example.com" AT,
	  "exim smtp plain helo=evil.example rdns=evil.example* ip=203.0.113.5 by=mx.example.com with=esmtp id=1r "
	  "for=a@example.com env=\"x" UTC },
	{ "trap: MAIL FROM opens a comment that never ends",
	  "from evil.example ([203.0.113.5]) by mx.example.com with esmtp (Exim 4.96) (envelope-from <\"x(\"@evil.example>) id 1r" AT,
	  "exim smtp plain helo=evil.example rdns=evil.example* ip=203.0.113.5 by=mx.example.com with=esmtp "
	  "env=\"x(\"@evil.example" },
	{ "trap: a name by DNS that looks like an address",
	  "from a (127.0.0.1. [203.0.113.5]) by mx.google.com with ESMTP id x" AT,
	  "gmail smtp plain helo=a rdns=127.0.0.1 ip=203.0.113.5 by=mx.google.com with=ESMTP id=x" UTC },
	{ "trap: ident looks like an address",
	  "from unknown (HELO a) (127.0.0.1@203.0.113.5) by mx.example.com with SMTP" AT,
	  "qmail smtp helo=a ip=203.0.113.5 by=mx.example.com with=SMTP" UTC },
	{ "trap: an address in the client's certificate",
	  "from a.example (a.example [203.0.113.5]) (using TLSv1.3 with cipher X) (Client CN \"[127.0.0.1]\", Issuer \"I\" (not "
	  "verified)) by mx.example.com (Postfix) with ESMTPS id 2" AT,
	  "postfix smtp tls helo=a.example rdns=a.example* ip=203.0.113.5 by=mx.example.com with=ESMTPS id=2" UTC },
	{ "trap: a quote in HELO, and one in MAIL FROM that would close it",
	  "from \"a (evil.example [203.0.113.5]) by mx.example.com with ESMTP (envelope-from <\"b@x>) id 2" AT,
	  "other smtp helo=\"a rdns=evil.example ip=203.0.113.5 by=mx.example.com with=ESMTP id=2 env=\"b@x" UTC },
	{ "a recipient in quotes may hold anything",
	  "from a (a.example [192.0.2.1]) by mx.example.com with ESMTP id 2 for <\"a by (b); c\"@example.com>" AT,
	  "other smtp helo=a rdns=a.example ip=192.0.2.1 by=mx.example.com with=ESMTP id=2 for=\"a by (b); c\"@example.com" UTC },
	{ "trap: HELO that names another server's program",
	  "from a (Exim 4.96) (mx.example.com [203.0.113.5]) by mx.example.com with ESMTP id 2" AT,
	  "other smtp helo=a rdns=mx.example.com ip=203.0.113.5 by=mx.example.com with=ESMTP id=2" UTC },

	/* rubbish */
	{ "nothing", "", "other other" },
	{ "white space", " \r\n\t ", "other other" },
	{ "only from", "from", "other other" },
	{ "only by", "by", "other other" },
	{ "no words at all", ";;;)))\"\"<>", "other other" },
	{ "a comment that never ends", "from a (b [192.0.2.1] by c with SMTP; date", "other other helo=a" },
	{ "a quote that never ends", "from \"a (b [192.0.2.1]) by c with SMTP id \"x; Mon, 23 Nov 2026 20:00:05 +0100",
	  "other smtp helo=\"a rdns=b ip=192.0.2.1 by=c with=SMTP id=\"x" UTC },
	{ "a date that is none", "from a by b; yesterday", "other other helo=a by=b" },
	{ "an address out of bounds", "from a (b [192.0.2.256]) by c; x", "other other helo=a by=c" },
	{ "NULs are bytes like others", "by a\001b with SMTP", "other smtp by=a\001b with=SMTP" },
};

int main(void)
{
	struct received r;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes value = heap_copy(cases[i].value);

		tap_begin("%s", cases[i].name);
		received_parse(value, &r);
		const char *got = describe(&r);
		CHECK_MSG(strcmp(got, cases[i].want) == 0, "\n#  got %s\n# want %s", got, cases[i].want);
		tap_end();
		heap_free(value);
	}
	tap_begin("every cut of every line can be read");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (size_t n = strlen(cases[i].value); n > 0; n--) {
			struct bytes value = heap_bytes((struct bytes){ (const uint8_t *)cases[i].value, n });
			received_parse(value, &r);
			heap_free(value);
		}
	CHECK(true);
	tap_end();
	tap_begin("a megabyte of words, of brackets, of quotes is read once");
	static const char *const seeds[] = { "by a (b) ", "(", "\"\\", "from ", "(a [1.2.3.4])", ";", "()",
	                                     "for \\\"" };
	for (size_t s = 0; s < ARRAY_LEN(seeds); s++) {
		size_t n = 1 << 20, seed_n = strlen(seeds[s]);
		uint8_t *p = malloc(n);
		assert(p);
		for (size_t i = 0; i < n; i++)
			p[i] = (uint8_t)seeds[s][i % seed_n];
		memcpy(p, "from a by b ", 12);
		int64_t start = tap_cpu_ms();
		received_parse((struct bytes){ p, n }, &r);
		CHECK_MSG(tap_cpu_ms() - start < 2000, "%s: %d ms", seeds[s], (int)(tap_cpu_ms() - start));
		free(p);
	}
	tap_end();
	return tap_done();
}
