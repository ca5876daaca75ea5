#!/usr/bin/python3
"""test_examples - every mail of examples/ gets the right verdict, offline."""
import subprocess
import sys

from harness import EXAMPLES, SOURCE, Tap, session_of, truefrom

VERDICTS = {"forged": "forged", "genuine": "genuine", "account-used": "account_used", "forwarded": "genuine",
            "backscatter": "backscatter", "look-alike": "lookalike", "broken-from": "forged"}
STATUS = {"forged": 1, "genuine": 0, "account_used": 3, "backscatter": 1, "lookalike": 1}
HEADLINES = {"forged": "FORGED", "genuine": "GENUINE", "account_used": "ACCOUNT USED", "backscatter": "BACKSCATTER",
             "lookalike": "LOOK-ALIKE"}
# what `truefrom verify` says of each
RESULTS = {
    "forged": {"spf": "fail", "dkim": [], "arc": "none", "dmarc": "fail"},
    "genuine": {"spf": "pass", "dkim": ["pass"], "arc": "none", "dmarc": "pass"},
    "forwarded": {"spf": "pass", "dkim": ["pass"], "arc": "pass", "dmarc": "pass"},
    "account-used": {"spf": "pass", "dkim": ["pass"], "arc": "none", "dmarc": "pass"},
    "backscatter": {"spf": "none", "dkim": [], "arc": "none", "dmarc": "none"},
    "look-alike": {"spf": "pass", "dkim": [], "arc": "none", "dmarc": "none"},
    "broken-from": {"spf": "pass", "dkim": ["pass"], "arc": "none", "dmarc": "fail"},
}
tap = Tap()

made = subprocess.run([SOURCE / "tools" / "make-examples", "--check"], capture_output=True, text=True, check=False)
tap.equal("the examples are as make-examples writes them", made.returncode, 0, made.stdout, made.stderr)
tap.equal("each folder of examples/ is a case of this test",
          sorted(p.parent.name for p in EXAMPLES.glob("*/message.eml")), sorted(VERDICTS))

for name, verdict in VERDICTS.items():
    case = EXAMPLES / name
    zone = ["--zone", case / "dns.zone"]
    mail = case / "message.eml"
    at = ["--at", "2026-11-16T12:00:00Z"] + (["--log", case / "log.txt"] if (case / "log.txt").exists() else [])
    options = ["--owner", "alice@example.org", *at]

    said = truefrom("explain", "--case", case)
    tap.case(f"{name}: the first word of the page is the verdict",
             said.status == STATUS[verdict] and said.text.startswith(HEADLINES[verdict]), said)
    tap.case(f"{name}: the page fits 80 columns", all(len(line) <= 80 for line in said.text.splitlines()), said)
    said = truefrom("explain", mail, *zone, *options, "--json")
    tap.equal(f"{name}: explain says {verdict}", said.json["verdict"], verdict, said)
    piped = truefrom("explain", "-", *zone, *options, "--json", stdin=mail.read_bytes())
    tap.equal(f"{name}: the same from standard input", piped.json, said.json)
    lf = mail.read_bytes().replace(b"\r\n", b"\n")
    for ends, text in (("LF", lf), ("CRLF", lf.replace(b"\n", b"\r\n"))):
        other = truefrom("explain", "-", *zone, *options, "--json", stdin=text)
        tap.equal(f"{name}: the same verdict with {ends}", (other.json["verdict"], other.json["confidence"]),
                  (said.json["verdict"], said.json["confidence"]))
    without = truefrom("explain", mail, *zone, *at, "--json")
    tap.equal(f"{name}: the owner is found in the mail", (without.json["owner"], without.json["verdict"]),
              ("alice@example.org", verdict), without)
    trusted = truefrom("explain", mail, *zone, *options, "--trust", "mx1.provider.example", "--trust",
                       "imap1.provider.example", "--trust-authserv", "mx1.provider.example", "--json")
    tap.equal(f"{name}: the same verdict with trust settings", trusted.json["verdict"], verdict, trusted)

    said = truefrom("verify", mail, *zone, *session_of(case), "--json")
    got = said.json
    tap.equal(f"{name}: verify", {"spf": got["spf"]["result"], "dkim": [s["result"] for s in got["dkim"]],
                                  "arc": got["arc"]["result"], "dmarc": got["dmarc"]["result"]}, RESULTS[name], said)

sys.exit(tap.done())
