"""A curve as SVG: cost against how many, both axes in decades, with a straight line for comparison."""
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 640, 420
LEFT, RIGHT, TOP, BOTTOM = 80, 32, 48, 64
INK, FAINT, CURVE, LINE = "#222", "#ddd", "#0b62a4", "#999"


class Axis:
    """Decades from `low` to `high` on pixels from `start` to `end`."""

    def __init__(self, values, start, end):
        self.low, self.high = floor(log10(min(values))), ceil(log10(max(values)))
        self.high += self.high == self.low
        self.start, self.end = start, end

    def at(self, value):
        part = (log10(value) - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)

    def decades(self):
        return [10.0 ** e for e in range(self.low, self.high + 1)]


def short(value):
    """1000 -> "1,000", 0.1 -> "0.1"."""
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def path(x, y, points):
    return "M" + " L".join(f"{x.at(a):.1f},{y.at(b):.1f}" for a, b in points)


def curve(title, x_label, y_label, points, straight, straight_label):
    """points: [(x, y)]; straight: the same shape, drawn dashed."""
    x = Axis([a for a, _ in points], LEFT, WIDTH - RIGHT)
    y = Axis([b for _, b in points + straight], HEIGHT - BOTTOM, TOP)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
           f'font-family="sans-serif" font-size="12" fill="{INK}">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
           f'<text x="{LEFT}" y="24" font-size="15">{escape(title)}</text>']
    for value in x.decades():
        out.append(f'<path d="M{x.at(value):.1f},{TOP} V{HEIGHT - BOTTOM}" stroke="{FAINT}"/>')
        out.append(f'<text x="{x.at(value):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{short(value)}</text>')
    for value in y.decades():
        out.append(f'<path d="M{LEFT},{y.at(value):.1f} H{WIDTH - RIGHT}" stroke="{FAINT}"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y.at(value) + 4:.1f}" text-anchor="end">{short(value)}</text>')
    out.append(f'<path d="{path(x, y, straight)}" fill="none" stroke="{LINE}" stroke-dasharray="5 4"/>')
    out.append(f'<path d="{path(x, y, points)}" fill="none" stroke="{CURVE}" stroke-width="2"/>')
    out += [f'<circle cx="{x.at(a):.1f}" cy="{y.at(b):.1f}" r="3" fill="{CURVE}"/>' for a, b in points]
    out += [f'<text x="{(LEFT + WIDTH - RIGHT) // 2}" y="{HEIGHT - 24}" text-anchor="middle">{escape(x_label)}</text>',
            f'<text x="18" y="{(TOP + HEIGHT - BOTTOM) // 2}" text-anchor="middle" '
            f'transform="rotate(-90 18 {(TOP + HEIGHT - BOTTOM) // 2})">{escape(y_label)}</text>',
            f'<path d="M{LEFT + 12},{TOP + 14} h24" stroke="{CURVE}" stroke-width="2"/>',
            f'<text x="{LEFT + 42}" y="{TOP + 18}">measured</text>',
            f'<path d="M{LEFT + 12},{TOP + 32} h24" stroke="{LINE}" stroke-dasharray="5 4"/>',
            f'<text x="{LEFT + 42}" y="{TOP + 36}">{escape(straight_label)}</text>',
            "</svg>"]
    return "\n".join(out) + "\n"
