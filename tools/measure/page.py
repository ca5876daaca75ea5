"""docs/performance.md and its pictures, from a result that was kept."""
import json
from pathlib import Path

from . import report
from .figures import Figures

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE, PICTURES = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance"


def load(path):
    """A result's figures, and what it says of the run."""
    about = json.loads(Path(path).read_text(encoding="utf-8"))
    return Figures.from_json(about.pop("groups")), about


def about_table(about, path):
    m = about["machine"]
    changed = ", with changes that were not committed" if about["dirty"] else ""
    return "\n".join([
        f"Taken {about['date'][:10]} of commit {about['commit'][:10]}{changed}; all values are in",
        f"[{path.name}](../{path.relative_to(ROOT)}).", "",
        f"Machine: {m['processor']} (family/model {m['family_model']}; {m['features']})"
        f"{', a virtual one' if m['virtual'] else ''}, {m['processors']} processors, {m['memory_mib']:,} MiB, "
        f"Linux {m['kernel']}, {m['compiler']}; OpenSSL {m['openssl']}, libopendkim {m['libopendkim']}, "
        f"libspf2 {m['libspf2']}. Load before it began: {m['load_before']}.", ""])


def filled(text, figures, about, path):
    """The page with its tables as the result says."""
    parts = {"about": about_table(about, path), "targets": report.targets_table(figures),
             "figures": report.figures_table(figures), "growth": report.growth_table(figures)}
    for name, part in parts.items():
        begin, end = f"<!-- {name}: written by tools/bench -->\n", f"<!-- end of {name} -->\n"
        before, rest = text.split(begin)
        text = before + begin + part + end + rest.split(end)[1]
    return text


def write(figures, about, path):
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), figures, about, path), encoding="utf-8")
    PICTURES.mkdir(exist_ok=True)
    for name, picture in report.pictures(figures):
        (PICTURES / name).write_text(picture, encoding="utf-8")
