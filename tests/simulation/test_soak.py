"""A platform that runs for long holds no more than one that runs for an hour.

SOAK_HOURS=24 SEED=2 pytest -m slow tests/simulation/test_soak.py
"""

import os
import sqlite3
import sys
import tracemalloc
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from app.engine.feed import KEPT_CANDLES
from app.engine.pipeline.screen import REMEMBERED
from app.engine.pulse import KEPT_SAMPLES
from app.trading.state import REMEMBERED_SIGNALS
from tests.simulation.soak import CHARTS, FRESH, Sample, soak, soak_apart
from tests.simulation.world import Known

SEED = os.environ.get("SEED", "1")
HOURS = float(os.environ.get("SOAK_HOURS", "24"))
WARM_HOURS = 4.0
MEGABYTE = 2**20
STATE = "platform.live._engine.state"
CANDLE = 6
CAPS = {
    "platform._screener._known": 2 * REMEMBERED,
    "platform.feed._tokens": CHARTS * KEPT_CANDLES * CANDLE,
    "platform.pulse._samples": 20 * (KEPT_SAMPLES + 1),
    f"{STATE}.seen": REMEMBERED_SIGNALS,
    f"{STATE}.versions": 4 * 6,
    f"{STATE}.wishes.named[]": 4 * 6,
    f"{STATE}.wishes.plan": 22 * 2 * 14,
    f"{STATE}.wishes._plan": 22 * 2 * 14,
}
"""Places that fill up slowly, and how much they can hold: by their constants, or by how many
wallets, symbols and plans there are in the run.
"""

ONE_EACH = (f"{STATE}.tokens", f"{STATE}.mints")
"""Whoever was heard of once keeps a number."""

SPARE = 200
"""A little more than before is chance: what a few tokens more in play take."""


def grown(samples: Sequence[Sample]) -> Iterator[str]:
    """Name the places that hold more in the last half of a run than in the half before."""
    half = len(samples) // 2
    early, late = samples[:half], samples[half:]
    for place in sorted(late[-1].places):
        before = max(one.places.get(place, 0) for one in early)
        after = min(one.places.get(place, 0) for one in late[-max(1, half // 2) :])
        cap = next((cap for start, cap in CAPS.items() if place.startswith(start)), 0)
        if place in ONE_EACH:
            cap = FRESH * (int(samples[-1].hours) + 3)
        if after > max(cap, 1.3 * before + SPARE):
            yield f"{place}: at most {before}, then at least {after}"


def check(samples: Sequence[Sample]) -> None:
    assert list(grown(samples)) == []
    half = len(samples) // 2
    for what in ("tasks", "files"):
        before = max(getattr(one, what) for one in samples[:half])
        assert min(getattr(one, what) for one in samples[half:]) <= before, what


def slope(samples: Sequence[Sample]) -> float:
    """Return how many megabytes of memory came to be held each simulated hour."""
    hours = [one.hours for one in samples]
    return float(np.polyfit(hours, [one.resident / MEGABYTE for one in samples], 1)[0])


def test_nothing_grows_in_an_hour_and_a_half(
    known: Known, tmp_path: Path, blank: sqlite3.Connection
) -> None:
    samples = soak(1.5, 0.25, SEED, (known, tmp_path, blank))
    assert len(samples) == 6
    assert sum(samples[-1].places.values()) > 1_000
    check(samples)


def test_what_grows_is_found_wherever_it_is() -> None:
    """A negative control."""
    places = [{"platform.some._cache[]": 300 * number} for number in range(8)]
    samples = [Sample(float(number), one, 9, 9, 9) for number, one in enumerate(places)]
    assert list(grown(samples)) == ["platform.some._cache[]: at most 900, then at least 1800"]
    more = [Sample(float(number), {"a": 1}, 9 + number, 9, 9) for number in range(8)]
    with pytest.raises(AssertionError, match="tasks"):
        check(more)


@pytest.mark.slow
def test_a_simulated_day_holds_no_more_than_an_hour(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        samples = apart.submit(soak_apart, HOURS, 0.5, SEED, tmp_path).result()
    warm = [one for one in samples if one.hours >= min(WARM_HOURS, HOURS / 4)]
    check(warm)
    each = slope(warm)
    with capsys.disabled():
        first, last = (round(one.resident / MEGABYTE, 1) for one in (warm[0], warm[-1]))
        sys.stdout.write(
            f"\nmemory {first} to {last} MB in {HOURS:g} simulated hours, {each:.3f} MB an hour\n"
        )
    if each >= 1.0:
        pytest.fail(f"{each:.2f} MB more each hour, seed {SEED}:\n{_culprits(tmp_path)}")


def _culprits(folder: Path) -> str:
    """Run some hours again and name the lines that hold more at their end."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        return apart.submit(_traced, folder).result()


def _traced(folder: Path) -> str:
    tracemalloc.start(2)
    again = folder / "again"
    again.mkdir()
    samples = soak_apart(4.0, 0.5, SEED, again)
    before, after = samples[3].traced, samples[-1].traced
    if before is None or after is None:
        return "nothing was traced"
    return "\n".join(str(line) for line in after.compare_to(before, "lineno")[:15])
