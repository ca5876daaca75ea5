#!/usr/bin/python3
"""test_case_catalogue - each case of tests/cases/ as the command judges it.

    expect.ini: about = a line for people
                verdict = one that is allowed (may be repeated, as all below)
                confidence = one that is allowed; none: any
                fires = a rule of evidence that must be there
                silent = one that must not

A name as argument runs the cases whose names hold it."""
import sys
import tempfile
from pathlib import Path

from harness import SOURCE, Tap, truefrom

CASES = SOURCE / "tests" / "cases"
NAMES = {"about", "verdict", "confidence", "fires", "silent"}
STATUS = {  # truefrom-explain(1)
    "genuine": 0, "proven": 0, "about_your_mail": 0, "forged": 1, "forged_through_own_systems": 1, "lookalike": 1,
    "backscatter": 1, "cannot_tell": 2, "unproven": 2, "account_used": 3, "own_device": 3,
}
tap = Tap()


def expectations(case):
    expect = {name: [] for name in NAMES}
    for line in (case / "expect.ini").read_text().splitlines():
        if line.strip() and line[0] not in "#;":
            name, value = (part.strip() for part in line.split("=", 1))
            expect[name].append(value) if name in NAMES else expect.setdefault("unknown", []).append(name)
    return expect


def without_dns(said):
    return {name: value for name, value in said.json.items() if name != "dns"}


def problems_of(case, expect, said):
    """What is not as expected, one line each."""
    if not said.out.startswith(b"{"):
        return [f"no JSON: {said}"]
    result = said.json
    ids = [one["id"] for one in result["evidence"]]
    allowed = {name: expect[name] for name in ("verdict", "confidence") if expect[name]}
    problems = [f"{name} is {result[name]}, not {' or '.join(words)}" for name, words in allowed.items()
                if result[name] not in words]
    problems += [f"{one} should be seen" for one in expect["fires"] if one not in ids]
    problems += [f"{one} should not be seen" for one in expect["silent"] if one in ids]
    if said.status != STATUS.get(result["verdict"]):
        problems.append(f"status {said.status} for {result['verdict']}")
    if problems:
        problems += [f"  {one['strength']} {one['id']}: {one['text']}" for one in result["evidence"]]
    return problems


def explain(case, expect, folder):
    """Judged, recorded, redacted; what was recorded and what was redacted judged again."""
    recorded, redacted = folder / "recorded", folder / "redacted"
    tags = ["--tag-keys", case / "tags.txt"] if (case / "tags.txt").exists() else []
    first = truefrom("explain", "--case", case, *tags, "--json", "--record", recorded, "--redact", redacted)
    problems = problems_of(case, expect, first)
    tap.case(f"{case.name}: explain", not problems, *problems)
    again = truefrom("explain", "--case", recorded, "--json")
    if tags:  # keys are secrets, and not recorded: what they showed is frozen
        same = all(again.json[name] == first.json[name] for name in ("verdict", "confidence"))
    else:
        same = without_dns(again) == without_dns(first)
    tap.case(f"{case.name}: explain, recorded and replayed", same and again.status == first.status, first, again)
    shown = truefrom("explain", "--case", redacted, "--json")
    same = all(shown.json[name] == first.json[name] for name in ("verdict", "confidence"))
    tap.case(f"{case.name}: the same verdict when redacted", same and shown.status == first.status, first, shown)
    text = b"".join(path.read_bytes() for path in redacted.iterdir() if path.name != "dns.zone")
    leaks = [word for word in (b"alice", b"Alice", b"harbour", b"Carol") if word in text]
    tap.case(f"{case.name}: no name of the owner's is left", not leaks, leaks, text.decode("utf-8", "replace"))


def verify(case, folder):
    first = truefrom("verify", "--case", case, "--json", "--record", folder)
    again = truefrom("verify", "--case", folder, "--json")
    tap.case(f"{case.name}: verify, recorded and replayed",
             first.status == again.status == 0 and without_dns(first) == without_dns(again), first, again)


with tempfile.TemporaryDirectory(prefix="truefrom-catalogue-") as temporary:
    for number, path in enumerate(sorted(CASES.glob("*/expect.ini"))):
        case = path.parent
        if len(sys.argv) > 1 and sys.argv[1] not in case.name:
            continue
        expect = expectations(case)
        tap.case(f"{case.name}: expect.ini", expect["about"] and expect["verdict"] and "unknown" not in expect
                 and set(expect["verdict"]) <= set(STATUS), expect)
        if number % 8 == 0:  # test_catalogue.c replays all of them
            verify(case, Path(temporary) / "verify")
        explain(case, expect, Path(temporary))

sys.exit(tap.done())
