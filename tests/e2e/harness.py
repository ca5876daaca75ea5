"""harness.py - for the end-to-end tests: TAP, the command, a DNS server.

The command is $TRUEFROM, the source tree $SOURCE. Servers listen on loopback
only, on ports that were free, with their files in a folder that goes away.
"""
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

SOURCE = Path(os.environ.get("SOURCE", Path(__file__).resolve().parents[2]))
TRUEFROM = os.environ.get("TRUEFROM", str(SOURCE / "build" / "src" / "cli" / "truefrom"))
EXAMPLES = SOURCE / "examples"


class Tap:
    def __init__(self):
        self.n = self.failed = 0

    def case(self, name, ok, *notes):
        """One case; notes are shown when it fails."""
        self.n += 1
        if not ok:
            self.failed += 1
            for note in notes:
                for line in str(note).splitlines():
                    print(f"# {line}")
        print(f"{'ok' if ok else 'not ok'} {self.n} - {name.replace('#', '_')}", flush=True)

    def equal(self, name, got, want, *notes):
        self.case(name, got == want, f"got  {got!r}", f"want {want!r}", *notes)

    def skip(self, name, why):
        self.n += 1
        print(f"ok {self.n} - {name} # SKIP {why}", flush=True)

    def done(self):
        print(f"1..{self.n}")
        return 1 if self.failed or not self.n else 0


class Said:
    """What a run of the command came to."""

    def __init__(self, run, seconds):
        self.status, self.out, self.err, self.seconds = run.returncode, run.stdout, run.stderr, seconds

    @property
    def text(self):
        return self.out.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"status {self.status}\n{self.out.decode('utf-8', 'replace')}\n{self.err.decode('utf-8', 'replace')}"


def truefrom(*args, stdin=b"", timeout=60):
    began = time.monotonic()
    run = subprocess.run([TRUEFROM, *map(str, args)], input=stdin, capture_output=True, timeout=timeout, check=False)
    return Said(run, time.monotonic() - began)


def free_port():
    """A port of 127.0.0.1 that was free for UDP and TCP a moment ago."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            udp.bind(("127.0.0.1", 0))
            try:
                tcp.bind(("127.0.0.1", udp.getsockname()[1]))
                return udp.getsockname()[1]
            except OSError:
                continue


def session_of(case):
    """What SMTP knew, by the session.ini of a case, as options of `truefrom verify`."""
    options = []
    for line in (case / "session.ini").read_text().splitlines():
        key, value = (part.strip() for part in line.split("=", 1))
        if key in ("ip", "helo", "mail-from", "rcpt-to", "at"):
            options += [f"--{key}", _unquote(value)]
    return options


def _unquote(text):
    from urllib.parse import unquote
    return unquote(text)


class DnsServer:
    """nsd with one zone, the root, that holds all records of a zone file: it
    answers for any name, and NXDOMAIN for names that are not there. With
    `whole` the text is the whole zone, its SOA included."""

    HEAD = ("$ORIGIN .\n$TTL 60\n@ SOA ns.invalid. admin.invalid. 1 3600 600 86400 60\n"
            "@ NS ns.invalid.\n")

    def __init__(self, zone_text, whole=False):
        self.zone_text = zone_text if whole else self.HEAD + zone_text

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="truefrom-nsd-"))
        self.port = free_port()
        (self.folder / "root.zone").write_text(self.zone_text)
        (self.folder / "nsd.conf").write_text(f"""\
server:
  ip-address: 127.0.0.1@{self.port}
  username: ""
  chroot: ""
  zonesdir: "{self.folder}"
  database: ""
  pidfile: "{self.folder}/nsd.pid"
  xfrdfile: "{self.folder}/xfrd.state"
  zonelistfile: "{self.folder}/zone.list"
  xfrdir: "{self.folder}"
  cookie-secret-file: "{self.folder}/cookies"
  server-count: 1
  verbosity: 1
remote-control:
  control-enable: no
zone:
  name: "."
  zonefile: "root.zone"
""")
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(["nsd", "-d", "-c", self.folder / "nsd.conf"], stdout=self.log,
                                        stderr=subprocess.STDOUT)
        self._wait_until_it_answers()
        return self

    def _wait_until_it_answers(self):
        query = bytes.fromhex("1234 0000 0001 0000 0000 0000 00 0006 0001".replace(" ", ""))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(0.2)
            for _ in range(100):
                if self.process.poll() is not None:
                    break
                try:
                    udp.sendto(query, ("127.0.0.1", self.port))
                    if udp.recv(4096)[3] & 15 == 0:
                        return
                except OSError:
                    time.sleep(0.05)
        log = (self.folder / "log").read_text(errors="replace")
        self.__exit__()
        raise RuntimeError(f"nsd does not answer:\n{log}")

    @property
    def address(self):
        return f"127.0.0.1@{self.port}"

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
