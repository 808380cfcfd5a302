"""Sweeps: what is tried, how the history is cut, and an honest word about the best."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import strategies
from app.research import playing
from app.research.backtest import run_backtest
from app.research.loading import Sources
from app.research.luck import beaten, daily_sharpe, deflated, expected_best, luck
from app.research.requests import BacktestRequest, SweepRequest
from app.research.results import Cancelled, Score, Sweep, Unfit
from app.research.space import Space
from app.research.sweep import run_sweep
from tests.research.series import candles

KNOWN = strategies.load()
ROWS = [list(row) for row in candles(5_000, "5m", seed=3).rows()]
INLINE = {"source": "inline", "rows": ROWS, "timeframe": "5m"}
NOWHERE = Sources(Path("nowhere"))


def asked(**fields: Any) -> SweepRequest:
    return SweepRequest.model_validate({"candles": INLINE, **fields})


def swept(**fields: Any) -> Sweep:
    return run_sweep(asked(**fields), NOWHERE, lambda _: None)


def refused(**fields: Any) -> Unfit:
    with pytest.raises(Unfit) as caught:
        swept(**fields)
    return caught.value


def space(**fields: Any) -> Space:
    return Space(asked(**fields), KNOWN)


def test_a_grid_is_every_combination() -> None:
    tried = list(
        space(
            entry={"params": {"fast": [5, 10], "slow": 30}},
            exit={"stop_loss": {"min": 0.1, "max": 0.3, "step": 0.1}, "trailing_stop": [0.2, None]},
        ).grid()
    )
    assert len(tried) == 2 * 3 * 2
    assert tried[0] == {"entry.fast": 5, "exit.stop_loss": 0.1, "exit.trailing_stop": 0.2}
    assert [one["exit.stop_loss"] for one in tried[:6:2]] == [0.1, 0.2, 0.3]


def test_tiers_are_one_value_and_lists_of_tiers_are_several() -> None:
    assert not space(exit={"take_profit": [[0.3, 0.5]]}).values
    several = space(exit={"take_profit": [[[0.3, 0.5]], [[0.1, 0.2], [0.2, 0.2]], []]})
    made, _ = several.possible(several.grid(), lambda _: None)
    assert [one.exit.take_profit for one in made] == [((0.3, 0.5),), ((0.1, 0.2), (0.2, 0.2)), ()]


def test_random_draws_are_different_and_the_same_for_a_seed() -> None:
    wide = space(exit={"stop_loss": {"min": 0.01, "max": 0.5}, "trailing_after_tier": [0, 1]})
    drawn = list(wide.draws(40, seed=7))
    assert len({repr(one) for one in drawn}) == 40
    assert drawn == list(wide.draws(40, seed=7))
    assert drawn != list(wide.draws(40, seed=8))
    assert all(0.01 <= one["exit.stop_loss"] <= 0.5 for one in drawn)
    small = space(entry={"params": {"fast": {"min": 3, "max": 5}}})
    assert sorted(one["entry.fast"] for one in small.draws(40, seed=7)) == [3, 4, 5]


@pytest.mark.parametrize(
    ("fields", "place", "says"),
    [
        ({"entry": {"strategy": "nothing"}}, ("entry", "strategy"), "known: breakout"),
        ({"entry": {"template": "bold"}}, ("entry", "template"), "known: aggressive"),
        ({"entry": {"params": {"fast": [0]}}}, ("entry", "params", "fast"), "greater than"),
        ({"entry": {"params": {"fast": []}}}, ("entry", "fast"), "no value"),
        ({"exit": {"stop": [0.1]}}, ("exit", "stop"), "no such field, only stop_loss"),
        ({"exit": {"stop_loss": [7]}}, ("exit", "stop_loss"), "less than 1"),
        ({"exit": {"stop_loss": {"min": 0.1}}}, ("exit", "stop_loss"), "a range is"),
        ({"exit": {"stop_loss": {"min": 0.2, "max": 0.1}}}, ("exit", "stop_loss"), "below max"),
        ({"exit": {"stop_loss": {"min": 0.1, "max": 0.2}}}, ("exit", "stop_loss"), "step"),
        (
            {"exit": {"stop_loss": {"min": 0.1, "max": 0.9, "step": 1e-9}}},
            ("exit", "stop_loss"),
            "at most 20,000",
        ),
        ({"out_of_sample": 0.0, "walk_forward": 20, "candles": None}, ("walk_forward",), "least"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_its_place(
    fields: dict[str, Any], place: tuple[str, ...], says: str
) -> None:
    if fields.get("candles", "") is None:
        fields = {**fields, "candles": {**INLINE, "rows": ROWS[:100]}}
    error = refused(**fields)
    assert error.place == place
    assert says in error.detail


def test_a_grid_too_large_names_its_size_and_a_way_out() -> None:
    steps = {"min": 0.001, "max": 0.9, "step": 0.001}
    error = refused(exit={"stop_loss": steps, "trailing_stop": steps})
    assert "810,000 combinations" in error.detail
    assert "search at random" in error.detail


def test_impossible_combinations_are_counted_and_left_out() -> None:
    sweep = swept(entry={"params": {"fast": [5, 20], "slow": [10, 30]}})
    assert (sweep.combinations, sweep.impossible) == (3, 1)
    assert {(row.params["entry.fast"], row.params["entry.slow"]) for row in sweep.rows} == {
        (5, 10),
        (5, 30),
        (20, 30),
    }


@pytest.mark.parametrize("price_path", ["close", "ohlc"])
def test_each_row_is_the_backtest_of_its_part(price_path: str) -> None:
    sweep = swept(
        exit={"stop_loss": [0.05, 0.2]},
        entry={"params": {"fast": [5, 12]}},
        out_of_sample=0.4,
        price_path=price_path,
        fees_bps=30,
    )
    split = next(place for place, row in enumerate(ROWS) if row[0] == sweep.split)
    assert split == 3_000
    for row in sweep.rows:
        for part, score in ((ROWS[:split], row.inside), (ROWS[split:], row.outside)):
            start = ROWS[0] if part is ROWS[:split] else part[0]
            warmed = {"from": _iso(start[0])} if score is row.outside else {}
            rows = ROWS if score is row.outside else part
            run = run_backtest(
                BacktestRequest.model_validate(
                    {
                        "candles": {**INLINE, "rows": rows, **warmed},
                        "entry": {"params": {"fast": row.params["entry.fast"]}},
                        "exit": {"stop_loss": row.params["exit.stop_loss"]},
                        "price_path": price_path,
                        "fees_bps": 30,
                    }
                ),
                NOWHERE,
                lambda _: None,
            )
            figures = run.statistics
            assert score is not None
            assert score.trades == figures.trades > 5
            assert score.net_pnl == figures.net_pnl_lamports
            assert score.open_trades == figures.open_trades
            for name in ("win_rate", "profit_factor", "sqn", "sharpe", "sortino", "calmar"):
                assert getattr(score, name) == pytest.approx(getattr(figures, name))
            assert score.max_drawdown == pytest.approx(figures.max_drawdown)


def _iso(at: int) -> str:
    return str(np.datetime64(int(at), "ms")) + "Z"


def test_rows_stand_in_the_order_of_the_objective() -> None:
    sweep = swept(exit={"stop_loss": [0.02, 0.05, 0.1, 0.3]}, objective="sharpe")
    values = [row.inside.sharpe for row in sweep.rows]
    assert values == sorted(values, key=lambda value: -(value or 0))
    assert sorted(row.number for row in sweep.rows) == [0, 1, 2, 3]


def test_a_walk_forward_chooses_on_what_came_before() -> None:
    sweep = swept(exit={"stop_loss": [0.02, 0.3]}, walk_forward=3, out_of_sample=0.25)
    assert len(sweep.folds) == 3
    assert [fold.since for fold in sweep.folds[1:]] == [fold.until for fold in sweep.folds[:-1]]
    assert sweep.folds[-1].until == sweep.split
    assert all(fold.chosen in (0, 1) for fold in sweep.folds)


def test_limits_and_several_tokens_go_through_the_engine() -> None:
    other = {**INLINE, "rows": [list(row) for row in candles(5_000, "5m", seed=4).rows()]}
    sweep = swept(
        candles=[INLINE, {**other, "symbol": "OTHER"}],
        exit={"stop_loss": [0.05, 0.2]},
        risk={"max_open_positions": 1},
    )
    assert [token.symbol for token in sweep.tokens] == ["inline", "OTHER"]
    free = swept(candles=[INLINE, other], exit={"stop_loss": [0.05, 0.2]})
    for row in sweep.rows:
        again = next(one for one in free.rows if one.number == row.number)
        assert 0 < row.inside.trades < again.inside.trades


def test_whoever_cancels_is_heard() -> None:
    heard: list[float] = []

    def tell(share: float) -> None:
        heard.append(share)
        if share > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        run_sweep(asked(exit={"stop_loss": [0.1, 0.2]}, walk_forward=4), NOWHERE, tell)
    assert heard == sorted(heard)


def test_a_study_goes_on_where_it_was(tmp_path: Path) -> None:
    sources = Sources(tmp_path, database_url=f"sqlite+aiosqlite:///{tmp_path}/autotrader.db")
    wanted = {
        "entry": {"params": {"fast": {"min": 3, "max": 20}}},
        "exit": {"stop_loss": {"min": 0.02, "max": 0.4}, "trailing_after_tier": [0, 1]},
        "search": {"method": "optuna", "samples": 10, "study": "mine", "seed": 4},
    }
    first = run_sweep(asked(**wanted), sources, lambda _: None)
    again = run_sweep(asked(**wanted), sources, lambda _: None)
    assert 0 < first.combinations <= 10
    assert first.combinations < again.combinations <= 20
    assert (tmp_path / "studies.db").exists()
    other = {**wanted, "fees_bps": 50}
    with pytest.raises(Unfit) as caught:
        run_sweep(asked(**other), sources, lambda _: None)
    assert caught.value.place == ("search", "study")


def test_a_study_without_a_database_is_refused() -> None:
    search = {"method": "optuna", "samples": 2, "study": "mine"}
    assert refused(exit={"stop_loss": [0.1]}, search=search).place == ("search", "study")


def test_studies_are_kept_apart_beside_the_platforms_record(
    database_url: str, tmp_path: Path
) -> None:
    search = {"method": "optuna", "samples": 6, "study": "shared", "seed": 1}
    request = asked(exit={"stop_loss": {"min": 0.02, "max": 0.4}}, search=search)
    one = Sources(tmp_path, "w" * 32, database_url)
    first, second = (run_sweep(request, one, lambda _: None) for _ in range(2))
    assert first.combinations < second.combinations
    nobody = run_sweep(request, Sources(tmp_path, None, database_url), lambda _: None)
    assert nobody.combinations <= 6


def test_passes_are_left_when_a_price_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [list(row) for row in ROWS[:600]]
    for row in rows[400:]:
        row[1:5] = [price * 1e13 for price in row[1:5]]
    wild = {**INLINE, "rows": rows}
    fields = {"exit": {"stop_loss": [0.1, 0.5]}, "out_of_sample": 0.0, "initial_sol": 1_000_000}
    by_default = swept(candles=wild, **fields)
    monkeypatch.setattr(playing, "can_pass", lambda *_: False)
    assert swept(candles=wild, **fields).rows == by_default.rows


def test_skill_is_told_from_luck() -> None:
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 0.01, (300, 250))
    lucky = int(np.argmax(daily_sharpe(noise)))
    said = luck(noise, lucky, seed=1)
    assert said.deflated_sharpe is not None
    assert said.beaten_by_chance is not None
    assert said.deflated_sharpe < 0.9
    assert said.beaten_by_chance > 0.05
    skilled = np.vstack([noise, rng.normal(0.004, 0.01, (1, 250))])
    said = luck(skilled, 300, seed=1)
    assert said.deflated_sharpe is not None
    assert said.beaten_by_chance is not None
    assert said.deflated_sharpe > 0.99
    assert said.beaten_by_chance < 0.01


def test_the_expected_best_grows_with_the_number_of_tries() -> None:
    rng = np.random.default_rng(2)
    few, lots = (expected_best(rng.normal(0, 0.1, many)) for many in (10, 10_000))
    assert 0 < few < lots
    worlds = rng.normal(0, 0.1, (2_000, 100)).max(axis=1)
    assert expected_best(rng.normal(0, 0.1, 100)) == pytest.approx(worlds.mean(), rel=0.15)
    assert expected_best(np.array([0.3])) == 0.0


def test_a_ratio_without_tries_is_judged_by_its_days_alone() -> None:
    returns = np.tile([0.02, -0.01], 100)
    ratio = float(daily_sharpe(returns[None])[0])
    assert deflated(returns, ratio, 0.0) == pytest.approx(1.0, abs=1e-4)
    assert deflated(returns, ratio, ratio) == pytest.approx(0.5)
    assert beaten(returns[None], 10.0, np.random.default_rng(0)) == 0.0


def test_too_short_a_history_says_nothing_about_luck() -> None:
    said = luck(np.zeros((5, 3)), 0, seed=0)
    assert (said.combinations, said.days) == (5, 3)
    assert said.deflated_sharpe is said.beaten_by_chance is None


def test_combinations_without_a_trade_have_no_ratios() -> None:
    sweep = swept(entry={"params": {"min_volume": [0.0, 1e18]}})
    idle = next(row for row in sweep.rows if row.params["entry.min_volume"] == 1e18)
    assert sweep.rows[-1] is idle or idle.inside.net_pnl == 0
    assert isinstance(idle.inside, Score)
    assert (idle.inside.trades, idle.inside.volume) == (0, 0)
    assert idle.inside.win_rate is idle.inside.sharpe is None


def test_more_combinations_than_are_held_at_once_give_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fields = {
        "entry": {"params": {"fast": [4, 9]}},
        "exit": {"stop_loss": [0.02, 0.05, 0.1, 0.3], "trailing_stop": [0.1, None]},
        "walk_forward": 2,
    }
    whole = swept(**fields)
    monkeypatch.setattr("app.research.sweep.AT_ONCE", 3)
    parted = swept(**fields)
    assert parted.rows == whole.rows
    assert parted.folds == whole.folds
    assert parted.luck == whole.luck


def test_whoever_cancels_while_combinations_are_made_is_heard() -> None:
    steps = {"min": 0.001, "max": 0.9, "step": 0.001}
    heard = []

    def tell(share: float) -> None:
        heard.append(share)
        if len(heard) > 2:
            raise Cancelled

    search = {"method": "random", "samples": 5_000}
    wanted = asked(exit={"stop_loss": steps, "trailing_stop": steps}, search=search)
    with pytest.raises(Cancelled):
        run_sweep(wanted, NOWHERE, tell)
    assert heard == [0.0, 0.0, 0.0]
