"""What was measured: groups of ways that took turns, as bench/bench.h prints them."""
from dataclasses import dataclass
from statistics import median


@dataclass
class Way:
    unit: str
    bytes: int
    values: list      # one a round; round n of all ways of a group was taken together

    @property
    def median(self):
        return median(self.values)

    @property
    def rate(self):
        """MB/s, for times of a way that has bytes."""
        return self.bytes / self.median * 1e3 if self.unit == "ns" and self.bytes else None

    def ratio(self, other):
        """How many times the other's: the median over the rounds, in which both met the same machine."""
        return median(a / b for a, b in zip(self.values, other.values, strict=True))

    def spread(self):
        """How far the middle half of the rounds lies apart, as a part of the median."""
        ordered, quarter = sorted(self.values), len(self.values) // 4
        return (ordered[-1 - quarter] - ordered[quarter]) / self.median if self.median else 0


class Figures:
    def __init__(self, groups=None):
        self.groups = groups if groups is not None else {}

    def add(self, group, way, unit, size, values):
        self.groups.setdefault(group, {})[way] = Way(unit, int(size), list(values))

    def read(self, text):
        """Lines of bench.h; what else a program said is an error."""
        for line in text.splitlines():
            group, way, unit, size, values = line.split("\t")
            self.add(group, way, unit, size, [float(v) for v in values.split()])

    def way(self, group, name):
        """None where a peer is not installed."""
        return self.groups.get(group, {}).get(name)

    def ratio(self, group, name, to):
        a, b = self.way(group, name), self.way(group, to)
        return a.ratio(b) if a and b else None

    def value(self, group, name):
        way = self.way(group, name)
        return way.median if way else None

    def as_json(self):
        return {group: {name: {"unit": w.unit, "bytes": w.bytes, "values": w.values} for name, w in ways.items()}
                for group, ways in self.groups.items()}

    @classmethod
    def from_json(cls, groups):
        return cls({group: {name: Way(w["unit"], w["bytes"], w["values"]) for name, w in ways.items()}
                    for group, ways in groups.items()})
