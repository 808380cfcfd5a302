"""Backtests: where candles come from, what is refused, and who leads the wallet."""

import statistics
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from app.research import backtest as backtests
from app.research.backtest import run_backtest
from app.research.loading import Sources
from app.research.requests import BacktestRequest
from app.research.results import Backtest, Cancelled, Unfit
from app.store.history_library import Library, shared_history
from app.trading.fills import PRESETS
from tests.research.series import START, candles
from tests.research.test_one_engine import fills_of_run
from tests.trading.world import address

STEP = 300_000
FRAME = candles(3_000, "5m", seed=3)
ROWS = [list(row) for row in FRAME.rows()]
INLINE = {"source": "inline", "rows": ROWS}
NOWHERE = Sources(Path("nowhere"))


def request(**fields: Any) -> BacktestRequest:
    return BacktestRequest.model_validate({"candles": INLINE, **fields})


def ran(sources: Sources = NOWHERE, **fields: Any) -> Backtest:
    return run_backtest(request(**fields), sources, lambda _: None)


def refused(sources: Sources = NOWHERE, **fields: Any) -> Unfit:
    with pytest.raises(Unfit) as caught:
        ran(sources, **fields)
    return caught.value


def iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat()


def by_engine(monkeypatch: pytest.MonkeyPatch, **fields: Any) -> Backtest:
    with monkeypatch.context() as patch:
        patch.setattr(backtests, "can_walk", lambda *_: False)
        return ran(**fields)


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_costs_by_name_are_the_same_for_both_drivers(
    preset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields: dict[str, Any] = {"preset": preset, "entry": {"strategy": "breakout"}}
    walked, driven = ran(**fields), by_engine(monkeypatch, **fields)
    assert (walked.driver, driven.driver) == ("walk", "engine")
    assert fills_of_run(walked.trades) == fills_of_run(driven.trades)
    assert len(walked.trades) > 20
    assert walked.statistics == driven.statistics
    assert walked.equity[-1] == driven.equity[-1]
    fees = [one.fee for one in walked.trades]
    assert all(fee == 0 for fee in fees) == (preset == "none")


def test_what_is_left_at_the_end_is_valued_at_the_last_close() -> None:
    run = ran(exit={"stop_loss": 0.99, "take_profit": [], "trailing_stop": None})
    assert len(run.trades) == 1
    (trade,) = run.trades
    assert trade.exit_time is trade.pnl is None
    last = ROWS[-1][4]
    assert trade.value == int(trade.units * last * 1e9 / 1e6)
    assert run.equity[-1] == 10**10 - trade.cost + trade.value
    assert (run.statistics.trades, run.statistics.open_trades) == (0, 1)


def test_the_clock_sells_inside_a_gap_as_live() -> None:
    holed = [row for row in ROWS if not 500 <= (row[0] - START) // STEP < 540]
    plan = {"max_holding_candles": 30, "stop_loss": 0.9, "take_profit": [], "trailing_stop": None}
    run = ran(candles={**INLINE, "rows": holed}, exit=plan)
    assert (run.driver, run.tokens[0].gaps) == ("engine", 1)
    times = [part.time for trade in run.trades for part in trade.sold]
    assert any(START + 500 * STEP < at < START + 540 * STEP for at in times)
    assert ran(exit=plan).driver == "walk"


def test_any_of_several_strategies_may_enter() -> None:
    both = ran(entry=[{"strategy": "sma_crossover"}, {"strategy": "breakout"}], risk={})
    assert both.driver == "engine"
    assert {trade.strategy for trade in both.trades} == {"sma_crossover", "breakout"}
    assert both.refusals.keys() <= {
        "open_in_token",
        "loss_cooldown",
        "stop_guard",
        "daily_loss",
        "drawdown",
        "token_exposure",
    }
    assert sum(both.refusals.values()) > 0


def test_tokens_share_one_wallet() -> None:
    other = [list(row) for row in candles(3_000, "5m", seed=8).rows()]
    two = ran(
        candles=[{**INLINE, "symbol": "A"}, {"source": "inline", "rows": other, "decimals": 9}],
        risk_per_trade=0.6,
    )
    assert {trade.token for trade in two.trades} == {0, 1}
    assert [token.decimals for token in two.tokens] == [6, 9]
    spent = sorted((trade.entry_time, trade.spent) for trade in two.trades)
    assert any(one[1] < 0.55 * 10**10 for one in spent)


def test_candles_before_the_first_warm_up_and_open_nothing(tmp_path: Path) -> None:
    shared_history(tmp_path).merge("COIN", "COIN", "5m", FRAME, "test")
    since = START + 1_000 * STEP
    asked = {"token": "COIN", "timeframe": "5m", "from": iso(since)}
    warm = ran(Sources(tmp_path), candles=asked)
    assert (warm.tokens[0].first, warm.tokens[0].candles) == (since, 2_000)
    whole = ran(Sources(tmp_path), candles={"token": "COIN", "timeframe": "5m"})
    entries = {trade.entry_time for trade in whole.trades}
    early = [trade for trade in warm.trades if trade.entry_time < since + 30 * STEP]
    assert all(trade.entry_time > since for trade in warm.trades)
    assert early or entries


def test_a_coarser_timeframe_is_made_of_what_is_stored(tmp_path: Path) -> None:
    shared_history(tmp_path).merge("COIN", "COIN", "5m", FRAME, "test")
    run = ran(Sources(tmp_path), candles={"token": "COIN", "timeframe": "1h"})
    assert (run.tokens[0].timeframe, run.tokens[0].candles) == ("1h", 250)


def test_a_wallets_own_candles_come_first_and_nobody_elses(tmp_path: Path) -> None:
    mine, other = address(1), address(2)
    shared_history(tmp_path).merge("COIN", "COIN", "5m", FRAME, "test")
    own = Library(tmp_path, mine).own
    own.merge("COIN", "COIN", "5m", FRAME[:500], "test")
    own.merge("SECRET", "SECRET", "5m", FRAME[:500], "test")
    coin = {"token": "COIN", "timeframe": "5m"}
    assert ran(Sources(tmp_path, mine), candles=coin).candles == 500
    assert ran(Sources(tmp_path, other), candles=coin).candles == 3_000
    secret = {"token": "SECRET", "timeframe": "5m"}
    assert refused(Sources(tmp_path, other), candles=secret).place == ("candles", "token")


def test_a_file_below_the_data_folder_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "history" / "shared"
    folder.mkdir(parents=True)
    FRAME.write_parquet(folder / "coin.parquet")
    run = ran(Sources(tmp_path), candles={"source": "file", "path": "shared/coin.parquet"})
    assert (run.tokens[0].symbol, run.candles) == ("coin", 3_000)
    assert fills_of_run(run.trades) == fills_of_run(ran().trades)


@pytest.mark.parametrize(
    "path", ["../../secret.csv", "/etc/passwd", "wallets/x/coin.csv", "shared/none.csv", "shared"]
)
def test_no_other_file_is_read(path: str, tmp_path: Path) -> None:
    (tmp_path / "history" / "shared").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("time,open,high,low,close,volume\n1,1,1,1,1,1\n")
    error = refused(Sources(tmp_path, address(1)), candles={"source": "file", "path": path})
    assert error.place == ("candles", "path")
    assert "is no file below" in error.detail


def test_a_file_that_is_no_candles_says_why(tmp_path: Path) -> None:
    folder = tmp_path / "history" / "shared"
    folder.mkdir(parents=True)
    (folder / "bad.csv").write_text("time,open,high,low,close,volume\n1700000000,1,0.5,1,1,1\n")
    error = refused(Sources(tmp_path), candles={"source": "file", "path": "shared/bad.csv"})
    assert error.place == ("candles", "path")
    assert "high" in error.detail


def changed(row: int, column: int, value: float) -> list[list[float]]:
    rows = [list(one) for one in ROWS[:100]]
    rows[row][column] = value
    return rows


@pytest.mark.parametrize(
    ("rows", "place", "says"),
    [
        (changed(7, 4, -1.0), ("candles", "rows", 7, 4), "a finite number above 0"),
        (changed(9, 2, 1e-20), ("candles", "rows", 9, 2), "at least open and close"),
        (changed(5, 5, -3.0), ("candles", "rows", 5, 5), "at least 0"),
        (changed(5, 0, 0), ("candles", "rows", 5, 0), "rise from row to row"),
        ([ROWS[0], ROWS[0]], ("candles", "rows", 1, 0), "rise from row to row"),
        ([ROWS[0]], ("candles", "timeframe"), "give one"),
        ([[1.7e12, 1, 1, 1, 1, 1], [1.7e12 + 7, 1, 1, 1, 1, 1]], ("candles", "timeframe"), "1s"),
    ],
)
def test_a_bad_row_is_named(rows: list[list[float]], place: tuple[Any, ...], says: str) -> None:
    error = refused(candles={"source": "inline", "rows": rows})
    assert error.place == place
    assert says in error.detail


def test_times_may_be_seconds() -> None:
    seconds = [[row[0] / 1000, *row[1:]] for row in ROWS]
    assert ran(candles={"source": "inline", "rows": seconds}).trades == ran().trades


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"entry": {"strategy": "nothing"}}, ("entry", "strategy")),
        ({"entry": {"template": "bold"}}, ("entry", "template")),
        ({"entry": {"params": {"fast": 0}}}, ("entry", "params", "fast")),
        ({"entry": [{"params": {"slow": 2, "fast": 9}}]}, ("entry", 0, "params")),
        ({"entry": [{}, {"strategy": "ma_crossover"}]}, ("entry",)),
        ({"candles": [INLINE, {**INLINE, "timeframe": "1h"}]}, ("candles", 1, "rows", 1, 0)),
        ({"candles": {**INLINE, "from": "2031-01-01T00:00:00Z"}}, ("candles",)),
        ({"candles": {"token": "COIN"}}, ("candles", "token")),
    ],
)
def test_what_cannot_be_run_is_refused_with_its_place(
    fields: dict[str, Any], place: tuple[Any, ...]
) -> None:
    assert refused(**fields).place[: len(place)] == place[: len(refused(**fields).place)]


@pytest.mark.parametrize(
    "fields",
    [
        {"candles": {"source": "stored"}},
        {"candles": {"source": "inline"}},
        {"candles": {"token": "A", "from": "2024-02-01T00:00:00Z", "to": "2024-01-01T00:00:00Z"}},
        {"candles": []},
        {"preset": "jupiter", "fees_bps": 3},
        {"initial_sol": 0},
        {"risk": {"max_drawdown": 2}},
        {"surprise": 1},
    ],
)
def test_a_request_that_makes_no_sense_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        request(**fields)


def test_whoever_cancels_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    def tell(share: float) -> None:
        if share > 0:
            raise Cancelled

    with monkeypatch.context() as patch:
        patch.setattr(backtests, "can_walk", lambda *_: False)
        patch.setattr("app.research.driven.TOLD_EVERY", 100)
        with pytest.raises(Cancelled):
            run_backtest(request(), NOWHERE, tell)


def test_the_same_request_gives_the_same_answer_and_names_its_data() -> None:
    one, again = ran(), ran()
    assert one.trades == again.trades
    assert one.statistics == again.statistics
    other = FRAME.with_columns(pl.col("volume") + 1)
    changed_rows = {**INLINE, "rows": [list(row) for row in other.rows()]}
    assert one.tokens[0].data_hash == again.tokens[0].data_hash
    assert one.tokens[0].data_hash != ran(candles=changed_rows).tokens[0].data_hash


def test_a_long_curve_is_thinned_and_keeps_every_day() -> None:
    rows = [list(row) for row in candles(20_000, "1m", seed=2).rows()]
    run = ran(candles={"source": "inline", "rows": rows})
    assert len(run.equity) <= 4_100
    assert run.equity_time == sorted(run.equity_time)
    days = {at // 86_400_000 for at in run.equity_time}
    assert len(days) == 14 + (run.equity_time[-1] % 86_400_000 == 0)


@pytest.mark.parametrize("price_path", ["close", "ohlc"])
def test_how_far_trades_went_is_measured_on_the_prices_they_saw(price_path: str) -> None:
    run = ran(price_path=price_path)
    path = [
        (int(row[0]) + STEP * part // 4 if price_path == "ohlc" else int(row[0]) + STEP, price)
        for row in ROWS
        for part, price in enumerate((row[1], row[3], row[2], row[4]), start=1)
        if price_path == "ohlc" or part == 4
    ]
    peaks, falls, waits = [], [], []
    for trade in run.trades:
        if trade.exit_time is None:
            continue
        seen = [(at, price) for at, price in path if trade.entry_time < at <= trade.exit_time]
        best = max(seen, key=lambda one: one[1])
        peaks.append(max(best[1] / trade.entry_price - 1, 0.0))
        falls.append(min(min(price for _, price in seen) / trade.entry_price - 1, 0.0))
        waits.append(best[0] - trade.entry_time if peaks[-1] > 0 else 0)
    assert run.statistics.excursions == len(peaks) > 5
    assert run.statistics.average_mfe == pytest.approx(sum(peaks) / len(peaks))
    assert run.statistics.average_mae == pytest.approx(sum(falls) / len(falls))
    assert run.statistics.median_time_to_peak_ms == pytest.approx(statistics.median(waits))
