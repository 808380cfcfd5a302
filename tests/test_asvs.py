"""docs/ASVS.md is whole and points at what is there; how well it judges is for its reader."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from app.api.rates import LIMITS
from app.api.sessions import ABSOLUTE_MS, IDLE_MS

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "ASVS.md").read_text()
TABLES, _, DECIDED = TEXT.partition("\n## What is decided\n")
LINES = frozenset(TEXT.splitlines())
STATES = ("met", "in part", "not met", "n/a")
DAY_MS = 86_400_000
LONGEST_LINE, MOST_WORDS = 400, 6
ROW = re.compile(r"\| (\d+)\.(\d+\.\d+) (.+?) \| ([123]) \| (.+?) \| (.+) \|")
PLACE = re.compile(r"`(Dockerfile|[a-z][\w-]*\.[a-z]+|[a-z.][\w.@-]*(?:/[\w.@-]+)+)`")


class Row(NamedTuple):
    """A requirement as the page judges it; `number` without its chapter."""

    chapter: str
    number: str
    name: str
    level: str
    state: str
    where: str


@cache
def wanted() -> dict[str, dict[str, list[str]]]:
    """Read the numbers of levels 1 and 2: by chapter, then by level."""
    told = json.loads((ROOT / "tests" / "asvs_numbers.json").read_text())
    return {
        chapter: {level: numbers.split() for level, numbers in levels.items()}
        for chapter, levels in told.items()
    }


def rows(heading: str) -> list[Row]:
    """Read the rows below a heading; a line that begins like one must be one."""
    begun = TABLES.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    found = [line for line in begun.splitlines() if re.match(r"\| \d", line)]
    read = [ROW.fullmatch(line) for line in found]
    assert all(read), found[read.index(None)]
    return [Row(*row.groups()) for row in read if row]


@pytest.mark.parametrize("chapter", wanted())
def test_a_chapter_is_whole(chapter: str) -> None:
    found = rows(f"V{chapter} ")
    assert {row.chapter for row in found} == {chapter}
    for level, numbers in wanted()[chapter].items():
        assert sorted(row.number for row in found if row.level == level) == sorted(numbers)
    assert len(found) == sum(map(len, wanted()[chapter].values()))


def test_the_counts_are_those_of_the_rows() -> None:
    total: Counter[str] = Counter()
    counted = re.findall(r"(?m)^\| (?:V(\d+) .+?|(all)) ((?:\| \d+ ){5})\|$", TABLES)
    assert [chapter for chapter, _, _ in counted] == [*wanted(), ""]
    for chapter, _, told in counted:
        counts = Counter(row.state for row in rows(f"V{chapter} ")) if chapter else total
        assert told.split()[1::2] == [str(counts[one]) for one in STATES] + [str(counts.total())]
        total = total + counts if chapter else total
    assert total.total() == 253


def test_every_row_has_a_state_and_says_why() -> None:
    above = rows("Of level 3")
    assert {row.level for row in above} == {"3"}
    for row in [row for chapter in wanted() for row in rows(f"V{chapter} ")] + above:
        assert row.state in STATES, row
        assert len(row.name.split()) <= MOST_WORDS, row
        assert row.state != "met" or PLACE.search(row.where), f"where? {row}"
        assert row.state != "in part" or "Lacking: " in row.where, f"what is lacking? {row}"
    assert max(map(len, LINES)) <= LONGEST_LINE


def test_what_is_pointed_at_is_there() -> None:
    assert not {place for place in PLACE.findall(TEXT) if not (ROOT / place).exists()}
    headings = {one.lower().replace(" ", "-") for one in re.findall(r"(?m)^### (.+)$", DECIDED)}
    assert set(re.findall(r"\(#([\w-]+)\)", TEXT)) == headings


def test_what_is_decided_is_what_the_code_does() -> None:
    days = f"ends {IDLE_MS // DAY_MS} days after its last use and {ABSOLUTE_MS // DAY_MS} days"
    assert days in DECIDED
    for name, limit in LIMITS.items():
        most = f" | {limit.amount:,} a {limit.GRANULARITY.name} |"
        assert any(one.startswith(f"| {name} |") and one.endswith(most) for one in LINES), name
