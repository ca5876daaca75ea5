"""Figures as text for a terminal, and as tables and pictures for docs/performance.md."""
from .svg import curve
from .targets import GROWTH_MAX, TARGETS, growth, sweeps

TITLES = {
    "dkim-4k": "One signature, rsa-sha256 with 2048 bits, relaxed/relaxed, body of 4 KiB",
    "dkim-75k": "The same, 75 KiB", "dkim-1m": "The same, 1 MiB",
    "dkim-ed25519-4k": "One signature, ed25519-sha256, 4 KiB",
    "spf-one-term": "SPF, a policy of one term, all answers in the cache",
    "spf-eight-questions": "SPF, a policy of eight look-ups, all answers in the cache",
    "whole-4k": "The whole check of a mail, 4 KiB, all answers in the cache",
    "whole-75k": "The same, 75 KiB", "whole-1m": "The same, 1 MiB",
    "body-text": "A body of 1 MiB, canonical and hashed: text", "body-base64": "The same: base64",
    "body-blanks": "The same, made to be slow: blanks", "body-empty-lines": "The same: empty lines",
    "body-blank-each": "The same: two blanks after each byte",
    "sign-4k": "Signing, rsa-sha256 with 2048 bits, relaxed/relaxed, 4 KiB", "sign-1m": "The same, 1 MiB",
    "sign-ed25519-4k": "Signing, ed25519-sha256, 4 KiB",
    "arc-0": "ARC, no set yet", "arc-3": "ARC, a chain of 3", "arc-10": "ARC, a chain of 10",
    "mailbox": "A mailbox of ordinary mail, read but not verified",
    "cold-dns": "Nothing known of the DNS yet, 50 ms a question",
    "memory": "Memory of a process that verifies", "explain": "`truefrom explain` on a mailbox of 10,000 mails",
    "cold-start": "From nothing to the result of one mail, as a command",
}
SWEEPS = {
    "fields": ("Fields of a header", "fields"), "signatures": ("Signatures of a mail", "signatures"),
    "signed": ("Fields of one name, all of them signed", "fields"),
    "addresses": ("Addresses in From", "addresses"), "nesting": ("Parts within parts", "levels"),
}
OURS = ("truefrom", "libtruefrom")
REFERENCES = ("floor", "SHA-256", "the signature alone")


def amount(way):
    if way.unit != "ns":
        digits = 1 if way.median < 1000 and way.median != int(way.median) else 0
        return f"{way.median:,.{digits}f} {way.unit}"
    us = way.median / 1e3
    return f"{us:,.2f} µs" if us < 100 else f"{us:,.0f} µs"


def rows(ways):
    """What to show of a group: name, amount, MB/s, × the floor, × ours, all as text."""
    reference = next((ways[r] for r in REFERENCES if r in ways), None)
    ours = ways.get("truefrom")
    for name, way in ways.items():
        times = way.unit == "ns"
        rate = f"{way.rate:,.0f}" if way.rate else ""
        floor = f"{way.ratio(reference):.2f}" if times and reference and way is not reference else ""
        peer = f"{way.ratio(ours):.2f}" if times and ours and name.startswith("lib") and name[3:7] != "true" else ""
        yield name, amount(way), rate, floor, peer


def text(figures):
    out = []
    for group, ways in figures.groups.items():
        if group.startswith(("sweep-", "instructions-")):
            continue
        out.append(f"{TITLES.get(group, group)}")
        for name, value, rate, floor, peer in rows(ways):
            out.append(f"  {name:<40}{value:>20}" + (f"{rate:>8} MB/s" if rate else " " * 13) +
                       (f"{floor:>8} × floor" if floor else "") + (f"{peer:>8} × ours" if peer else ""))
    out.append("Instructions a message (callgrind)")
    for group, ways in figures.groups.items():
        if group.startswith("instructions-"):
            out += [f"  {group[13:]:<22}{name:<38}{way.median:>14,.0f}" for name, way in ways.items()]
    out.append("Growth: what a byte costs at worst, against the cheapest byte of a smaller input")
    out += [f"  {name:<40}{growth(points):>15.2f} ×" for name, points in sweeps(figures)]
    return "\n".join(out) + "\n"


def judged(figures):
    """Each target with its value, and whether it is met (None: could not be measured)."""
    return [(t, value, t.met(value)) for t in TARGETS for value in [t.measure(figures)]]


def targets_text(figures):
    words = {True: "met", False: "NOT MET", None: "not measured"}
    out = ["Targets"]
    for target, value, met in judged(figures):
        wanted, shown = target.text(value)
        out.append(f"  {target.what:<58}{wanted:>22}{shown:>22}  {words[met]}")
    return "\n".join(out) + "\n"


# --- docs/performance.md ---

def targets_table(figures):
    out = ["| what | target | measured | |", "| --- | --- | --- | --- |"]
    for target, value, met in judged(figures):
        wanted, shown = target.text(value)
        out.append(f"| {target.what} | {wanted} | {shown} | {'met' if met else '**not met**'} |")
    return "\n".join(out) + "\n"


def figures_table(figures):
    out = []
    for group, ways in figures.groups.items():
        if group.startswith(("sweep-", "instructions-")):
            continue
        table = list(rows(ways))
        used = [i for i, head in enumerate(("", "", "MB/s", "× floor", "× ours")) if i < 2 or any(r[i] for r in table)]
        heads = [TITLES.get(group, group), "median", "MB/s", "× the floor", "× ours"]
        out.append("| " + " | ".join(heads[i] for i in used) + " |\n|" + " --- |" * len(used))
        out += ["| " + " | ".join(r[i] for i in used) + " |" for r in table]
        out.append("")
    out.append("| Instructions a message | | |\n| --- | --- | --- |")
    for group, ways in figures.groups.items():
        if group.startswith("instructions-"):
            out += [f"| {group[13:]} | {name} | {way.median:,.0f} |" for name, way in ways.items()]
    return "\n".join(out) + "\n"


def growth_table(figures):
    out = [f"| what grows | largest | a byte at worst, against the cheapest of a smaller input (at most {GROWTH_MAX}) |",
           "| --- | --- | --- |"]
    for name, points in sweeps(figures):
        out.append(f"| {SWEEPS[name][0]} | {points[-1][0]:,} | {growth(points):.2f} × |")
    return "\n".join(out) + "\n"


def pictures(figures):
    """File name and SVG of each sweep."""
    for name, points in sweeps(figures):
        title, unit = SWEEPS[name]
        _, last_size, last_ns = points[-1]
        measured = [(n, ns / 1e3) for n, _, ns in points]
        straight = [(n, size / last_size * last_ns / 1e3) for n, size, _ in points]
        yield f"growth-{name}.svg", curve(title, unit, "µs", measured, straight, "as its bytes grow")
