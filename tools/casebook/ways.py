"""ways.py - genuine mail on its usual detours: none of it may be called forged above "weak"."""
from casebook.auth import HOSTED, HOSTED_ALICE, SOFT, SOFT_ALICE, WEB
from casebook.mail import (ALICE, BASE, CLIENT, CLUB_MX, DIAL, NOTE, OUT1, SHOP_MTA, WITH_CLUB, WITH_SHOP, Case, arrive, hop, mail,
                           own, own_arrived, seal, sign, submitted)
from casebook.world import DIALUP, PROVIDER

BOARD = "board@club.example"
SRS = "SRS0=k3Xa=RT=example.org=alice@club.example"
AT_CLUB = hop(own(to=BOARD), OUT1, "mail.club.example", rcpt=BOARD)
UNSIGNED_AT_CLUB = hop(submitted(mail(to=BOARD), rcpt=BOARD), OUT1, "mail.club.example", rcpt=BOARD)
LIST = "List-Id: The board <board.club.example>\nList-Post: <mailto:board@club.example>\n"
NEVER = "genuine|cannot_tell"

BACKUP = """\
; a second server of the owner's domain, in another house, which passes mail on
example.org.             MX   20 mx2.backup.example.
mx2.backup.example.      A    198.51.100.140
140.100.51.198.in-addr.arpa. PTR mx2.backup.example.
"""
MX2 = ("198.51.100.140", "mx2.backup.example")
SCANNER = """\
; the office: its scanner sends through the office's line, which the domain lists
office.example.          TXT  "v=spf1 ip4:198.51.100.160 -all"
_dmarc.office.example.   TXT  "v=DMARC1; p=none"
160.100.51.198.in-addr.arpa. PTR line.office.example.
line.office.example.     A    198.51.100.160
"""
LINE = ("198.51.100.160", "line.office.example")
OTHER_POP = ("203.0.113.140", "mx.oldmail.example")


def changed(text):
    """A list adds its foot: the signature over the text breaks."""
    return text + "\n-- \nThe board's list\n"


def listed(text):
    return text.replace("\nSubject: ", "\n" + LIST + "Subject: ", 1)


CASES = {
    "way-forwarder-srs": Case("A forwarder with a return address of its own.", arrive(AT_CLUB, CLUB_MX, mail_from=SRS, at="09:12:24"), "genuine", "fair",
                              fires="dkim_pass", zone=WITH_CLUB),
    "way-forwarder-plain": Case("A forwarder that keeps Alice's return address.", arrive(AT_CLUB, CLUB_MX, at="09:12:24"), NEVER, fires="dkim_pass", zone=WITH_CLUB),
    "way-forwarder-srs-unsigned": Case("The same with a return address of its own, the mail unsigned.",
                                       arrive(UNSIGNED_AT_CLUB, CLUB_MX, mail_from=SRS, at="09:12:24"), NEVER, fires="claimed_path", zone=WITH_CLUB),
    "way-forwarder-plain-unsigned": Case("The same with Alice's return address, the mail unsigned.", arrive(UNSIGNED_AT_CLUB, CLUB_MX, at="09:12:24"),
                                         NEVER, fires="claimed_path", zone=WITH_CLUB),
    "way-forwarder-sealed": Case("A forwarder that Alice trusts changed the text and sealed what it had seen (ARC).",
                                 arrive(changed(seal("Authentication-Results: mail.club.example; spf=pass smtp.mailfrom=alice@example.org;\n"
                                                     "\tdkim=pass header.d=example.org; dmarc=pass header.from=example.org; arc=none\n" + AT_CLUB,
                                                     "club.example", "mail.club.example")), CLUB_MX, mail_from=SRS, at="09:12:24"),
                                 NEVER, zone=WITH_CLUB, session={"trust": ["provider.example", "club.example"]}),
    "way-list-untouched": Case("A list that changes nothing.", arrive(listed(AT_CLUB), CLUB_MX, mail_from="board-bounces@club.example", at="09:12:24"),
                               "genuine", "fair", fires="dkim_pass", zone=WITH_CLUB),
    "way-list-with-foot": Case("A list that adds a foot.", arrive(changed(listed(AT_CLUB)), CLUB_MX, mail_from="board-bounces@club.example", at="09:12:24"),
                               NEVER, fires="changed_after_signing", zone=WITH_CLUB),
    "way-list-with-foot-unsigned": Case("A list that adds a foot to mail that was never signed.",
                                        arrive(changed(listed(UNSIGNED_AT_CLUB)), CLUB_MX, mail_from="board-bounces@club.example", at="09:12:24"),
                                        NEVER, fires="claimed_path", zone=WITH_CLUB),
    "way-list-rewrites-from": Case(
        "A list that writes its own address into From: another's name, and really from the list.",
        arrive(sign(listed(AT_CLUB).replace("From: Alice Example <alice@example.org>", "From: Alice Example via The board <board@club.example>\nReply-To: alice@example.org"),
                    "club.example"), CLUB_MX, mail_from="board-bounces@club.example", at="09:12:24"),
        "proven", "", fires="dkim_pass", zone=WITH_CLUB),
    "way-alias": Case("Alice's old address is an alias that the provider itself resolves.",
                      arrive(own(to="a.example@example.org"), OUT1, at="09:12:21", rcpt="a.example@example.org"), "genuine", "fair", fires="dkim_pass"),
    "way-sieve-redirect": Case("A rule of another mailbox at the provider redirects it: the second hop has a local client.",
                               arrive(hop(own(to="bob@provider.example"), ("127.0.0.1", "localhost"), "mx1.provider.example", rcpt=ALICE),
                                      ("127.0.0.1", "localhost"), at="09:12:24"), NEVER, fires="dkim_pass"),
    "way-content-filter": Case("The provider's virus filter took it in and handed it back (127.0.0.1).",
                               arrive(hop(own(), OUT1, "mx1.provider.example", qid="4SZn0N1kYbz3p", at="09:12:21"), ("127.0.0.1", "localhost"), at="09:12:23"),
                               "genuine", "fair", fires="dkim_pass"),
    "way-content-filter-unsigned": Case("The same, unsigned.",
                                        arrive(hop(submitted(mail()), OUT1, "mx1.provider.example", qid="4SZn0N1kYbz3p", at="09:12:21"),
                                               ("127.0.0.1", "localhost"), at="09:12:23"), "genuine", "fair", fires="spf_pass"),
    "way-backup-mx": Case("The domain's second server took it in and passed it on.",
                          arrive(hop(own(), OUT1, "mx2.backup.example"), MX2, at="09:14:24"), NEVER, fires="dkim_pass", zone=BASE + BACKUP),
    "way-backup-mx-unsigned": Case("The same, unsigned.", arrive(hop(submitted(mail()), OUT1, "mx2.backup.example"), MX2, at="09:14:24"), NEVER,
                                   fires="claimed_path", zone=BASE + BACKUP),
    "way-fetched": Case("Fetched from an old mailbox elsewhere (POP).",
                        f"""Received: from pop.oldmail.example [203.0.113.140]
\tby home.example.org with POP3 (fetchmail-6.4.37)
\tfor <alice@localhost> (single-drop); Mon, 16 Nov 2026 09:20:05 +0000 (UTC)
""" + hop(own(to="alice@oldmail.example"), OUT1, "mx.oldmail.example", rcpt="alice@oldmail.example"), NEVER, fires="dkim_pass",
                        session={"trust": "home.example.org"}),
    "way-web-form": Case("A form on Alice's own web site writes the visitor's address into From; here she tried it herself.",
                         arrive(mail(sender=HOSTED_ALICE, to="alice@hosted.example", subject="Form"), WEB, mail_from="www-data@host.example"),
                         NEVER, fires="listed_address", zone=PROVIDER + HOSTED, session={"owner": "alice@hosted.example"}),
    "way-service-own-return-path": Case("A mailing service with a return address of its own and Alice's key.",
                                        arrive(sign(mail(more="List-Unsubscribe: <mailto:u@shop.example>\n"), "example.org"), SHOP_MTA,
                                               mail_from="b-17@shop.example"), "genuine", "fair", fires="dkim_pass", zone=WITH_SHOP),
    "way-service-unsigned-soft": Case("A mailing service without Alice's key; her domain leaves it open.",
                                      arrive(sign(mail(sender=SOFT_ALICE, to="alice@soft.example", more="List-Unsubscribe: <mailto:u@shop.example>\n"),
                                                  "shop.example"), SHOP_MTA, mail_from="b-17@shop.example"), NEVER, zone=WITH_SHOP + SOFT,
                                      session={"owner": "alice@soft.example"}),
    "way-send-mail-as": Case("\"Send mail as\" in another webmail, which uses Alice's provider and her log-in.",
                             arrive(sign(submitted(mail(more="X-Mailer: Webmail 2\n"), client=("203.0.113.150", "mail-sor.webmail.example")), "example.org"),
                                    OUT1, at="09:12:21"), "genuine", "fair", fires="dkim_pass"),
    "way-scanner": Case("The office's scanner sends in the office's name.",
                        arrive(mail(sender="Scanner <scan@office.example>", to="scan@office.example", subject="Scan 0017"), LINE, helo="scanner",
                               mail_from="scan@office.example"), "genuine", "fair", fires="spf_pass", zone=PROVIDER + SCANNER,
                        session={"owner": "scan@office.example"}),
    "way-calendar": Case("A calendar sends an invitation on behalf of Alice: Sender is the calendar's.",
                         arrive(sign(mail(more="Sender: calendar@provider.example\n", subject="Invitation",
                                          mime="Content-Type: text/calendar; method=REQUEST; charset=us-ascii\n", body="BEGIN:VCALENDAR\nEND:VCALENDAR\n"), "example.org"),
                                OUT1, mail_from="calendar@provider.example", at="09:12:21"), "genuine", "fair", fires="dkim_pass"),
    "way-disclaimer": Case("A rule of the provider's adds a disclaimer after signing; SPF still holds.",
                           arrive(changed(own()), OUT1, at="09:12:21"), "genuine", "fair", fires="spf_pass"),
    "way-roaming": Case("Alice hands it in from a mobile network that thousands share.",
                        arrive(sign(submitted(mail(), client=("203.0.113.7", "cgn-7.mobile.example")), "example.org"), OUT1, at="09:12:21"),
                        "genuine", "fair", fires="dkim_pass"),
    "way-two-forwarders": Case("Two forwarders in a row, signed.",
                               arrive(hop(AT_CLUB, CLUB_MX, "mx2.backup.example", at="09:12:30"), MX2, mail_from=SRS, at="09:12:40"), NEVER,
                               fires="dkim_pass", zone=WITH_CLUB + BACKUP),
}
