"""auth.py - cases of what authentication and the hand-over show: each observation fires, must not
fire, and is fooled."""
from casebook.mail import (ALICE, BASE, CLUB_MX, DIAL, OUT1, SHOP_MTA, THREAT, WITH_CLUB, WITH_SHOP, Case, arrive, hop,
                           mail, own, own_arrived, sign, submitted)
from casebook.world import PROVIDER, DIALUP, SHOP, key_record

# The owner's domain without keys, with rules of several strengths.
BARE = """\
$TTL 3600
bare.example.            A    192.0.2.10
bare.example.            MX   10 mx1.provider.example.
mx1.provider.example.    A    192.0.2.10
""" + DIALUP
SOFT = """\
soft.example.            TXT  "v=spf1 ip4:192.0.2.25 ~all"
_dmarc.soft.example.     TXT  "v=DMARC1; p=none"
""" + DIALUP
HOSTED = """\
; a web host, on the list of the owner's domain, with other customers beside her
hosted.example.          TXT  "v=spf1 ip4:198.51.100.60 -all"
_dmarc.hosted.example.   TXT  "v=DMARC1; p=reject"
web.host.example.        A    198.51.100.60
60.100.51.198.in-addr.arpa. PTR web.host.example.
host.example.            TXT  "v=spf1 ip4:198.51.100.60 -all"
"""
WEB = ("198.51.100.60", "web.host.example")
BARE_ALICE = "Alice <alice@bare.example>"
HOSTED_ALICE = "Alice <alice@hosted.example>"
SOFT_ALICE = "Alice <alice@soft.example>"

FORGED = arrive(mail(subject="I know everything", body=THREAT, mid="8f1c02@desktop-4qk7"), helo="desktop-4qk7")

CASES = {
    # ---- against the author
    "spf-fail-forged": Case(
        "A dial-up line wrote Alice's address on a mail to her; her domain lists who may send, and this is not among them.",
        FORGED, "forged", "strong", fires="spf_fail dmarc_fail", silent="spf_pass dkim_pass own_path"),
    "spf-fail-not-own-server": Case(
        "The same words, really from Alice's server.",
        own_arrived(mail(body=THREAT)), "genuine", "fair", fires="dkim_pass spf_pass", silent="spf_fail dmarc_fail"),
    "spf-fail-fooled-by-forwarder": Case(
        "A plain forwarder hands Alice's real mail on under her own return address: SPF fails, the signature holds.",
        arrive(hop(own(to="board@club.example"), OUT1, "mail.club.example", rcpt="board@club.example"), CLUB_MX, at="09:12:24"),
        "genuine|cannot_tell", "", fires="dkim_pass", zone=WITH_CLUB),
    "spf-softfail": Case(
        "The owner's domain is not sure itself (~all) and asks for nothing: a forgery is fairly likely.",
        arrive(mail(sender=SOFT_ALICE, to="alice@soft.example"), mail_from="x@dialup.example", rcpt="alice@soft.example"),
        "forged", "fair", fires="spf_fail", zone=SOFT, session={"owner": "alice@soft.example"}),
    "dmarc-fail-list-changed": Case(
        "A mailing list changed the text of Alice's signed mail and kept her as the sender.",
        arrive(hop(own(to="board@club.example"), OUT1, "mail.club.example", rcpt="board@club.example").replace(
            "\n- ask Carol", "\n[board] - ask Carol").replace("Subject:", "List-Id: <board.club.example>\nSubject:", 1),
            CLUB_MX, mail_from="board-bounces@club.example", at="09:12:24"),
        "cannot_tell", "weak", fires="changed_after_signing", zone=WITH_CLUB),
    "dmarc-fail-list-forged": Case(
        "A forger writes List-Id on his mail; nothing else of a list is there.",
        arrive(mail(subject="Board meeting", more="List-Id: <board.club.example>\n"), mail_from="x@dialup.example"),
        "forged", "strong|fair", fires="dmarc_fail spf_fail"),
    "broken-from": Case(
        "Two From fields: programs show the first, naive checks judge the second.",
        arrive("From: Alice Example <alice@example.org>\n" + mail(sender="Accounts <billing@shop.example>"), SHOP_MTA,
               mail_from="bounces@shop.example"),
        "forged", "strong|fair", fires="broken_from", zone=WITH_SHOP),
    "broken-from-not-folded": Case(
        "A From field that is folded is in order.",
        own_arrived(mail(sender="Alice Example\n <alice@example.org>")), "genuine", "fair", silent="broken_from"),
    "broken-from-fooled": Case(
        "A badly written program of Alice's own writes From twice, the same address in both.",
        own_arrived("From: alice@example.org\n" + mail()), "forged|cannot_tell|genuine", "", fires="broken_from",
        silent="dkim_pass"),
    "author-missing": Case(
        "The sender's domain does not exist.",
        arrive(mail(sender="Payroll <pay@nowhere.example>", subject="Your salary"), mail_from="x@dialup.example"),
        "forged", "strong", fires="author_missing", silent="nothing_vouches"),
    "author-missing-not": Case(
        "The sender's domain exists and publishes nothing.",
        arrive(mail(sender="Payroll <pay@bare.example>", subject="Your salary"), mail_from="x@dialup.example"),
        "unproven", "", silent="author_missing", zone=PROVIDER + BARE),
    "author-missing-fooled-by-time": Case(
        "The sender's domain was given up since: the mail is a year old.",
        arrive(mail(sender="Club <old@nowhere.example>"), mail_from="x@dialup.example"), "forged", "fair",
        fires="author_missing old_mail", session={"today": "2027-11-16T12:00:00Z"}),
    "nothing-vouches": Case(
        "The owner's domain publishes nothing, and the mail came from somewhere.",
        arrive(mail(sender=BARE_ALICE, to="alice@bare.example"), mail_from="alice@bare.example"),
        "forged", "fair", fires="nothing_vouches", zone=BARE, session={"owner": "alice@bare.example"}),
    "nothing-vouches-not-inside": Case(
        "Nothing vouches for it either, but it never came from outside: a log-in at the provider.",
        submitted(mail(sender=BARE_ALICE, to="alice@bare.example"), login="alice@bare.example", rcpt="alice@bare.example"),
        "genuine", "fair", fires="logged_in", silent="nothing_vouches", zone=BARE, session={"owner": "alice@bare.example"}),
    "nothing-vouches-fooled": Case(
        "The owner's domain publishes nothing, and it is her own mail through her telephone's network: it cannot be told apart.",
        arrive(mail(sender=BARE_ALICE, to="alice@bare.example", body="milk, bread\n"), mail_from="alice@bare.example"),
        "forged", "fair", fires="nothing_vouches", zone=BARE, session={"owner": "alice@bare.example"}),
    "forged-results": Case(
        "The mail brought a note of passed checks under the provider's name.",
        arrive(mail(body=THREAT, more="Authentication-Results: mx1.provider.example; dkim=pass header.d=example.org;\n"
                                      "\tdmarc=pass header.from=example.org\n")), "forged", "strong", fires="forged_results spf_fail", silent="dkim_pass"),
    "forged-results-not": Case(
        "The provider itself wrote its note, on top.",
        arrive(own(), OUT1, at="09:12:21", results="dkim=pass header.d=example.org; dmarc=pass header.from=example.org"),
        "genuine", "fair", silent="forged_results"),
    "forged-results-fooled": Case(
        "Another server of the provider's wrote the note before the hand-over; it is trusted by name, but stood below.",
        arrive("Authentication-Results: mx1.provider.example; dkim=pass header.d=example.org\n" + own(), OUT1, at="09:12:21"),
        "genuine|cannot_tell", "", fires="dkim_pass"),

    # ---- for the author
    "dkim-pass": Case("Signed by Alice's own system.", own_arrived(), "genuine", "fair", fires="dkim_pass own_path"),
    "dkim-pass-not-changed": Case(
        "The text was changed after signing.", own_arrived().replace("old harbour", "new harbour"),
        "genuine|cannot_tell", "", fires="changed_after_signing", silent="dkim_pass"),
    "dkim-pass-fooled-by-replay": Case(
        "A real mail of Alice's, signed ten days before, sent again to thousands by somebody.",
        arrive(own(to="bob@example.net"), DIAL, mail_from="x@dialup.example", at="09:41:12").replace("16 Nov 2026 09:41", "26 Nov 2026 09:41"),
        "genuine|cannot_tell|forged", "fair|weak", fires="dkim_pass", session={"today": "2026-11-26T12:00:00Z"}),
    "spf-pass": Case(
        "Unsigned, from a server on the list.", arrive(submitted(mail()), OUT1, at="09:12:21"), "genuine", "fair",
        fires="spf_pass", silent="dkim_pass spf_fail"),
    "spf-pass-not-foreign-envelope": Case(
        "SPF passes for the forger's own domain: that says nothing about Alice.",
        arrive(mail(body=THREAT), SHOP_MTA, mail_from="bounces@shop.example"), "forged", "strong", fires="dmarc_fail",
        silent="spf_pass", zone=WITH_SHOP),
    "spf-pass-fooled-by-neighbour": Case(
        "Another customer of the same web host wrote Alice's address, return address included.",
        arrive(mail(sender=HOSTED_ALICE, to="alice@hosted.example", body=THREAT), WEB, mail_from="alice@hosted.example"),
        "genuine", "fair", fires="spf_pass", zone=PROVIDER + HOSTED, session={"owner": "alice@hosted.example"}),
    "listed-address": Case(
        "The web host of the owner's domain sent it under a return address of its own.",
        arrive(mail(sender=HOSTED_ALICE, to="alice@hosted.example"), WEB, mail_from="www-data@host.example"),
        "cannot_tell", "weak", fires="listed_address", silent="spf_pass local_script", zone=PROVIDER + HOSTED,
        session={"owner": "alice@hosted.example"}),
    "listed-address-not": Case(
        "A return address of somebody else's, from an address that the domain does not list.",
        arrive(mail(sender=HOSTED_ALICE, to="alice@hosted.example"), mail_from="www-data@host.example"),
        "forged", "strong", fires="spf_fail", silent="listed_address", zone=PROVIDER + HOSTED + DIALUP,
        session={"owner": "alice@hosted.example"}),
    "logged-in": Case(
        "Handed in at the provider with Alice's log-in and laid into her mailbox.",
        submitted(mail()), "genuine", "fair", fires="logged_in"),
    "logged-in-not-typed": Case(
        "A forger typed a line with a log-in below the hand-over.",
        arrive(submitted(mail(body=THREAT))), "forged", "strong", fires="spf_fail", silent="logged_in"),
    "logged-in-fooled-by-other-user": Case(
        "Another customer of the provider logged in as himself and wrote Alice's address.",
        submitted(mail(body=THREAT), login="mallory@example.net", client=DIAL), "genuine|cannot_tell", "fair|weak", fires="logged_in"),
    "own-path-not-forwarded": Case(
        "The signature holds, but it came in through the club.",
        arrive(hop(own(to="board@club.example"), OUT1, "mail.club.example", rcpt="board@club.example"), CLUB_MX,
               mail_from="SRS0=k3Xa=RT=example.org=alice@club.example", at="09:12:24"),
        "genuine", "fair", fires="dkim_pass", silent="own_path", zone=WITH_CLUB),
    "changed-fooled-by-graft": Case(
        "A stranger put a new text under an old signed header.",
        arrive(own(to="bob@example.net").replace("- ask Carol for the numbers of October", "Pay 900 to this account"), DIAL),
        "cannot_tell", "weak", fires="changed_after_signing spf_fail"),
    "claimed-path": Case(
        "Alice's domain does not sign; a forwarder hands her real mail on, and its trace shows where it got it.",
        arrive(hop(submitted(mail(to="board@club.example"), rcpt="board@club.example"), OUT1, "mail.club.example",
                   rcpt="board@club.example"), CLUB_MX, at="09:12:24"),
        "cannot_tell", "weak", fires="claimed_path", zone=WITH_CLUB),
    "claimed-path-not": Case(
        "A forger types the trace of a forwarder, but comes from a line of another name.",
        arrive(hop(submitted(mail(body=THREAT)), OUT1, "mail.club.example")), "forged", "strong", fires="spf_fail",
        silent="claimed_path", zone=WITH_CLUB),
    "claimed-path-fooled": Case(
        "A forger who owns a well-named server types the trace of a forwarder: cannot be told.",
        arrive(hop(submitted(mail(body=THREAT)), OUT1, "mta.shop.example"), SHOP_MTA), "cannot_tell", "weak",
        fires="claimed_path", zone=WITH_SHOP),
    "service": Case(
        "A mailing service sends Alice's newsletter under its own name; her domain (~all, p=none) leaves it open.",
        arrive(sign(mail(sender=SOFT_ALICE, to="alice@soft.example", more="List-Unsubscribe: <mailto:u@shop.example>\n"),
                    "shop.example"), SHOP_MTA, mail_from="b-17@shop.example"),
        "cannot_tell", "weak", fires="service_vouches", zone=WITH_SHOP + SOFT, session={"owner": "alice@soft.example"}),
    "service-not-enforced": Case(
        "The same service, but the owner's domain asks to set such mail aside.",
        arrive(sign(mail(more="List-Unsubscribe: <mailto:u@shop.example>\n"), "shop.example"), SHOP_MTA,
               mail_from="b-17@shop.example"), "forged", "strong", fires="dmarc_fail", silent="service_vouches", zone=WITH_SHOP),
    "service-aligned": Case(
        "A mailing service signs with the key of Alice's domain.",
        arrive(sign(mail(more="List-Unsubscribe: <mailto:u@shop.example>\n"), "example.org"), SHOP_MTA,
               mail_from="b-17@shop.example"), "genuine", "fair", fires="dkim_pass", zone=WITH_SHOP),
    "service-fooled": Case(
        "Another customer of the service wrote Alice's address: it looks just as her own newsletter does.",
        arrive(sign(mail(sender=SOFT_ALICE, to="alice@soft.example", body=THREAT,
                         more="List-Unsubscribe: <mailto:u@shop.example>\n"), "shop.example"), SHOP_MTA,
               mail_from="b-18@shop.example"),
        "cannot_tell", "weak", fires="service_vouches", zone=WITH_SHOP + SOFT, session={"owner": "alice@soft.example"}),

    # ---- through something of the owner's
    "local-script": Case(
        "A form on the web host of Alice's domain was made to send mail in her name; the host noted the script.",
        arrive(mail(sender=HOSTED_ALICE, to="alice@hosted.example", body=THREAT,
                    more="X-PHP-Originating-Script: 33:contact.php\n"), WEB, mail_from="www-data@host.example"),
        "forged_through_own_systems", "strong", fires="local_script", zone=PROVIDER + HOSTED,
        session={"owner": "alice@hosted.example"}),
    "local-script-not-typed": Case(
        "A forger on a dial-up line typed the name of a script.",
        arrive(mail(body=THREAT, more="X-PHP-Originating-Script: 33:contact.php\n")), "forged", "strong",
        fires="spf_fail", silent="local_script"),
    "local-script-fooled": Case(
        "The web site's own order mail: it is written by a script, too.",
        arrive(mail(sender=HOSTED_ALICE, to="alice@hosted.example", subject="Order 17",
                    more="X-PHP-Originating-Script: 33:shop.php\n"), WEB, mail_from="alice@hosted.example"),
        "forged_through_own_systems", "strong", fires="local_script spf_pass", zone=PROVIDER + HOSTED,
        session={"owner": "alice@hosted.example"}),

    # ---- circumstances
    "nobody-trusted": Case(
        "The forgery again, and nobody told which servers are Alice's: one step less sure.", FORGED, "forged", "fair",
        fires="spf_fail", trust=False),
    "offline-provider-said-fail": Case(
        "Nobody is asked; the provider noted that the checks failed.",
        arrive(mail(body=THREAT), results="spf=fail smtp.mailfrom=alice@example.org; dkim=none; dmarc=fail (p=quarantine) header.from=example.org"),
        "forged", "strong", fires="dmarc_fail", session={"offline": "yes"}),
    "offline-nothing-noted": Case(
        "Nobody is asked, and the provider noted nothing.", FORGED, "cannot_tell", "weak", silent="spf_fail dmarc_fail",
        session={"offline": "yes"}),
    "dns-silent": Case(
        "The DNS of Alice's domain does not answer.", FORGED, "cannot_tell", "weak",
        zone=";!fault example.org * timeout\n;!fault _dmarc.example.org * timeout\n;!fault _spf.provider.example * timeout\n;!fault desktop-4qk7 * timeout\n"),
    "other-proven": Case(
        "A shop's own mail, signed and from its own server.",
        arrive(sign(mail(sender="Shop <news@shop.example>"), "shop.example"), SHOP_MTA, mail_from="b@shop.example"),
        "proven", "strong", fires="dkim_pass spf_pass", zone=WITH_SHOP),
    "other-forged": Case(
        "A dial-up line wrote the address of the provider on a mail to Alice.",
        arrive(mail(sender="Provider <help@provider.example>"), mail_from="x@dialup.example"), "forged", "strong|fair",
        fires="spf_fail"),
    "other-unproven": Case(
        "A mail from a domain that publishes nothing.",
        arrive(mail(sender="Carol <carol@bare.example>"), mail_from="carol@bare.example"), "unproven", "weak",
        zone=PROVIDER + BARE),
}
