#!/usr/bin/python3
"""test_cases - --record and --case: what was judged once is judged the same
again, from the folder alone."""
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path

from harness import EXAMPLES, SOURCE, DnsServer, Tap, free_port, session_of, truefrom

tap = Tap()
folder = Path(tempfile.mkdtemp(prefix="truefrom-cases-"))


def comparable(said):
    return {key: value for key, value in said.json.items() if key != "dns"}


def files(case):
    return {path.name: path.read_bytes() for path in case.iterdir()}


def record_and_replay(name, *options, stdin=b"", want=None):
    """Judges and records, judges the case, which has been moved, and records that: one result, one case."""
    case, moved, again = (folder / f"{name} {part}" for part in ("first", "moved", "again"))
    first = truefrom("verify", *options, "--json", "--record", case, stdin=stdin)
    if first.status != 0:
        tap.case(f"{name}: is recorded", False, first)
        return None
    shutil.move(case, moved)
    second = truefrom("verify", "--case", moved, "--json", "--record", again)
    tap.case(f"{name}: is replayed", second.status == 0, second)
    tap.equal(f"{name}: gives the same result", comparable(second), comparable(first), *files(moved).items())
    tap.equal(f"{name}: gives the same case", files(again), files(moved))
    if want:
        tap.case(f"{name}: is what the test is about", want(first.json), first)
    return moved


# --- the examples: cases that were written by hand

for path in sorted(EXAMPLES.glob("*/session.ini")):
    example = path.parent
    session = session_of(example)
    by_options = truefrom("verify", example / "message.eml", "--zone", example / "dns.zone", *session, "--json")
    by_case = truefrom("verify", "--case", example, "--json")
    tap.equal(f"{example.name}: --case is the file with its session", by_case.json, by_options.json, by_case)
    spf = truefrom("spf", "--case", example, "--json")
    identity = "spf" if session[session.index("--mail-from") + 1] else "helo_spf"  # the null sender: RFC 7208 section 2.4
    tap.equal(f"{example.name}: spf --case", spf.json["result"], by_case.json[identity]["result"], spf)
    record_and_replay(example.name, example / "message.eml", "--zone", example / "dns.zone", *session)
    with DnsServer((example / "dns.zone").read_text()) as server:
        record_and_replay(f"{example.name}, from a server", example / "message.eml", "--dns", server.address, *session)

# --- trouble: what did not come is recorded as well

MAIL = (b"From: Alice <alice@example.org>\r\nTo: bob@example.net\r\nSubject: x\r\n"
        b"DKIM-Signature: v=1; a=rsa-sha256; d=keys.example; s=s1; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n"
        b"\r\nbody\r\n")
TROUBLE = """\
example.org.             300 TXT "v=spf1 include:slow.example include:void.example exists:%{i}.list.example -all"
void.example.            300 TXT "v=spf1 a:nothing.void.example mx:below.void.example -all"
a.below.void.example.    300 A 192.0.2.1
_dmarc.example.org.      300 CNAME policy.example.net.
policy.example.net.       60 TXT "v=DMARC1; p=reject"
;!fault _dmarc.example.org. TXT secure
;!fault policy.example.net. TXT secure
"""
SESSION = ["--ip", "203.0.113.5", "--helo", "client.example", "--mail-from", "alice@example.org", "--at",
           "2026-11-16T12:00:00Z"]


def trouble(name, faults, *options, want=None):
    zone = folder / f"{name}.zone"
    zone.write_text(TROUBLE + faults)
    return record_and_replay(name, "-", "--zone", zone, *SESSION, *options, stdin=MAIL, want=want)


def failed(field, result):
    return lambda json: json[field]["result"] == result


NOTHING = 'slow.example. 300 TXT "v=spf1 -all"\n'
trouble("void look-ups", NOTHING, want=lambda j: j["spf"]["void_lookups"] > 0)
trouble("one void look-up more", NOTHING, "--limit", "spf-void-lookups=1", want=failed("spf", "permerror"))
trouble("SERVFAIL", ";!fault slow.example TXT servfail\n", want=failed("spf", "temperror"))
trouble("REFUSED", ";!fault slow.example TXT refused\n", want=failed("spf", "temperror"))
trouble("a bogus answer", ";!fault slow.example TXT bogus\n", want=failed("spf", "temperror"))
trouble("a resolver that gives up", ";!fault slow.example TXT timeout delay=10000\n",
        want=lambda j: j["spf"]["result"] == "temperror" and not j["limits_reached"])
trouble("silence", ";!fault slow.example TXT timeout\n",
        want=lambda j: j["spf"]["result"] == "temperror" and j["limits_reached"] == ["spf-time"])
trouble("silence, and a short time", ";!fault slow.example TXT timeout\n;!fault s1._domainkey.keys.example TXT timeout\n",
        "--timeout", "2", want=lambda j: "total-time" in j["limits_reached"])
trouble("an answer that comes too late", NOTHING + ";!fault slow.example TXT delay=25000\n;!fault "
        "s1._domainkey.keys.example TXT timeout\n", "--limit", "dkim-time=28000",
        want=lambda j: j["spf"]["result"] == "temperror" and "spf-time" in j["limits_reached"])
trouble("no DNS at all", "", "--offline")

with DnsServer(TROUBLE) as server:
    record_and_replay("a real server", "-", "--dns", server.address, *SESSION, stdin=MAIL,
                      want=failed("spf", "permerror"))

# --- bytes of strangers

odd = record_and_replay("odd bytes", "-", "--zone", EXAMPLES / "forged" / "dns.zone", "--ip", "2001:db8::5", "--helo",
                        " 100%\n\x1b[2J \udcff", "--mail-from", "\"a b\"@example.org", "--rcpt-to", "x=y@example.org",
                        "--at", "@1800000000", stdin=b"From: a@example.org\0\r\n\r\n\x80\xff")
if odd:
    text = (odd / "session.ini").read_bytes()
    tap.case("session.ini is printable ASCII", all(b == 10 or 32 <= b < 127 for b in text), text)
    tap.case("a case can be read by its owner only", stat.S_IMODE(os.stat(odd).st_mode) == 0o700
             and all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in odd.iterdir()))
record_and_replay("the null sender", "-", "--zone", EXAMPLES / "forged" / "dns.zone", "--ip", "192.0.2.25", "--helo",
                  "provider.example", "--mail-from", "", "--at", "@1800000000", stdin=MAIL,
                  want=lambda j: j["spf"] is None or j["helo_spf"]["result"] == "pass")
record_and_replay("nothing is known", "-", "--zone", EXAMPLES / "forged" / "dns.zone", stdin=MAIL,
                  want=lambda j: j["spf"]["reason"] == "no_session")

# --- options go before the case

case = EXAMPLES / "forged"
said = truefrom("verify", "--case", case, "--ip", "192.0.2.25", "--json")
tap.equal("--ip before the case's", said.json["spf"]["result"], "pass", said)
other = folder / "other.zone"
other.write_text('example.org. TXT "v=spf1 +all"\n')
said = truefrom("spf", "--case", case, "--zone", other, "--json")
tap.equal("--zone before the case's", said.json["result"], "pass", said)
said = truefrom("verify", "--case", case, "--offline", "--json")
tap.equal("--offline before the case's zone", said.json["spf"]["result"], "temperror", said)
limited = folder / "limited"
shutil.copytree(case, limited)
with open(limited / "session.ini", "a", encoding="ascii") as f:
    f.write("limit = spf-terms=1\n")
one, two = (truefrom("spf", "--case", limited, "--json", *more).json["result"]
            for more in ([], ["--limit", "spf-terms=2"]))
tap.equal("--limit before the case's", (one, two), ("fail", "fail"))

# --- what is refused


def refused(name, want, *args, says, **options):
    said = truefrom(*args, **options)
    tap.case(f"refused, status {want}: {name}", said.status == want and says in said.err.decode(), said)


refused("neither FILE nor a case", 64, "verify", says="FILE is missing")
refused("FILE and a case", 64, "verify", "--case", case, case / "message.eml", says="message of its own")
refused("no case", 66, "verify", "--case", folder / "nowhere", says="nowhere")
refused("a folder that is no case", 66, "verify", "--case", EXAMPLES, says="it has no message.eml")
with open(limited / "session.ini", "a", encoding="ascii") as f:
    f.write("limit = spf-terms=99\n")
refused("a limit of the case out of bounds", 66, "verify", "--case", limited, says="limit number 2")
with open(limited / "session.ini", "a", encoding="ascii") as f:
    f.write("colour = red\n")
lines = len((limited / "session.ini").read_text().splitlines())
refused("a name that session.ini does not have", 66, "spf", "--case", limited, says=f"line {lines}: an unknown name")
names = truefrom("spf", "--case", limited).err.decode().split("the names are ")[1].split("\n")[0]
manual = (SOURCE / "docs" / "man" / "truefrom.1.scd").read_text()
missing = [name for name in names.replace(" and ", ", ").split(", ") if f"*{name}*" not in manual]
tap.equal("truefrom(1) has each name of session.ini", missing, [], names)
shutil.copy(case / "session.ini", limited)
(limited / "dns.zone").write_text("example.org. A x\n")
refused("a zone with an error", 66, "spf", "--case", limited, says="line 1")
(limited / "session.ini").write_text("ip = 192.0.2.1\nmail-from = a%1B[2Jb\n")
(limited / "dns.zone").write_text("")
said = truefrom("spf", "--case", limited)
tap.case("a sender that is none is not shown as it is", said.status == 64 and b"\x1b" not in said.err, said)
refused("--record into a folder of something else", 73, "verify", case / "message.eml", "--zone", case / "dns.zone",
        "--record", EXAMPLES, says="not empty")
refused("--record below a file", 73, "verify", case / "message.eml", "--zone", case / "dns.zone", "--record",
        case / "message.eml" / "x", says="Not a directory")
nobody = f"127.0.0.1@{free_port()}"
refused("a DNS that nobody serves is not recorded", 75, "verify", case / "message.eml", "--dns", nobody, "--timeout", "2",
        "--ip", "192.0.2.1", "--mail-from", "a@example.org", "--record", folder / "none", says="DNS", timeout=30)
tap.case("and makes no folder", not (folder / "none").exists())

shutil.rmtree(folder)
sys.exit(tap.done())
