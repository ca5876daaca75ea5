#!/usr/bin/python3
"""test_commands - statuses, messages and output of the command, as a script or
a person meets them."""
import sys
import tempfile
from pathlib import Path

from harness import EXAMPLES, Tap, free_port, truefrom

FORGED = EXAMPLES / "forged" / "message.eml"
ZONE = ["--zone", EXAMPLES / "forged" / "dns.zone"]
tap = Tap()


def status(name, want, *args, says=None, **options):
    """The status, and a word of the complaint, which tells what to do."""
    said = truefrom(*args, **options)
    fits = said.status == want and (says is None or says in said.err.decode("utf-8", "replace"))
    tap.case(f"{name}: status {want}", fits, said)
    return said


# --- usage

status("no command", 64)
status("no such command", 64, "frobnicate", says="frobnicate")
status("--help", 0, "--help")
status("--version", 0, "--version")
for command in ("explain", "verify", "spf"):
    said = status(f"{command} --help", 0, command, "--help")
    tap.case(f"{command} --help names its options", "--zone" in said.text and "Usage:" in said.text, said)
    status(f"{command} with an unknown option", 64, command, "--frobnicate", says="frobnicate")
    status(f"{command} --zone without a file", 64, command, "--zone")
status("explain without a file", 64, "explain")
status("verify without a file", 64, "verify")
status("verify with two files", 64, "verify", FORGED, FORGED)
status("verify --ip with a name", 64, "verify", "--ip", "mx.example.org", FORGED, says="mx.example.org")
status("verify --at with nonsense", 64, "verify", "--at", "yesterday", FORGED, says="yesterday")
status("verify --limit with an unknown name", 64, "verify", "--limit", "nonsense=1", FORGED, says="nonsense")
status("verify --limit out of bounds", 64, "verify", "--limit", "spf-terms=11", FORGED, says="10")
status("spf without --ip", 64, "spf", "--mail-from", "a@example.org", says="--ip")
status("explain --owner that is no address", 64, "explain", "--owner", "alice", FORGED, says="alice")
status("explain --trust that is nothing", 64, "explain", "--trust", "300.1.2.3/77", FORGED, says="300.1.2.3")

# --- input

status("a file that is not there", 66, "verify", "/nonexistent/mail.eml", *ZONE, says="/nonexistent/mail.eml")
status("a folder", 66, "explain", EXAMPLES, *ZONE)
status("a zone file that is not there", 66, "verify", FORGED, "--zone", "/nonexistent/zone", says="/nonexistent/zone")
status("an empty file", 66, "verify", "-", *ZONE, says="empty")
with tempfile.TemporaryDirectory() as folder:
    bad = Path(folder) / "bad.zone"
    bad.write_text("example.org. A 192.0.2.1\nexample.org. A not-an-address\n")
    status("a zone file with an error in line 2", 66, "verify", FORGED, "--zone", bad, says="2")
    for name, content in (("one empty line", b"\n"), ("no header", b"hello\n"),
                          ("NULs", b"\0" * 1000), ("a body alone", b"\r\n\r\nbody"),
                          ("a header without an end", b"From: a@example.org")):
        for command in ("verify", "explain"):
            said = status(f"{command}: {name}", 2 if command == "explain" else 0, command, "-", *ZONE, "--json",
                          stdin=content)
            tap.case(f"{command}: {name}: JSON all the same", isinstance(said.json, dict), said)

# --- what is printed

said = truefrom("verify", FORGED, *ZONE, "--authserv-id", "mx.example.net", "--ip", "203.0.113.66", "--mail-from",
                "alice@example.org", "--helo", "x")
tap.case("verify prints an Authentication-Results field",
         said.text.startswith("Authentication-Results: mx.example.net") and "spf=fail" in said.text
         and "dmarc=fail" in said.text, said)
said = truefrom("verify", FORGED, *ZONE, "--json")
tap.equal("without --ip SPF is none, for want of a session", (said.json["spf"]["result"], said.json["spf"]["reason"]),
          ("none", "no_session"), said)
said = truefrom("spf", "--ip", "192.0.2.25", "--mail-from", "alice@example.org", "--helo", "h.example", *ZONE, "--json")
tap.equal("spf --json is the spf object at top level", (said.json["result"], said.json["term"], said.json["path"]),
          ("pass", "ip4:192.0.2.24/29", ["example.org", "_spf.provider.example"]), said)
said = truefrom("spf", "--ip", "192.0.2.25", "--mail-from", "", "--helo", "provider.example", *ZONE, "--json")
tap.equal("spf of the null sender is that of HELO", (said.json["result"], said.json["domain"]),
          ("pass", "provider.example"), said)
said = truefrom("spf", "--ip", "192.0.2.25", "--mail-from", "alice@example.org", "--helo", "h.example", *ZONE, "--trace")
tap.case("spf --trace shows the include", "_spf.provider.example" in said.text and said.text.startswith("pass"), said)

ESCAPES = (b"From: \x1b]0;owned\x07\x1b[2J \xe2\x80\xae <alice@example.org>\r\nTo: alice@example.org\r\n"
           b"Subject: \x1b[31m\r\nReceived: from \x1b[2J (evil\x07 [203.0.113.66]) by mx1.provider.example"
           b" with ESMTP id 1; Mon, 16 Nov 2026 09:41:12 +0000\r\n\r\nx\r\n")
for command in ("explain", "verify"):
    said = truefrom(command, "-", *ZONE, "--at", "2026-11-16T12:00:00Z", stdin=ESCAPES)
    tap.case(f"{command}: no control byte of a stranger reaches the terminal",
             said.status in (0, 1, 2) and not any(b < 32 and b not in (9, 10) or b == 127 for b in said.out + said.err)
             and b"\xe2\x80\xae" not in said.out, repr(said.out))
said = truefrom("verify", "-", *ZONE, "--json", stdin=b"From: a@example.org\r\nDKIM-Signature: v=1; i=\xff\xfe@x\r\n\r\n")
tap.case("bytes that are not UTF-8 are U+FFFD in JSON", said.status == 0 and isinstance(said.json, dict), said)

# --- without a DNS

nobody = f"127.0.0.1@{free_port()}"
said = status("verify where no DNS answers", 75, "verify", FORGED, "--dns", nobody, "--timeout", "3", timeout=30)
said = status("spf where no DNS answers", 75, "spf", "--ip", "192.0.2.1", "--mail-from", "a@example.org", "--dns",
              nobody, "--timeout", "3", timeout=30)
said = status("explain where no DNS answers", 1, "explain", FORGED, "--dns", nobody, "--owner", "alice@example.org",
              "--at", "2026-11-16T12:00:00Z", "--json", timeout=30)
tap.case("explain without a DNS takes at most 5 seconds and some", said.seconds < 8, said.seconds)
tap.equal("explain without a DNS goes by what the provider wrote", said.json["verdict"], "forged", said)
said = truefrom("explain", FORGED, "--offline", "--owner", "alice@example.org", "--at", "2026-11-16T12:00:00Z")
tap.case("explain --offline says so, and judges", said.status == 1 and "DNS" in said.text
         and said.text.startswith("FORGED"), said)
tap.case("explain --offline does not wait", said.seconds < 2, said.seconds)

sys.exit(tap.done())
