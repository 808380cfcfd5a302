"""The audit finds what does not add up, and nothing else."""

import asyncio
from typing import Any

import numpy as np
import pytest
from sqlalchemy import update

from app.engine.audit import audit
from app.store.database import Database
from app.store.deposit_tables import Deposit
from app.store.deposits import deposits_of
from app.store.journal import Journal
from app.store.query import Query, table_of
from app.store.tables import Fill, Position, Tick, Trade, User
from app.trading.books import NEVER
from app.trading.state import State
from tests.engine.record import Known, Lived, keep, lived
from tests.engine.script import Script


async def found(database: Database) -> set[tuple[str, int, str]]:
    findings, _ = await audit(database)
    return {(finding.what, finding.id, finding.field) for finding in findings}


async def spoil(journal: Journal, model: type[Any], number: int, **values: object) -> None:
    """Change a row behind everybody's back."""
    table = table_of(model)
    key = next(iter(table.primary_key))
    change: Query[Any] = Query(update(model).where(key == number).values(**values))
    assert (await journal.execute(change)).changed == 1


def has_sold_a_part(state: State) -> bool:
    """Tell whether somebody holds the rest of a position of which tiers were sold."""
    return part_sold(state) is not None


def part_sold(state: State) -> tuple[int, int, int] | None:
    """Find such a position: its trade, its wallet and its token."""
    for token, book in state.books.items():
        for slot in range(book.count):
            columns = book.columns
            if columns.tiers[slot] and columns.left[slot] < columns.initial[slot]:
                return int(book.trade[slot]), int(book.wallet[slot]), token
    return None


@pytest.fixture(scope="module")
def sold_in_part(known: Known) -> Lived:
    return lived(Script(4, 400), known, has_sold_a_part)


@pytest.fixture
async def held(journal: Journal, sold_in_part: Lived) -> tuple[int, int, int]:
    """Keep a record in which a position was sold in part."""
    await sold_in_part.keep(journal)
    position = part_sold(sold_in_part.state)
    assert position is not None
    return position


async def test_a_true_record_is_clean(journal: Journal, database: Database, known: Known) -> None:
    engine, _ = await keep(Script(6, 120), journal, known)
    findings, checked = await audit(database)
    assert findings == []
    assert checked > engine.state.wallets.count


async def test_an_empty_record_is_clean(database: Database) -> None:
    assert await audit(database) == ([], 0)


async def test_a_balance_that_was_touched_is_found(
    journal: Journal, database: Database, held: tuple[int, int, int]
) -> None:
    wallet = held[1]
    await spoil(journal, User, wallet, sol_balance=77)
    assert await found(database) == {("wallet", wallet, "balance")}


@pytest.fixture(scope="module")
def with_a_reset(known: Known) -> Lived:
    return lived(Script(3, 50), known)


@pytest.fixture
async def begun_again(journal: Journal, with_a_reset: Lived) -> int:
    """Keep a record in which a wallet sold everything and began again, then traded on."""
    await with_a_reset.keep(journal)
    wallets = with_a_reset.state.wallets
    (wallet,) = np.flatnonzero(wallets.reset_at[1 : wallets.count] > NEVER) + 1
    return int(wallet)


@pytest.mark.parametrize(
    ("touched", "fields"),
    [
        ({"deposits": 5}, {"balance", "deposits", "balance since its reset"}),
        ({"reset_sol_balance": 5}, {"balance since its reset"}),
        ({"reset_deposits": 5}, {"balance since its reset"}),
        ({"reset_trade": 1}, {"balance since its reset"}),
    ],
)
async def test_a_reset_that_was_touched_is_found(
    touched: dict[str, int],
    fields: set[str],
    journal: Journal,
    database: Database,
    begun_again: int,
) -> None:
    assert await found(database) == set()
    await spoil(journal, User, begun_again, **touched)
    assert await found(database) == {("wallet", begun_again, field) for field in fields}


async def test_a_deposit_that_was_touched_is_found(
    journal: Journal, database: Database, begun_again: int
) -> None:
    (row,) = await deposits_of(database, begun_again)
    await spoil(journal, Deposit, row.id, lamports=row.lamports + 1)
    assert await found(database) == {
        ("wallet", begun_again, "deposits"),
        ("deposit", row.id, "lamports"),
    }


async def test_a_fill_that_was_touched_is_found(
    journal: Journal, database: Database, held: tuple[int, int, int]
) -> None:
    trade, wallet, _ = held
    await spoil(journal, Fill, trade * 1024, size=1, sol=1)
    assert await found(database) == {
        ("wallet", wallet, "balance"),
        ("trade", trade, "quantity"),
        ("trade", trade, "sol_invested"),
        ("trade", trade, "tokens"),
        ("order", trade * 1024, "lamports"),
        ("fill", trade * 1024, "size"),
        ("fill", trade * 1024, "sol"),
    }


@pytest.mark.parametrize(
    "touched",
    [
        ("stop_loss", 1e-12, "stop"),
        ("highest_price", 9.0, "highest"),
        ("tiers_taken", 0, "tiers"),
        ("phase", 0, "phase"),
    ],
)
async def test_an_exit_state_that_was_touched_is_found(
    touched: tuple[str, float, str],
    journal: Journal,
    database: Database,
    held: tuple[int, int, int],
) -> None:
    field, value, told = touched
    await spoil(journal, Position, held[0], **{field: value})
    assert ("position", held[0], told) in await found(database)


async def test_a_price_that_was_touched_is_found(
    journal: Journal, database: Database, held: tuple[int, int, int]
) -> None:
    """A sale that the prices do not explain gives the tick away."""
    trade, _, _ = held
    rows: Query[Any] = Query(
        update(Tick)
        .where(
            table_of(Tick).c.seq
            == table_of(Fill)
            .select()
            .with_only_columns(table_of(Fill).c.tick_seq)
            .where(table_of(Fill).c.id == trade * 1024 + 1)
            .scalar_subquery()
        )
        .values(price=table_of(Tick).c.price * 0.9)
    )
    assert (await journal.execute(rows)).changed == 1
    assert ("position", trade, "left") in await found(database)


async def test_a_trade_that_says_another_profit_is_found(
    journal: Journal, database: Database, known: Known
) -> None:
    def ended(state: State) -> bool:
        return bool(state.last_loss)

    await keep(Script(4, 400), journal, known, ended)
    assert await found(database) == set()
    table = table_of(Trade)
    change: Query[Any] = Query(
        update(Trade).where(table.c.status == "finished").values(pnl_sol=table.c.pnl_sol + 1)
    )
    assert (await journal.execute(change)).changed > 0
    assert {(what, field) for what, _, field in await found(database)} == {("trade", "pnl_sol")}


async def test_a_record_that_grows_while_it_is_audited_is_clean(
    journal: Journal, database: Database, known: Known
) -> None:
    """Sums read before a trade and positions read after it do not fit; that is no fault."""
    script = Script(6, 120)
    growing = asyncio.create_task(keep(script, journal, known))
    audits = 0
    while not growing.done():
        assert await found(database) == set()
        audits += 1
    await growing
    assert audits > 3
