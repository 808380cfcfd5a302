"""One bad strategy or position never stops the others."""

import json
from typing import ClassVar

import polars as pl
import pytest

from app.trading.entry import EntryStrategy, Evaluated
from app.trading.exits import State
from app.trading.ledger import EventRow, FillRow, TradeRow
from app.trading.plans import Entry, ExitPlan
from app.trading.soundness import fault_of
from app.trading.state import Aside
from tests.trading import world as worlds
from tests.trading.world import HOLD, World, coin, wish


class Poisoned(EntryStrategy):
    """Divides by zero."""

    summary: ClassVar = "Fails."
    asked: ClassVar[list[int]] = []

    by: int = 0

    @property
    def lookback(self) -> int:
        """One candle."""
        return 1

    def evaluate(self, candles: pl.DataFrame) -> Evaluated:
        """Fail."""
        self.asked.append(candles.height)
        raise ZeroDivisionError(str(candles.height // self.by))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setitem(worlds.STRATEGIES, "poisoned", Poisoned)
    Poisoned.asked.clear()
    return World(wish("poisoned", "loud"))


def failures(world: World) -> list[tuple[int | None, str]]:
    facts = [row for row in world.of(EventRow) if row.kind == "StrategyFailed"]
    return [(row.wallet_id, json.loads(row.data)["reason"]) for row in facts]


def test_a_strategy_that_fails_keeps_no_stop_from_firing(world: World) -> None:
    """In the same pass: the candle on which it fails is the one on which the others' stops fire."""
    holder, token = world.join(), world.signal(coin(1))
    world.wants(holder, wish("loud"))
    world.buy(token)
    victim = world.join()
    world.signal(coin(1))
    world.candle(token, 0.5)
    assert [(row.wallet_id, row.reason) for row in world.new(FillRow)] == [(holder, "stop_loss")]
    reason = "ZeroDivisionError: integer division or modulo by zero"
    assert failures(world) == [(victim, reason)]


def test_a_strategy_that_failed_is_not_asked_any_more(world: World) -> None:
    wallet, token = world.join(), world.signal(coin(1))
    for _ in range(3):
        world.candle(token)
    assert len(Poisoned.asked) == 1
    assert [who for who, _ in failures(world)] == [wallet]
    assert list(world.engine.state.broken.values()) == [failures(world)[0][1]]


def test_the_wallets_other_strategies_go_on(world: World) -> None:
    wallet, token = world.join(), world.signal(coin(1))
    assert [(row.wallet_id, row.strategy) for row in world.buy(token)] == [(wallet, "loud")]


def test_other_parameters_are_another_question(world: World) -> None:
    wallet, token = world.join(), world.signal(coin(1))
    world.candle(token)
    sound = Entry(strategy="loud", custom_params={"volume": 10.0})
    world.wants(wallet, wish(sound))
    assert len(world.buy(token)) == 1
    assert len(world.of(TradeRow)) == 1


def test_whoever_does_not_wish_it_hears_nothing(world: World) -> None:
    world.join()
    other = world.join()
    world.wants(other, wish("loud"))
    token = world.signal(coin(1))
    world.candle(token)
    assert [who for who, _ in failures(world)] == [1]


def test_a_position_that_was_set_aside_is_told_once(world: World) -> None:
    wallet = world.join()
    world.engine.state.aside[7] = Aside(wallet, "mint", "COIN", "its exit plan cannot be read")
    world.beat()
    row = world.only(EventRow)
    assert (row.kind, row.wallet_id, row.trade_id) == ("PositionSetAside", wallet, 7)
    world.beat()
    assert world.new(EventRow) == []


SOUND = State(1.0, 100, 50, 0.85, 1.2, 1, 1, 2**62)
PLAN = ExitPlan().model_dump_json()


def test_a_sound_position_has_no_fault() -> None:
    assert fault_of(PLAN, SOUND, 1.1, 10) is None
    assert fault_of(HOLD.model_dump_json(), SOUND, 0.0, 1) is None


NAN, INFINITE = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"entry": NAN}, "entry"),
        ({"entry": 0.0}, "entry"),
        ({"highest": INFINITE}, "highest"),
        ({"stop": NAN}, "stop"),
        ({"stop": -1.0}, "stop"),
        ({"left": 0}, "left"),
        ({"left": 101}, "left"),
        ({"left": -5}, "left"),
        ({"initial": 2**63}, "left"),
        ({"tiers": -1}, "targets"),
        ({"tiers": 99}, "targets"),
        ({"phase": 3}, "phase"),
    ],
)
def test_an_unsound_one_says_what_is_wrong(changed: dict[str, float], said: str) -> None:
    state = SOUND._replace(**changed)  # type: ignore[arg-type]
    if changed.get("initial"):
        state = state._replace(left=state.initial)
    fault = fault_of(PLAN, state, 1.1, 10)
    assert fault is not None
    assert said in fault


@pytest.mark.parametrize(
    ("plan", "mark", "cost", "said"),
    [
        ("{", 1.0, 10, "plan"),
        ('{"stop_loss": 7}', 1.0, 10, "plan"),
        (PLAN, NAN, 10, "mark"),
        (PLAN, -1.0, 10, "mark"),
        (PLAN, 1.0, 0, "cost"),
    ],
)
def test_a_plan_a_mark_and_a_cost_may_be_unsound(
    plan: str, mark: float, cost: int, said: str
) -> None:
    fault = fault_of(plan, SOUND, mark, cost)
    assert fault is not None
    assert said in fault
