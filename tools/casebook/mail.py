"""mail.py - mails and their ways, in pieces that a case puts together.

A mail is a text with LF line ends: each hop puts its lines on top. Alice is alice@example.org, and
the mailbox that the mail lies in is hers unless a case says otherwise.
"""
from dataclasses import dataclass, field

from casebook.world import CLUB, DIALUP, NETWORKS, PROVIDER, SHOP, key_record, seal, sign

ALICE = "alice@example.org"
CLIENT = ("198.51.100.77", "client-77.access.example")  # where Alice usually is
DIAL = ("203.0.113.66", "host-66.dialup.example")       # a stranger's line
OUT1 = ("192.0.2.25", "out1.provider.example")
CLUB_MX = ("198.51.100.40", "mail.club.example")
SHOP_MTA = ("203.0.113.80", "mta.shop.example")
TODAY = "2026-11-16T12:00:00Z"

BASE = PROVIDER + key_record("example.org") + DIALUP + NETWORKS
WITH_CLUB = BASE + CLUB + key_record("club.example")
WITH_SHOP = BASE + SHOP + key_record("shop.example")

THREAT = """\
Hello,

look at the sender of this mail. It is you. I am inside your mailbox and have
been for months. I have a copy of everything.

Send 900 in coins within two days, or all your contacts will see it.
"""
NOTE = """\
- ask Carol for the numbers of October
- the picture of the old harbour on page 3
"""


def mail(sender="Alice Example <alice@example.org>", to=ALICE, subject="Hello", body=NOTE, mid="m1@example.org",
         date="Mon, 16 Nov 2026 10:12:19 +0100", more="", mime="Content-Type: text/plain; charset=us-ascii\n"):
    """Header and body as a mail program writes them."""
    return (f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: {date}\nMessage-ID: <{mid}>\n{more}"
            f"MIME-Version: 1.0\n{mime}\n{body}")


def submitted(text, login=ALICE, client=CLIENT, rcpt=ALICE, qid="4SZn0L2Xq1z7", at="09:12:20"):
    """Handed in at out1 with a log-in."""
    ip, name = client
    return f"""\
Received: from [192.168.1.20] ({name} [{ip}])
\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))
\t(Authenticated sender: {login})
\tby out1.provider.example (Postfix) with ESMTPSA id {qid}
\tfor <{rcpt}>; Mon, 16 Nov 2026 {at} +0000 (UTC)
""" + text


def hop(text, frm, by, rcpt=ALICE, helo=None, qid="4SZn0P5xqGz9q", at="09:12:22", proto="ESMTPS"):
    """From one server to the next."""
    ip, name = frm
    return f"""\
Received: from {helo or name} ({name} [{ip}])
\tby {by} (Postfix) with {proto} id {qid}
\tfor <{rcpt}>; Mon, 16 Nov 2026 {at} +0000 (UTC)
""" + text


def arrive(text, frm=DIAL, helo=None, mail_from=ALICE, at="09:41:12", results="", qid="4SZndk3vYJz1m", rcpt=ALICE,
           proto="ESMTP"):
    """Taken in at mx1 and laid into the mailbox; results: the provider's own notes, empty: none."""
    notes = f"Authentication-Results: mx1.provider.example; {results}\n" if results else ""
    return f"""\
Return-Path: <{mail_from}>
Delivered-To: {ALICE}
Received: from mx1.provider.example ([192.0.2.10])
\tby imap1.provider.example with LMTP
\tid kJ0mLxPmuWkwBwAAx1Kq3w
\tfor <{ALICE}>; Mon, 16 Nov 2026 {at[:-2]}{int(at[-2:]) + 1:02d} +0000
""" + notes + hop(text, frm, "mx1.provider.example", rcpt=rcpt, helo=helo, qid=qid, at=at, proto=proto)


def own(text=None, **kw):
    """Really Alice's: handed in with her log-in, signed, out through out1."""
    text = text if text is not None else mail(**kw)
    return sign(submitted(text, rcpt=kw.get("to", ALICE)), "example.org")


def own_arrived(text=None, **kw):
    return arrive(own(text, **kw), OUT1, at="09:12:21", proto="ESMTPS", qid="4SZn0N1kYbz3p")


@dataclass
class Case:
    """One folder of the catalogue. fires, silent: observations that must, must not be seen."""
    about: str
    message: str
    verdict: str
    confidence: str = ""                 # words joined by |; empty: not looked at
    fires: str = ""
    silent: str = ""
    zone: str = BASE
    session: dict = field(default_factory=dict)
    trust: bool = True
    log: str | None = None
    sent: list | None = None
    tags: str | None = None              # keys of tags, for --tag-keys
    crlf: bool = False


__all__ = [name for name in dir() if not name.startswith("_")] + ["seal", "sign"]
