"""Small plots with logarithmic axes as SVG text, readable on a light and on a dark page."""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import NamedTuple

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 400, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 34, 46
COLOURS = ("#2f81f7", "#d4691e", "#3fa34d")
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#24292f}.t{font-weight:600}"
    ".g{stroke:#8c959f;stroke-opacity:.35}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.g{stroke:#9da7b3}}"
)


class Panel(NamedTuple):
    """One plot: lines by name, and how figures are written along the axes."""

    title: str
    below: str
    lines: Mapping[str, Points]
    beside: Callable[[float], str]


def svg(panels: Sequence[Panel], told: str) -> str:
    """Draw panels side by side; `told` says in words what they show."""
    inner = "".join(
        f'<g transform="translate({number * WIDTH} 0)">{_panel(panel)}</g>'
        for number, panel in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * len(panels)} {HEIGHT}" '
        f'width="{WIDTH * len(panels)}" role="img" aria-label="{escape(told)}">'
        f"<style>{STYLE}</style>{inner}</svg>\n"
    )


def seconds(value: float) -> str:
    """Write a time along an axis."""
    for factor, unit in ((1.0, "s"), (1e-3, "ms")):
        if value >= factor * 0.999:
            return f"{value / factor:g} {unit}"
    return f"{value * 1e6:g} µs"


def megabytes(value: float) -> str:
    """Write a size along an axis."""
    return f"{value:,.0f} MB"


def count(value: float) -> str:
    """Write a number along an axis: powers of ten as such."""
    power = round(math.log10(value))
    return f"10{str(power).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def _panel(panel: Panel) -> str:
    points = [point for line in panel.lines.values() for point in line]
    across, up = (
        _Axis([x for x, _ in points], LEFT, WIDTH - RIGHT),
        _Axis([y for _, y in points], HEIGHT - BOTTOM, TOP),
    )
    drawn = [f'<text class="t" x="{LEFT}" y="16">{escape(panel.title)}</text>']
    for x in across.marks():
        place = across.place(x)
        drawn.append(
            f'<path class="g" d="M{place:.1f} {TOP}V{HEIGHT - BOTTOM}"/>'
            f'<text x="{place:.1f}" y="{HEIGHT - 28}" text-anchor="middle">{count(x)}</text>'
        )
    for y in up.marks():
        place = up.place(y)
        drawn.append(
            f'<path class="g" d="M{LEFT} {place:.1f}H{WIDTH - RIGHT}"/>'
            f'<text x="{LEFT - 6}" y="{place + 4:.1f}" text-anchor="end">{panel.beside(y)}</text>'
        )
    for number, (name, line) in enumerate(panel.lines.items()):
        drawn.append(_line(line, across, up, COLOURS[number]))
        drawn.append(
            f'<text x="{LEFT + 10}" y="{TOP + 16 + 16 * number}">'
            f'<tspan style="fill:{COLOURS[number]}">●</tspan> {escape(name)}</text>'
        )
    middle = (LEFT + WIDTH - RIGHT) / 2
    below = f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">{escape(panel.below)}</text>'
    return "".join(drawn) + below


def _line(line: Points, across: "_Axis", up: "_Axis", colour: str) -> str:
    places = [(across.place(x), up.place(y)) for x, y in line]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places)
    return (
        f'<g fill="{colour}" stroke="{colour}">'
        f'<path fill="none" stroke-width="2" d="M{path}"/>{dots}</g>'
    )


class _Axis:
    """A logarithmic axis over whole powers of ten, from one place to another."""

    def __init__(self, values: Sequence[float], first: float, last: float) -> None:
        self._low = math.floor(math.log10(min(values)) + 1e-9)
        self._high = max(math.ceil(math.log10(max(values)) - 1e-9), self._low + 1)
        self._first, self._last = first, last

    def marks(self) -> list[float]:
        """List the powers of ten."""
        return [10.0**power for power in range(self._low, self._high + 1)]

    def place(self, value: float) -> float:
        """Find the place of a value."""
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return self._first + share * (self._last - self._first)
