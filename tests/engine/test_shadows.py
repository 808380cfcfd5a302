"""Shadows in the record: kept as they are, found again after a restart, audited like any wallet."""

from collections.abc import Callable

import pytest

from app.engine.audit import audit
from app.engine.recovery import recover
from app.store.database import Database
from app.store.journal import Journal
from app.store.sessions import find_session
from app.store.tables import User
from app.store.wallets import all_wallets
from app.trading.ledger import Changes, SnapshotRow
from app.trading.state import State
from tests.engine.record import Known, keep
from tests.engine.script import RULES, Script
from tests.engine.states import differences, told
from tests.engine.test_audit import spoil
from tests.store import samples


def retired_and_holding(state: State) -> bool:
    """Tell whether a shadow that was retired still holds something."""
    retired = {number for number, one in state.shadows.items() if one.retired_at is not None}
    return any(
        retired.intersection(book.wallet[: book.count].tolist()) for book in state.books.values()
    )


def mid_trade(state: State) -> bool:
    """Tell whether a shadow that trades on has sold a part of a position."""
    trading = {number for number, one in state.shadows.items() if one.retired_at is None}
    return any(
        int(book.wallet[slot]) in trading and book.columns.left[slot] < book.columns.initial[slot]
        for book in state.books.values()
        for slot in range(book.count)
    )


def but_marks(changes: Changes) -> list[str]:
    """Write rows down; after a restart everybody is marked once, changed or not."""
    return [repr(row) for row in changes if not isinstance(row, SnapshotRow)]


@pytest.mark.parametrize("until", [retired_and_holding, mid_trade])
async def test_a_restart_finds_shadows_as_they_were(
    journal: Journal, database: Database, known: Known, until: Callable[[State], bool]
) -> None:
    script = Script(5, 600)
    engine, number = await keep(script, journal, known, until)
    assert until(engine.state)
    recovered = (await recover(database, RULES, known, number, script.now(number))).engine
    now = script.now(number)
    assert differences(told(recovered.state, now), told(engine.state, now)) == []
    for later in range(number + 1, number + 30):
        wishes = script.batch(later)
        ahead, again = engine.handle(wishes), recovered.handle(wishes)
        assert but_marks(again.changes) == but_marks(ahead.changes)
        assert again.answers == ahead.answers


async def test_shadows_stand_in_the_record(
    journal: Journal, database: Database, known: Known
) -> None:
    engine, _ = await keep(Script(5, 120), journal, known)
    rows = {row.id: row for row in await all_wallets(database) if row.owner_id is not None}
    kept = {number: (row.owner_id, row.owner_value, row.name, row.retired_at)
            for number, row in rows.items()}  # fmt: skip
    held = engine.state.shadows
    assert kept == {
        number: (one.owner, one.owner_value, one.name, one.retired_at)
        for number, one in held.items()
    }
    assert {one.retired_at is None for one in held.values()} == {True, False}
    assert {row.kind for row in rows.values()} == {"shadow"}


async def test_the_audit_looks_at_shadows(
    journal: Journal, database: Database, known: Known
) -> None:
    engine, _ = await keep(Script(5, 120), journal, known)
    assert (await audit(database))[0] == []
    shadow = max(engine.state.shadows)
    await spoil(journal, User, shadow, sol_balance=77)
    findings, _ = await audit(database)
    assert [(one.what, one.id, one.field) for one in findings] == [("wallet", shadow, "balance")]


async def test_a_session_of_a_shadow_is_none(journal: Journal, database: Database) -> None:
    shadow = samples.wallet(2)._replace(owner_id=1, owner_value=5, name="one")
    await journal.write([samples.wallet(), shadow, samples.session(1), samples.session(2, 2)])
    now = samples.AT
    assert await find_session(database, samples.session(1).token_digest, now) is not None
    assert await find_session(database, samples.session(2).token_digest, now) is None
