"""looks.py - names that imitate Alice's, and what a text shows."""
from casebook.mail import ALICE, DIAL, SHOP_MTA, THREAT, WITH_CLUB, WITH_SHOP, Case, arrive, mail, own_arrived, sign
from casebook.world import DIALUP

ODD = """\
exarnple.org.            TXT  "v=spf1 ip4:203.0.113.66 -all"
example.org.shop.example. TXT "v=spf1 ip4:203.0.113.66 -all"
xn--exmple-4nf.org.      TXT  "v=spf1 ip4:203.0.113.66 -all"
sample.org.              TXT  "v=spf1 ip4:203.0.113.66 -all"
""" + DIALUP
ALICE_NAME = {"name": "Alice Example"}


def from_dial(sender, mail_from, **kw):
    return arrive(mail(sender=sender, **kw), DIAL, mail_from=mail_from)


CASES = {
    "look-letters": Case("exarnple.org: r and n look like m.", from_dial("Alice Example <alice@exarnple.org>", "alice@exarnple.org", subject="New bank account"),
                         "lookalike", "strong", fires="lookalike_domain", zone=ODD),
    "look-script": Case("One letter of the domain is Cyrillic.", from_dial("Alice <alice@xn--exmple-4nf.org>", "alice@xn--exmple-4nf.org"),
                        "lookalike", "strong", fires="lookalike_domain", zone=ODD),
    "look-inside": Case("Alice's domain stands in front of another.", from_dial("Alice <alice@example.org.shop.example>", "alice@example.org.shop.example"),
                        "lookalike", "strong", fires="lookalike_domain", zone=ODD),
    "look-domain-not": Case("Another firm with a name of its own.", arrive(sign(mail(sender="Shop <news@shop.example>"), "shop.example"), SHOP_MTA, mail_from="b@shop.example"),
                            "proven", "strong", silent="lookalike_domain lookalike_name lookalike_address", zone=WITH_SHOP),
    "look-sub-domain-not": Case("A sub-domain of Alice's own.", from_dial("News <news@lists.example.org>", "news@lists.example.org"), "forged|unproven|cannot_tell", "",
                                silent="lookalike_domain"),
    "look-domain-fooled": Case("A real firm whose name is similar: it looks the same.", from_dial("Sample <info@exarnple.org>", "info@exarnple.org"),
                               "lookalike", "strong", fires="lookalike_domain", zone=ODD),
    "look-name": Case("Alice's name with a stranger's address.",
                      arrive(sign(mail(sender="Alice Example <a4711@shop.example>", subject="Are you at your desk?"), "shop.example"), SHOP_MTA, mail_from="a4711@shop.example"),
                      "lookalike", "fair", fires="lookalike_name", zone=WITH_SHOP, session=ALICE_NAME),
    "look-name-not": Case("Somebody else's name.", arrive(sign(mail(sender="Carol Other <carol@shop.example>"), "shop.example"), SHOP_MTA, mail_from="carol@shop.example"),
                          "proven", "strong", silent="lookalike_name", zone=WITH_SHOP, session=ALICE_NAME),
    "look-name-fooled-by-namesake": Case(
        "A person of the same name at the shop: nothing in the mail tells them apart.",
        arrive(sign(mail(sender="Alice Example <alice.example@shop.example>"), "shop.example"), SHOP_MTA, mail_from="alice.example@shop.example"),
        "lookalike", "fair", fires="lookalike_name", zone=WITH_SHOP, session=ALICE_NAME),
    "look-address": Case("The name shown is Alice's address, the address behind it is not.",
                         arrive(sign(mail(sender='"alice@example.org" <x9@shop.example>'), "shop.example"), SHOP_MTA, mail_from="x9@shop.example"),
                         "lookalike", "strong", fires="lookalike_address", zone=WITH_SHOP),
    "look-address-not": Case("The name shown is the sender's own address.",
                             arrive(sign(mail(sender='"news@shop.example" <news@shop.example>'), "shop.example"), SHOP_MTA, mail_from="news@shop.example"),
                             "proven", "strong", silent="lookalike_address", zone=WITH_SHOP),
    "look-address-fooled-by-list": Case(
        "A list shows whose mail it passes on.",
        arrive(sign(mail(sender='"alice@example.org via board" <board@club.example>', more="List-Id: <board.club.example>\n"), "club.example"),
               ("198.51.100.40", "mail.club.example"), mail_from="board-bounces@club.example"),
        "proven", "", fires="lookalike_address", zone=WITH_CLUB),
    "look-odd-letters": Case("A name with letters of two alphabets.",
                             arrive(sign(mail(sender="=?utf-8?B?U3VwcNC+cnQ=?= <help@shop.example>"), "shop.example"), SHOP_MTA, mail_from="help@shop.example"),
                             "proven", "", fires="odd_letters", zone=WITH_SHOP),
    "look-odd-letters-not": Case("A name in one alphabet that is not ours.",
                                 arrive(sign(mail(sender="=?utf-8?B?0J/QvtC00LTQtdGA0LbQutCw?= <help@shop.example>"), "shop.example"), SHOP_MTA, mail_from="help@shop.example"),
                                 "proven", "strong", silent="odd_letters", zone=WITH_SHOP),
    "look-odd-letters-fooled": Case("Japanese and Latin letters in one name are ordinary.",
                                    arrive(sign(mail(sender="=?utf-8?B?44K144Od44O844OIQUJD?= <help@shop.example>"), "shop.example"), SHOP_MTA, mail_from="help@shop.example"),
                                    "proven", "strong", silent="odd_letters", zone=WITH_SHOP),
    "text-password": Case("It shows a password as proof.", arrive(mail(body=THREAT + "\nI hacked your mailbox. Your password is hunter22.\n")), "forged", "strong",
                          fires="names_password"),
    "text-password-not": Case("It asks nothing about passwords.", arrive(mail(body=THREAT)), "forged", "strong", silent="names_password"),
    "text-password-fooled": Case("An honest mail names a first password: nobody threatens.",
                                 own_arrived(mail(body="Welcome! Your password is Start1234, change it soon.\n")), "genuine", "fair", silent="names_password"),
    "text-sign-in": Case("It says that somebody signed in.", arrive(mail(sender="Provider <help@provider.example>", subject="New sign-in to your account",
                                                                        body="A new device signed in to your account. If this was not you, click here.\n"), mail_from="x@dialup.example"),
                         "forged", "", fires="sign_in_notice"),
    "text-sign-in-not": Case("A mail about something else.", own_arrived(), "genuine", "fair", silent="sign_in_notice names_password"),
}
