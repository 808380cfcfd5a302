"""Whatever somebody changes in a row of money, the audit finds it.

Every column of a wallet's balance, of an order, a fill, a position and a trade – open ones and
closed ones – is changed by as little as its type allows, and put back. What no other row says, and
what nothing follows from, is named here.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Column, Table, select, update

from app.engine.audit import Finding, _look, replay_all
from app.store.database import Database
from app.store.deposit_tables import Deposit
from app.store.journal import Journal
from app.store.plan_tables import PlanChange
from app.store.query import Query, table_of
from app.store.tables import Fill, Order, Position, Trade, User
from app.store.types import LARGEST
from tests.engine.record import Known, keep
from tests.engine.script import RULES, Script

ORDERS = 1_024
UNPROVEN = {
    "users": {
        # What limits are judged by: highest and lowest worth of a day are in no row.
        *("peak_value", "day", "day_start_value", "day_low_value"),
        # What a person said, and what belongs to shadows.
        *("kind", "paused", "pause_reason", "name", "owner_id", "owner_value", "retired_at"),
        "reset_trade",  # any number between two trades is as true
    },
    "positions": {"current_price"},  # shown until the next price comes
}
OTHERS = {"BUY": "SELL", "SELL": "BUY"}


class Touched(NamedTuple):
    """A row that is tampered with, by its key, and the trade that it is about."""

    table: Table
    key: int
    trade: int


class Trades(NamedTuple):
    """Ids: a trade that is open and sold in part, a closed one, and a wallet that was reset."""

    open: int
    closed: int
    wallet: int


async def ids(database: Database, statement: Any) -> list[int]:
    found: list[tuple[int]] = await database.rows(Query(statement))
    return [one[0] for one in found]


@pytest.fixture
async def trades(journal: Journal, database: Database, known: Known) -> Trades:
    """Keep a record, and choose what is tampered with."""
    await keep(Script(4, 64), journal, known)
    held, users = table_of(Position).c, table_of(User).c
    partly = (held.tokens > 0) & (held.orders > 1)
    (held_one, *_) = await ids(database, select(held.trade_id).where(partly).order_by("trade_id"))
    ended = (held.tokens == 0) & held.trade_id.in_(select(table_of(PlanChange).c.trade_id))
    (closed, *_) = await ids(database, select(held.trade_id).where(ended).order_by("trade_id"))
    (wallet, *_) = await ids(database, select(users.id).where(users.reset_at.is_not(None)))
    return Trades(held_one, closed, wallet)


def rows(trades: Trades, kind: str) -> Iterator[Touched]:
    """Name the rows of a kind that are tampered with."""
    if kind == "users":
        yield Touched(table_of(User), trades.wallet, trades.closed)
        return
    for trade in (trades.open, trades.closed):
        if kind in {"orders", "fills"}:
            table = table_of(Order if kind == "orders" else Fill)
            yield Touched(table, trade * ORDERS, trade)
            yield Touched(table, trade * ORDERS + 1, trade)
        else:
            yield Touched(table_of(Position if kind == "positions" else Trade), trade, trade)


async def another(database: Database, column: Column[Any], value: Any) -> Any:
    """Return a value that differs as little as the column takes; what it refers to is there."""
    for key in column.foreign_keys:
        there = select(key.column).where(key.column != (value or 0)).order_by(key.column).limit(1)
        return (await ids(database, there))[0]
    if value is None:
        return {"Exact": 1, "Real": 1.0}.get(column.type.__class__.__name__, "something")
    if isinstance(value, int):
        return value - 1 if value == LARGEST else value + 1
    if isinstance(value, float):
        return math.nextafter(value, math.inf)
    if column.name == "exit_plan":
        plan = json.loads(value)
        (gain, portion), *rest = plan["take_profit"]
        tiers = [(0.9 * gain, portion), *rest]
        return json.dumps(plan | {"take_profit": tiers})
    return OTHERS.get(value, f"{value} ")


async def found(database: Database, folder: Path) -> list[Finding]:
    """Look as `python -m app audit` does, and no further than to the first faults."""
    findings, _ = await _look(database)
    return findings or (await replay_all(database, folder, RULES.costs)).findings


@pytest.mark.parametrize(
    "database_kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)], indirect=True
)
@pytest.mark.parametrize("kind", ["users", "orders", "fills", "positions", "trades"])
async def test_every_column_is_proven(
    kind: str, journal: Journal, database: Database, trades: Trades, tmp_path: Path
) -> None:
    assert await found(database, tmp_path) == []
    missed, touched = [], 0
    for table, key, trade in rows(trades, kind):
        number = next(iter(table.primary_key))
        whole: Query[Any] = Query(select(table).where(number == key))
        (row,) = await database.rows(whole)
        for column, value in zip(table.c, row, strict=True):
            if column.primary_key or column.name in UNPROVEN.get(kind, ()):
                continue
            touched += 1
            for written in (await another(database, column, value), value):
                change = update(table).where(number == key).values({column.name: written})
                await journal.execute(Query(change))
                if written != value and not await found(database, tmp_path):
                    missed.append((trade, key, column.name))
    assert missed == []
    assert touched >= len(table.c) - len(UNPROVEN.get(kind, ())) - 1
    assert await found(database, tmp_path) == []


async def test_what_is_no_plan_is_told(
    journal: Journal, database: Database, trades: Trades, tmp_path: Path
) -> None:
    for model, column in ((Trade, "exit_plan"), (PlanChange, "plan_after")):
        table = table_of(model)
        number = table.c.id if model is Trade else table.c.trade_id
        query: Query[Any] = Query(select(table.c.id, table.c[column]))
        before = dict(await database.rows(query))
        change = update(table).where(number == trades.closed).values({column: "{"})
        await journal.execute(Query(change))
        assert await found(database, tmp_path) != []
        for key, value in before.items():
            await journal.execute(
                Query(update(table).where(table.c.id == key).values({column: value}))
            )
        assert await found(database, tmp_path) == []


async def test_a_deposit_or_a_change_of_another_wallet_is_told(
    journal: Journal, database: Database, trades: Trades, tmp_path: Path
) -> None:
    for model, column in ((Deposit, "at"), (Deposit, "kind"), (PlanChange, "at")):
        table = table_of(model)
        (key, *_) = await ids(database, select(table.c.id).order_by("id"))
        query: Query[Any] = Query(select(table.c[column]).where(table.c.id == key))
        ((value,),) = await database.rows(query)
        for written in (await another(database, table.c[column], value), value):
            change = update(table).where(table.c.id == key).values({column: written})
            await journal.execute(Query(change))
            assert bool(await found(database, tmp_path)) is (written != value)
    assert trades.open != trades.closed
