"""Runs what there is to measure, in the build folder, and collects what it says."""
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build-bench"
DATA = BUILD / "data"

PROGRAMS = ["bench_dkim", "bench_spf", "bench_whole", "bench_body", "bench_sign", "bench_parse", "bench_sweep",
            "bench_rounds"]
SMALL, LARGE, MANY = 10_000, 100_000_000, 1_100
MAILS, EXPLAIN_RUNS, START_RUNS = 10_000, 5, 31
EXPLAINED = {"forged": 2_000, "proven": 7_000, "unproven": 1_000}  # as bench/mbox.c mixes them

# Counted by callgrind: program, group, ways.
COUNTED = [
    ("bench_dkim", "dkim-4k", ["floor", "truefrom", "truefrom, key not cached", "libopendkim"]),
    ("bench_dkim", "dkim-75k", ["floor", "truefrom", "libopendkim"]),
    ("bench_whole", "whole-4k", ["truefrom", "libtruefrom, with field and JSON"]),
    ("bench_spf", "spf-one-term", ["truefrom", "libspf2, its zone"]),
    ("bench_spf", "spf-eight-questions", ["truefrom", "libspf2, its zone"]),
    ("bench_sign", "sign-4k", ["truefrom"]),
    ("bench_sign", "arc-3", ["verifying the chain"]),
]
COUNT_TIMES = 10


def fail(why):
    sys.exit(f"bench: {why}")


def output(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    if done.returncode:
        fail(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return done.stdout


def build():
    if not (BUILD / "build.ninja").exists():
        output("meson", "setup", BUILD, "-Dbuildtype=release", "-Dtests=false", "-Dbench=true")
    else:  # a peer may have been installed since
        output("meson", "setup", "--reconfigure", BUILD)
    output("ninja", "-C", BUILD)
    DATA.mkdir(exist_ok=True)


def programs(figures, say):
    for name in PROGRAMS:
        say(name)
        figures.read(output(BUILD / "bench" / name))


def memory(figures, say):
    say("bench_memory")
    for size in (SMALL, LARGE):
        figures.read(output(BUILD / "bench" / "bench_memory", "peak", size))
    figures.read(output(BUILD / "bench" / "bench_memory", "many", MANY))


def timed(*command, to=None):
    """Wall seconds, and those of all processors."""
    began = time.perf_counter()
    with open(to or os.devnull, "wb") as out:
        child = subprocess.Popen([str(c) for c in command], stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode > 1:  # 1 is a verdict
        fail(f"{Path(command[0]).name} ended with {child.returncode}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss


def explain(figures, say):
    say("explain")
    mails, zone, out = DATA / "mails.mbox", DATA / "mails.zone", DATA / "explained"
    output(BUILD / "bench" / "make_mbox", MAILS, mails, zone)
    runs = [timed(BUILD / "src/cli/truefrom", "explain", mails, "--zone", zone, "--owner", "alice@example.org",
                  "--trust", "mx1.provider.example", "--at", "2026-11-16T12:00:00Z", to=out)
            for _ in range(EXPLAIN_RUNS)]
    found = {word: int(n.replace(",", "")) for n, word in
             re.findall(r"([\d,]+) (forged|proven|unproven)\b", out.read_text(encoding="utf-8"))}
    if found != EXPLAINED:
        fail(f"explain has lost its judgement: {found}")
    figures.add("explain", "messages a second", "messages/s", 0, [MAILS / wall for wall, _, _ in runs])
    figures.add("explain", "processor time a message", "µs", 0, [cpu / MAILS * 1e6 for _, cpu, _ in runs])
    figures.add("explain", "processors at work", "processors", 0, [cpu / wall for wall, cpu, _ in runs])
    figures.add("explain", "mailbox", "MB", 0, [mails.stat().st_size / 1e6])
    figures.add("explain", "resident at most", "MiB", 0, [rss / 1024 for _, _, rss in runs])


def cold_start(figures, say):
    say("cold start")
    truefrom, case = BUILD / "src/cli/truefrom", ROOT / "examples/genuine"
    mail, zone = case / "message.eml", case / "dns.zone"
    ways = {"--version": ["--version"], "verify": ["verify", mail, "--zone", zone],
            "explain": ["explain", mail, "--zone", zone, "--at", "2026-11-16T12:00:00Z"]}
    taken = {name: [] for name in ways}
    for _ in range(START_RUNS):  # in turns, too
        for name, args in ways.items():
            taken[name].append(timed(truefrom, *args)[0] * 1e3)
    for name, values in taken.items():
        figures.add("cold-start", f"truefrom {name}", "ms", 0, values)


def instructions_of(program, group, way):
    """Of one call, without set-up and first calls."""
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no",
                           "--toggle-collect=bench_counted", str(BUILD / "bench" / program), "count", group, way,
                           str(COUNT_TIMES)], capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found or found.group(1) == "0":
        fail(f"callgrind of {program}, {group}, {way}: {done.stderr.strip()[-500:]}")
    return int(found.group(1)) / COUNT_TIMES


def instructions(figures, say):
    if not shutil.which("valgrind"):
        say("no instructions are counted: valgrind is not there")
        return
    for program, group, ways in COUNTED:
        say(f"instructions of {group}")
        for way in ways:
            if not figures.way(group, way):
                continue  # a peer that is not installed
            figures.add(f"instructions-{group}", way, "instructions", 0, [instructions_of(program, group, way)])
