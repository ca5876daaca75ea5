"""What is to be reached, and whether it is."""
from dataclasses import dataclass
from typing import Callable, Optional


@dataclass
class Target:
    name: str
    what: str                                  # of the measured figure, for people
    limit: float
    at_least: bool                             # else: at most
    measure: Callable[..., Optional[float]]    # of Figures; None: could not be measured
    unit: str = "×"

    def met(self, value):
        if value is None:
            return None
        return value >= self.limit if self.at_least else value <= self.limit

    def text(self, value):
        digits = 2 if self.unit == "×" else 0
        sign = "≥" if self.at_least else "≤"
        shown = "not measured" if value is None else f"{value:,.{digits}f} {self.unit}"
        return f"{sign} {self.limit:,.{digits}f} {self.unit}", shown


def of_floor(group, way="truefrom"):
    return lambda f: f.ratio(group, way, "floor")


def of_peer(group):
    """Against the faster of the peer's two settings."""
    def measure(f):
        ratios = [f.ratio(group, peer, "truefrom") for peer in ("libspf2, its zone", "libspf2, its cache")]
        return min((r for r in ratios if r is not None), default=None)
    return measure


def apart(group, a, b):
    def measure(f):
        x, y = f.value(group, a), f.value(group, b)
        return abs(x - y) if x is not None and y is not None else None
    return measure


TARGETS = [
    Target("dkim-4k", "one signature, 4 KiB, key in the cache, against the floor", 1.25, False, of_floor("dkim-4k")),
    Target("dkim-75k", "the same, 75 KiB", 1.15, False, of_floor("dkim-75k")),
    Target("dkim-1m", "the same, 1 MiB", 1.15, False, of_floor("dkim-1m")),
    Target("dkim-4k-key", "4 KiB, key not in the cache", 1.8, False, of_floor("dkim-4k", "truefrom, key not cached")),
    Target("spf-one-term", "SPF of one term, rate against libspf2", 4, True, of_peer("spf-one-term")),
    Target("spf-eight-questions", "SPF of eight look-ups, rate against libspf2", 6, True, of_peer("spf-eight-questions")),
    Target("whole-4k", "the whole check of a mail, 4 KiB, against the floor", 1.4, False, of_floor("whole-4k")),
    Target("cold-dns", "nothing known yet, 50 ms a question", 4, False, lambda f: f.value("cold-dns", "round trips"),
           "round trips"),
    Target("memory-stream", "peak memory, a mail of 100 MB more than one of 10 KB", 2048, False,
           apart("memory", "peak, a mail of 100000000 bytes", "peak, a mail of 10000 bytes"), "KiB"),
    Target("memory-many", "growth over 1,000 mails", 0, False, lambda f: f.value("memory", "growth over 1000 mails"),
           "KiB"),
    Target("explain", "`truefrom explain` on a mailbox of 10,000 mails", 1000, True,
           lambda f: f.value("explain", "messages a second"), "messages/s"),
]

# Cost that grows faster than its input is a defect: a byte of an input may cost so many times what a
# byte of any smaller one does. (Caches that overflow cost a little; a square would cost 1,000.)
GROWTH_MAX = 1.5


def sweeps(figures):
    """Each sweep: name, [(how many, bytes, ns)]."""
    for group, ways in figures.groups.items():
        if group.startswith("sweep-"):
            yield group[len("sweep-"):], [(int(n), w.bytes, w.median) for n, w in ways.items()]


def growth(points):
    """What a byte of any input costs against the cheapest byte of a smaller one, at worst."""
    costs = [ns / size for _, size, ns in points]
    return max(cost / min(costs[:i + 1]) for i, cost in enumerate(costs))
