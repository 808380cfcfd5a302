"""The exit plan of an open trade is changed: its stop, what trails, targets that are to come."""

import json
import random

import numpy as np
import pytest

from app.trading import exits
from app.trading.books import Book
from app.trading.events import PlanChanged
from app.trading.exits import BLOCK, PHASES, TRAILING, State
from app.trading.fills import Costs
from app.trading.ids import WalletId
from app.trading.inputs import Answer, ChangePlan, Refused
from app.trading.ledger import (
    BalanceRow,
    EventRow,
    FillRow,
    PositionRow,
    TickRow,
    TradeRow,
    TradeUpdate,
)
from app.trading.plan_changes import PlanChangeRow, TradePlan
from app.trading.plans import ExitPlan
from app.trading.replay import changed
from tests.trading.exit_model import Holding
from tests.trading.manyplans import EDGES, random_plans
from tests.trading.retold import Retold
from tests.trading.test_replay import wanted_of
from tests.trading.world import HOLD, MINUTE, World, coin, wish

COIN = coin(1)
TIERS = ((0.3, 0.33), (0.75, 0.33))
COSTS = Costs(fees_bps=30, slippage_bps=20)


def change(world: World, wallet: int, trade: int, plan: ExitPlan) -> Answer:
    asked = ChangePlan(at=world.now, wallet=WalletId(wallet), trade=trade, plan=plan)
    return world.do(asked)[0]


def opened(plan: ExitPlan | None = None, price: float = 1.0) -> tuple[World, TradeRow]:
    """Let the second of two wallets hold a token under a plan, and the first one, too."""
    world = World(wish(exit_plan=plan))
    world.join()
    world.join()
    world.signal(COIN, price)
    _, trade = world.buy(1)
    return world, trade


def moved(world: World, trade: TradeRow, plan: ExitPlan) -> PlanChangeRow:
    """Change a plan; nothing may be sold by that."""
    before = world.cash(trade.wallet_id)
    number = change(world, trade.wallet_id, trade.id, plan)
    row = world.only(PlanChangeRow)
    assert row.id == number == world.only(EventRow).seq
    assert not {FillRow, BalanceRow, TickRow} & {type(one) for one in world.last}
    assert world.cash(trade.wallet_id) == before
    return row


def where(world: World, trade: TradeRow) -> tuple[Book, int]:
    book = world.engine.state.books[1]
    (slot,) = np.flatnonzero(book.trade[: book.count] == trade.id)
    return book, int(slot)


def state_of(world: World, trade: TradeRow) -> State:
    book, slot = where(world, trade)
    return exits.read(book.columns, slot)._replace(highest=book.highest(slot))


def sold(world: World, trade: TradeRow, price: float) -> list[tuple[str, int]]:
    fills = world.price(1, price)
    return [(fill.reason, fill.size) for fill in fills if fill.trade_id == trade.id]


def test_a_stop_rises_and_the_next_price_is_judged_by_it() -> None:
    world, trade = opened()
    row = moved(world, trade, ExitPlan(stop_loss=0.05))
    assert (row.stop_before, row.stop_after) == (0.85, 0.95)
    assert sold(world, trade, 0.951) == []
    assert sold(world, trade, 0.95) == [("stop_loss", trade.quantity)]
    assert world.engine.state.books[1].count == 1


def test_a_stop_falls_because_a_person_wishes_it() -> None:
    world, trade = opened()
    row = moved(world, trade, ExitPlan(stop_loss=0.5))
    assert (row.stop_before, row.stop_after) == (0.85, 0.5)
    other = world.price(1, 0.8)
    assert [fill.wallet_id for fill in other] == [1]
    assert sold(world, trade, 0.51) == []
    assert sold(world, trade, 0.5) == [("stop_loss", trade.quantity)]


def test_a_stop_above_the_price_sells_at_the_next_price_and_not_before() -> None:
    world, trade = opened()
    world.price(1, 0.9)
    row = moved(world, trade, ExitPlan(stop_loss=0.05))
    assert row.stop_after == 0.95
    world.beat(world.now + MINUTE)
    assert world.new(FillRow) == []
    assert sold(world, trade, 0.9) == [("stop_loss", trade.quantity)]


def test_a_price_that_recovered_sells_nothing() -> None:
    world, trade = opened()
    world.price(1, 0.9)
    moved(world, trade, ExitPlan(stop_loss=0.05))
    assert sold(world, trade, 0.96) == []


def test_a_target_comes_nearer_and_another_one_is_added() -> None:
    world, trade = opened()
    moved(world, trade, ExitPlan(take_profit=((0.1, 0.5), (0.2, 0.25)), trailing_stop=None))
    assert sold(world, trade, 1.1) == [("take_profit_1", trade.quantity // 2)]
    assert state_of(world, trade).stop == 1.0
    more = ((0.1, 0.5), (0.15, 0.1), (0.2, 0.2))
    moved(world, trade, ExitPlan(take_profit=more, trailing_stop=None))
    assert [reason for reason, _ in sold(world, trade, 1.2)] == ["take_profit_2", "take_profit_3"]


def test_a_target_below_the_price_is_taken_at_the_next_price() -> None:
    world, trade = opened()
    world.price(1, 1.25)
    moved(world, trade, ExitPlan(take_profit=((0.2, 0.5),)))
    assert state_of(world, trade).tiers == 0
    assert [reason for reason, _ in sold(world, trade, 1.2)] == ["take_profit_1"]


def test_what_the_trade_was_and_saw_stays() -> None:
    world, trade = opened()
    world.price(1, 1.4)
    before = state_of(world, trade)
    assert (before.tiers, before.highest) == (1, 1.4)
    row = moved(world, trade, ExitPlan(trailing_stop=0.1))
    after = state_of(world, trade)
    assert after == before._replace(stop=1.4 * 0.9, phase=TRAILING)
    assert row.stop_after == after.stop
    kept = world.only(PositionRow)
    assert (kept.tokens, kept.orders, kept.tiers_taken) == (after.left, 2, 1)
    assert (kept.stop_loss, kept.highest_price, kept.phase) == (after.stop, 1.4, TRAILING)
    assert (kept.tick_seq, kept.last_updated) == (row.tick_seq, world.now)
    assert row.tick_seq == world.of(TickRow)[-1].seq


def test_rows_and_fact_say_what_changed() -> None:
    world, trade = opened()
    plan = ExitPlan(stop_loss=0.1, take_profit=((0.2, 0.4),))
    row = moved(world, trade, plan)
    assert row[1:5] == (trade.id, trade.wallet_id, world.now, row.tick_seq)
    assert row.plan_before == trade.exit_plan
    assert ExitPlan.model_validate_json(row.plan_after) == plan
    kept = world.only(TradePlan)
    assert (kept.id, kept.exit_plan) == (trade.id, row.plan_after)
    assert json.loads(kept.take_profit_tiers) == [[1.2, 0.4]]
    update = world.only(TradeUpdate)
    assert (update.id, update.status, update.stop_loss_price) == (trade.id, "active", 0.9)
    event = world.only(EventRow)
    assert (event.kind, event.trade_id, event.wallet_id) == ("PlanChanged", trade.id, 2)
    fields = json.loads(event.data)
    assert fields.pop("kind") == "PlanChanged"
    fact = PlanChanged(**fields)
    assert (fact.trade, fact.mint, fact.symbol) == (trade.id, COIN.mint, COIN.symbol)
    assert (fact.stop_before, fact.stop_after) == (0.85, 0.9)
    assert ExitPlan.model_validate(fact.plan_before) == ExitPlan()
    assert ExitPlan.model_validate(fact.plan_after) == plan


def test_another_wallets_equal_trade_keeps_its_plan() -> None:
    world, trade = opened()
    moved(world, trade, ExitPlan(stop_loss=0.02))
    assert [fill.trade_id for fill in world.price(1, 0.97)] == [trade.id]
    book = world.engine.state.books[1]
    assert (book.count, int(book.wallet[0]), float(book.columns.stop[0])) == (1, 1, 0.85)


def test_the_same_plan_changes_nothing() -> None:
    world, trade = opened()
    assert change(world, 2, trade.id, ExitPlan()) is None
    assert world.last == []


@pytest.mark.parametrize(("wallet", "trade"), [(1, 2), (2, 1), (2, 99), (0, 2), (9, 2), (2, 0)])
def test_only_the_wallets_own_open_trade_is_changed(wallet: int, trade: int) -> None:
    world, mine = opened()
    assert mine.id == 2
    answer = change(world, wallet, trade, ExitPlan(stop_loss=0.05))
    assert isinstance(answer, Refused)
    assert (answer.slug, world.last) == ("no-position", [])


def test_a_closed_trade_is_over() -> None:
    world, trade = opened()
    world.price(1, 0.5)
    answer = change(world, 2, trade.id, ExitPlan(stop_loss=0.05))
    assert isinstance(answer, Refused)
    assert answer.slug == "no-position"


def test_the_holding_time_stays() -> None:
    world, trade = opened(ExitPlan(max_holding_candles=5))
    for other in (None, 4, 6):
        answer = change(world, 2, trade.id, ExitPlan(stop_loss=0.1, max_holding_candles=other))
        assert isinstance(answer, Refused)
        assert answer.slug == "holding-time-stays"
    deadline = state_of(world, trade).deadline
    moved(world, trade, ExitPlan(stop_loss=0.1, max_holding_candles=5))
    assert state_of(world, trade).deadline == deadline
    world.now += 5 * MINUTE
    assert sold(world, trade, 1.0) == [("max_holding", trade.quantity)]


@pytest.mark.parametrize(
    ("price", "tiers", "words"),
    [
        (1.3, (), "the target that was taken"),
        (1.3, ((0.31, 0.33), (0.75, 0.33)), "the target that was taken"),
        (1.3, ((0.3, 0.34), (0.75, 0.33)), "the target that was taken"),
        (1.3, ((0.2, 0.1), (0.3, 0.33), (0.75, 0.33)), "the target that was taken"),
        (1.75, ((0.3, 0.33),), "the 2 targets that were taken"),
        (1.75, ((0.3, 0.33), (0.8, 0.33)), "the 2 targets that were taken"),
    ],
)
def test_taken_targets_stay(
    price: float, tiers: tuple[tuple[float, float], ...], words: str
) -> None:
    world, trade = opened()
    world.price(1, price)
    answer = change(world, 2, trade.id, ExitPlan(take_profit=tiers))
    assert isinstance(answer, Refused)
    assert answer.slug == "targets-taken-stay"
    assert answer.detail.startswith(words)
    assert world.last == []


def test_a_shadows_trade_is_changed_like_any_other() -> None:
    world = World()
    owner = world.join()
    shadow = world.shadow(owner)
    world.signal(COIN)
    _, trade = world.buy(1)
    assert trade.wallet_id == shadow
    moved(world, trade, ExitPlan(stop_loss=0.01))
    assert [fill.wallet_id for fill in world.price(1, 0.98)] == [shadow]


def test_changes_and_prices_in_one_batch_keep_their_order() -> None:
    world, trade = opened()
    asked = [
        ChangePlan(at=world.now, wallet=WalletId(2), trade=trade.id, plan=ExitPlan(stop_loss=loss))
        for loss in (0.05, 0.4, 0.3)
    ]
    first, second, third = world.do(*asked)
    assert isinstance(first, int)
    assert (second, third) == (first + 1, first + 2)
    rows = world.new(PlanChangeRow)
    assert [(row.stop_before, row.stop_after) for row in rows] == [
        (0.85, 0.95),
        (0.95, 0.6),
        (0.6, 0.7),
    ]


def test_in_a_full_book_only_its_own_block_is_measured_anew() -> None:
    """The block's peak goes to every position in it, and every guard is right afterwards."""
    world = World(wish(exit_plan=ExitPlan(trailing_stop=0.2, trailing_after_tier=0)))
    for _ in range(BLOCK + 3):
        world.join()
    world.signal(COIN)
    trades = world.buy(1)
    world.price(1, 1.05)
    book = world.engine.state.books[1]
    assert book.count == BLOCK + 3
    moved(world, trades[7], ExitPlan(stop_loss=0.01, trailing_stop=None))
    for block in range(2):
        part = slice(block * BLOCK, min((block + 1) * BLOCK, book.count))
        assert book.guards.stop[block] == book.columns.stop[part].max()
        assert book.guards.upper[block] == book.columns.upper[part].min()
    assert {book.highest(slot) for slot in range(book.count)} == {1.05}
    assert [fill.trade_id for fill in world.price(1, 0.985)] == [trades[7].id]


def plain(holding: Holding, plan: ExitPlan) -> None:
    """Give a holding another plan, by the words of the design."""
    holding.wanted = wanted_of(plan)
    holding.stop, holding.phase = holding.entry * (1 - plan.stop_loss), "INITIAL"
    if 0 < (plan.breakeven_after_tier or 0) <= holding.taken:
        holding.stop, holding.phase = holding.entry, "BREAKEVEN"
    holding._trail()


@pytest.mark.parametrize("seed", range(12))
def test_random_lives_agree_with_the_plain_reading_and_with_replays(seed: int) -> None:
    """Plans change between any prices; the engine, a plain reading and the replay agree."""
    chance, plans = random.Random(seed), [HOLD, *EDGES, *random_plans(30, seed)]
    plans = [one.model_copy(update={"max_holding_candles": None}) for one in plans]
    world = World(wish(exit_plan=plans[seed]), costs=COSTS)
    world.join()
    world.signal(COIN)
    (trade,) = world.buy(1)
    holding, price, changes = (
        Holding(wanted_of(plans[seed]), trade.entry_price, trade.quantity),
        1.0,
        0,
    )
    while holding.left and len(world.of(TickRow)) < 400:
        if chance.random() < 0.2:
            plan, before = chance.choice(plans), holding.wanted.tiers[: holding.taken]
            answer = change(world, 1, trade.id, plan)
            if isinstance(answer, int):
                assert plan.take_profit[: holding.taken] == before
                plain(holding, plan)
                changes += 1
        price *= chance.uniform(0.96, 1.045)
        told = [(one.reason, one.units) for one in holding.see(price)]
        assert sold(world, trade, price) == told
        if holding.left:
            state = state_of(world, trade)
            assert (state.stop, state.highest) == (holding.stop, holding.highest)
            assert (PHASES[state.phase], state.tiers) == (holding.phase, holding.taken)
    if holding.left:
        world.sell(1, COIN.mint)
    retold = Retold(world.rows)
    assert len(retold.record(trade.id).changes) == changes
    assert retold.differences(trade.id, COSTS) == []


def test_a_change_and_a_sale_by_hand_after_one_price() -> None:
    for first in ("change", "sale", "end"):
        world, trade = opened(ExitPlan(trailing_stop=None))
        world.price(1, 1.1)
        if first == "sale":
            world.sell(2, COIN.mint, 0.5)
        moved(world, trade, ExitPlan(stop_loss=0.4, trailing_stop=None))
        if first == "change":
            world.sell(2, COIN.mint, 0.5)
        moved(world, trade, ExitPlan(stop_loss=0.3, trailing_stop=None))
        if first == "end":
            world.sell(2, COIN.mint)
        world.price(1, 0.65)
        retold = Retold(world.rows)
        assert retold.ends[trade.id].stop_loss_price == 0.7
        assert retold.differences(trade.id, Costs()) == []


def test_a_change_that_was_touched_is_found() -> None:
    world, trade = opened()
    moved(world, trade, ExitPlan(stop_loss=0.05))
    world.price(1, 1.05)
    moved(world, trade, ExitPlan(stop_loss=0.1))
    world.price(1, 0.9)
    retold = Retold(world.rows)
    true = retold.record(trade.id)
    first, last = true.changes
    falsified = {
        "plan_changes/2/before": [first, last._replace(before=ExitPlan())],
        "plan_changes/1/stop_before": [first._replace(before=ExitPlan(stop_loss=0.2)), last],
        "plan_changes/2/stop_after": [first, last._replace(stop_after=0.91)],
        "exit_plan": [first],
        "plan_changes": [first, last, last._replace(seq=last.seq + 99)],
    }
    for field, changes in falsified.items():
        record = true._replace(changes=changes)
        found = {one.field for one in retold.differences(trade.id, Costs(), record)}
        assert field in found, (field, found)
    assert retold.differences(trade.id, Costs()) == []
    assert {field for field, one, other in changed(HOLD, [], []) if one != other} == set()
