#!/usr/bin/python3
"""test_mutations - mails that are large, deep or broken in one way, through the
command: a verdict for each, offline and with DNS, and in time.

MOST_SECONDS is what one mail may take: 1 in a release build (tools/run-tests
runs this script with one), more under sanitizers. Mails bent at random are in
tests/mutate.h, which judges thousands in the time that the command starts in."""
import base64
import io
import os
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from harness import EXAMPLES, Tap, truefrom

MOST_SECONDS = float(os.environ.get("MOST_SECONDS", "20"))
ZONE = EXAMPLES / "forged" / "dns.zone"
tap = Tap()

HEAD = (b"Received: from x.example (x.example [203.0.113.66]) by mx.example.net; Mon, 16 Nov 2026 09:15:00 +0000\n"
        b"From: Alice <alice@example.org>\nTo: Alice <alice@example.org>\nSubject: hello\nMIME-Version: 1.0\n")
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
PAGE = HEAD + b"Content-Type: text/html; charset=utf-8\n\n"
MEGABYTE = 1 << 20


def filled(seed, size=MEGABYTE):
    return (seed * (size // len(seed) + 1))[:size]


def attached(name, content, count=1):
    part = (b"--b\nContent-Type: application/octet-stream; name=" + name + b"\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(content) + b"\n")
    return MIXED + part * count + b"--b--\n"


def nested(depth, kind):
    head = HEAD
    for level in range(depth):
        if kind == "multipart":
            head += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
        else:
            head += b"Content-Type: message/rfc822\n\n"
    return head + b"Content-Type: text/html\n\n<a href=http://203.0.113.5/>https://example.com/</a>"


def zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def bomb():
    inner = zipped(("zeros.zip", b"\0" * (8 * MEGABYTE)))
    for _ in range(5):
        inner = zipped(*((f"{i}.zip", inner) for i in range(10)))
    return inner


def tarred(kind):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{kind}") as archive:
        member = tarfile.TarInfo("zeros")
        member.size = 16 * MEGABYTE
        archive.addfile(member, io.BytesIO(b"\0" * member.size))
    return out.getvalue()


MAILS = {
    "100,000 parts": lambda: MIXED + b"--b\n\nx\n" * 100000 + b"--b--\n",
    "100,000 parts with headers": lambda: MIXED + b"--b\nContent-Type: text/html; name=\"a.html\"\n\n<p>\n" * 100000,
    "100,000 parts that never end": lambda: MIXED + b"--b\nContent-Type: multipart/mixed; boundary=b\n" * 100000,
    "10,000 headers": lambda: b"".join(b"X-%d: x\n" % i for i in range(10000)) + HEAD + b"\nx\n",
    "10,000 Received": lambda: (HEAD.split(b"\n")[0] + b"\n") * 10000 + HEAD + b"\nx\n",
    "10,000 signatures": lambda: b"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s; h=from; bh=AAAA; b=AAAA\n" * 10000 + HEAD + b"\nx\n",
    "10,000 From": lambda: b"From: a@b.example\n" * 10000 + HEAD + b"\nx\n",
    "10,000 Authentication-Results": lambda: b"Authentication-Results: mx.example.net; dkim=pass header.d=example.org\n" * 10000 + HEAD + b"\nx\n",
    "100,000 addresses": lambda: HEAD + b"Cc: " + b",\n ".join(b"a%d@b.example" % i for i in range(100000)) + b"\n\nx\n",
    "a header of 1 MB": lambda: HEAD + b"X: " + filled(b"x") + b"\n\nx\n",
    "a subject of encoded words": lambda: HEAD.replace(b"hello", filled(b"=?utf-8?b?w6TDtsO8?=\n ").rstrip() + b"x") + b"\nx\n",
    "a From of brackets": lambda: b"From: " + filled(b"(") + b"\n\nx\n",
    "multipart 200 deep": lambda: nested(200, "multipart"),
    "mails in mails 200 deep": lambda: nested(200, "mail"),
    "multipart 10,000 deep": lambda: nested(10000, "multipart"),
    "20 MB of text": lambda: HEAD + b"\n" + filled(b"hello world, i hacked your computer\n", 20 * MEGABYTE),
    "20 MB of one line": lambda: HEAD + b"\n" + filled(b"x", 20 * MEGABYTE),
    "20 MB of line ends": lambda: HEAD + b"\n" + filled(b"\r\n", 20 * MEGABYTE),
    "15 MB of base64": lambda: attached(b"a.bin", os.urandom(11 * MEGABYTE)),
    "15 MB of quoted-printable": lambda: HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + filled(b"=41=\n", 15 * MEGABYTE),
    "links": lambda: PAGE + b"".join(b"<a href=https://h%d.example/>https://g%d.example/</a>\n" % (i, i) for i in range(20000)),
    "links to names that imitate": lambda: PAGE + b"".join(b"<a href=https://examp1e%d.org/>x</a>\n" % i for i in range(20000)),
    "links in text": lambda: HEAD + b"\n" + b"".join(b"https://u@h%d.example/ " % i for i in range(50000)),
    "elements that never end": lambda: PAGE + filled(b"<b>"),
    "elements that another ends": lambda: PAGE + filled(b"<b></i>"),
    "ampersands": lambda: PAGE + filled(b"&"),
    "attributes of one element": lambda: PAGE + b"<a " + b"".join(b"a%d " % i for i in range(150000)),
    "styles": lambda: PAGE + filled(b"<style>.a,.b{display:none}</style><p class='a b'>x"),
    "comments": lambda: PAGE + filled(b"<!--"),
    "pictures": lambda: PAGE + filled(b"<img src=https://t.example/open?a=alice%40example.org width=1>"),
    "a threat's words": lambda: HEAD + b"\n" + filled(b"i i "),
    "an archive of archives": lambda: attached(b"a.zip", bomb()),
    "a compressed archive of zeros": lambda: attached(b"a.tgz", tarred("gz")),
    "a better compressed archive of zeros": lambda: attached(b"a.txz", tarred("xz")),
    "the best compressed archive of zeros": lambda: attached(b"a.tbz", tarred("bz2")),
    "2,000 compressed archives of zeros": lambda: attached(b"a.tbz", tarred("bz2"), 2000),
    "2,000 archives": lambda: attached(b"a.zip", zipped(("a.txt", b"hello"), ("b.zip", zipped(("c.exe", b"MZ")))), 2000),
    "an archive of many": lambda: attached(b"a.zip", zipped(*((f"{i}.txt", b"") for i in range(20000)))),
    "NULs": lambda: HEAD + b"\n" + filled(b"\0"),
    "a bounce of 15 MB": lambda: HEAD + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nsorry\n--b\n"
                                 b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n"
                                 + filled(b"Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n", 15 * MEGABYTE),
}


def check(name, path, *options):
    said = truefrom("explain", path, "--owner", "alice@example.org", "--at", "2026-11-16T12:00:00Z", "--json", *options, timeout=300)
    quiet = said.status in (0, 1, 2, 3) and b"Sanitizer" not in said.err and b"runtime error" not in said.err
    tap.case(f"{name}: has a verdict", quiet and "verdict" in said.json, said.err.decode("utf-8", "replace")[:2000], said.status)
    tap.case(f"{name}: in {MOST_SECONDS:g} s", said.seconds <= MOST_SECONDS, f"{said.seconds:.2f} s")


with tempfile.TemporaryDirectory() as folder:
    mail = Path(folder) / "mail.eml"
    for what, make in MAILS.items():
        mail.write_bytes(make())
        check(f"{what}, offline", mail, "--offline")
        check(f"{what}, with a zone", mail, "--zone", ZONE)
sys.exit(tap.done())
