"""What joins the parts: settings become rules, addresses and clocks."""

import json
from pathlib import Path

import polars as pl
import pytest

from app import main
from app.config import Settings
from app.engine.clock import ScaledClock, SystemClock
from app.ports import RejectedError
from app.providers.dates import Dates

MINT = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"
STEP = 300_000
DAY = 86_400_000


def chosen(**values: object) -> Settings:
    return Settings.model_validate(values)


def test_the_rules_are_those_of_the_settings() -> None:
    rules = main.rules(
        chosen(
            initial_stop_loss_percent=0.1,
            trailing_stop_loss_percent=0.3,
            take_profit_tiers=((0.5, 1.0),),
            risk_per_trade_percent=0.05,
            confirmation_window=7,
            fees_bps=3,
            slippage_bps=4,
            kill_switch=True,
            candles_timeframe="5m",
        )
    )
    plan, sizing = rules.default_profile.exit, rules.default_profile.sizing
    assert (plan.stop_loss, plan.trailing_stop, plan.take_profit) == (0.1, 0.3, ((0.5, 1.0),))
    assert (sizing.risk_per_trade, rules.confirmation_window, rules.kill_switch) == (0.05, 7, True)
    assert (rules.costs.fees_bps, rules.costs.slippage_bps) == (3, 4)
    assert (rules.timeframe, rules.timeframe_ms) == ("5m", STEP)


def test_every_address_is_the_built_in_market_unless_set() -> None:
    where = main.outside(chosen(sentiment_url="https://mood.example"), "http://127.0.0.1:1")
    assert where.signals == where.tokens == where.candles == where.jupiter == "http://127.0.0.1:1"
    assert where.sentiment == "https://mood.example"


def test_without_the_market_signals_and_sentiment_must_be_named() -> None:
    with pytest.raises(main.MissingSetting, match="AUTOTRADER_SIGNALS_URL"):
        main.outside(chosen(simulator=False), None)
    with pytest.raises(main.MissingSetting, match="AUTOTRADER_SENTIMENT_URL"):
        main.outside(chosen(simulator=False, signals_url="https://signals.example"), None)


def test_what_the_public_offers_is_asked_there() -> None:
    settings = chosen(
        simulator=False, signals_url="https://signals.example", sentiment_url="https://mood.example"
    )
    where = main.outside(settings, None)
    assert (where.candles, where.jupiter) == (main.GECKO, main.JUPITER)
    assert where.tokens == "https://signals.example"


def test_a_faster_market_makes_the_platform_faster() -> None:
    assert isinstance(main.chosen_clock(chosen(simulator_speed=3)), ScaledClock)
    assert isinstance(main.chosen_clock(chosen()), SystemClock)
    assert isinstance(main.chosen_clock(chosen(simulator=False, simulator_speed=3)), SystemClock)


def test_the_machines_clock_is_looked_after_and_a_faster_one_is_nobodys_to_set() -> None:
    keeper = main.timekeeper(SystemClock(), Dates())
    assert keeper is not None
    assert keeper.snapshot()["hosts"] == 0
    assert main.timekeeper(ScaledClock(0, 3), Dates()) is None


async def test_a_recording_is_played_with_a_day_of_history(tmp_path: Path) -> None:
    many = 3 * DAY // STEP
    times = [1_700_006_400_000 + STEP * place for place in range(many)]
    prices = {name: [1e-7] * many for name in ("open", "high", "low", "close")}
    stamps = pl.Series("timestamp", times).cast(pl.Datetime("ms", "UTC"))
    frame = pl.DataFrame({"timestamp": stamps, **prices, "volume": [1.0] * many})
    frame.write_parquet(tmp_path / "BONK-SOL_5m.parquet")
    index = {"BONK-SOL": {"mint": MINT, "symbol": "BONK", "decimals": 5}}
    (tmp_path / "index.json").write_text(json.dumps(index))
    clock = SystemClock()
    source = await main.recorded(tmp_path, clock)
    page = await source.candles(MINT, "BONK-SOL", "5m", 200)
    assert len(page.closed) == 200
    assert 0 <= clock.now() - page.closed[-1].time - STEP < STEP


async def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text("{}")
    with pytest.raises(RejectedError, match="no recordings"):
        await main.recorded(tmp_path, SystemClock())
