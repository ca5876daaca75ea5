#!/usr/bin/python3
"""test_measure - what tools/bench makes of what was measured. Measures nothing. Argument: the source tree."""
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

SOURCE = Path(sys.argv[1]).resolve()
sys.path[:0] = [str(SOURCE / "tools"), str(SOURCE / "tests" / "e2e")]
sys.dont_write_bytecode = True

from harness import Tap
from measure import page, report, run, svg
from measure.figures import Figures
from measure.targets import GROWTH_MAX, TARGETS, Target, growth

tap = Tap()

figures = Figures()
figures.read("g\tfloor\tns\t1000\t100 200 400\ng\tours\tns\t1000\t110 240 420\n")
tap.equal("a ratio is the median of those of each round", figures.ratio("g", "ours", "floor"), 1.1)
tap.equal("a rate", figures.way("g", "floor").rate, 5000.0)
tap.equal("a peer that is not there has no ratio", figures.ratio("g", "peer", "floor"), None)
tap.equal("what is kept is read again", Figures.from_json(figures.as_json()).groups, figures.groups)

at_most = Target("t", "", 1.25, False, None)
at_least = Target("t", "", 4, True, None)
tap.equal("a limit that must not be passed", [at_most.met(v) for v in (1.25, 1.26, None)], [True, False, None])
tap.equal("a limit that must be reached", [at_least.met(v) for v in (4, 3.99, None)], [True, False, None])

sizes = [10 ** i for i in range(1, 5)]
tap.case("cost that grows as its bytes do is no defect", growth([(n, n, 5000 + 3 * n) for n in sizes]) == 1)
tap.case("a square is one", growth([(n, n, n * n / 10) for n in sizes]) > GROWTH_MAX)
tap.case("one that shows only in the middle, too", growth([(10, 10, 10), (20, 20, 60), (40, 40, 41)]) > GROWTH_MAX)

picture = svg.curve("a < b", "n", "µs", [(10, 1), (100, 9.5), (1000, 101)], [(10, 1), (1000, 100)], "straight")
root = ElementTree.fromstring(picture)
circles = [(float(c.get("cx")), float(c.get("cy"))) for c in root.iter("{http://www.w3.org/2000/svg}circle")]
tap.equal("a picture is XML with a circle for each point", len(circles), 3)
tap.case("all of them are inside", all(svg.LEFT <= x <= svg.WIDTH and svg.TOP <= y <= svg.HEIGHT for x, y in circles))
tap.case("from left to right, and upwards", circles == sorted(circles) and circles[0][1] > circles[1][1] > circles[2][1])

text = page.PAGE.read_text(encoding="utf-8")
kept = SOURCE / re.search(r"\]\(\.\./(bench/results/[^)]*\.json)\)", text).group(1)
figures, about = page.load(kept)
tap.equal("docs/performance.md is as `tools/bench docs` of the result it names writes it",
          page.filled(text, figures, about, kept) == text, True)
tap.equal("its pictures, too", [(page.PICTURES / name).read_text(encoding="utf-8") == drawn
                               for name, drawn in report.pictures(figures)], [True] * len(report.SWEEPS))
tap.equal("each target was measured", [t.name for t in TARGETS if t.measure(figures) is None], [])
tap.equal("each group has a title", [g for g in figures.groups
                                     if not g.startswith(("sweep-", "instructions-")) and g not in report.TITLES], [])
tap.equal("what is counted was timed", [(g, w) for _, g, ways in run.COUNTED for w in ways if not figures.way(g, w)], [])
tap.case("the result says on what", about["machine"]["processor"] and re.fullmatch("[0-9a-f]{40}", about["commit"]))
sys.exit(tap.done())
