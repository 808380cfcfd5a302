"""Reports: everything in one file, and nothing of a name in it is more than text."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import msgspec
import numpy as np
import pytest

from app.research.drawings import curve, heat_map, steps
from app.research.report import MOST_TRADES, backtest_report, drawdowns
from app.research.report_about import About
from app.research.report_parts import DEFINITIONS, duration, number, percent, signed, sol
from app.research.results import Fold, Luck, Score, Sweep, SweepRow
from app.research.sweep_report import Axis, sweep_report
from tests.research.played import DAY, START, result

HOSTILE = "</title><script>alert(1)</script>\"'<img src=http://evil.example/x onerror=alert(2)>"
ABOUT = About(
    name=HOSTILE,
    settings={"candles": {"token": HOSTILE}},
    code_version="0.1.0 (abc)",
    code_digest="d1e5",
    data_hash="feed",
    finished_at=START,
)
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "div", "span", "b", "br"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "pre"),
    *("svg", "line", "text", "path", "rect"),
}


class Seen(HTMLParser):
    """What a browser would make of a page: tags, attributes, and the text that is read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str | None]] = {}
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value)

    def handle_data(self, data: str) -> None:
        self.words += data


def score(net: int, **changes: Any) -> Score:
    fields: dict[str, Any] = dict.fromkeys(Score.__struct_fields__)
    known = {"trades": 5, "open_trades": 0, "wins": 3, "losses": 2, "volume": 7, "net_pnl": net}
    return Score(**{**fields, **known, **changes})


def swept(rows: list[SweepRow]) -> Sweep:
    return Sweep(
        tokens=result(0).tokens,
        objective="net_pnl",
        varied=["entry.fast", "exit.stop_loss"],
        rows=[],
        combinations=len(rows),
        impossible=0,
        split=START + DAY,
        folds=[Fold(since=START, until=START + DAY, chosen=1, inside=1.5, outside=None)],
        luck=Luck(
            combinations=len(rows),
            days=9,
            best_sharpe=2.0,
            expected_best_sharpe=1.5,
            deflated_sharpe=0.7,
            beaten_by_chance=0.3,
        ),
        candles=100,
        seconds=1.0,
    )


def grid(fasts: list[Any], stops: list[Any]) -> list[SweepRow]:
    pairs = [(fast, stop) for fast in fasts for stop in stops]
    return [
        SweepRow(
            number=place,
            params={"entry.fast": fast, "exit.stop_loss": stop},
            inside=score(1_000_000_000 - place),
            outside=score(-5, sharpe=-0.5) if place % 2 else None,
        )
        for place, (fast, stop) in enumerate(pairs)
    ]


def check(page: str) -> Seen:
    seen = Seen(page)
    assert seen.tags <= ALLOWED, seen.tags - ALLOWED
    assert not any(name.startswith("on") for name in seen.attributes)
    assert not seen.attributes.keys() & {"href", "src", "srcset", "action"}
    assert "url(" not in page
    assert "@import" not in page
    assert seen.words.count(HOSTILE) >= 2
    assert page.count("<svg") == page.count("</svg>")
    return seen


def test_a_backtest_says_everything() -> None:
    made = result(3)
    seen = check(backtest_report(ABOUT, made))
    for one in DEFINITIONS:
        assert one.title in seen.words
        assert one.text in seen.words
    assert "no losing trade yet" in seen.words
    for words in ("0.1.0 (abc)", "d1e5", "feed", "cooldown", "3.0000 SOL", "2023-11-15", "Nov"):
        assert words in seen.words, words
    assert len(re.findall("trailing_stop", seen.words)) == 3
    assert json.dumps(HOSTILE)[1:-1] in seen.words


def test_an_empty_backtest_is_a_page_too() -> None:
    made = msgspec.structs.replace(result(0), equity=[], equity_time=[], refusals={})
    assert "nothing to draw" in check(backtest_report(ABOUT, made)).words
    unnamed = replace(ABOUT, name=None)
    assert "Backtest of </title><script>" in Seen(backtest_report(unnamed, made)).words


def test_many_trades_are_cut_and_it_says_so() -> None:
    made = result(MOST_TRADES + 7)
    assert "7 before them are left out" in check(backtest_report(ABOUT, made)).words


@pytest.mark.parametrize(
    ("fasts", "stops"),
    [
        ([5, 10], [0.05, 0.1, 0.2]),
        (list(range(40)), [0.1 + 0.001 * place for place in range(30)]),
        (["a", "b"], [[[0.3, 0.5]], [[0.4, 1.0]]]),
        ([None, 3], [True]),
    ],
)
def test_a_sweep_shows_the_best_and_a_map(fasts: list[Any], stops: list[Any]) -> None:
    rows = grid(fasts, stops)
    seen = check(sweep_report(ABOUT, swept(rows), rows))
    for words in ("Heat map", "Deflated Sharpe", "30.00 %", "Walk forward", f"of {len(rows):,}"):
        assert words in seen.words, words
    assert "NaN" not in seen.words
    assert "nan" not in seen.attributes.get("x", set())


def test_a_sweep_of_one_parameter_has_no_map() -> None:
    rows = grid([5, 10], [0.1])
    made = msgspec.structs.replace(swept(rows), varied=["entry.fast"])
    assert "Heat map" not in check(sweep_report(ABOUT, made, rows)).words


def test_values_find_their_place_on_a_side() -> None:
    few = Axis([20, 5, 10, 5])
    assert few.labels == ["5", "10", "20"]
    assert [few.place(value) for value in (5, 10, 20)] == [0, 1, 2]
    many = Axis([float(place) for place in range(100)])
    assert [many.place(value) for value in (0.0, 50.0, 99.0)] == [0, 6, 11]
    words = Axis([f"w{place}" for place in range(20)])
    assert words.labels[-1] == "others"
    assert words.place("w19") == 12


def test_a_curve_keeps_its_peaks() -> None:
    values = np.ones(100_000)
    values[54_321] = 9.0
    drawn = curve(list(range(100_000)), values.tolist(), "peaks")
    assert len(drawn) < 100_000
    assert "V19.5" in drawn
    assert curve([1], [5.0], "one").count("<path") == 1
    assert steps(0.0, 1.0) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert steps(3.0, 3.0) == [3.0]
    assert "rgb" not in heat_map(["a"], ["b"], np.array([[np.nan]]), ("x", "y"))


def test_numbers_are_written_for_people() -> None:
    assert (number(None), number(0.0), number(-1234.5)) == ("–", "0.00", "\u22121,234.50")
    assert number(1e-7, 4) == "1e\u221207"
    assert (sol(1_500_000_000), percent(0.1234)) == ("1.5000 SOL", "12.34 %")
    assert [duration(hours * 3_600_000) for hours in (0.5, 3, 72)] == [
        "30.0 minutes",
        "3.0 hours",
        "3.0 days",
    ]
    assert 'class="gain">+' in signed(5)
    assert drawdowns([10, 20, 15, 30]) == [0.0, 0.0, -0.25, 0.0]
    assert drawdowns([0, 0]) == [0.0, 0.0]
