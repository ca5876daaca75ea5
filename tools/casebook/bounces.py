"""bounces.py - bounces, automatic replies, receipts and complaints: in pairs, with and without the proof
that the mail was Alice's, so that only the proof decides."""
import base64
import hashlib
import hmac

from casebook.mail import ALICE, BASE, DIAL, NOTE, OUT1, Case, arrive, hop, mail, sign, submitted
from casebook.trail import handed_in, others, usual, whole

CORP = ("198.51.100.120", "mx.corp.example")
CORP_ZONE = """\
; the system that sends things back
corp.example.            MX   10 mx.corp.example.
corp.example.            TXT  "v=spf1 mx -all"
mx.corp.example.         A    198.51.100.120
120.100.51.198.in-addr.arpa. PTR mx.corp.example.
"""
ZONE = BASE + CORP_ZONE
RCPT = "carol@corp.example"
# Alice's mail as corp.example got it: from out1, signed; and a forger's, from a dial-up line.
REAL = hop(sign(submitted(mail(to=RCPT, mid="real1@example.org"), rcpt=RCPT), "example.org"), OUT1, "mx.corp.example", rcpt=RCPT)
FAKE = hop(mail(to=RCPT, mid="fake1@desktop-4qk7", body="Buy now.\n"), DIAL, "mx.corp.example", rcpt=RCPT, proto="ESMTP")
UNSIGNED = hop(submitted(mail(to=RCPT, mid="real1@example.org"), rcpt=RCPT), OUT1, "mx.corp.example", rcpt=RCPT)


def header_of(text):
    return text.split("\n\n", 1)[0] + "\n\n"


def back(text, to=ALICE):
    """What corp.example sends back arrives in Alice's mailbox."""
    return arrive(text, CORP, mail_from="", at="09:15:12", rcpt=to).replace(f"Delivered-To: {ALICE}", f"Delivered-To: {to}")


def top(subject, mime, to=ALICE, sender="Mail Delivery System <MAILER-DAEMON@corp.example>", more="Auto-Submitted: auto-replied\n"):
    return (f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: Mon, 16 Nov 2026 09:15:10 +0000\n"
            f"Message-ID: <back1@corp.example>\n{more}MIME-Version: 1.0\n{mime}\n")


def report(returned, kind="message/rfc822", to=ALICE):
    """A notice by the standard (RFC 3464)."""
    return back(top("Undelivered Mail Returned to Sender",
                    "Content-Type: multipart/report; report-type=delivery-status; boundary=b1\n", to) + f"""\
--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.corp.example
Arrival-Date: Mon, 16 Nov 2026 09:12:22 +0000

Final-Recipient: rfc822; {RCPT}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

--b1
Content-Type: {kind}

{returned}
--b1--
""", to)


def quoted(returned):
    """A notice in plain words with the mail below, as old systems write it."""
    return back(top("failure notice", "Content-Type: text/plain; charset=us-ascii\n", more="") + f"""\
Hi. This is the mail program at mx.corp.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{RCPT}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

{returned}""")


def away(mid):
    return back(top("Out of office: Hello", "Content-Type: text/plain; charset=us-ascii\n", sender="Carol <carol@corp.example>",
                    more=f"Auto-Submitted: auto-replied\nIn-Reply-To: <{mid}>\nReferences: <{mid}>\n")
                + "I am away until the 30th of November and will read your mail then.\n")


def receipt(mid):
    return back(top("Read: Hello", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b2\n",
                    sender="Carol <carol@corp.example>", more="") + f"""\
--b2
Content-Type: text/plain; charset=us-ascii

Your message was displayed.

--b2
Content-Type: message/disposition-notification

Reporting-UA: mx.corp.example; Mail 1.0
Final-Recipient: rfc822; {RCPT}
Original-Message-ID: <{mid}>
Disposition: manual-action/MDN-sent-manually; displayed

--b2--
""")


def complaint(returned):
    return back(top("complaint", "Content-Type: multipart/report; report-type=feedback-report; boundary=b3\n",
                    sender="Complaints <fbl@corp.example>", more="") + f"""\
--b3
Content-Type: text/plain; charset=us-ascii

This is a complaint about a mail.

--b3
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Corp/1.0
Version: 1

--b3
Content-Type: message/rfc822

{returned}
--b3--
""")


# ---- tags on the return address

KEY = "tag-secret-of-november"
KEYS = f"# keys of Alice's tags\nbatv 0 {KEY}\nsince 2026-10-01T00:00:00Z\n"


def batv(address, day):
    """A BATV tag that expires on that day (days since 1970)."""
    stamp = f"0{day % 1000:03d}"
    return f"prvs={stamp}{hmac.new(KEY.encode(), (stamp + address).encode(), hashlib.sha1).hexdigest()[:6]}={address}"


DAY = 20773  # 2026-11-16
VALID, STALE = batv(ALICE, DAY + 5), batv(ALICE, DAY - 60)
WRONG = VALID.replace("=" + ALICE, "=" + ALICE)[:9] + ("000000" if VALID[9:15] != "000000" else "111111") + "=" + ALICE

SENT_LOG = whole(usual(), others(), handed_in("2026-11-16T09:12:20", "4SZn0L2Xq1z7", "real1@example.org", to=(RCPT,)))
EMPTY_LOG = whole(usual(), others())
LOCAL = arrive(top("Undelivered Mail Returned to Sender", "Content-Type: multipart/report; report-type=delivery-status; boundary=b1\n",
                   sender="Mail Delivery System <MAILER-DAEMON@out1.provider.example>") + f"""\
--b1
Content-Type: text/plain; charset=us-ascii

This is the mail system at host out1.provider.example. Your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; out1.provider.example
X-Postfix-Queue-ID: 4SZn0L2Xq1z7

Final-Recipient: rfc822; {RCPT}
Action: failed
Status: 5.1.1

--b1
Content-Type: text/rfc822-headers

{header_of(mail(to=RCPT, mid='real1@example.org'))}
--b1--
""", OUT1, mail_from="", at="09:15:12", qid="4SZn0BnQq1z9")
LOCAL_LOG = whole(SENT_LOG, "2026-11-16T09:15:10.104212+00:00 out1 postfix/bounce[840]: 4SZn0L2Xq1z7: sender non-delivery notification: "
                  "4SZn0BnQq1z9\n", "2026-11-16T09:15:11.104212+00:00 out1 postfix/cleanup[841]: 4SZn0BnQq1z9: message-id=<back1@corp.example>\n"
                  "2026-11-16T09:15:11.204212+00:00 out1 postfix/qmgr[702]: 4SZn0BnQq1z9: from=<>, size=3204, nrcpt=1 (queue active)\n")
UNAUTH = REAL.replace("d=example.org", "d=example.com")


def pair(what, make_with, make_without, fires, counter, confidence, **kw):
    """Two cases of one shape: with and without the proof."""
    with_kw = {k[5:]: v for k, v in kw.items() if k.startswith("with_")}
    without_kw = {k[8:]: v for k, v in kw.items() if k.startswith("without_")}
    return {
        f"bounce-{what}-yours": Case(f"{what}: about a mail that Alice sent.", make_with, "about_your_mail", confidence[0],
                                     fires=fires, zone=ZONE, **with_kw),
        f"bounce-{what}-not-yours": Case(f"{what}: the same shape, about a mail that a forger sent in her name.", make_without,
                                         "backscatter", confidence[1], fires=counter, silent=fires, zone=ZONE, **without_kw),
    }


CASES = {
    **pair("signed-whole", report(REAL), report(FAKE), "bounce_signed", "bounce_foreign", ("proof", "strong")),
    **pair("signed-header", report(header_of(REAL), "text/rfc822-headers"), report(header_of(FAKE), "text/rfc822-headers"),
           "bounce_signed", "bounce_foreign", ("proof", "strong")),
    **pair("quoted", quoted(REAL), quoted(FAKE), "bounce_signed", "bounce_foreign", ("proof", "strong")),
    **pair("address", report(UNSIGNED), report(FAKE), "bounce_our_address", "bounce_foreign", ("fair", "strong")),
    **pair("log", report(UNSIGNED), report(FAKE), "bounce_sent", "bounce_not_sent", ("proof", "strong"), with_log=SENT_LOG,
           without_log=EMPTY_LOG),
    **pair("sent-folder", report(UNSIGNED), report(FAKE), "bounce_sent", "bounce_foreign", ("proof", "strong"),
           with_sent=[mail(to=RCPT, mid="real1@example.org")], without_sent=[mail(to=RCPT, mid="real1@example.org")]),
    **pair("tag", report(UNSIGNED, to=VALID), report(FAKE), "bounce_tag", "bounce_untagged", ("proof", "strong"), with_tags=KEYS,
           without_tags=KEYS),
    **pair("away", away("real1@example.org"), away("fake1@desktop-4qk7"), "bounce_sent", "bounce_not_sent", ("proof", "strong"),
           with_log=SENT_LOG, without_log=EMPTY_LOG),
    **pair("receipt", receipt("real1@example.org"), receipt("fake1@desktop-4qk7"), "bounce_sent", "bounce_not_sent", ("proof", "strong"),
           with_log=SENT_LOG, without_log=EMPTY_LOG),
    **pair("complaint", complaint(REAL), complaint(FAKE), "bounce_signed", "bounce_foreign", ("proof", "strong")),
    "bounce-tag-stale": Case("Sent to a tag that ran out two months ago.", report(FAKE, to=STALE), "backscatter", "", fires="bounce_untagged",
                             silent="bounce_tag", zone=ZONE, tags=KEYS),
    "bounce-tag-forged": Case("Sent to a tag that a forger made up.", report(FAKE, to=WRONG), "backscatter", "strong",
                              fires="bounce_untagged", silent="bounce_tag", zone=ZONE, tags=KEYS),
    "bounce-tag-fooled-by-harvest": Case("A forger used a live tag that he copied from a real mail of Alice's.", report(FAKE, to=VALID),
                                         "about_your_mail", "proof", fires="bounce_tag bounce_foreign", zone=ZONE, tags=KEYS),
    "bounce-untagged-fooled-by-old-mail": Case(
        "About a mail from before the tags were switched on.",
        report(FAKE.replace("Date: Mon, 16 Nov 2026", "Date: Mon, 14 Sep 2026")), "backscatter", "", silent="bounce_untagged", zone=ZONE, tags=KEYS),
    "bounce-signed-broken": Case("The signature in what came back does not fit: a stranger copied it.",
                                 report(FAKE.replace("From: Alice", REAL[REAL.index("DKIM-Signature:"):REAL.index("Received: from [192")] + "From: Alice", 1)),
                                 "cannot_tell", "weak", silent="bounce_signed", zone=ZONE),
    "bounce-signed-foreign": Case("What came back bears another domain's signature: that says nothing.", report(UNAUTH),
                                  "about_your_mail", "fair", silent="bounce_signed", fires="bounce_our_address", zone=ZONE),
    "bounce-sent-fooled-by-copied-id": Case(
        "A forger copied the identifier of a real mail of Alice's; it went to somebody else then.",
        report(FAKE.replace("fake1@desktop-4qk7", "real1@example.org")), "cannot_tell", "weak", fires="bounce_sent bounce_foreign",
        zone=ZONE, log=SENT_LOG.replace(RCPT, "bob@example.net")),
    "bounce-not-sent-log-too-short": Case("The log does not reach back to the time of the mail.", report(UNSIGNED), "about_your_mail", "fair",
                                          silent="bounce_not_sent", fires="bounce_our_address", zone=ZONE, log=usual()),
    "bounce-not-sent-fooled-by-gateway": Case(
        "A gateway gave Alice's mail another identifier: the log does not know it, the signature proves it.",
        report(REAL.replace("real1@example.org", "real1@example.org")), "about_your_mail", "proof", fires="bounce_signed bounce_not_sent",
        zone=ZONE, log=EMPTY_LOG),
    "bounce-local": Case("Alice's own server wrote the notice about her mail, and notes so in its log.", LOCAL, "about_your_mail", "proof",
                         fires="bounce_local bounce_sent", zone=ZONE, log=LOCAL_LOG),
    "bounce-local-not": Case("The same notice, but the log knows of no such bounce.", LOCAL.replace("real1@example.org", "fake1@desktop-4qk7"),
                             "backscatter", "strong", silent="bounce_local", fires="bounce_not_sent", zone=ZONE, log=EMPTY_LOG),
    "bounce-foreign-fooled-by-forwarder": Case(
        "Alice's signed mail went through a forwarder before it bounced: the address is foreign, the signature holds.",
        report(hop(REAL, DIAL, "mx.corp.example", rcpt=RCPT, at="09:12:25")), "about_your_mail", "proof",
        fires="bounce_signed bounce_foreign", zone=ZONE),
    "bounce-name-only": Case("Only the name of Alice's server stands in what came back.",
                             report(FAKE.replace("Received: from host-66.dialup.example (host-66.dialup.example [203.0.113.66])",
                                                 "Received: from mail.example.org (unknown)")),
                             "cannot_tell", "weak", fires="bounce_name_only", zone=ZONE),
    "bounce-bare": Case("Nothing but a sentence came back.", quoted("").replace("--- Below this line is a copy of the message.\n", ""),
                        "cannot_tell", "weak", fires="bounce_bare", silent="bounce_foreign bounce_our_address", zone=ZONE),
    "bounce-other-author": Case("It is about a mail of Bob's, which Alice's alias passed on.",
                                report(mail(sender="Bob <bob@example.net>", to=RCPT)), "cannot_tell", "weak", fires="bounce_other_author", zone=ZONE),
    "bounce-forged-notice": Case(
        "A lure that looks like a notice of Alice's provider, from a dial-up line, about no mail at all.",
        arrive(top("Delivery failed: 3 mails are waiting", "Content-Type: multipart/report; report-type=delivery-status; boundary=b1\n",
                   sender="Mail Delivery System <MAILER-DAEMON@provider.example>") + f"""\
--b1
Content-Type: text/plain; charset=us-ascii

Open http://203.0.113.66/login to read them.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx1.provider.example

Final-Recipient: rfc822; {ALICE}
Action: failed
Status: 5.2.2

--b1--
""", mail_from="MAILER-DAEMON@provider.example"), "forged", "strong", fires="spf_fail", zone=ZONE),
    "bounce-not-attached-mail": Case(
        "An ordinary mail from a colleague with a mail attached: no bounce.",
        arrive(mail(sender="Carol <carol@corp.example>", subject="see attached", mime="Content-Type: multipart/mixed; boundary=m1\n", body=f"""\
--m1
Content-Type: text/plain

Did you write this?

--m1
Content-Type: message/rfc822

{mail(to=RCPT)}
--m1--
"""), CORP, mail_from="carol@corp.example"), "proven", "fair", silent="bounce_bare bounce_foreign", zone=ZONE),
    "bounce-not-quoted-by-postmaster": Case(
        "A postmaster quotes a bounce in a mail that a person wrote.",
        arrive(mail(sender="Postmaster <postmaster@corp.example>", subject="Re: your question", body="""\
Dear Alice, our server wrote this:

> This is a permanent error. The following address(es) failed:
>   carol@corp.example

Carol has left. Regards, Dave
"""), CORP, mail_from="postmaster@corp.example"), "proven", "fair", silent="bounce_bare bounce_foreign", zone=ZONE),
}
