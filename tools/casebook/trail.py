"""trail.py - cases in which the server's log or the Sent folder speaks."""
from datetime import datetime, timedelta

from casebook.mail import ALICE, CLIENT, DIAL, OUT1, THREAT, Case, arrive, mail, own_arrived, sign, submitted

OFFICE = ("198.51.100.78", "client-78.access.example")  # the same network as Alice's usual place
QID, MID = "4SZn0L2Xq1z7", "m1@example.org"


# ---- lines of a log (Postfix as it writes to syslog with ISO dates)

def login(when, qid, client, user=ALICE):
    ip, name = client
    return f"{when}.104212+00:00 out1 postfix/submission/smtpd[812]: {qid}: client={name}[{ip}], sasl_method=PLAIN, sasl_username={user}\n"


def handed_in(when, qid, mid, client=CLIENT, user=ALICE, to=("bob@example.net",), status="sent", nrcpt=None):
    """All lines of one mail that was handed in with a log-in."""
    text = login(when, qid, client, user)
    text += f"{when}.204212+00:00 out1 postfix/cleanup[815]: {qid}: message-id=<{mid}>\n"
    text += f"{when}.234212+00:00 out1 postfix/qmgr[702]: {qid}: from=<{user}>, size=1204, nrcpt={nrcpt or len(to)} (queue active)\n"
    for rcpt in to:
        text += (f"{when}.904212+00:00 out1 postfix/smtp[830]: {qid}: to=<{rcpt}>, relay=mx.example.net[192.0.2.90]:25, "
                 f"delay=0.7, delays=0.1/0/0.3/0.3, dsn={'2.0.0' if status == 'sent' else '5.1.1'}, status={status} (ok)\n")
    return text


def from_outside(when, qid, mid, client=DIAL, sender=ALICE):
    ip, name = client
    return (f"{when}.004212+00:00 mx1 postfix/smtpd[901]: {qid}: client={name}[{ip}]\n"
            f"{when}.014212+00:00 mx1 postfix/cleanup[905]: {qid}: message-id=<{mid}>\n"
            f"{when}.024212+00:00 mx1 postfix/qmgr[702]: {qid}: from=<{sender}>, size=1204, nrcpt=1 (queue active)\n"
            f"{when}.304212+00:00 mx1 postfix/lmtp[930]: {qid}: to=<{ALICE}>, relay=imap1.provider.example[private/dovecot-lmtp], "
            "delay=0.3, delays=0.1/0/0.1/0.1, dsn=2.0.0, status=sent (250 2.0.0 Saved)\n")


def refused(when, client=DIAL, user=ALICE):
    ip, name = client
    return (f"{when}.104212+00:00 out1 postfix/submission/smtpd[812]: warning: {name}[{ip}]: SASL LOGIN authentication failed: "
            f"authentication failure, sasl_username={user}\n")


def web_script(when, qid, mid, uid=33):
    return (f"{when}.104212+00:00 out1 postfix/pickup[77]: {qid}: uid={uid} from=<{ALICE}>\n"
            f"{when}.204212+00:00 out1 postfix/cleanup[815]: {qid}: message-id=<{mid}>\n"
            f"{when}.234212+00:00 out1 postfix/qmgr[702]: {qid}: from=<{ALICE}>, size=1204, nrcpt=1 (queue active)\n")


def usual(user=ALICE, client=CLIENT):
    """One mail a day in the fortnight before, from the usual place, at the usual hour."""
    return "".join(handed_in(f"2026-11-{day:02d}T09:05:10", f"4SY{day:02d}L2Xq1z7", f"day{day}@example.org", client, user)
                   for day in range(2, 16))


def others(day="2026-11-16"):
    """Other people's mail on that day, so that the log is seen to cover it."""
    return "".join(handed_in(f"{day}T{hour:02d}:{minute:02d}:30", f"4SX{hour:02d}{minute:02d}Xq1z", f"bob{hour}{minute}@example.net",
                             ("198.51.100.90", "client-90.access.example"), "bob@example.net")
                   for hour in range(7, 12) for minute in (2, 22, 42))


def whole(*lines):
    """A log in the order of time."""
    return "".join(sorted("".join(lines).splitlines(keepends=True)))


def local_time(log, hours):
    """The same log as syslog wrote it for decades: local time, without a year or a zone."""
    def line(text):
        when, rest = text.split(" ", 1)
        there = datetime.fromisoformat(when[:19]) + timedelta(hours=hours)
        return f"{there:%b} {there.day:2d} {there:%H:%M:%S} {rest}"
    return "".join(line(text) for text in log.splitlines(keepends=True))


AT = "2026-11-16T09:12:20"
FORGED = arrive(mail(body=THREAT, mid="8f1c02@desktop-4qk7"), helo="desktop-4qk7")
FORGED_LOG = from_outside("2026-11-16T09:41:12", "4SZndk3vYJz1m", "8f1c02@desktop-4qk7")
OWN_LOG = handed_in(AT, QID, MID, to=(ALICE,))
STOLEN = arrive(sign(submitted(mail(body=THREAT), client=DIAL), "example.org"), OUT1, at="09:12:21")
STOLEN_LOG = handed_in(AT, QID, MID, DIAL, to=(ALICE,))
NIGHT = "2026-11-16T03:12:20"
BURST = "".join(handed_in(f"2026-11-16T09:{minute:02d}:05", f"4SB{minute:02d}Xq1z77", f"burst{minute}@example.org",
                          to=tuple(f"user{minute}-{i}@example.net" for i in range(3)), status="bounced")
                for minute in range(0, 50, 2))

CASES = {
    "log-not-submitted": Case(
        "The log shows the forgery coming in from outside, and nothing handed in with Alice's log-in at that time.",
        FORGED, "forged", "proof", fires="not_submitted log_outside spf_fail", log=whole(usual(), others(), FORGED_LOG)),
    "log-not-submitted-not-covered": Case(
        "The log ends the day before: that nothing is in it says nothing.",
        FORGED, "forged", "strong", silent="not_submitted", log=whole(usual())),
    "log-not-submitted-fooled": Case(
        "Alice's own mail, handed in at another server of hers whose log is not here: signed, so both sides are strong.",
        own_arrived(), "genuine|cannot_tell", "", fires="dkim_pass not_submitted", log=whole(usual(), others())),
    "log-outside-not": Case(
        "Alice's own mail, with the log that shows its log-in.", own_arrived(), "genuine", "strong",
        fires="log_submitted dkim_pass", silent="log_outside not_submitted log_new_place log_guessed log_burst",
        log=whole(usual(), others(), OWN_LOG)),
    "log-outside-fooled-by-forwarder": Case(
        "Alice's real mail comes back through a forwarder: the log shows it coming in from outside.",
        arrive(sign(submitted(mail()), "example.org"), DIAL, at="09:41:12"), "genuine|cannot_tell", "",
        fires="dkim_pass log_outside", log=whole(usual(), others(), OWN_LOG.replace(ALICE + ">, relay", "bob@example.net>, relay"),
                                                from_outside("2026-11-16T09:41:12", "4SZndk3vYJz1m", MID))),
    "log-submitted-second-device": Case(
        "Handed in with Alice's log-in from a network nearby that she always uses.",
        arrive(sign(submitted(mail(), client=OFFICE), "example.org"), OUT1, at="09:12:21"), "genuine", "strong",
        fires="log_submitted", silent="log_new_place", log=whole(usual(), others(), handed_in(AT, QID, MID, OFFICE, to=(ALICE,)))),
    "log-new-place": Case(
        "Handed in with Alice's log-in from a network that she never used in a fortnight: a stranger has the password.",
        STOLEN, "account_used", "strong", fires="log_submitted log_new_place", silent="log_burst",
        log=whole(usual(), others(), STOLEN_LOG)),
    "log-new-place-no-history": Case(
        "The same, but the log knows no earlier log-ins: no place can be called new.",
        STOLEN, "genuine", "strong", fires="log_submitted", silent="log_new_place", log=whole(others(), STOLEN_LOG)),
    "log-new-place-fooled-by-travel": Case(
        "Alice travels: it looks the same, and the page says what would settle it.",
        arrive(sign(submitted(mail(), client=DIAL), "example.org"), OUT1, at="09:12:21"), "account_used", "strong",
        fires="log_new_place", log=whole(usual(), others(), STOLEN_LOG)),
    "log-guessed": Case(
        "Twelve log-ins refused from one network, then one accepted, then this mail.",
        STOLEN, "account_used", "strong", fires="log_guessed log_new_place",
        log=whole(usual(), others(), "".join(refused(f"2026-11-16T08:{m:02d}:07") for m in range(30, 42)), STOLEN_LOG)),
    "log-guessed-not": Case(
        "Refused log-ins from elsewhere in the world, and Alice's own mail.", own_arrived(), "genuine", "strong",
        silent="log_guessed", log=whole(usual(), others(), "".join(refused(f"2026-11-16T08:{m:02d}:07") for m in range(30, 42)), OWN_LOG)),
    "log-guessed-fooled-by-typing": Case(
        "Alice herself mistypes her new password four times at her usual place.", own_arrived(), "genuine", "strong",
        fires="log_guessed", log=whole(usual(), others(), "".join(refused(f"2026-11-16T09:0{m}:07", CLIENT) for m in range(6, 10)), OWN_LOG)),
    "log-burst": Case(
        "Within the hour dozens of mails from Alice's usual place, to many, and they bounce: a device sends by itself.",
        own_arrived(), "own_device", "fair", fires="log_burst", silent="log_new_place", log=whole(usual(), others(), BURST, OWN_LOG)),
    "log-burst-fooled-by-newsletter": Case(
        "Alice writes to sixty friends once: many recipients, nothing bounces, at her usual hour.",
        own_arrived(), "genuine", "strong", silent="log_burst",
        log=whole(usual(), others(), handed_in(AT, QID, MID, to=tuple(f"friend{i}@example.net" for i in range(60))))),
    "log-local-time": Case(
        "The log has local times without a zone, an hour off: the mail's own trace tells the zone.",
        FORGED, "forged", "proof", fires="not_submitted log_outside", log=local_time(whole(usual(), others(), FORGED_LOG), 1)),
    "log-local-time-own": Case(
        "The same for Alice's own mail, five and a half hours off.", own_arrived(), "genuine", "strong",
        fires="log_submitted", silent="not_submitted", log=local_time(whole(usual(), others(), OWN_LOG), 5.5)),
    "log-failures-only": Case(
        "Refused log-ins only, and the mail came from outside: the background noise of the Internet.",
        FORGED, "forged", "proof", fires="log_failures not_submitted", silent="log_guessed",
        log=whole(usual(), others(), "".join(refused(f"2026-11-16T08:{m:02d}:07") for m in range(30, 42)), FORGED_LOG)),
    "log-script": Case(
        "A program of the web server wrote the mail on the server itself.",
        arrive(sign(mail(body=THREAT), "example.org"), OUT1, mail_from=ALICE, at="09:12:21", qid="4SZn0N1kYbz3p"),
        "forged_through_own_systems", "strong", fires="log_script dkim_pass", log=whole(usual(), others(), web_script(AT, QID, MID))),
    "log-script-not-root": Case(
        "A job of the administrator's wrote it.",
        arrive(sign(mail(), "example.org"), OUT1, at="09:12:21"), "genuine", "fair", silent="log_script",
        log=whole(usual(), web_script(AT, QID, MID, uid=0))),
    "log-script-fooled": Case(
        "The web site's own order mail is written by a program, too.",
        arrive(sign(mail(subject="Order 17"), "example.org"), OUT1, at="09:12:21"), "forged_through_own_systems", "strong",
        fires="log_script", log=whole(usual(), others(), web_script(AT, QID, MID))),
    "log-of-another-server": Case(
        "Somebody hands over the log of a server that knows neither Alice nor the mail: it proves little.",
        FORGED, "forged", "strong", fires="not_submitted", log=whole(others())),
    "log-hostile-helo": Case(
        "A stranger puts the words of a log-in into what a log shows of him: he is not believed.",
        FORGED, "forged", "proof", silent="log_submitted", fires="not_submitted",
        log=whole(usual(), others(), FORGED_LOG, "2026-11-16T09:41:11.004212+00:00 mx1 postfix/smtpd[901]: NOQUEUE: reject: RCPT from "
                  "host-66.dialup.example[203.0.113.66]: 550 5.1.1 <x@example.org>: User unknown; from=<a@b.example> to=<x@example.org> "
                  "proto=ESMTP helo=<4SZndk3vYJz1m: client=x[198.51.100.77], sasl_method=PLAIN, sasl_username=alice@example.org>\n")),

    # ---- the Sent folder, and the owner's word
    "sent-copy": Case(
        "A copy is in Sent.", own_arrived(), "genuine", "strong", fires="sent_copy dkim_pass", silent="sent_none",
        sent=[mail()]),
    "sent-copy-not-mine": Case(
        "A copy is in Sent, and Alice did not write it: somebody was inside.", own_arrived(mail(body=THREAT)), "account_used", "proof",
        fires="sent_copy not_mine", sent=[mail(body=THREAT)], session={"not-mine": "yes"}),
    "sent-none": Case(
        "Sent holds no copy: that proves nothing.", own_arrived(), "genuine", "fair", fires="sent_none", silent="sent_copy",
        sent=[mail(mid="other@example.org")]),
    "sent-copy-fooled-by-forged-id": Case(
        "A forger copied the identifier of a real mail that is in Sent.",
        arrive(mail(body=THREAT)), "forged|cannot_tell", "", fires="sent_copy spf_fail", sent=[mail()]),
    "sent-none-fooled": Case(
        "An intruder deleted the copy; Alice says that she did not write it.", own_arrived(mail(body=THREAT)), "account_used", "strong",
        fires="sent_none not_mine logged_in", sent=[], session={"not-mine": "yes"}),
    "not-mine-logged": Case(
        "Alice did not write it, and the log shows her log-in from her usual network.", own_arrived(mail(body=THREAT)),
        "account_used", "strong", fires="not_mine log_submitted", log=whole(usual(), others(), OWN_LOG), session={"not-mine": "yes"}),
    "not-mine-forged": Case(
        "Alice did not write it, and nobody with her log-in did.", FORGED, "forged", "strong", silent="not_mine",
        session={"not-mine": "yes"}),
    "not-mine-fooled": Case(
        "Alice forgot that her assistant writes for her.", own_arrived(), "account_used", "proof", fires="not_mine sent_copy",
        sent=[mail()], session={"not-mine": "yes"}),
}
