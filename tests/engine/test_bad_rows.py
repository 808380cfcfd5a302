"""What the record says of prices and of positions that cannot be led survives a restart, and one
bad row keeps nobody else's stop from firing.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from app.engine.audit import audit
from app.engine.recovery import recover
from app.engine.replaying import EQUAL, check_trade
from app.store.database import Database
from app.store.journal import Journal
from app.store.lease import Lease
from app.store.replays import played_trade
from app.store.tables import Position, Trade
from app.trading.engine import Engine
from app.trading.ids import TokenId
from app.trading.inputs import Beat, Input, PriceGone, PriceSeen
from app.trading.ledger import Changes, EventRow, FillRow
from app.trading.standing import WRITE_OFF_MS
from app.trading.state import State
from tests.engine.faults import Stand, until
from tests.engine.record import Known, keep
from tests.engine.script import MINUTE, RULES, Script
from tests.engine.states import differences, told
from tests.engine.test_audit import spoil

BROKEN: list[tuple[type[Any], dict[str, object]]] = [
    (Trade, {"exit_plan": "{"}),
    (Trade, {"exit_plan": '{"stop_loss": 9}'}),
    (Trade, {"sol_invested": 0}),
    (Position, {"entry_price": 0.0}),
    (Position, {"entry_price": float("inf")}),
    (Position, {"stop_loss": -1.0}),
    (Position, {"tokens": 2**62}),
    (Position, {"phase": 9}),
]


def many_hold(state: State) -> int | None:
    """Find a token that several wallets hold."""
    return next((token for token, book in state.books.items() if book.count > 1), None)


class Record:
    """A record with a token that several hold, and the engine that wrote it."""

    def __init__(self, journal: Journal, database: Database, known: Known) -> None:
        self.journal = journal
        self.database = database
        self.known = known
        self.script = Script(4, 400)

    async def begin(self) -> None:
        """Live until several hold one token."""
        self.engine, self.number = await keep(
            self.script, self.journal, self.known, lambda state: many_hold(state) is not None
        )
        token = many_hold(self.engine.state)
        assert token is not None
        self.token = TokenId(token)
        self.now = self.script.now(self.number)

    @property
    def trades(self) -> list[int]:
        """List the trades that hold the token."""
        book = self.engine.state.books[self.token]
        return [int(trade) for trade in book.trade[: book.count]]

    async def do(self, *wishes: Input, engine: Engine | None = None) -> Changes:
        """Let an engine take a batch and keep it."""
        self.number += 1
        changes = (engine or self.engine).handle(wishes).changes
        await self.journal.commit(changes, batch=self.number)
        return changes

    async def again(self) -> Engine:
        """Build another engine from the record."""
        return (await recover(self.database, RULES, self.known, self.number, self.now)).engine

    async def same(self) -> Engine:
        """Check that another engine stands where this one does, and that the record adds up."""
        other = await self.again()
        findings, _ = await audit(self.database)
        assert findings == []
        assert differences(told(other.state, self.now), told(self.engine.state, self.now)) == []
        return other


@pytest.fixture
async def record(journal: Journal, database: Database, known: Known) -> Record:
    made = Record(journal, database, known)
    await made.begin()
    return made


async def test_flags_survive_a_restart(record: Record) -> None:
    def standing() -> str:
        return record.engine.state.books[record.token].standing

    record.now += 4 * MINUTE
    await record.do(Beat(at=record.now))
    assert standing() == "stale"
    await record.same()
    record.now += 1_000
    await record.do(PriceGone(at=record.now, token=record.token, reason="no_pool"))
    assert standing() == "rugged"
    other = await record.same()
    assert other.state.books[record.token].price == 0.0
    record.now += MINUTE
    price = 1e9 * float(record.engine.state.books[record.token].columns.stop.max())
    await record.do(PriceSeen(at=record.now, token=record.token, price=min(price, 1e-3)))
    await record.same()


async def test_a_flag_is_told_once_whoever_runs_the_engine(record: Record) -> None:
    record.now += 4 * MINUTE
    changes = await record.do(Beat(at=record.now))
    flagged = [row for row in changes.of(EventRow) if row.kind == "PriceStale"]
    assert {row.trade_id for row in flagged} >= set(record.trades)
    record.now += MINUTE
    changes = await record.do(Beat(at=record.now), engine=await record.again())
    assert [row for row in changes.of(EventRow) if row.kind == "PriceStale"] == []


async def test_what_was_lost_before_a_restart_is_written_off_after_it(
    record: Record, tmp_path: Path
) -> None:
    record.now += 1_000
    await record.do(PriceGone(at=record.now, token=record.token, reason="no_pool"))
    trades = record.trades
    record.now += WRITE_OFF_MS
    changes = await record.do(Beat(at=record.now), engine=await record.again())
    gone = [row for row in changes.of(FillRow) if row.reason == "written_off"]
    assert [row.trade_id for row in gone] == sorted(trades)
    assert {row.sol for row in gone} == {0}
    findings, _ = await audit(record.database)
    assert findings == []
    for number in trades:
        trade = await played_trade(record.database, number)
        assert trade is not None
        checked = await check_trade(record.database, tmp_path, trade, RULES.costs)
        assert (checked.status, checked.differences) == (EQUAL, [])


@pytest.mark.parametrize(("model", "values"), BROKEN, ids=lambda one: str(one)[:40])
async def test_one_bad_row_keeps_no_stop_from_firing(
    record: Record, model: type[Any], values: dict[str, object]
) -> None:
    bad, *others = record.trades
    await spoil(record.journal, model, bad, **values)
    engine = await record.again()
    assert list(engine.state.aside) == [bad]
    record.now += MINUTE
    changes = await record.do(
        PriceSeen(at=record.now, token=record.token, price=1e-15),
        Beat(at=record.now),
        engine=engine,
    )
    assert sorted({row.trade_id for row in changes.of(FillRow)}) == sorted(others)
    (row,) = [row for row in changes.of(EventRow) if row.kind == "PositionSetAside"]
    assert row.trade_id == bad
    assert json.loads(row.data)["reason"] == engine.state.aside[bad].reason
    again = await record.again()
    assert again.state.aside[bad].told
    changes = await record.do(Beat(at=record.now), engine=again)
    assert [row for row in changes.of(EventRow) if row.kind == "PositionSetAside"] == []


async def test_a_memory_that_went_bad_is_built_anew_and_the_price_counts(
    record: Record, journal: Journal, database: Database, known: Known
) -> None:
    """A strategy number that does not exist lets the pass fail; nobody's stop waits for it."""
    stand = Stand(journal, database, known)
    stand.lease = Lease(journal, "script", 60_000)
    heard: list[Changes] = []
    stand.live.bus.subscribe(heard.append)
    async with stand.running():
        await stand.live.settled()
        state = stand.live._engine.state  # type: ignore[union-attr]
        state.books[record.token].strategy[0] = 99
        wish = PriceSeen(at=record.now + MINUTE, token=record.token, price=1e-15)
        assert await stand.live.submit(wish) is None
        await until(lambda: heard)
    sold = {row.trade_id for changes in heard for row in changes.of(FillRow)}
    assert sold == set(record.trades)
