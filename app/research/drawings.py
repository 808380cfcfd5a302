"""Curves and heat maps as inline SVG, without a script and without anything from elsewhere."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np

from app.research.report_parts import number, text
from app.trading.amounts import Floats

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 960, 70, 10, 10, 22
MOST_POINTS = 1_500
TICKS = 5
CELL_WIDTH, CELL_HEIGHT = 76, 30
LABEL = 130
COLD, PLAIN, WARM = (196, 92, 38), (128, 138, 148), (38, 110, 196)
"""Orange for the worst, grey between, blue for the best: told apart by eyes of every kind."""


def steps(low: float, high: float) -> list[float]:
    """Choose round values between two."""
    span = high - low
    if not span > 0:
        return [low]
    raw = span / TICKS
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw)
    first = math.ceil(low / step) * step
    return [first + step * place for place in range(int((high - first) / step) + 1)]


def curve(times: Sequence[int], values: Sequence[float], label: str, height: int = 240) -> str:
    """Draw values (any unit) over times (Unix ms), joined by steps."""
    if len(times) == 0:
        return "<p class=soft>There is nothing to draw.</p>"
    at, value = _thin(np.asarray(times, np.float64), np.asarray(values, np.float64))
    low, high = float(value.min()), float(value.max())
    pad = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    low, high = low - pad, high + pad
    inner = (WIDTH - LEFT - RIGHT, height - TOP - BOTTOM)
    span = float(at[-1] - at[0]) or 1.0
    x = LEFT + (at - at[0]) / span * inner[0]
    y = TOP + (high - value) / (high - low) * inner[1]
    path = f"M{x[0]:.1f} {y[0]:.1f}" + "".join(
        f"H{right:.1f}V{down:.1f}" for right, down in zip(x[1:], y[1:], strict=True)
    )
    lines = [
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{place:.1f}" y2="{place:.1f}" '
        f'stroke="var(--line)"/><text x="{LEFT - 6}" y="{place + 4:.1f}" text-anchor="end">'
        f"{number(step, _places(high - low))}</text>"
        for step in steps(low, high)
        for place in [TOP + (high - step) / (high - low) * inner[1]]
    ]
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{text(label)}">'
        f"<title>{text(label)}</title>{''.join(lines)}{_dates(at, x, height)}"
        f'<path d="{path}" fill="none" stroke="var(--mark)" stroke-width="1.5"/></svg>'
    )


def _thin(at: Floats, value: Floats) -> tuple[Floats, Floats]:
    """Keep the lowest and the highest of each stretch, so that no peak is lost."""
    if len(at) <= MOST_POINTS:
        return at, value
    edges = np.linspace(0, len(at), MOST_POINTS // 2 + 1).astype(np.int64)
    kept = {0, len(at) - 1}
    for first, last in pairwise(edges.tolist()):
        if last > first:
            part = value[first:last]
            kept |= {first + int(part.argmin()), first + int(part.argmax())}
    places = sorted(kept)
    return at[places], value[places]


def _dates(at: Floats, x: Floats, height: int) -> str:
    first, last = float(at[0]), float(at[-1])
    shape = "%Y-%m-%d" if last - first > 2 * 86_400_000 else "%m-%d %H:%M"
    found = []
    for place in range(TICKS):
        share = place / (TICKS - 1)
        moment = datetime.fromtimestamp((first + share * (last - first)) / 1000, UTC)
        anchor = "start" if place == 0 else "end" if place == TICKS - 1 else "middle"
        left = x[0] + share * (x[-1] - x[0])
        found.append(
            f'<text x="{left:.1f}" y="{height - 6}" text-anchor="{anchor}">{moment:{shape}}</text>'
        )
    return "".join(found)


def _places(span: float) -> int:
    return max(0, min(6, 2 - math.floor(math.log10(span)))) if span > 0 else 2


def heat_map(
    across: Sequence[str], down: Sequence[str], values: Floats, names: tuple[str, str]
) -> str:
    """Draw a value for each pair: `values[row][column]`, NaN where there is none."""
    width = LABEL + CELL_WIDTH * len(across)
    height = 2 * CELL_HEIGHT + CELL_HEIGHT * len(down)
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    title = f"{names[0]} across, {names[1]} down"
    heads = [
        f'<text x="{LABEL + CELL_WIDTH * (place + 0.5)}" y="{1.6 * CELL_HEIGHT:.0f}" '
        f'text-anchor="middle">{text(one)}</text>'
        for place, one in enumerate(across)
    ]
    rows = [
        _cells(values[place], one, (2 + place) * CELL_HEIGHT, (low, high))
        for place, one in enumerate(down)
    ]
    return (
        f'<div class="wide"><svg viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'aria-label="{text(title)}"><title>{text(title)}</title>'
        f'<text x="0" y="{0.7 * CELL_HEIGHT:.0f}">{text(title)}</text>'
        f"{''.join(heads)}{''.join(rows)}</svg></div>"
    )


def _cells(values: Floats, name: str, top: float, ends: tuple[float, float]) -> str:
    middle = top + 0.62 * CELL_HEIGHT
    found = [f'<text x="{LABEL - 8}" y="{middle:.0f}" text-anchor="end">{text(name)}</text>']
    for place, value in enumerate(values.tolist()):
        if not math.isfinite(value):
            continue
        left = LABEL + CELL_WIDTH * place
        found.append(
            f'<rect x="{left + 1}" y="{top + 1:.0f}" width="{CELL_WIDTH - 2}" '
            f'height="{CELL_HEIGHT - 2}" rx="3" fill="{_colour(value, *ends)}"/>'
            f'<text x="{left + CELL_WIDTH / 2}" y="{middle:.0f}" text-anchor="middle" '
            f'class="pale">{number(value, 3)}</text>'
        )
    return "".join(found)


def _colour(value: float, low: float, high: float) -> str:
    share = (value - low) / (high - low) if high > low else 0.5
    first, last, part = (
        (COLD, PLAIN, 2 * share) if share < 0.5 else (PLAIN, WARM, 2 * share - 1)  # noqa: PLR2004  # the middle
    )
    mixed = [round(one + (other - one) * part) for one, other in zip(first, last, strict=True)]
    return "rgb({},{},{})".format(*mixed)
