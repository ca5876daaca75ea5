#!/usr/bin/python3
"""test_dns_server - the same results from a real DNS server as from a zone file."""
import sys
import tempfile
from pathlib import Path

from harness import EXAMPLES, DnsServer, Tap, session_of, truefrom

tap = Tap()


def comparable(result):
    """Without what may differ: how often was asked, and TTLs."""
    return {key: value for key, value in result.items() if key != "dns"}


for case in sorted(EXAMPLES.glob("*/message.eml")):
    folder = case.parent
    scripted = truefrom("verify", case, "--zone", folder / "dns.zone", *session_of(folder), "--json")
    with DnsServer((folder / "dns.zone").read_text()) as server:
        asked = truefrom("verify", case, "--dns", server.address, *session_of(folder), "--json")
        tap.equal(f"{folder.name}: verify, served by nsd", comparable(asked.json), comparable(scripted.json), asked)
        tap.case(f"{folder.name}: questions were asked", asked.json["dns"]["queries"] > 0, asked)
        explained = truefrom("explain", case, "--dns", server.address, "--owner", "alice@example.org", "--at",
                             "2026-11-16T12:00:00Z", "--json")
        offline = truefrom("explain", case, "--zone", folder / "dns.zone", "--owner", "alice@example.org", "--at",
                           "2026-11-16T12:00:00Z", "--json")
        tap.equal(f"{folder.name}: explain, served by nsd", comparable(explained.json), comparable(offline.json))

# what only a real server does: truncation and TCP, chains, wildcards, names that are there without the type
LONG = " ".join(f"ip4:198.51.100.{i}" for i in range(200))
PIECES = " ".join(f'"{(f"v=spf1 {LONG} ip4:192.0.2.1 -all")[i:i + 250]}"' for i in range(0, 4500, 250))
ZONE = f"""\
big.example.        TXT   ( {PIECES} )
alias.example.      CNAME big.example.
a.void.example.     A     192.0.2.9
void.example.       TXT   "v=spf1 a:void.example a:nothing.void.example a:none.void.example -all"
*.wild.example.     TXT   "v=spf1 exists:%{{i}}.list.example -all"
*.list.example.     A     127.0.0.2
loop.example.       TXT   "v=spf1 include:loop.example -all"
mx.example.         MX    10 host.mx.example.
host.mx.example.    A     192.0.2.1
host.mx.example.    AAAA  2001:db8::1
mx.example.         TXT   "v=spf1 mx -all"
two.example.        TXT   "v=spf1 -all"
two.example.        TXT   "v=spf1 +all"
"""
QUESTIONS = [
    ("a record over TCP", "big.example", "192.0.2.1"), ("behind a CNAME", "alias.example", "192.0.2.1"),
    ("void look-ups", "void.example", "192.0.2.1"), ("wildcards", "x.y.wild.example", "192.0.2.1"),
    ("a loop", "loop.example", "192.0.2.1"), ("MX", "mx.example", "192.0.2.1"),
    ("MX, IPv6", "mx.example", "2001:db8::1"), ("two records", "two.example", "192.0.2.1"),
    ("no such name", "nowhere.example", "192.0.2.1"),
]
with tempfile.TemporaryDirectory() as folder, DnsServer(ZONE) as server:
    zone = Path(folder) / "dns.zone"
    zone.write_text(ZONE)
    for name, domain, ip in QUESTIONS:
        options = ["--ip", ip, "--mail-from", f"someone@{domain}", "--helo", "client.example", "--json"]
        scripted = truefrom("spf", *options, "--zone", zone)
        asked = truefrom("spf", *options, "--dns", server.address)
        tap.equal(f"{name}: {scripted.json['result']}, from nsd and from the file", asked.json, scripted.json)

sys.exit(tap.done())
