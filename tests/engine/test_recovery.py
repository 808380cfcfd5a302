"""Whatever the commit after which a process dies: the next one stands exactly where it stood."""

import pytest

from app.engine.audit import audit
from app.engine.recovery import recover
from app.store.database import Database
from app.store.journal import Journal
from app.store.lease import Lease
from app.trading.engine import Engine
from app.trading.ledger import DecisionRow
from app.trading.state import State
from tests.engine.record import Known, keep
from tests.engine.script import RULES, WALLETS, Script
from tests.engine.states import differences, told

BATCHES = 120


@pytest.mark.parametrize("seed", [1, 3])
async def test_recovery_equals_never_having_died(
    seed: int, journal: Journal, database: Database, known: Known
) -> None:
    """After every commit a second engine is built from the record and compared field by field."""
    lease = Lease(journal, "test", 60_000)
    await lease.acquire()
    script, engine = Script(seed, BATCHES), Engine(RULES, known)
    every = 1 if database.dialect == "sqlite" else 7
    for number in range(1, BATCHES + 1):
        await journal.commit(engine.handle(script.batch(number)).changes, batch=number)
        if number % every == 0:
            now = script.now(number)
            recovered = await recover(database, RULES, known, number, now)
            found = differences(told(recovered.engine.state, now), told(engine.state, now))
            assert found == [], number
    findings, checked = await audit(database)
    assert (findings, checked > WALLETS) == ([], True)


async def test_a_tier_of_less_than_a_unit_is_taken_without_a_sale(
    journal: Journal, database: Database, known: Known
) -> None:
    """Nobody can sell a third of two units; the stop that the tier raised must survive."""

    def raised(state: State) -> bool:
        return bool(unsold(state))

    engine, number = await keep(Script(3, 400), journal, known, raised)
    recovered = await recover(database, RULES, known, number, Script(3, 1).now(number))
    assert unsold(recovered.engine.state) == unsold(engine.state) != {}


def unsold(state: State) -> dict[int, tuple[float, int]]:
    """Find positions that took a tier and sold nothing: their stop and their phase."""
    return {
        int(book.trade[slot]): (float(book.columns.stop[slot]), int(book.columns.phase[slot]))
        for book in state.books.values()
        for slot in range(book.count)
        if book.columns.tiers[slot] and book.columns.left[slot] == book.columns.initial[slot]
    }


async def test_what_was_refused_is_not_told_again(
    journal: Journal, database: Database, known: Known
) -> None:
    """A restart must not repeat decisions: their numbers are those of trades."""

    def refused(state: State) -> bool:
        return any(watch.refused.any() for group in state.watches.values() for watch in group)

    script = Script(1, 400)
    engine, number = await keep(script, journal, known, refused)
    recovered = await recover(database, RULES, known, number, script.now(number))
    following = script.batch(number + 1)
    rows = [one.handle(following).changes.of(DecisionRow) for one in (engine, recovered.engine)]
    assert rows[0] == rows[1]
