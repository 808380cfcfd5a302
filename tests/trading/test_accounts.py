"""Wallets themselves: joining, pausing, settings, and what the beat does once a minute."""

import json
from collections.abc import Callable

import pytest

from app.trading.accounts import MAX_BALANCE
from app.trading.ids import WalletId
from app.trading.inputs import (
    ChangeSettings,
    ClosePosition,
    Input,
    Pause,
    Refused,
    Register,
    Resume,
)
from app.trading.ledger import (
    BalanceRow,
    EventRow,
    SettingsRow,
    SnapshotRow,
    TradeRow,
    WalletRow,
)
from app.trading.plans import Entry, ExitPlan, Limits, Profile, Sizing
from tests.trading.world import DAY, HOLD, MINUTE, SOL, START, World, address, coin, wish

BOLD = Sizing(risk_per_trade=0.5)
FREE = Limits(
    max_token_exposure=1,
    max_exposure=1,
    max_daily_loss=1,
    max_drawdown=0.3,
    loss_cooldown_minutes=0,
)


def slug(answer: object) -> str:
    assert isinstance(answer, Refused)
    return answer.slug


# joining


def test_a_wallet_joins_with_its_first_balance() -> None:
    world = World()
    wallet = world.join(12.5)
    row = world.only(WalletRow)
    assert (row.id, row.wallet_address, row.kind) == (wallet, address(1), "synthetic")
    assert row.initial_sol_balance == row.sol_balance == row.peak_value == 12_500_000_000
    assert (row.day, row.day_start_value, row.paused) == (START // DAY, 12_500_000_000, False)
    assert world.only(SnapshotRow) == (wallet, "1m", START, 12_500_000_000, 12_500_000_000, 0)
    told = world.only(EventRow)
    assert (told.kind, told.wallet_id) == ("WalletRegistered", wallet)
    assert world.new(BalanceRow) == []


def test_many_wallets_get_numbers_in_order() -> None:
    world = World()
    assert [world.join() for _ in range(40)] == list(range(1, 41))


@pytest.mark.parametrize(
    ("text", "lamports", "why"),
    [
        ("", 1, "invalid-wallet"),
        ("not an address", 1, "invalid-wallet"),
        ("0" * 40, 1, "invalid-wallet"),
        (address(1), 1, "wallet-exists"),
        (address(2), -1, "invalid-balance"),
        (address(2), MAX_BALANCE + 1, "invalid-balance"),
        (address(2), 2**70, "invalid-balance"),
    ],
)
def test_who_cannot_join(text: str, lamports: int, why: str) -> None:
    world = World()
    world.join()
    asked = Register(at=START, wallet_address=text, kind="synthetic", lamports=lamports)
    assert slug(world.do(asked)[0]) == why
    assert world.last == []


def test_a_wallet_may_join_with_nothing() -> None:
    world = World()
    wallet, token = world.join(0), world.signal(coin(1))
    assert world.buy(token) == []
    assert world.refusals() == [(wallet, "min_spend")]


def someone(number: int) -> list[Callable[[], Input]]:
    who = WalletId(number)
    return [
        lambda: Pause(at=START, wallet=who),
        lambda: Resume(at=START, wallet=who),
        lambda: ChangeSettings(at=START, wallet=who, symbol="*", body=None, profile=None),
    ]


@pytest.mark.parametrize("number", [-1, 0, 2, 2**40, 2**70])
def test_wishes_of_wallets_that_are_not_there_are_refused(number: int) -> None:
    world = World()
    world.join()
    for make in someone(number):
        assert slug(world.do(make())[0]) == "unknown-wallet"
        assert world.last == []
    token = world.signal(coin(1))
    world.buy(token)
    sale = ClosePosition(at=START, wallet=WalletId(number), mint=coin(1).mint, portion=1)
    assert slug(world.do(sale)[0]) == "no-position"


# pausing


def test_a_paused_wallet_buys_nothing_and_still_sells() -> None:
    world = World()
    wallet, token = world.join(), world.signal(coin(1))
    other = world.signal(coin(2))
    world.buy(token)
    assert world.do(Pause(at=world.now, wallet=wallet)) == [None]
    row = world.only(BalanceRow)
    assert (row.paused, row.pause_reason) == (True, "paused")
    assert [it.kind for it in world.new(EventRow)] == ["WalletPaused"]
    assert world.buy(other) == []
    assert world.refusals() == [(wallet, "wallet_paused")]
    assert [fill.reason for fill in world.price(token, 0.1)] == ["stop_loss"]
    world.do(Pause(at=world.now, wallet=wallet, reason="again"))
    assert world.last == []
    assert world.do(Resume(at=world.now, wallet=wallet)) == [None]
    assert (world.only(BalanceRow).paused, world.only(BalanceRow).pause_reason) == (False, None)
    assert len(world.buy(other)) == 1
    world.do(Resume(at=world.now, wallet=wallet))
    assert world.last == []


def test_a_deep_fall_pauses_until_the_person_resumes() -> None:
    world = World(
        wish(sizing=BOLD, limits=FREE, exit_plan=HOLD.model_copy(update={"stop_loss": 0.99}))
    )
    wallet, token = world.join(), world.signal(coin(1))
    world.buy(token)
    world.price(token, 0.41)
    world.beat(world.now + MINUTE)
    assert not world.engine.state.wallets.paused[wallet]
    world.price(token, 0.39)
    world.beat(world.now + MINUTE)
    assert [json.loads(row.data)["reason"] for row in world.new(EventRow)] == ["drawdown"]
    assert world.only(BalanceRow).pause_reason == "drawdown"
    world.beat(world.now + MINUTE)
    assert world.new(EventRow) == []
    world.do(Resume(at=world.now, wallet=wallet))
    assert world.only(BalanceRow).peak_value == 5 * SOL + 5 * SOL * 39 // 100
    world.beat(world.now + MINUTE)
    assert world.new(EventRow) == []


def test_a_wallet_without_limits_is_never_paused_by_its_fall() -> None:
    plain = Profile(entries=(Entry(strategy="loud"),), exit=HOLD, sizing=BOLD, limits=None)
    world = World(plain)
    wallet, token = world.join(), world.signal(coin(1))
    assert len(world.buy(token)) == 1
    world.price(token, 1e-9)
    world.beat(world.now + MINUTE)
    assert not world.engine.state.wallets.paused[wallet]


# settings


def test_settings_get_versions() -> None:
    world = World()
    wallet, mine = world.join(), wish("rising")
    assert world.wants(wallet, mine) == 1
    row = world.only(SettingsRow)
    assert (row.symbol, row.version, row.body, row.profile) == ("*", 1, "{}", mine.key())
    assert row.resolved == mine.canonical()
    assert [it.kind for it in world.new(EventRow)] == ["SettingsChanged"]
    assert world.wants(wallet, mine, "BONK") == 1
    assert world.wants(wallet, None) == 2
    assert (world.only(SettingsRow).resolved, world.only(SettingsRow).profile) == (None, None)
    assert world.wants(wallet, None, "WIF") == 1
    assert world.engine.state.wishes.symbols() == ["BONK"]


def test_settings_that_mean_nothing_are_refused() -> None:
    world = World()
    wallet = world.join()
    answer = world.wants(wallet, wish(Entry(strategy="nobody")))
    assert slug(answer) == "invalid-settings"
    assert isinstance(answer, Refused)
    assert "nobody" in answer.detail
    assert world.last == []


def test_new_settings_hold_for_the_next_trade_only() -> None:
    world = World()
    wallet, token, other = world.join(), world.signal(coin(1)), world.signal(coin(2))
    world.buy(token)
    world.wants(wallet, wish(exit_plan=ExitPlan(stop_loss=0.5)))
    (trade,) = world.buy(other)
    assert trade.stop_loss_price == 0.5
    assert [fill.trade_id for fill in world.price(token, 0.85)] == [1]
    assert world.price(other, 0.85) == []


def test_removed_settings_fall_back_to_the_platforms() -> None:
    world = World()
    wallet, token = world.join(), world.signal(coin(1))
    world.wants(wallet, wish("rising"))
    assert world.buy(token, 1.0) == []
    world.wants(wallet, None)
    assert world.engine.state.wishes.counts[0] == 1
    assert len(world.buy(token, 1.0)) == 1


def test_settings_of_a_symbol_stand_before_those_of_all() -> None:
    world = World()
    first, second = world.join(), world.join()
    world.wants(first, wish(exit_plan=ExitPlan(stop_loss=0.5)), "BONK")
    stops = {row.wallet_id: row.stop_loss_price for row in world.buy(world.signal(coin(1, "BONK")))}
    assert stops == {first: 0.5, second: 0.85}


# time


def test_the_beat_marks_once_a_minute() -> None:
    world = World(wish(exit_plan=HOLD))
    first, second, token = world.join(), world.join(), world.signal(coin(1))
    world.do(Pause(at=world.now, wallet=second))
    world.buy(token)
    world.price(token, 2.0)
    world.beat()
    worth = 10 * SOL + 200_000_000
    assert world.new(SnapshotRow) == [
        SnapshotRow(first, "1m", world.now, 9_800_000_000, worth, 200_000_000),
        SnapshotRow(second, "1m", world.now, 10 * SOL, 10 * SOL, 0),
    ]
    assert world.only(BalanceRow).peak_value == worth
    assert world.beat(world.now + MINUTE - 1) == []
    world.beat(world.now + 1)
    assert [row.wallet_id for row in world.new(SnapshotRow)] == [first]
    assert world.new(BalanceRow) == []
    world.do(Resume(at=world.now, wallet=second))
    world.beat(world.now + MINUTE)
    assert [row.wallet_id for row in world.new(SnapshotRow)] == [first, second]


def test_a_new_day_starts_from_what_the_wallet_is_worth() -> None:
    world = World(wish(exit_plan=HOLD))
    wallet, token = world.join(), world.signal(coin(1))
    world.buy(token)
    world.price(token, 0.9)
    world.beat(START + DAY)
    row = world.only(BalanceRow)
    assert (row.id, row.day) == (wallet, START // DAY + 1)
    assert (row.day_start_value, row.peak_value) == (10 * SOL - 20_000_000, 10 * SOL)
    world.beat(START + DAY + MINUTE)
    assert world.new(BalanceRow) == []


def test_the_beat_forgets_tokens_that_nobody_watches_or_holds() -> None:
    world = World(window=1)
    wallet, token = world.join(), world.signal(coin(1))
    world.buy(token)
    idle = world.signal(coin(2))
    world.candle(idle)
    state = world.engine.state
    world.beat(world.now)
    assert set(state.windows) == {token, idle}
    world.beat(world.now + MINUTE)
    assert (set(state.books), set(state.windows), set(state.watches)) == ({token}, {token}, set())
    world.sell(wallet, coin(1).mint)
    world.beat(world.now + MINUTE)
    world.beat(world.now + MINUTE)
    assert not state.books
    assert not state.windows
    assert world.new(TradeRow) == []
