#!/usr/bin/python3
"""test_interop - what others sign, we verify; what we sign, others verify.

The others are python3-dkim and opendkim. The DNS is a zone file for us, a
function for the one and a text file for the other.
"""
import base64
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import dkim

from harness import SOURCE, Tap, truefrom

SIGN_MAIL = os.environ.get("SIGN_MAIL", "sign_mail")
KEYS = SOURCE / "tests" / "vectors" / "keys"
DOMAIN = "example.com"
CANONS = [(h, b) for h in ("simple", "relaxed") for b in ("simple", "relaxed")]
tap = Tap()

MAILS = {
    "a plain mail": b"From: Alice <alice@example.com>\r\nTo: bob@example.net\r\nSubject: Hello\r\n"
                    b"Date: Mon, 16 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n\r\nHello,\r\n\r\nBob.\r\n",
    "blanks and folds": b"From:  Alice\t<alice@example.com> \r\nTO: bob@example.net,\r\n\t carol@example.net\r\n"
                        b"subject:a  subject \t with\r\n  folds \r\nDate: Mon, 16 Nov 2026 09:00:00 +0000\r\n"
                        b"MIME-Version: 1.0\r\nContent-Type: text/plain;\r\n charset=utf-8\r\n\r\n"
                        b" leading\r\ntrailing \t \r\n\t\r\ntwo  blanks\r\n\r\n\r\n\r\n",
    "no body": b"From: alice@example.com\r\nTo: bob@example.net\r\nSubject: x\r\nDate: Mon, 16 Nov 2026 09:00:00 +0000\r\n"
               b"\r\n",
    "8-bit bytes": "From: Aliçe <alice@example.com>\r\nTo: bob@example.net\r\nSubject: Grüße ☃\r\n"
                   "Date: Mon, 16 Nov 2026 09:00:00 +0000\r\n\r\nGrüße\r\n".encode(),
    "no line end at the end": b"From: alice@example.com\r\nTo: bob@example.net\r\nSubject: x\r\n"
                              b"Date: Mon, 16 Nov 2026 09:00:00 +0000\r\n\r\nlast line",
}


def opendkim_can(title, canon, key=None):
    """What opendkim's test mode can do at all: it takes blanks off the start of a value, wants the
    last line ended, and its ed25519 signatures over a simple header hold for nobody (opendkim_moves_b)."""
    if canon[0] == "simple" and (title == "blanks and folds" or key == "ed25519"):
        return False
    return title != "no line end at the end"


def run(*args, stdin=b"", **options):
    return subprocess.run([str(a) for a in args], input=stdin, capture_output=True, timeout=60, check=False, **options)


def record(name):
    """The p= of a key in tests/vectors/keys, as a TXT record."""
    der = run("openssl", "pkey", "-in", KEYS / f"{name}.pem", "-pubout", "-outform", "DER").stdout
    if name == "ed25519":
        return "v=DKIM1; k=ed25519; p=" + base64.b64encode(der[-32:]).decode()
    return "v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode()


RECORDS = {name: record(name) for name in ("rsa2048", "rsa1024", "ed25519")}


def ed25519_seed():
    """python3-dkim wants the bare seed in base64."""
    der = run("openssl", "pkey", "-in", KEYS / "ed25519.pem", "-outform", "DER").stdout
    return base64.b64encode(der[-32:])


def lookup(name, timeout=5):
    return RECORDS.get(name.decode().split(".")[0], "").encode()


def write_dns(folder):
    """For us and for opendkim."""
    zone = folder / "dns.zone"
    lines = []
    for name, text in RECORDS.items():
        pieces = " ".join(f'"{text[i:i + 200]}"' for i in range(0, len(text), 200))
        lines.append(f"{name}._domainkey.{DOMAIN}. TXT ( {pieces} )\n")
    zone.write_text("".join(lines))
    (folder / "dns.txt").write_text("".join(f"{n}._domainkey.{DOMAIN} {t}\n" for n, t in RECORDS.items()))
    return zone


def ours(zone, mail):
    said = truefrom("verify", "-", "--zone", zone, "--json", stdin=mail)
    return [s["result"] for s in said.json["dkim"]], said


def opendkim(folder, mode, mail, **settings):
    """opendkim's test mode over one message; what it printed."""
    conf = {"TestDNSData": f"file:{folder}/dns.txt", "InternalHosts": "0.0.0.0/0", "RequireSafeKeys": "no",
            "Mode": mode, "UMask": "077", "TemporaryDirectory": folder, **settings}
    (folder / "opendkim.conf").write_text("".join(f"{k} {v}\n" for k, v in conf.items()))
    (folder / "mail.eml").write_bytes(mail)
    done = run("opendkim", "-x", folder / "opendkim.conf", "-b", mode, "-vvv", "-t", folder / "mail.eml")
    return done.stdout.decode("latin-1") + done.stderr.decode("latin-1")


def opendkim_signs(folder, mail, key, canon):
    said = opendkim(folder, "s", mail, Domain=DOMAIN, Selector=key, KeyFile=KEYS / f"{key}.pem", Canonicalization="/".join(canon),
                    SignatureAlgorithm="ed25519-sha256" if key == "ed25519" else "rsa-sha256")
    field = re.search(r"hname='DKIM-Signature' hvalue='(.*?)'\n", said, re.S)
    if not field:
        return None, said
    value = field.group(1).replace("\r\n", "\n").replace("\n", "\r\n")
    return f"DKIM-Signature: {value}\r\n".encode("latin-1") + mail, said


def we_verify_theirs(folder, zone):
    for title, mail in MAILS.items():
        for canon in CANONS:
            for key in RECORDS:
                secret = ed25519_seed() if key == "ed25519" else (KEYS / f"{key}.pem").read_bytes()
                algorithm = b"ed25519-sha256" if key == "ed25519" else b"rsa-sha256"
                field = dkim.sign(mail, key.encode(), DOMAIN.encode(), secret, canonicalize=[c.encode() for c in canon],
                                  signature_algorithm=algorithm)
                results, said = ours(zone, field + mail)
                tap.equal(f"{title}: signed by python3-dkim, {'/'.join(canon)}, {key}", results, ["pass"], said)
            for key in ("rsa2048", "ed25519"):
                if not opendkim_can(title, canon, key):
                    continue
                signed, said = opendkim_signs(folder, mail, key, canon)
                name = f"{title}: signed by opendkim, {'/'.join(canon)}, {key}"
                if signed is None:
                    tap.case(name, False, said)
                    continue
                results, said = ours(zone, signed)
                tap.equal(name, results, ["pass"], said, signed.decode("latin-1"))


def opendkim_moves_b(folder, zone):
    """opendkim hashes its ed25519 field with b= on the line of h= and then writes b= on a line of its own. Relaxed does not
    see it; under simple the signature holds for the field as it was hashed, and for nobody who reads what was sent."""
    for canon in (c for c in CANONS if c[0] == "simple"):
        name = f"signed by opendkim, {'/'.join(canon)}, ed25519"
        signed, said = opendkim_signs(folder, MAILS["a plain mail"], "ed25519", canon)
        if signed is None:
            tap.case(name, False, said)
            continue
        as_hashed = re.sub(rb";\r\n\tb=", b"; b=", signed, count=1)
        for what, mail, holds in (("as it was sent", signed, False), ("as it was hashed", as_hashed, True)):
            results, said = ours(zone, mail)
            tap.equal(f"{name}, {what}: we", results, ["pass" if holds else "fail"], said, mail.decode("latin-1"))
            tap.case(f"{name}, {what}: python3-dkim", dkim.verify(mail, dnsfunc=lookup) == holds, mail.decode("latin-1"))


def they_verify_ours(folder):
    for title, mail in MAILS.items():
        for canon in CANONS:
            for key in RECORDS:
                done = run(SIGN_MAIL, "dkim", KEYS / f"{key}.pem", DOMAIN, key, *canon, stdin=mail)
                name = f"{title}: signed by us, {'/'.join(canon)}, {key}"
                tap.case(name, done.returncode == 0 and done.stdout.endswith(mail), done.stderr)
                tap.case(f"{name}: python3-dkim", dkim.verify(done.stdout, dnsfunc=lookup), done.stdout)
                if opendkim_can(title, canon):
                    said = opendkim(folder, "v", done.stdout)
                    tap.case(f"{name}: opendkim", "dkim=pass" in said, said)


def seal_by(who, mail, host, status):
    """One ARC set on top, with what `host` says it saw; its Authentication-Results stands below."""
    results = f"{host}; dkim=pass header.d={DOMAIN}; arc={status}"
    if who == "us":
        return run(SIGN_MAIL, "arc", KEYS / "rsa2048.pem", DOMAIN, "rsa2048", status, results, stdin=mail).stdout
    mail = f"Authentication-Results: {results}\r\n".encode() + mail
    return b"".join(dkim.arc_sign(mail, b"rsa2048", DOMAIN.encode(), (KEYS / "rsa2048.pem").read_bytes(), host.encode(),
                                  include_headers=[b"from", b"to", b"subject", b"date"])) + mail


def arc_both_ways(zone):
    for title, mail in MAILS.items():
        for sealers in (("us",), ("them",), ("us", "them"), ("them", "us"), ("us", "us", "them", "us")):
            sealed = mail
            for i, who in enumerate(sealers):
                sealed = seal_by(who, sealed, f"mx{i}.example.net", "pass" if i else "none")
            name = f"{title}: sealed by {', '.join(sealers)}"
            said = truefrom("verify", "-", "--zone", zone, "--json", stdin=sealed)
            tap.equal(f"{name}: we say", (said.json["arc"]["result"], said.json["arc"]["instance"]),
                      ("pass", len(sealers)), said, sealed.decode("latin-1"))
            theirs = dkim.arc_verify(sealed, dnsfunc=lookup)
            tap.equal(f"{name}: python3-dkim says", theirs[0], b"pass", theirs, sealed.decode("latin-1"))


def they_say_of_arc(mail):
    """Of a chain whose newest seal says cv=fail python3-dkim returns nothing at all; RFC 8617 5.2 step 2: fail."""
    return (dkim.arc_verify(mail, dnsfunc=lookup)[0] or b"fail").decode()


def broken_chains(zone):
    """Five sets by turns, then changed; sealed as failed, and never after that."""
    sealed = MAILS["a plain mail"]
    for i in range(5):
        sealed = seal_by("them" if i % 2 else "us", sealed, f"mx{i}.example.net", "pass" if i else "none")
    body = sealed.replace(b"Bob.", b"Eve.")
    failed = seal_by("us", body, "mx5.example.net", "fail")
    chains = (("as it was sealed", sealed, "pass"), ("a changed body", body, "fail"),
              ("changed results of the first set", sealed.replace(b"i=1; mx0", b"i=1; mx9"), "fail"),
              ("a set taken out", re.sub(rb"ARC-Seal:.*?(?=ARC-Seal:)", b"", sealed, count=1, flags=re.S), "pass"),
              ("the first set taken out", re.sub(rb"ARC-Seal:(?:(?!ARC-Seal:).)*?\r\n(?=From:)", b"", sealed, flags=re.S), "fail"),
              ("sealed as failed", failed, "fail"))
    for title, mail, want in chains:
        said = truefrom("verify", "-", "--zone", zone, "--json", stdin=mail)
        tap.equal(f"a chain of five, {title}: we say", said.json["arc"]["result"], want, said, mail.decode("latin-1"))
        tap.equal(f"a chain of five, {title}: python3-dkim says", they_say_of_arc(mail), want, mail.decode("latin-1"))
    tap.case("nothing is sealed after cv=fail", not seal_by("us", failed, "mx6.example.net", "fail"))


def changes_are_seen(zone):
    """A test of the tests: one changed byte must not pass, on either side."""
    mail = MAILS["a plain mail"]
    signed = run(SIGN_MAIL, "dkim", KEYS / "rsa2048.pem", DOMAIN, "rsa2048", "relaxed", "relaxed", stdin=mail).stdout
    for what, changed in (("body", signed.replace(b"Bob.", b"Eve.")), ("Subject", signed.replace(b"Hello\r", b"Hallo\r", 1))):
        tap.case(f"a changed {what}: python3-dkim refuses", not dkim.verify(changed, dnsfunc=lookup))
        results, said = ours(zone, changed)
        tap.equal(f"a changed {what}: we refuse", results, ["fail"], said)


with tempfile.TemporaryDirectory(prefix="truefrom-interop-") as name:
    work = Path(name)
    dns_zone = write_dns(work)
    we_verify_theirs(work, dns_zone)
    opendkim_moves_b(work, dns_zone)
    they_verify_ours(work)
    arc_both_ways(dns_zone)
    broken_chains(dns_zone)
    changes_are_seen(dns_zone)
sys.exit(tap.done())
