"""The record of a batch: rows by kind, in the order in which they were written."""

from collections.abc import Callable

import msgspec
import pytest

from app.trading.events import Fact, PriceRefused, WalletPaused
from app.trading.ledger import BalanceRow, Changes, EventRow, Row, TickRow
from app.trading.state import REMEMBERED_SIGNALS, to_json
from tests.trading.world import World

TICKS = [TickRow(seq, 1, seq, 1.0) for seq in range(1, 4)]
TOLD = EventRow(1, None, 0, "PriceRefused", None, "{}")


def test_changes_are_kept_by_kind_and_in_order() -> None:
    changes = Changes()
    assert not changes
    changes.add(TICKS[0])
    changes.add(TOLD)
    changes.extend(TickRow, TICKS[1:])
    assert changes
    assert changes.of(TickRow) == TICKS
    assert changes.of(EventRow) == [TOLD]
    assert changes.of(BalanceRow) == []
    assert list(changes) == [*TICKS, TOLD]


def test_asking_for_a_kind_writes_nothing() -> None:
    changes = Changes()
    assert changes.of(TickRow) == []
    changes.extend(TickRow, [])
    assert not changes
    assert list(changes) == []


@pytest.mark.parametrize("kind", Row.__args__)
def test_every_row_is_a_tuple_of_columns(kind: Callable[..., Row]) -> None:
    assert isinstance(kind, type)
    assert issubclass(kind, tuple)
    assert kind.__doc__


def test_a_fact_carries_its_name() -> None:
    fact: Fact = WalletPaused(reason="drawdown")
    assert to_json(fact) == '{"kind":"WalletPaused","reason":"drawdown"}'
    refused = PriceRefused(mint="m", symbol="s", price="nan")
    read = msgspec.json.decode(to_json(refused), type=WalletPaused | PriceRefused)
    assert read == refused


def test_the_oldest_signals_are_forgotten() -> None:
    state = World().engine.state
    for number in range(REMEMBERED_SIGNALS + 3):
        state.remember(("mint", number))
    assert len(state.seen) == REMEMBERED_SIGNALS
    assert ("mint", 2) not in state.seen
    assert ("mint", 3) in state.seen


def test_a_token_that_nobody_introduced_is_not_there() -> None:
    with pytest.raises(KeyError):
        World().engine.state.token(1)
