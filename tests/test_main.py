"""What joins the parts: settings become rules, addresses and clocks."""

import json
from pathlib import Path

import polars as pl
import pytest

from app import main
from app.config import Settings
from app.engine.clock import ScaledClock, SystemClock
from app.engine.unprotected import unprotected
from app.ports import RejectedError
from app.providers.dates import Dates
from tests.logs import heard

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


TOLD_OF = [
    ("database_url", "postgresql+asyncpg://me:hidden@db.example/record", "sslmode=verify-full"),
    (
        "database_url",
        "postgresql+asyncpg://me@10.0.0.7/record?sslmode=require",
        "sslmode=verify-full",
    ),
    (
        "database_url",
        "postgresql+asyncpg://me@/record?host=/tmp&host=db.example",
        "sslmode=verify-full",
    ),
    ("redis_url", "redis://:hidden@redis:6379/0", "rediss://"),
    ("signals_url", "http://me:hidden@signals.example/v1", "https://"),
    ("otel_endpoint", "http://192.168.1.2:4318", "https://"),
]
PROTECTED = [
    ("database_url", "postgresql+asyncpg://me@db.example/record?sslmode=verify-full"),
    ("database_url", "postgresql+asyncpg://me@db.example/record?sslmode=verify-ca"),
    ("database_url", "postgresql+asyncpg://me@[::1]:5433/record"),
    ("database_url", "postgresql+asyncpg://me@/record?host=/var/run/postgresql"),
    ("database_url", "postgresql+asyncpg:///record"),
    ("redis_url", "rediss://redis.example"),
    ("redis_url", "unix:///run/redis.sock"),
    ("redis_url", "redis://127.0.0.1:6379/0"),
    ("prices_url", "https://prices.example"),
    ("candles_url", "http://localhost:8001"),
]


@pytest.mark.parametrize(("name", "value", "expected"), TOLD_OF)
def test_another_host_without_tls_is_told_in_one_line(
    name: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "configure_logging", lambda *_: None)
    with heard() as lines:
        main.create_app(chosen(**{name: value}))
    (line,) = lines
    assert line["event"] == "another host without TLS that proves it"
    assert (line["setting"], line["expected"]) == (f"AUTOTRADER_{name.upper()}", expected)


def test_what_is_here_or_proved_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGHOST", raising=False)
    for name, value in PROTECTED:
        assert list(unprotected(main.addresses(chosen(**{name: value})))) == [], value


def test_what_the_environment_tells_the_driver_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    address = {"database": "postgresql+asyncpg:///record"}
    monkeypatch.setenv("PGHOST", "db.example")
    assert [one.setting for one in unprotected(address)] == ["database"]
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert list(unprotected(address)) == []


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
