"""world.py - the small world in which examples and cases play: a mailbox provider, the domain of
Alice whose mail it handles, a club that hands mail on, a shop, a dial-up line. Names of mails and
lines of logs are made here, so that a case says only what is special about it.

Times and keys are fixed: the same bytes on each run. Needs python3-dkim and python3-authres.
"""
import base64
import subprocess
import time
from pathlib import Path

import dkim

KEYS = Path(__file__).resolve().parents[2] / "examples" / "keys"
SELECTOR = "s2026"
SIGNED_AT = 1794820340  # Mon, 16 Nov 2026 09:12:20 +0000
SIGNED = [b"from", b"from", b"to", b"to", b"subject", b"subject", b"date", b"message-id", b"mime-version",
          b"content-type"]

# ---- what the DNS says

# A mailbox provider, and the domain of Alice, whose mail it handles.
PROVIDER = """\
$TTL 3600
; the mailbox provider: takes mail in at mx1, sends it out from out1
provider.example.        MX   10 mx1.provider.example.
provider.example.        TXT  "v=spf1 include:_spf.provider.example -all"
_spf.provider.example.   TXT  "v=spf1 ip4:192.0.2.24/29 ip6:2001:db8:25::/64 -all"
mx1.provider.example.    A    192.0.2.10
out1.provider.example.   A    192.0.2.25
10.2.0.192.in-addr.arpa. PTR  mx1.provider.example.
25.2.0.192.in-addr.arpa. PTR  out1.provider.example.
; the owner's domain, whose mail the provider handles
example.org.             MX   10 mx1.provider.example.
example.org.             TXT  "v=spf1 include:_spf.provider.example -all"
_dmarc.example.org.      TXT  "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.org"
"""

# A club whose address board@ hands mail on to its members.
CLUB = """\
; the club that hands mail on
club.example.            MX   10 mail.club.example.
club.example.            TXT  "v=spf1 mx -all"
_dmarc.club.example.     TXT  "v=DMARC1; p=none"
mail.club.example.       A    198.51.100.40
40.100.51.198.in-addr.arpa. PTR mail.club.example.
"""

# The stranger's own, well-kept domain.
SHOP = """\
; the sender's own domain: everything about it is in order
shop.example.            TXT  "v=spf1 ip4:203.0.113.80 -all"
_dmarc.shop.example.     TXT  "v=DMARC1; p=none"
mta.shop.example.        A    203.0.113.80
80.113.0.203.in-addr.arpa. PTR mta.shop.example.
"""

# A dial-up line: it has a name, and nothing else.
DIALUP = """\
; where the mail came from
66.113.0.203.in-addr.arpa. PTR host-66.dialup.example.
host-66.dialup.example.  A    203.0.113.66
"""

# Whose network the dial-up line is in, and who takes complaints about it.
NETWORKS = """\
; the tables of networks and of contacts
66.113.0.203.origin.asn.cymru.com. TXT "64500 | 203.0.113.0/24 | ZZ | arin | 2010-01-01"
AS64500.asn.cymru.com.   TXT  "64500 | ZZ | arin | 2010-01-01 | DIALUP-EXAMPLE Dial-up lines, ZZ"
66.113.0.203.abuse-contacts.abusix.zone. TXT "abuse@dialup.example"
"""


def key_record(domain):
    """The public half of examples/keys/DOMAIN.pem as a line of a zone."""
    der = subprocess.run(["openssl", "rsa", "-in", KEYS / f"{domain}.pem", "-pubout", "-outform", "DER"],
                         check=True, capture_output=True).stdout
    text = "v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode()
    parts = " ".join(f'"{text[i:i + 200]}"' for i in range(0, len(text), 200))
    return f"{SELECTOR}._domainkey.{domain}. TXT ( {parts} )\n"


# ---- signing

def private_key(domain):
    return (KEYS / f"{domain}.pem").read_bytes()


def at_signing_time(function, *args, **options):
    """dkim takes t= from the clock."""
    real = time.time
    time.time = lambda: SIGNED_AT
    try:
        return function(*args, **options)
    finally:
        time.time = real


def sign(message, domain):
    field = at_signing_time(dkim.sign, message.encode(), SELECTOR.encode(), domain.encode(), private_key(domain),
                            canonicalize=(b"relaxed", b"relaxed"), include_headers=SIGNED)
    return field.decode().replace("\r\n", "\n") + message


def seal(message, domain, authserv_id):
    fields = at_signing_time(dkim.arc_sign, message.encode(), SELECTOR.encode(), domain.encode(), private_key(domain),
                             authserv_id.encode(), include_headers=[b"from", b"to", b"subject", b"date",
                                                                    b"message-id", b"mime-version"])
    return b"".join(fields).decode().replace("\r\n", "\n") + message


# ---- files of a case

def percent(value):
    """As session.ini has it: what is not printable ASCII, and percent signs; spaces only at the ends."""
    inner = "".join(c if " " <= c <= "~" and c != "%" else "".join(f"%{b:02X}" for b in c.encode()) for c in value)
    if inner.startswith(" "):
        inner = "%20" + inner[1:]
    return inner[:-1] + "%20" if inner.endswith(" ") else inner


def ini(pairs):
    """Lines "name = value" of a dictionary; a list gives a line for each of its items."""
    lines = []
    for name, value in pairs.items():
        for one in value if isinstance(value, list) else [value]:
            lines.append(f"{name} = {percent(one)}\n")
    return "".join(lines)
