#!/usr/bin/python3
"""test_dns_unbound - libunbound behind our resolver, against nsd on loopback:
kinds of answers, names with odd bytes, silence, forgetting, DNSSEC."""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import DnsServer, Tap, free_port

ASK, SIGN = os.environ["DNS_ASK"], os.environ["DNS_SIGN"]
tap = Tap()


def ask(*args, timeout=60):
    """The answers as {(name, type): "status security ttl data..."}, the last line, all lines, seconds."""
    began = time.monotonic()
    run = subprocess.run([ASK, *args], capture_output=True, timeout=timeout, check=False)
    lines = run.stdout.decode().splitlines()
    answers = {tuple(line.split(" ", 2)[:2]): line.split(" ", 2)[2] for line in lines[:-1]}
    said = {"answers": answers, "last": lines[-1] if lines else "", "lines": lines,
            "seconds": time.monotonic() - began, "status": run.returncode, "err": run.stderr.decode(errors="replace")}
    return said


def check(name, said, wanted):
    """Each answer of `wanted` came, no other did, and nothing was written to standard error."""
    tap.equal(name, (said["answers"], said["err"], said["status"]), (wanted, "", 0))


LONG = "x" * 250
ZONE = f"""\
host.example.          300 A     192.0.2.1
host.example.          300 A     192.0.2.2
host.example.          300 AAAA  2001:db8::1
example.               200 MX    20 b.Example.
example.               200 MX    10 a.example.
null.example.          200 MX    0 .
txt.example.           100 TXT   "v=spf1 " "-all"
txt.example.           100 TXT   "\\000\\255;"
big.example.           100 TXT   {" ".join(['"' + LONG + '"'] * 40)}
alias.example.          30 CNAME alias2.example.
alias2.example.        500 CNAME host.example.
lost.example.           20 CNAME nowhere.example.
loop.example.           20 CNAME loop2.example.
loop2.example.          20 CNAME loop.example.
a\\032b\\(c\\255.example.   40 A     192.0.2.3
a.deep.example.         40 A     192.0.2.4
*.wild.example.         40 A     192.0.2.5
1.2.0.192.in-addr.arpa. 50 PTR   Host.example.
1.1.168.192.in-addr.arpa. 50 PTR router.example.
"""

ANSWERS = {
    ("host.example", "A"): "ok unknown 300 192.0.2.1 192.0.2.2",
    ("host.example", "AAAA"): "ok unknown 300 2001:db8::1",
    ("host.example", "TXT"): "nodata unknown 60",
    ("example", "MX"): "ok unknown 200 a.example/10 b.example/20",
    ("null.example", "MX"): "ok unknown 200 ./0",
    ("txt.example", "TXT"): "ok unknown 100 v=spf1%20-all %00%FF%3B",
    ("big.example", "TXT"): f"ok unknown 100 {LONG * 40}",
    ("alias.example", "A"): "ok unknown 30 192.0.2.1 192.0.2.2",
    ("alias.example", "CNAME"): "ok unknown 30 alias2.example",
    ("alias.example", "MX"): "nodata unknown 30",
    ("lost.example", "A"): "nxdomain unknown 20",
    ("nowhere.example", "A"): "nxdomain unknown 60",
    ("deep.example", "A"): "nodata unknown 60",
    ("x.y.wild.example", "A"): "ok unknown 40 192.0.2.5",
    ("1.2.0.192.in-addr.arpa", "PTR"): "ok unknown 50 host.example",
    ("1.1.168.192.in-addr.arpa", "PTR"): "ok unknown 50 router.example",
}


def kinds_of_answers():
    questions = [word for question in ANSWERS for word in question]
    with DnsServer(ZONE) as server:
        said = ask(f"--servers={server.address}", *questions)
        # which of several records comes first is the server's choice
        said["answers"] = {k: " ".join(v.split(" ")[:3] + sorted(v.split(" ")[3:])) for k, v in said["answers"].items()}
        wanted = {k: " ".join(v.split(" ")[:3] + sorted(v.split(" ")[3:])) for k, v in ANSWERS.items()}
        for key, value in wanted.items():
            tap.equal(f"{key[0]} {key[1]}", said["answers"].get(key), value)
        tap.equal("nothing else came, nothing was written to standard error",
                  (set(said["answers"]), said["err"], said["status"]), (set(wanted), "", 0))
        tap.equal("behind a server without DNSSEC nothing is validated", said["last"], "does not validate")
        said = ask(f"--servers={server.address}", "loop.example", "A")
        tap.equal("a circle of CNAMEs is a failure", said["lines"][0].split(" ")[2], "servfail")
        said = ask(f"--servers={server.address}", b"a b(c\xff.example", "A")
        tap.equal("a name with odd bytes", said["lines"][0], "a%20b%28c%FF.example A ok unknown 40 192.0.2.3")
        said = ask(f"--servers={server.address}", r"a\.deep.example", "A", "host.example", "A")
        tap.equal("a backslash is a byte like any other", said["answers"][("a%5C.deep.example", "A")], "nxdomain unknown 60")
        said = ask(f"--servers={server.address}", "--nested", "host.example", "A", "alias.example", "A", "nowhere.example", "A")
        tap.equal("call backs may ask", len(said["lines"]), 7, said)
        check("forgotten questions do not call back", ask(f"--servers={server.address}", "--forget=host.example",
              "host.example", "A", "null.example", "MX"), {("null.example", "MX"): "ok unknown 200 ./0"})
        check("on a loop of the caller's", ask(f"--servers={server.address}", "--borrowed-loop", "null.example", "MX"),
              {("null.example", "MX"): "ok unknown 200 ./0"})
        with tempfile.TemporaryDirectory() as folder:
            resolv = Path(folder) / "resolv.conf"
            resolv.write_text("search example.com\nnameserver 127.0.0.1\n")
            said = ask(f"--resolv-conf={resolv}", "--timeout=300", "--no-dnssec", "host.example", "A")
            # port 53 of this machine may be anything; the file was read, and no search list was used
            tap.equal("servers of resolv.conf", [line.split(" ")[0] for line in said["lines"]], ["host.example", "does"])


def silence():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        server = f"--servers=127.0.0.1@{deaf.getsockname()[1]}"
        said = ask(server, "--timeout=500", "--no-dnssec", "a.example", "A", "b.example", "TXT")
        check("a server that is silent", said, {("a.example", "A"): "timeout unknown 0", ("b.example", "TXT"): "timeout unknown 0"})
        tap.case("ends at the deadline", 0.4 < said["seconds"] < 8, said["seconds"])
        said = ask(server, "--timeout=2500", "a.example", "A")
        check("also while DNSSEC is probed", said, {("a.example", "A"): "timeout unknown 0"})
        tap.case("at the same deadline", 2.4 < said["seconds"] < 10, said["seconds"])
        said = ask(server, "--wait=300", "--forget=a.example", "a.example", "A", "b.example", "A")
        check("left and freed while under way", said, {})
    said = ask(f"--servers=127.0.0.1@{free_port()}", "--timeout=500", "a.example", "A")
    tap.case("a port where nobody listens", said["answers"].get(("a.example", "A")) in
             ("timeout unknown 0", "servfail unknown 0"), said)


def refusals():
    for servers in ("nonsense", "192.0.2.1@0", "192.0.2.1@", "192.0.2.1@65536", "192.0.2.1, ::g", "192.0.2.1#53"):
        said = ask(f"--servers={servers}", "a.example", "A")
        tap.equal(f"servers \"{servers}\" are refused", said["lines"],
                  ["refused: a DNS server is an address, such as 192.0.2.53 or 192.0.2.53@5353"])
    tap.equal("no resolv.conf", ask("--resolv-conf=/nonexistent/resolv.conf", "a.example", "A")["lines"],
              ["refused: cannot read the DNS servers of this system (resolv.conf): name one"])
    for anchor in ("nonsense", ". IN A 192.0.2.1", ". IN DS 1 8 2 XYZ"):
        tap.equal(f"the anchor \"{anchor}\" is none", ask("--servers=192.0.2.1", f"--anchor={anchor}", "a.example", "A")["lines"],
                  ["refused: a trust anchor that is no DS or DNSKEY record"])


def signed(zone, *expired):
    run = subprocess.run([SIGN, ".", *expired], input=(DnsServer.HEAD + zone).encode(), capture_output=True, check=True)
    text = run.stdout.decode()
    return text, text.splitlines()[0].removeprefix("; DS ")


def dnssec():
    zone = "a.example. 60 A 192.0.2.1\nalias.example. 60 CNAME a.example.\nb.example. 60 TXT \"b\"\n"
    good, anchor = signed(zone)
    questions = ["a.example", "A", "alias.example", "A", "b.example", "A", "c.example", "A"]
    with DnsServer(good, whole=True) as server:
        said = ask(f"--servers={server.address}", f"--anchor={anchor}", *questions)
        check("answers under an anchor of ours are secure, absence too", said, {
            ("a.example", "A"): "ok secure 60 192.0.2.1", ("alias.example", "A"): "ok secure 60 192.0.2.1",
            ("b.example", "A"): "nodata secure 60", ("c.example", "A"): "nxdomain secure 60"})
        tap.equal("it says that it validates", said["last"], "validates")
        check("below an exempted name they are insecure",
              ask(f"--servers={server.address}", f"--anchor={anchor}", "--insecure=example", "a.example", "A"),
              {("a.example", "A"): "ok insecure 60 192.0.2.1"})
        said = ask(f"--servers={server.address}", "a.example", "A", "b.example", "TXT")
        check("the probe sees DNSSEC; what the root's keys did not sign is bogus", said,
              {("a.example", "A"): "bogus bogus 0", ("b.example", "TXT"): "bogus bogus 0"})
        check("with DNSSEC off it is taken", ask(f"--servers={server.address}", "--no-dnssec", "a.example", "A"),
              {("a.example", "A"): "ok unknown 60 192.0.2.1"})
    with DnsServer(good.replace("192.0.2.1", "192.0.2.66"), whole=True) as server:
        check("changed data is bogus and not handed on",
              ask(f"--servers={server.address}", f"--anchor={anchor}", "a.example", "A", "b.example", "TXT"),
              {("a.example", "A"): "bogus bogus 0", ("b.example", "TXT"): "ok secure 60 b"})
    old, anchor = signed(zone, "expired")
    with DnsServer(old, whole=True) as server:
        check("expired signatures are bogus", ask(f"--servers={server.address}", f"--anchor={anchor}", "a.example", "A"),
              {("a.example", "A"): "bogus bogus 0"})


if not shutil.which("nsd"):
    tap.skip("a real DNS server", "nsd is not installed")
    sys.exit(tap.done())
refusals()
kinds_of_answers()
silence()
dnssec()
sys.exit(tap.done())
