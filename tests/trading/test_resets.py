"""A paper wallet begins again: all is sold, the sums close, and no rule remembers what was."""

import json

import pytest

from app.trading.accounts import MAX_BALANCE
from app.trading.deposits import DepositRow, ResetRow
from app.trading.events import WalletReset
from app.trading.fills import Costs
from app.trading.ids import WalletId
from app.trading.inputs import Answer, Pause, Refused, Register, ResetWallet
from app.trading.ledger import (
    BalanceRow,
    EventRow,
    FillRow,
    PositionRow,
    SnapshotRow,
    TradeRow,
    TradeUpdate,
    WalletRow,
)
from app.trading.plans import ExitPlan, Limits
from tests.trading.world import DAY, MINUTE, SOL, World, address, coin, wish

BONK, WIF = coin(1, "BONK"), coin(2, "WIF", 9)
FREE = Limits(max_token_exposure=1, max_exposure=1, max_daily_loss=1, max_drawdown=1)


def reset(world: World, wallet: int, lamports: int = 15 * SOL) -> Answer:
    asked = ResetWallet(at=world.now, wallet=WalletId(wallet), lamports=lamports)
    return world.do(asked)[0]


def told(world: World) -> WalletReset:
    """Read the one event of a reset in the last batch."""
    (row,) = [row for row in world.new(EventRow) if row.kind == "WalletReset"]
    fields = json.loads(row.data)
    fields.pop("kind")
    return WalletReset(**fields)


def holder(costs: Costs | None = None) -> tuple[World, int, int]:
    """Let one of two wallets hold two tokens, one of them sold in part."""
    plan = ExitPlan(take_profit=((0.1, 0.5),))
    world = World(wish(limits=FREE, exit_plan=plan), costs=costs)
    first, second = world.join(), world.join()
    bonk, wif = world.signal(BONK, 1.0), world.signal(WIF, 0.5)
    world.buy(bonk)
    world.buy(wif)
    world.price(bonk, 1.2)
    return world, first, second


def test_everything_is_sold_at_the_last_price_and_the_sums_close() -> None:
    world, first, second = holder(Costs(fees_bps=30, slippage_bps=20))
    held = [row.id for row in world.of(TradeRow) if row.wallet_id == first]
    before = world.cash(first)
    assert reset(world, first) == held
    fills = world.new(FillRow)
    assert {fill.reason for fill in fills} == {"reset"}
    assert {fill.wallet_id for fill in fills} == {first}
    assert [fill.price for fill in fills] == [1.2 * 0.998, 0.5 * 0.998]
    assert [row.tokens for row in world.new(PositionRow)] == [0, 0]
    ends = world.new(TradeUpdate)
    assert [(row.id, row.status, row.exit_reason) for row in ends] == [
        (trade, "finished", "reset") for trade in held
    ]
    proceeds = sum(fill.sol - fill.fee for fill in fills)
    deposit = world.only(DepositRow)
    assert deposit.lamports == 15 * SOL - before - proceeds
    assert (deposit.wallet_id, deposit.kind) == (first, "reset")
    balance = world.only(BalanceRow)
    assert (balance.id, balance.sol_balance, balance.deposits) == (
        first,
        15 * SOL,
        deposit.lamports,
    )
    flows = sum(
        (fill.sol if fill.side == "SELL" else -fill.sol) - fill.fee
        for fill in world.of(FillRow)
        if fill.wallet_id == first
    )
    assert 10 * SOL + deposit.lamports + flows == balance.sol_balance
    books = world.engine.state.books.values()
    assert {int(w) for book in books for w in book.wallet[: book.count]} == {second}


def test_what_was_and_what_is_are_told_after_the_sales() -> None:
    world, first, _ = holder()
    reset(world, first, 20 * SOL)
    kinds = [row.kind for row in world.new(EventRow)]
    assert kinds == ["TradeClosed", "TradeClosed", "WalletReset"]
    fact, deposit = told(world), world.only(DepositRow)
    assert deposit.id == world.new(EventRow)[-1].seq
    assert (fact.initial_before, fact.initial_sol_balance) == (10 * SOL, 20 * SOL)
    assert fact.pnl_before == fact.balance_before - 10 * SOL == 40_000_000
    assert fact.lamports == deposit.lamports == 20 * SOL - fact.balance_before
    assert (fact.closed, fact.written_off) == (2, 0)


def test_profit_and_risk_count_from_the_new_balance() -> None:
    world, first, _ = holder()
    world.now += DAY
    reset(world, first, 3 * SOL)
    balance = world.only(BalanceRow)
    assert balance[3:7] == (3 * SOL, world.now // DAY, 3 * SOL, 3 * SOL)
    minute = world.now // MINUTE * MINUTE
    assert world.only(SnapshotRow) == SnapshotRow(first, "1m", minute, 3 * SOL, 3 * SOL, 0)
    last = max(row.id for row in world.of(TradeRow))
    assert world.only(ResetRow) == ResetRow(first, world.now, 3 * SOL, balance.deposits, last)
    world.signal(coin(3), 1.0)
    world.buy(3)
    world.price(3, 0.9)
    world.beat(world.now + 2 * MINUTE)
    (mark,) = [row for row in world.new(SnapshotRow) if row.wallet_id == first]
    assert mark.overall_pnl == mark.total_value - 3 * SOL == -6_000_000


def test_a_wallet_without_positions_begins_again_as_often_as_it_likes() -> None:
    world = World()
    wallet = world.join()
    for lamports in (0, SOL, SOL):
        assert reset(world, wallet, lamports) == []
        assert world.cash(wallet) == lamports
    assert [row.lamports for row in world.of(DepositRow)] == [-10 * SOL, SOL, 0]
    assert world.only(BalanceRow).deposits == -9 * SOL
    assert told(world).pnl_before == 0


def test_two_resets_and_a_registration_in_one_batch() -> None:
    world = World()
    name = address(1)
    one = WalletId(1)
    world.do(
        Register(at=world.now, wallet_address=name, kind="paper", lamports=SOL),
        ResetWallet(at=world.now, wallet=one, lamports=2 * SOL),
        ResetWallet(at=world.now, wallet=one, lamports=5 * SOL),
    )
    assert [row.lamports for row in world.new(DepositRow)] == [SOL, 3 * SOL]
    assert world.only(BalanceRow).sol_balance == 5 * SOL


def test_stops_losses_and_bars_are_forgotten() -> None:
    world = World(wish(limits=FREE, exit_plan=ExitPlan(stop_loss=0.1)))
    first, second = world.join(), world.join()
    token = world.signal(BONK, 1.0)
    world.buy(token)
    world.now += 1_000
    world.price(token, 0.8)
    state = world.engine.state
    assert state.stops.keys() == {first, second} == state.last_loss[token].keys()
    assert {wallet for wallet, _ in state.closed[token]} == {first, second}
    reset(world, first)
    assert state.stops.keys() == {second} == state.last_loss[token].keys()
    assert {wallet for wallet, _ in state.closed[token]} == {second}


def test_a_refusal_is_told_again_and_a_signal_is_bought_on_once() -> None:
    world = World(wish(limits=Limits(max_open_positions=1)))
    first, second = world.join(), world.join()
    one, other = world.signal(BONK, 1.0), world.signal(WIF, 1.0)
    world.buy(one)
    world.buy(other)
    assert world.refusals() == [(first, "open_positions"), (second, "open_positions")]
    reset(world, first)
    world.now += 1
    assert [row.wallet_id for row in world.buy(one)] == []
    assert [row.wallet_id for row in world.buy(other)] == [first]


def test_a_candle_that_closed_before_the_reset_buys_nothing() -> None:
    world = World(window=9)
    first, second = world.join(), world.join()
    token = world.signal(BONK, 1.0)
    world.now += MINUTE
    reset(world, first)
    world.now -= MINUTE
    assert [row.wallet_id for row in world.buy(token)] == [second]
    assert [row.wallet_id for row in world.buy(token)] == [first]


def test_a_pause_by_the_rules_ends_and_one_by_a_person_stays() -> None:
    world = World()
    first, second = world.join(), world.join()
    for wallet, reason in ((first, "drawdown"), (second, "paused")):
        world.do(Pause(at=world.now, wallet=wallet, reason=reason))
    reset(world, first)
    assert [row.kind for row in world.new(EventRow)] == ["WalletReset", "WalletResumed"]
    assert not world.only(BalanceRow).paused
    reset(world, second)
    assert [row.kind for row in world.new(EventRow)] == ["WalletReset"]
    assert world.only(BalanceRow)[7:] == (True, "paused")


@pytest.mark.parametrize("price", [0.0, -1.0])
def test_what_has_no_price_is_written_off(price: float) -> None:
    world, first, _ = holder()
    book = world.engine.state.books[2]
    book.price = price
    assert reset(world, first) == [row.id for row in world.of(TradeRow) if row.wallet_id == first]
    assert told(world).written_off == 1
    gone = world.new(FillRow)[1]
    assert (gone.price, gone.sol, gone.fee, gone.reason) == (0.0, 0, 0, "written_off")
    end = world.new(TradeUpdate)[1]
    assert (end.exit_reason, end.pnl_percent, end.exit_price) == ("written_off", -100.0, 0.0)


def test_shadows_go_on_and_are_marked() -> None:
    world = World()
    owner = world.join()
    shadow = world.shadow(owner, wish(limits=FREE))
    token = world.signal(BONK, 1.0)
    assert [row.wallet_id for row in world.buy(token)] == [owner, shadow]
    world.price(token, 1.1)
    reset(world, owner)
    assert [row.wallet_id for row in world.new(FillRow)] == [owner]
    assert [(row.wallet_id, row.overall_pnl) for row in world.new(SnapshotRow)] == [
        (owner, 0),
        (shadow, 20_000_000),
    ]


@pytest.mark.parametrize(
    ("wallet", "lamports", "slug"),
    [
        (0, SOL, "unknown-wallet"),
        (99, SOL, "unknown-wallet"),
        (1, -1, "invalid-balance"),
        (1, MAX_BALANCE + 1, "invalid-balance"),
        (2, SOL, "not-paper"),
        (3, SOL, "not-paper"),
    ],
)
def test_what_cannot_begin_again(wallet: int, lamports: int, slug: str) -> None:
    world = World()
    world.join()
    real = Register(at=world.now, wallet_address=address(9), kind="live", lamports=SOL)
    assert world.do(real) == [2]
    world.shadow(1)
    answer = reset(world, wallet, lamports)
    assert isinstance(answer, Refused)
    assert (answer.slug, world.last) == (slug, [])


def test_a_row_says_what_its_wallet_began_with() -> None:
    world = World()
    world.join()
    row = world.only(WalletRow)
    assert row.start_balance == 10 * SOL
    assert row._replace(reset_sol_balance=SOL).start_balance == SOL
