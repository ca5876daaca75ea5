#!/usr/bin/python3
"""test_folders - `truefrom explain` over many mails: folders of all kinds, order,
statuses, what cannot be read, attached mails, campaigns, Ctrl-C, no DNS."""
import base64
import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from harness import EXAMPLES, SOURCE, TRUEFROM, Tap, free_port, truefrom

NAMES = ["forged", "genuine", "forwarded", "broken-from"]
VERDICTS = ["forged", "genuine", "genuine", "forged"]
MAILS = [(EXAMPLES / name / "message.eml").read_bytes().replace(b"\r\n", b"\n") for name in NAMES]
FORGED, GENUINE = MAILS[0], MAILS[1]
KEYS = SOURCE / "tests" / "vectors" / "keys"
SIGN_MAIL = os.environ.get("SIGN_MAIL", "sign_mail")
AT = ["--at", "2026-11-16T12:00:00Z"]
OWNER = ["--owner", "alice@example.org", *AT]
tap = Tap()
temporary = tempfile.TemporaryDirectory(prefix="truefrom-folders-")
FOLDER = Path(temporary.name)


def zone_file():
    """The worlds of all examples in one."""
    lines = []
    for name in NAMES:
        for line in (EXAMPLES / name / "dns.zone").read_text().splitlines():
            if line not in lines and not line.startswith("; "):
                lines.append(line)
    path = FOLDER / "dns.zone"
    path.write_text("\n".join(lines) + "\nnobody.example. A 203.0.113.9\n")
    return path


ZONE = ["--zone", zone_file(), *OWNER]


def mbox(name, mails):
    """As a delivery agent writes it: "From " lines, and >From in bodies."""
    path = FOLDER / name
    with open(path, "wb") as out:
        for mail in mails:
            header, _, body = mail.partition(b"\n\n")
            body = re.sub(rb"^(>*From )", rb">\1", body, flags=re.M)
            out.write(b"From x@example.net Mon Nov 16 09:00:00 2026\n" + header + b"\n\n" + body.rstrip(b"\n") + b"\n\n")
    return path


def maildir(name, mails):
    path = FOLDER / name
    for part in ("cur", "new", "tmp"):
        (path / part).mkdir(parents=True)
    for i, mail in enumerate(mails):
        (path / ("cur" if i % 2 else "new") / f"17947{i:05}.M1P1.host{':2,S' if i % 2 else ''}").write_bytes(mail)
    return path


def files(name, mails):
    (FOLDER / name).mkdir()
    paths = [FOLDER / name / f"{i:04}.eml" for i in range(len(mails))]
    for path, mail in zip(paths, mails):
        path.write_bytes(mail)
    return paths


def variants(n, mail=FORGED):
    """The same mail n times, each with a subject of its own that nothing else shares."""
    words = ["able", "baker", "charlie", "dog", "easy", "fox", "george", "how", "item", "jig"]
    return [re.sub(rb"(?m)^Subject:.*$", b"Subject: " + " ".join(words[int(d)] for d in f"{i:05}").encode(), mail, count=1)
            for i in range(n)]


def objects(said):
    return [json.loads(line) for line in said.text.splitlines()]


def verdicts(said):
    return [o["verdict"] for o in objects(said)[:-1]]


# --- folders of all kinds

INBOX = mbox("inbox.mbox", MAILS)
said = truefrom("explain", INBOX, *ZONE)
lines = said.text.splitlines()
tap.equal("mbox: a line for each mail, in its order", [line.split()[:2] for line in lines[:4]],
          [["1", "FORGED"], ["2", "GENUINE"], ["3", "GENUINE"], ["4", "FORGED"]], said)
tap.case("mbox: then an empty line and the summary", lines[4:6] == ["", "4 mails: 2 forged, 2 genuine"], said)
tap.case("mbox: no line is wider than 80", all(len(line) <= 80 for line in lines), said)
tap.equal("mbox: the status is that of the worst", (said.status, said.err), (1, b""), said)

said = truefrom("explain", INBOX, *ZONE, "--json")
got = objects(said)
tap.equal("mbox: JSON Lines", ([o.get("number") for o in got], verdicts(said)), ([1, 2, 3, 4, None], VERDICTS), said)
tap.case("mbox: each line names the file", all(str(INBOX) in o["file"] for o in got[:-1]), said)
tap.equal("mbox: the last line is the summary", (got[-1]["summary"]["mails"], got[-1]["summary"]["verdicts"],
          got[-1]["summary"]["unreadable"]), (4, {"forged": 2, "genuine": 2}, 0), said)
PER_MAIL = {"file", "number", "attached", "dns"}
for i, name in enumerate(NAMES):
    alone = truefrom("explain", "-", *ZONE, "--json", stdin=MAILS[i]).json
    different = [f"{k}: {got[i].get(k)} not {alone[k]}" for k in alone if k not in PER_MAIL and got[i].get(k) != alone[k]]
    tap.case(f"mbox: {name} is judged as it is alone", not different, *different)

folder = maildir("Maildir", MAILS * 3)
said = truefrom("explain", folder, *ZONE, "--json")
by_name = sorted((Path(o["file"]).name, o["verdict"]) for o in objects(said)[:-1])
tap.equal("Maildir: every mail once, each with its verdict", [v for _, v in by_name], VERDICTS * 3, said)
paths = files("loose", MAILS)
said = truefrom("explain", *paths, *ZONE, "--json")
tap.equal("files: in the order given", (verdicts(said), [o["file"] for o in objects(said)[:-1]]),
          (VERDICTS, [str(p) for p in paths]), said)
said = truefrom("explain", *reversed(paths), *ZONE, "--json")
tap.equal("files: in the other order given", verdicts(said), VERDICTS[::-1], said)
said = truefrom("explain", paths[0].parent, *ZONE, "--json")
tap.equal("a folder of .eml files", verdicts(said), VERDICTS, said)
said = truefrom("explain", INBOX, folder, paths[0], *ZONE, "--json")
tap.equal("an mbox, a Maildir and a file", len(verdicts(said)), 4 + 12 + 1, said)
said = truefrom("explain", "-", *ZONE, "--json", stdin=INBOX.read_bytes())
tap.equal("an mbox on standard input", verdicts(said), VERDICTS, said)
said = truefrom("explain", "-", *ZONE, "--json", stdin=INBOX.read_bytes().replace(b"\n", b"\r\n"))
tap.equal("an mbox with CRLF", verdicts(said), VERDICTS, said)
many = files("many", variants(300))
said = truefrom("explain", *many, *ZONE, "--json")
tap.equal("300 files on the command line", (len(verdicts(said)), said.status), (300, 1), said.err)

for name, path in (("mbox", mbox("one.mbox", [FORGED])), ("Maildir", maildir("OneMail", [FORGED]))):
    said = truefrom("explain", path, *ZONE)
    tap.case(f"{name} with one mail: the whole page", said.text.startswith("FORGED") and said.status == 1
             and "What to do" in said.text, said)
    tap.case(f"{name} with one mail: one object", isinstance(truefrom("explain", path, *ZONE, "--json").json, dict))
for name, path in (("mbox", mbox("empty.mbox", [])), ("Maildir", maildir("Empty", []))):
    said = truefrom("explain", path, *ZONE)
    tap.case(f"an empty {name}: says so", said.status == 66 and b"empty" in said.err and not said.out, said)

# --- statuses

UNPROVEN = (b"Received: from mx1.provider.example ([192.0.2.10]) by imap1.provider.example with LMTP;"
            b" Mon, 16 Nov 2026 09:12:22 +0000\nReceived: from out.nobody.example (unknown [203.0.113.9]) by"
            b" mx1.provider.example with ESMTP id 1; Mon, 16 Nov 2026 09:12:22 +0000\n"
            b"From: bob@nobody.example\nTo: alice@example.org\nSubject: hello there\n\nhello\n")
said = truefrom("explain", "-", *ZONE, "--json", stdin=UNPROVEN)
tap.equal("unproven alone: status 2", (said.json["verdict"], said.status), ("unproven", 2), said)
for name, mails, want in (("genuine", [GENUINE] * 2, 0), ("genuine and unproven", [UNPROVEN, GENUINE], 2),
                          ("forged goes before unproven", [UNPROVEN, FORGED, GENUINE], 1)):
    said = truefrom("explain", "-", *ZONE, stdin=mbox("status.mbox", mails).read_bytes())
    tap.equal(f"status of several: {name}", said.status, want, said)

# --- what cannot be read

picture = FOLDER / "picture.png"
picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
said = truefrom("explain", paths[0], FOLDER / "not-there.eml", picture, paths[1], *ZONE, "--json")
tap.equal("two files that cannot be read among good ones", (verdicts(said), objects(said)[-1]["summary"]["unreadable"],
          said.status), (["forged", "genuine"], 2, 66), said)
errors = said.err.decode()
tap.case("each is named, with what is wrong", len(errors.splitlines()) == 2 and "not-there.eml" in errors
         and "picture.png" in errors, said)
said = truefrom("explain", paths[0], picture, *ZONE)
tap.case("the summary for people says so, too", "1 could not be read" in said.text and said.status == 66, said)
said = truefrom("explain", FOLDER / "not-there.eml", *ZONE)
tap.case("alone: the same, and no summary", said.status == 66 and b"not-there.eml" in said.err and not said.out, said)
said = truefrom("explain", INBOX, "--record", FOLDER / "case", *ZONE)
tap.case("--record of several mails is refused", said.status == 64 and b"--record" in said.err
         and not (FOLDER / "case").exists(), said)

# --- order, with many threads

inbox = mbox("many.mbox", [mail for pair in zip(variants(400), variants(400, GENUINE)) for mail in pair])
first, second = (truefrom("explain", inbox, *ZONE, "--json") for _ in range(2))
tap.equal("800 mails: numbered in their order", [o["number"] for o in objects(first)[:-1]], list(range(1, 801)))
tap.equal("800 mails: their verdicts in their order", verdicts(first)[::2], ["forged"] * 400)
tap.case("800 mails: twice the same bytes", re.sub(rb'"dns":{[^}]*}', b"", first.out)
         == re.sub(rb'"dns":{[^}]*}', b"", second.out))
slow = truefrom("explain", inbox, *ZONE)
tap.case("800 mails: nothing on standard error where that is a pipe", first.err == b"" and slow.err == b"", slow.err)


def on_terminal(arguments, also_out=False):
    """The command with a terminal as standard error, and as standard output if asked for. (status, what it showed)"""
    master, slave = pty.openpty()
    run = subprocess.Popen([TRUEFROM, *map(str, arguments)], stdin=subprocess.DEVNULL, stderr=slave,
                           stdout=slave if also_out else subprocess.DEVNULL)
    os.close(slave)
    shown = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(master)
    return run.wait(60), shown


def terminal_cases():
    """What is on a terminal while many mails are judged."""
    began = time.monotonic()
    status, shown = on_terminal(["explain", inbox, *ZONE])
    took = time.monotonic() - began
    bars = re.findall(rb"\[([#.]{30})\] +(\d+) %", shown)
    tap.case("on a terminal: a bar", took < 0.5 or (bars and all(b.count(b"#") <= 30 for b, _ in bars)), shown[-400:])
    tap.case("at most ten times a second", len(bars) <= took * 10 + 1, len(bars), took)
    tap.case("which grows", [int(p) for _, p in bars] == sorted(int(p) for _, p in bars), bars)
    tap.case("and is taken away in the end", not bars or re.search(rb"\r +\r$", shown), shown[-200:])
    status, shown = on_terminal(["explain", inbox, *ZONE], also_out=True)
    tap.case("bar and lines on one terminal: no line begins behind a bar",
             not re.search(rb"%  \d+ mails[^\r\n]*(FORGED|GENUINE)", shown), shown[:400])


def has_terminals():
    try:
        for end in pty.openpty():
            os.close(end)
        return True
    except OSError:
        return False


inbox = mbox("huge.mbox", variants(3000))
if has_terminals():
    terminal_cases()
else:
    tap.skip("on a terminal", "this system has none to give (devpts is not mounted)")

# --- Ctrl-C

run = subprocess.Popen([TRUEFROM, "explain", str(inbox), *map(str, ZONE), "--json"], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
select.select([run.stdout], [], [], 30)
run.send_signal(signal.SIGINT)
out, err = run.communicate(timeout=30)
last = json.loads(out.splitlines()[-1])
tap.case("Ctrl-C: ends with 130, after whole lines and a summary of them",
         run.returncode == 130 and last["summary"]["mails"] == len(out.splitlines()) - 1, run.returncode, last, err)

# --- attached mails


def attach(*mails, kind=b"mixed", encoding=b"", outer=b"From: alice@example.org\nTo: help@example.net\nSubject: Fwd: is this real?\n"):
    parts = [b"Content-Type: text/plain\n\nSee what I got.\n"]
    for mail in mails:
        parts.append(b"Content-Type: message/rfc822\nContent-Disposition: attachment\n" + encoding + b"\n" + mail)
    return (outer + b"MIME-Version: 1.0\nContent-Type: multipart/" + kind + b"; boundary=cut\n\n"
            + b"".join(b"--cut\n" + part + b"\n" for part in parts) + b"--cut--\n")


TRACE = FORGED[:FORGED.index(b"From:")]
said = truefrom("explain", "-", *ZONE, stdin=attach(FORGED))
tap.case("a mail attached to one without a trace is judged, and said",
         "attached" in said.text.splitlines()[0] and "FORGED" in said.text and said.status == 1, said)
inner = truefrom("explain", "-", *ZONE, "--json", stdin=attach(FORGED)).json
alone = truefrom("explain", "-", *ZONE, "--json", stdin=FORGED).json
tap.equal("it is judged as it would be alone", {k: v for k, v in inner.items() if k not in PER_MAIL},
          {k: v for k, v in alone.items() if k not in PER_MAIL})
tap.equal("JSON says so, too", (inner.get("attached"), "attached" in alone), (True, False))
for name, mail, args, attached in (
        ("two attached mails", attach(FORGED, GENUINE), [], False),
        ("a mail with a trace", attach(FORGED, outer=TRACE + b"From: bob@nobody.example\nSubject: Fwd: look\n"), [], False),
        ("the same with --attached", attach(FORGED, outer=TRACE + b"From: bob@nobody.example\nSubject: Fwd: look\n"),
         ["--attached"], True),
        ("a bounce", attach(FORGED, kind=b"report; report-type=delivery-status"), [], False),
        ("a mail attached to the attached one", attach(attach(FORGED)), [], True),
        ("an attached mail in base64", attach(base64.encodebytes(FORGED),
                                              encoding=b"Content-Transfer-Encoding: base64\n"), [], True)):
    said = truefrom("explain", "-", *ZONE, "--json", *args, stdin=mail)
    tap.equal(f"attached: {name}", said.json.get("attached", False), attached, said)
said = truefrom("explain", "-", *ZONE, "--attached", stdin=FORGED)
tap.case("--attached where nothing is attached: refused", said.status == 66 and b"attached" in said.err, said)
said = truefrom("explain", "-", *ZONE, "--json", stdin=mbox("forwards.mbox", [attach(FORGED), FORGED]).read_bytes())
tap.equal("in a folder: each says so", [o["attached"] for o in objects(said)[:-1]], [True, False], said)

# --- mail that an mbox quoted

signed = {}
for name, body in (("From", b"Hello,\r\n\r\nFrom here on it is quoted.\r\n"), (">From", b"Hello,\r\n\r\n>From here on it was.\r\n")):
    mail = b"From: Alice <alice@example.org>\r\nTo: bob@example.net\r\nSubject: Hello\r\n\r\n" + body
    done = subprocess.run([SIGN_MAIL, "dkim", KEYS / "rsa2048.pem", "example.org", "rsa2048", "relaxed", "relaxed"], input=mail,
                          capture_output=True, check=True)
    signed[name] = done.stdout.replace(b"\r\n", b"\n")
public = subprocess.run(["openssl", "pkey", "-in", KEYS / "rsa2048.pem", "-pubout", "-outform", "DER"], capture_output=True,
                        check=False).stdout
if public:
    text = base64.b64encode(public).decode()
    zone = FOLDER / "signed.zone"
    zone.write_text(f'rsa2048._domainkey.example.org. 60 TXT "v=DKIM1; p={text[:200]}" "{text[200:]}"\n')
    both = b"".join(b"From x Mon Nov 16 09:00:00 2026\n" + mail.replace(b"\nFrom ", b"\n>From ") + b"\n" for mail in signed.values())
    said = truefrom("explain", "-", "--zone", zone, "--owner", "alice@example.org", "--json", stdin=both)
    tap.equal("mbox: quoted before or after it was signed, the signature holds",
              [(o["dkim"][0]["result"], o["dkim"][0]["reason"]) for o in objects(said)[:-1]], [("pass", None)] * 2, said)
else:
    tap.skip("mbox: quoted before or after it was signed", "there is no openssl")

# --- a campaign

campaign = mbox("campaign.mbox", [re.sub(rb"09:(\d\d):", b"%02d:\\1:" % (2 + i % 3), FORGED) for i in range(40)] + [GENUINE] * 2)
said = truefrom("explain", campaign, *ZONE)
page = " ".join(said.text.split())
tap.case("a campaign is told: how many, when, from where, and what it is",
         re.search(r"1\. FORGED: 40 mails between 0\d:\d\d and 04:\d\d UTC on 16 Nov 2026, from one network, which is not yours",
                   page), said)
said = truefrom("explain", campaign, *ZONE, "--json")
found = objects(said)[-1]["summary"]["campaigns"]
tap.equal("in JSON, too", [(c["kind"], c["mails"], c["networks"], c["own_networks"]) for c in found], [("forged", 40, 1, 0)], said)

# --- without a DNS

nobody = f"127.0.0.1@{free_port()}"
said = truefrom("explain", mbox("silent.mbox", variants(200)), "--dns", nobody, "--timeout", "1", *OWNER, "--json", timeout=120)
tap.case("no DNS: said once, and the rest goes on without it", said.err.decode().count("DNS") == 1
         and len(verdicts(said)) == 200, said.err)
tap.case("no DNS: 200 mails do not wait one by one", said.seconds < 30, said.seconds)

# --- a DNS that is silent about one domain


def half_silent(sock, asked):
    """Says that no name exists; but of slow.example it says nothing."""
    while True:
        try:
            query, peer = sock.recvfrom(4096)
        except OSError:
            return
        at = 12
        while query[at]:
            at += query[at] + 1
        if b"\x04slow\x07example" in query.lower():
            asked.append(query[12:at])
        else:
            sock.sendto(query[:2] + b"\x81\x83\0\1\0\0\0\0\0\0" + query[12:at + 5], peer)


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", 0))
    asked = []
    threading.Thread(target=half_silent, args=(server, asked), daemon=True).start()
    slow = mbox("slow.mbox", [re.sub(rb"(?m)^From: .*$", b"From: bob@slow.example", mail, count=1) for mail in variants(300)])
    said = truefrom("explain", slow, "--dns", f"127.0.0.1@{server.getsockname()[1]}", "--timeout", "2", *OWNER, "--json",
                    timeout=200)
    tap.case("300 mails of a domain that is silent do not wait one by one", said.seconds < 30 and len(verdicts(said)) == 300
             and asked, said.seconds, len(asked), said.err)

# --- colours

for choice, coloured in (("always", True), ("never", False), ("auto", False)):
    said = truefrom("explain", EXAMPLES / "forged" / "message.eml", *ZONE, "--colour", choice)
    tap.equal(f"--colour {choice} on a pipe", b"\x1b[" in said.out, coloured, said)
said = truefrom("explain", EXAMPLES / "forged" / "message.eml", *ZONE, "--colour", "sometimes")
tap.case("--colour takes three words", said.status == 64 and b"always" in said.err, said)

temporary.cleanup()
sys.exit(tap.done())
