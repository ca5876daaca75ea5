#!/usr/bin/python3
"""test_interop_arc - chains of sets that we and python3-dkim add by turns; both judge each."""
import base64
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import dkim

from harness import SOURCE, Tap

SEAL_MAIL = os.environ.get("SEAL_MAIL", "seal_mail")
KEYS = SOURCE / "tests" / "vectors" / "keys"
HOPS = ("hop1.example", "hop2.example", "hop3.example", "hop4.example", "hop5.example")
MAIL = (b"From: Alice <alice@example.com>\r\nTo: list@lists.example,\r\n\tBob <bob@example.net>\r\n"
        b"Subject:  minutes \t of  Monday \r\nDate: Mon, 16 Nov 2026 09:00:00 +0000\r\n\r\n"
        b"The  minutes \t\r\n\r\nare attached.\r\n\r\n")
tap = Tap()


def records():
    """Every hop has the same key."""
    der = subprocess.run(["openssl", "pkey", "-in", KEYS / "rsa2048.pem", "-pubout", "-outform", "DER"],
                         capture_output=True, check=True).stdout
    text = "v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode()
    return {f"sel._domainkey.{hop}": text for hop in HOPS}


RECORDS = records()


def lookup(name, timeout=5):
    name = name.decode() if isinstance(name, bytes) else name
    return RECORDS.get(name.rstrip("."), "").encode()


def run(zone, *args, mail):
    return subprocess.run([SEAL_MAIL, str(zone), *map(str, args)], input=mail, capture_output=True, timeout=60,
                          check=False)


def they_say(mail):
    """Of a chain whose newest seal says cv=fail it returns nothing at all: RFC 8617 5.2 step 2 is fail."""
    cv, sets, why = dkim.arc_verify(mail, dnsfunc=lookup)
    return (cv or b"fail").decode(), f"{why}\n{sets}"


def we_say(zone, mail):
    said = run(zone, "check", mail=mail)
    return said.stdout.decode().split(" ")[0], said.stdout.decode() + said.stderr.decode()


def we_seal(zone, mail, hop):
    said = run(zone, "seal", KEYS / "rsa2048.pem", hop, "sel", mail=mail)
    return said.stdout, said.stderr.decode()


def they_seal(zone, mail, hop):
    status = we_say(zone, mail)[0].encode()
    results = b"Authentication-Results: " + hop.encode() + b"; arc=" + status + b"\r\n"
    fields = dkim.arc_sign(results + mail, b"sel", hop.encode(), (KEYS / "rsa2048.pem").read_bytes(), hop.encode(),
                           include_headers=[b"from", b"to", b"subject", b"date"])
    return b"".join(fields) + mail, ""


def both_judge(zone, mail, want, title):
    said, notes = they_say(mail)
    tap.equal(f"{title}: python3-dkim", said, want, notes, mail.decode("latin-1"))
    said, notes = we_say(zone, mail)
    tap.equal(f"{title}: we", said, want, notes)


def by_turns(zone, first, second, title):
    mail = MAIL
    for i, hop in enumerate(HOPS):
        mail, why = (first, second)[i % 2](zone, mail, hop)
        if not mail:
            tap.case(f"{title}: set {i + 1} is made", False, why)
            return
        both_judge(zone, mail, "pass", f"{title}, set {i + 1}")
    both_judge(zone, mail.replace(b"hop1.example; arc=none", b"hop1.example; arc=pass"), "fail",
               f"{title}, the first results changed")
    both_judge(zone, mail.replace(b"minutes", b"hours"), "fail", f"{title}, subject and body changed")
    failed, why = we_seal(zone, mail.replace(b"minutes", b"hours"), "hop5.example")
    tap.case(f"{title}, changed and sealed: cv=fail", b"cv=fail;" in failed, why)
    both_judge(zone, failed, "fail", f"{title}, changed and sealed")
    again, why = we_seal(zone, failed, "hop5.example")
    tap.case(f"{title}, nothing is added after that", not again and "has ended" in why, why)


with tempfile.TemporaryDirectory(prefix="truefrom-interop-") as name:
    keys = Path(name) / "keys"
    keys.write_text("".join(f"{n} {t}\n" for n, t in RECORDS.items()))
    by_turns(keys, we_seal, they_seal, "we, they, we")
    by_turns(keys, they_seal, we_seal, "they, we, they")
    by_turns(keys, we_seal, we_seal, "all by us")
    by_turns(keys, they_seal, they_seal, "all by them")
sys.exit(tap.done())
