"""How good a source of signals is: how far its signals get, what they come to, and whether the
sentiment score says anything about that.

    SIGNAL_SCHEMA   one row a signal; shares are of what was spent, None without a result
"""

import math
from typing import NamedTuple

import polars as pl

SIGNAL_SCHEMA = {
    "source": pl.String,
    "judged": pl.Boolean,
    "screened": pl.Boolean,
    "confirmed": pl.Boolean,
    "bought": pl.Boolean,
    "score": pl.Float64,
    "share": pl.Float64,
    "peak": pl.Int64,
    "would_share": pl.Float64,
    "would_peak": pl.Int64,
}
"""`judged`: its screening ended; `share` and `peak` (ms) of the trade, or had it been one."""

BIN = 10
"""Points of the score in a bin of the calibration."""

Z = 1.959963984540054
"""Standard deviations that hold 95 % of a normal distribution."""

NO_SIGNAL = "no signal yet"
NO_RESULT = "no result yet"
NO_SCORE = "no signal with a score has a result yet"


class Results(NamedTuple):
    """What signals came to; ends of the 95 % Wilson interval of the win rate, times in ms."""

    results: int
    wins: int
    losses: int
    draws: int
    win_rate: float | None
    win_rate_low: float | None
    win_rate_high: float | None
    average_pnl: float | None
    median_time_to_peak_ms: float | None


class Bin(NamedTuple):
    """Signals with a score from `low` to below `high` (the last bin: to 100), and how many won."""

    low: float
    high: float
    signals: int
    wins: int
    mean_score: float
    win_share: float
    win_share_low: float
    win_share_high: float


class Calibration(NamedTuple):
    """Score against outcome: the Brier score, and that of always saying the share of wins."""

    signals: int
    bins: list[Bin]
    brier: float | None
    brier_of_base_rate: float | None


class Scorecard(NamedTuple):
    """A source of signals (None: all of them), stage by stage; rates are of the stage before."""

    source: str | None
    signals: int
    judged: int
    screened: int
    confirmed: int
    bought: int
    screened_rate: float | None
    confirmed_rate: float | None
    bought_rate: float | None
    made: Results
    not_bought: Results
    calibration: Calibration
    nulls: dict[str, str]


def wilson(wins: int, many: int) -> tuple[float, float]:
    """Bound a share with 95 % confidence, as Wilson does; `many` is at least one."""
    share, square = wins / many, Z * Z / many
    middle = (share + square / 2) / (1 + square)
    reach = Z * math.sqrt(share * (1 - share) / many + square / (4 * many)) / (1 + square)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def scorecards(signals: pl.DataFrame) -> list[Scorecard]:
    """Score all signals (SIGNAL_SCHEMA) together, then each source in the order of names."""
    parts = signals.partition_by("source", as_dict=True)
    named = sorted((str(key[0]), part) for key, part in parts.items())
    return [_scorecard(None, signals), *(_scorecard(name, part) for name, part in named)]


def _scorecard(source: str | None, signals: pl.DataFrame) -> Scorecard:
    counts = [int(signals.get_column(name).sum()) for name in ("judged", "screened", "confirmed")]
    judged, screened, confirmed = counts
    bought = signals.filter("bought")
    made = _results(signals, "share", "peak")
    left = _results(signals.filter(~pl.col("bought")), "would_share", "would_peak")
    calibration = calibrate(
        signals.select("score", share=pl.coalesce("share", "would_share")).drop_nulls()
    )
    rates = {
        "screened_rate": _rate(screened, judged),
        "confirmed_rate": _rate(confirmed, screened),
        "bought_rate": _rate(len(bought), confirmed),
    }
    card = Scorecard(
        source=source,
        signals=len(signals),
        judged=judged,
        screened=screened,
        confirmed=confirmed,
        bought=len(bought),
        **rates,
        made=made,
        not_bought=left,
        calibration=calibration,
        nulls={},
    )
    return card._replace(nulls=_nulls(card))


def calibrate(scored: pl.DataFrame) -> Calibration:
    """Hold scores (0 to 100) against outcomes: `score`, and `share`, which is a win above 0."""
    if not len(scored):
        return Calibration(0, [], None, None)
    last = 100 // BIN - 1
    won = scored.with_columns(
        won=pl.col("share") > 0,
        bin=(pl.col("score") / BIN).floor().clip(0, last).cast(pl.Int64),
    )
    grouped = (
        won.group_by("bin")
        .agg(pl.len().alias("signals"), pl.col("won").sum(), pl.col("score").mean())
        .sort("bin")
    )
    bins = [
        Bin(number * BIN, (number + 1) * BIN, many, wins, mean, wins / many, *wilson(wins, many))
        for number, many, wins, mean in grouped.iter_rows()
    ]
    wrong = (won.get_column("score") / 100 - won.get_column("won").cast(pl.Float64)) ** 2
    base = sum(one.wins for one in bins) / len(won)
    return Calibration(len(won), bins, float(wrong.to_numpy().mean()), base * (1 - base))


def _results(signals: pl.DataFrame, share: str, peak: str) -> Results:
    known = signals.filter(pl.col(share).is_not_null())
    many, shares = len(known), known.get_column(share)
    wins, losses = int((shares > 0).sum()), int((shares < 0).sum())
    low, high = wilson(wins, many) if many else (None, None)
    return Results(
        results=many,
        wins=wins,
        losses=losses,
        draws=many - wins - losses,
        win_rate=_rate(wins, many),
        win_rate_low=low,
        win_rate_high=high,
        average_pnl=float(shares.to_numpy().mean()) if many else None,
        median_time_to_peak_ms=_middle(known.get_column(peak).drop_nulls()),
    )


def _middle(times: pl.Series) -> float | None:
    found = times.median()
    return float(found) if isinstance(found, int | float) else None


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _nulls(card: Scorecard) -> dict[str, str]:
    """Say why figures do not exist, by their name, those of results by group and name."""
    before = {"screened_rate": "judged", "confirmed_rate": "screened", "bought_rate": "confirmed"}
    found = {
        name: NO_SIGNAL if not card.signals else f"no {stage} signal yet"
        for name, stage in before.items()
        if getattr(card, name) is None
    }
    for group in ("made", "not_bought"):
        results: Results = getattr(card, group)
        found |= {
            f"{group}.{name}": NO_RESULT
            for name, value in results._asdict().items()
            if value is None
        }
    if card.calibration.brier is None:
        found |= dict.fromkeys(("calibration.brier", "calibration.brier_of_base_rate"), NO_SCORE)
    return found
