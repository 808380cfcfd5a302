"""What reports are made of: a page that needs nothing from anywhere, tables, numbers in words.

Whatever comes from outside the code – names, symbols, settings – passes `text` on its way in.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from app.trading.amounts import LAMPORTS_PER_SOL
from app.trading.definitions import EQUITY, EXCURSIONS, TRADES, Definition

NOTHING = "–"
MS_PER_HOUR = 3_600_000
HOURS_PER_DAY = 24
MINUS = "\N{MINUS SIGN}"

STYLE = """
:root{color-scheme:light dark;--back:#fff;--ink:#16202c;--soft:#5b6875;--line:#d6dce3;
--gain:#0a7d4f;--loss:#b3261e;--mark:#2563c9;--card:#f5f7fa}
@media (prefers-color-scheme:dark){:root{--back:#10161d;--ink:#e6ebf1;--soft:#9aa7b4;
--line:#2c3743;--gain:#4cc38a;--loss:#ff8a80;--mark:#7ab0ff;--card:#18212b}}
body{background:var(--back);color:var(--ink);font:15px/1.5 system-ui,sans-serif;margin:0 auto;
max-width:64rem;padding:1.5rem}
h1{font-size:1.6rem;margin:0;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2rem 0 .5rem}
p{margin:.3rem 0}.soft,caption{color:var(--soft)}.gain{color:var(--gain)}.loss{color:var(--loss)}
.figures{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0}
.figures div,pre{background:var(--card);border:1px solid var(--line);border-radius:.5rem}
.figures div{padding:.5rem .8rem}pre{overflow-x:auto;padding:.8rem}
.figures b{display:block;font-size:1.2rem;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.2rem 0}
th,td{border-bottom:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}
.hash{display:block;min-width:9rem;overflow-wrap:anywhere}
svg{display:block;height:auto;max-width:100%}
svg text{fill:var(--soft);font:11px system-ui,sans-serif}svg text.pale{fill:#fff}
summary{cursor:pointer;margin:.5rem 0}
@media print{body{max-width:none}details>*{display:block}}
"""
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; img-src data:"
"""A report has this one style, no script, and asks nobody for anything."""

DEFINITIONS: tuple[Definition, ...] = (*TRADES, *EQUITY, *EXCURSIONS)


def text(value: object) -> str:
    """Write something from outside as text that no browser takes for anything else."""
    return escape(str(value), quote=True)


def page(title: str, body: Iterable[str]) -> str:
    """Put a page together; `title` and the parts of the body are HTML."""
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{text(POLICY)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{title}</title><style>{STYLE}</style></head><body>",
            *body,
            "</body></html>\n",
        )
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """Write a table of HTML cells; a head that begins with # is of numbers."""
    numeric = [head.startswith("#") for head in heads]
    top = "".join(
        f'<th scope="col"{" class=n" if right else ""}>{text(head.removeprefix("#"))}</th>'
        for head, right in zip(heads, numeric, strict=True)
    )
    lines = (
        "<tr>"
        + "".join(
            f"<td{' class=n' if right else ''}>{cell}</td>"
            for cell, right in zip(row, numeric, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    words = f"<caption>{text(caption)}</caption>" if caption else ""
    body = "".join(lines)
    return (
        f'<div class="wide"><table>{words}<thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def number(value: float | None, places: int = 2) -> str:
    """Write a number, small ones with as many places as they need."""
    if value is None:
        return NOTHING
    if value and abs(value) < 10.0**-places:
        return f"{value:.3g}".replace("-", MINUS)
    return f"{value:,.{places}f}".replace("-", MINUS)


def sol(lamports: float | None) -> str:
    """Write an amount."""
    return NOTHING if lamports is None else f"{number(lamports / LAMPORTS_PER_SOL, 4)} SOL"


def signed(lamports: float | None) -> str:
    """Write a profit or a loss, coloured."""
    if lamports is None:
        return NOTHING
    kind = "gain" if lamports > 0 else "loss" if lamports < 0 else "soft"
    return f'<span class="{kind}">{"+" if lamports > 0 else ""}{sol(lamports)}</span>'


def percent(fraction: float | None) -> str:
    """Write a fraction in percent."""
    return NOTHING if fraction is None else f"{number(100 * fraction)} %"


def moment(at: int | None) -> str:
    """Write a time in UTC."""
    if at is None:
        return NOTHING
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M:%S}"


def duration(ms: float | None) -> str:
    """Write how long something took."""
    if ms is None:
        return NOTHING
    hours = ms / MS_PER_HOUR
    if hours >= 2 * HOURS_PER_DAY:
        return f"{number(hours / HOURS_PER_DAY, 1)} days"
    return f"{number(hours, 1)} hours" if hours >= 1 else f"{number(60 * hours, 1)} minutes"


def figure(unit: str, value: Any) -> str:
    """Write a figure in its unit (see `definitions.Unit`)."""
    if unit == "flag":
        return "yes" if value else "no"
    if unit in {"count", "days"}:
        return NOTHING if value is None else f"{value:,}"
    writers = {"lamports": sol, "fraction": percent, "ms": duration, "time": moment}
    return writers.get(unit, number)(value)


def cards(pairs: Iterable[tuple[str, str]]) -> str:
    """Write the figures that matter most."""
    inner = "".join(
        f"<div><span class=soft>{text(name)}</span><b>{one}</b></div>" for name, one in pairs
    )
    return f'<div class="figures">{inner}</div>'
