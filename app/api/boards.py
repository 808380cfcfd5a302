"""Scorecards of signal sources as the wire has them, and the platform's, worked out once a minute.

Anybody may ask for the platform's, so it is kept for a while and worked out by one at a time.
"""

import asyncio

from app.api.deps import Parts
from app.api.figures import Written
from app.api.kept import Kept
from app.api.skips import FOLLOWED
from app.api.wire import iso, percent, seconds
from app.research.sources import MOST, platform_signals
from app.trading.scorecards import Results, Scorecard, scorecards

DAY_MS = 86_400_000
FRESH_MS = 60_000


class Boards:
    """The platform's scorecards by the days that they look back."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[int, Written]] = {}
        self._turn = asyncio.Lock()

    async def of(self, parts: Parts, days: int) -> Written:
        """Answer the scorecards of the last days, at most a minute old."""
        async with self._turn:
            now = parts.clock.now()
            at, found = self._made.get(days, (0, {}))
            if not found or now - at > FRESH_MS:
                found = await _worked_out(parts, days, now)
                self._made[days] = (now, found)
            return found


BOARDS = Kept(lambda _: Boards())


async def _worked_out(parts: Parts, days: int, now: int) -> Written:
    default = (await parts.live.settled()).default_profile
    since = now - days * DAY_MS
    signals = await platform_signals(
        FOLLOWED.of(parts), default, since=since, until=now + 1, now=now
    )
    cards = await asyncio.to_thread(scorecards, signals)
    return {
        "since": iso(since),
        "at": iso(now),
        "complete": len(signals) < MOST,
        "items": [written(card) for card in cards],
    }


def written(card: Scorecard) -> Written:
    """Write a scorecard."""
    calibration = card.calibration
    return {
        **card._asdict(),
        "made": _results(card.made),
        "not_bought": _results(card.not_bought),
        "calibration": {
            **calibration._asdict(),
            "bins": [one._asdict() for one in calibration.bins],
        },
        "nulls": {_shown(name): why for name, why in card.nulls.items()},
    }


def _results(results: Results) -> Written:
    found = results._asdict()
    average, peak = found.pop("average_pnl"), found.pop("median_time_to_peak_ms")
    return {
        **found,
        "average_pnl_percent": percent(average),
        "median_time_to_peak_seconds": seconds(peak),
    }


def _shown(name: str) -> str:
    return name.replace("average_pnl", "average_pnl_percent").replace("_ms", "_seconds")
