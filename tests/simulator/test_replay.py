"""What a paper wallet lives through in its first minutes."""

import random

import pytest

from app.simulator import SimulatorConfig
from app.simulator.market import Market
from app.simulator.signals import SignalDesk
from tests.simulator.replay import Trade, Wallet

REASONS = {"stop_loss", "take_profit_1", "take_profit_2", "trailing_stop"}


def random_start(seed: int) -> int:
    return 1_795_000_000 + random.Random(seed).randrange(10_000_000)


@pytest.mark.parametrize("seen_at", [None, 0.2, 0.5, 0.8])
@pytest.mark.parametrize("seed", range(1, 11))
def test_every_exit_is_seen_within_five_minutes(seed: int, seen_at: float | None) -> None:
    """At candle closes only, and when forming prices are seen at some part of each second."""
    start = random_start(seed)
    wallet = Wallet(Market(SimulatorConfig(seed=seed)), start, at_part=seen_at)
    seen = wallet.run(300)
    assert set(seen) >= REASONS
    assert wallet.opened[0] - start <= 60


def test_breakeven_stops_happen_now_and_then() -> None:
    runs = [
        Wallet(Market(SimulatorConfig(seed=seed)), random_start(seed), at_part=0.5).run(300)
        for seed in range(1, 11)
    ]
    assert sum(run["breakeven_stop"] > 0 for run in runs) >= 3


@pytest.mark.parametrize("seed", range(1, 31))
def test_a_wallet_that_joins_late_trades_within_a_minute(seed: int) -> None:
    market = Market(SimulatorConfig(seed=seed))
    start = random_start(seed)
    desk = SignalDesk(market.config, market.universe, start)
    joined = start + 120 + random.Random(seed).randrange(3_000)
    for slot in range(desk.slot_after(start), desk.slot_after(joined)):
        desk.signal(slot)
    wallet = Wallet(market, joined, desk, greeted=False)
    seen = wallet.run(300)
    assert wallet.opened[0] - joined <= 60
    assert set(seen) >= REASONS - {"stop_loss"}


def test_the_stop_loss_guard_seldom_ends_the_first_hour() -> None:
    guarded = 0
    for seed in range(1, 11):
        start = random_start(seed)
        wallet = Wallet(Market(SimulatorConfig(seed=seed)), start)
        wallet.run(3_600)
        guarded += len(wallet.stops) >= 4
        assert len(wallet.opened) > 20
    assert guarded <= 2


def test_the_replay_reads_the_rules_as_written() -> None:
    token = Market(SimulatorConfig()).universe.tokens[0]
    trade = Trade(token, 0, 1.0, 0.85, 1.0)
    assert trade.see(0.86) == []
    assert trade.see(1.31) == ["take_profit_1"]
    assert (trade.stop, trade.phase) == (1.0, "breakeven_stop")
    assert trade.see(1.8) == ["take_profit_2"]
    assert trade.see(1.7) == []
    assert (trade.stop, trade.phase) == (1.8 * 0.8, "trailing_stop")
    assert trade.see(1.4) == ["trailing_stop"]
    assert trade.left == pytest.approx(0)
    assert Trade(token, 0, 1.0, 0.85, 1.0).see(0.85) == ["stop_loss"]
    assert Trade(token, 0, 1.0, 0.85, 1.0).see(2.0) == ["take_profit_1", "take_profit_2"]
