"""Figures of trades equal a plain reading, for a whole history and for every group of it."""

import math
import statistics
from collections.abc import Callable
from itertools import groupby

import msgspec
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trading.statistics import CALENDAR, Group, TradeStatistics, group, summarise
from tests.histories import DAY, HOUR, NO_MARKS, NOTHING, lost_and_won, trades

Ended = tuple[int, int, int, int]

ended = st.tuples(
    st.integers(0, 40 * DAY),
    st.integers(0, 3 * DAY),
    st.integers(1, 10**12),
    st.integers(-(10**10), 10**10) | st.just(0),
).map(lambda one: (one[0], one[0] + one[1], one[2], one[3]))
histories = st.lists(ended, max_size=40, unique_by=lambda one: one[1])


def maybe(figure: Callable[[], float]) -> float | None:
    try:
        return figure()
    except (ZeroDivisionError, statistics.StatisticsError):
        return None


def longest(pnl: list[int], sign: int) -> int:
    runs = groupby(pnl, key=lambda one: (one > 0) - (one < 0))
    return max((len(list(run)) for side, run in runs if side == sign), default=0)


def plain_figures(rows: list[Ended]) -> dict[str, float | None]:
    rows = sorted(rows, key=lambda one: one[1])
    pnl = [row[3] for row in rows]
    wins, losses = [one for one in pnl if one > 0], [-one for one in pnl if one < 0]
    held = [row[1] - row[0] for row in rows]
    held_wins = [row[1] - row[0] for row in rows if row[3] > 0]
    held_losses = [row[1] - row[0] for row in rows if row[3] < 0]
    ratio = sum(wins) / max(len(wins), 1)
    return {
        "trades": len(pnl),
        "open_trades": 0,
        "wins": len(wins),
        "losses": len(losses),
        "draws": pnl.count(0),
        "win_rate": maybe(lambda: len(wins) / len(pnl)),
        "net_pnl_lamports": sum(pnl),
        "gross_win_lamports": sum(wins),
        "gross_loss_lamports": sum(losses),
        "profit_factor": maybe(lambda: sum(wins) / sum(losses)),
        "expectancy_lamports": maybe(lambda: statistics.mean(pnl)),
        "expectancy_ratio": maybe(
            lambda: (1 + ratio / statistics.mean(losses)) * len(wins) / len(pnl) - 1
        ),
        "average_win_lamports": maybe(lambda: statistics.mean(wins)),
        "average_loss_lamports": maybe(lambda: statistics.mean(losses)),
        "best_lamports": max(pnl, default=None),
        "worst_lamports": min(pnl, default=None),
        "sqn": maybe(
            lambda: math.sqrt(len(pnl)) * statistics.fmean(pnl) / statistics.stdev(map(float, pnl))
        ),
        "volume_lamports": sum(row[2] for row in rows),
        "average_size_lamports": maybe(lambda: statistics.mean(row[2] for row in rows)),
        "longest_wins": longest(pnl, 1),
        "longest_losses": longest(pnl, -1),
        "median_holding_ms": maybe(lambda: statistics.median(held)),
        "mean_holding_ms": maybe(lambda: statistics.fmean(held)),
        "median_holding_wins_ms": maybe(lambda: statistics.median(held_wins)),
        "mean_holding_wins_ms": maybe(lambda: statistics.fmean(held_wins)),
        "median_holding_losses_ms": maybe(lambda: statistics.median(held_losses)),
        "mean_holding_losses_ms": maybe(lambda: statistics.fmean(held_losses)),
        "excursions": 0,
        **dict.fromkeys(("average_mfe", "average_mae", "median_mfe", "median_mae")),
        "median_time_to_peak_ms": None,
    }


def agree(figures: TradeStatistics, rows: list[Ended]) -> None:
    expected = plain_figures(rows)
    assert expected.keys() == set(TradeStatistics.__struct_fields__)
    for name, value in expected.items():
        near = None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)
        assert getattr(figures, name) == near, name


@given(histories)
def test_trade_figures_equal_a_plain_reading(rows: list[Ended]) -> None:
    agree(summarise(trades(*rows), NO_MARKS), rows)


# groups


@given(histories, st.sampled_from(["token", "day", "hour", "weekday"]))
def test_groups_are_the_same_figures_apart(rows: list[Ended], by: str) -> None:
    history = trades(*rows).with_columns(token=pl.col("sol_invested") % 3)
    keys: dict[str, Callable[[Ended], str | int]] = {
        "token": lambda row: row[2] % 3,
        "day": lambda row: str(np.datetime64(row[1], "ms").astype("datetime64[D]")),
        "hour": lambda row: row[1] % DAY // HOUR,
        "weekday": lambda row: (row[1] // DAY + 3) % 7 + 1,
    }
    groups = group(history, by)
    apart = sorted({keys[by](row) for row in rows})
    assert [one.key for one in groups] == apart
    for one in groups:
        agree(one, [row for row in rows if keys[by](row) == one.key])


def test_groups_by_names_put_those_without_one_last() -> None:
    history = lost_and_won(1, 2, -4, 8).with_columns(source=pl.Series(["b", None, "a", "b"]))
    groups = group(history, "source")
    assert [(one.key, one.net_pnl_lamports) for one in groups] == [("a", -4), ("b", 9), (None, 2)]
    assert msgspec.json.decode(msgspec.json.encode(groups), type=list[Group]) == groups


@pytest.mark.parametrize(
    ("by", "open_trades"), [("token", 1), ("exit_reason", 0), *((one, 0) for one in CALENDAR)]
)
def test_open_trades_have_no_end_to_be_grouped_by(by: str, open_trades: int) -> None:
    history = trades((0, 5, 100, 7), (3, None, 50, None)).with_columns(
        token=pl.lit("BONK"), exit_reason=pl.Series(["stop_loss", None])
    )
    (only,) = group(history, by)
    assert (only.trades, only.open_trades) == (1, open_trades)


def test_a_calendar_is_utc() -> None:
    # 2024-02-29 was a Thursday.
    (last,) = group(trades((0, 1_709_251_199_999, 1, 1)), "day")
    (next_day,) = group(trades((0, 1_709_251_200_000, 1, 1)), "day")
    assert (last.key, next_day.key) == ("2024-02-29", "2024-03-01")
    assert [
        group(trades((0, 1_709_251_199_999, 1, 1)), by)[0].key for by in ("hour", "weekday")
    ] == [23, 4]


def test_excursions_count_where_prices_are_known() -> None:
    history = lost_and_won(1, 2, -4, 8).with_columns(
        mfe=pl.Series([0.1, None, 0.5, 0.3]),
        mae=pl.Series([-0.2, None, 0.0, -0.1]),
        time_to_peak=pl.Series([10, None, 0, 50]),
        source=pl.Series(["a", "a", "b", "b"]),
    )
    figures = summarise(history, NO_MARKS)
    assert figures.excursions == 3
    assert figures.average_mfe == pytest.approx(0.3)
    assert figures.average_mae == pytest.approx(-0.1)
    assert (figures.median_mfe, figures.median_mae) == (0.3, -0.1)
    assert figures.median_time_to_peak_ms == 10
    assert [one.average_mfe for one in group(history, "source")] == pytest.approx([0.1, 0.4])
    with pytest.raises(ValueError, match=r"only by day, hour, weekday, source$"):
        group(history, "mfe_rank")


def test_nothing_grouped_is_no_group() -> None:
    assert group(NOTHING, "day") == []


def test_an_unknown_grouping_is_told_which_are_known() -> None:
    history = NOTHING.with_columns(token=pl.lit("a"))
    with pytest.raises(ValueError, match="'moon', only by day, hour, weekday, token"):
        group(history, "moon")
