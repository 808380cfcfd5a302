"""A record that a script left, and the memory that wrote it."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from app.store.journal import Journal
from app.store.lease import Lease
from app.trading.engine import Engine
from app.trading.entry import EntryStrategy
from app.trading.ledger import Changes
from app.trading.state import State
from tests.engine.script import RULES, Script

Known = Mapping[str, type[EntryStrategy]]


async def keep(
    script: Script,
    journal: Journal,
    known: Known,
    until: Callable[[State], bool] = lambda _: False,
) -> tuple[Engine, int]:
    """Let an engine live a script and keep every batch; stop early when a state is reached.

    Returns the engine and the number of the last batch.
    """
    await Lease(journal, "script", 60_000).acquire()
    engine, number = Engine(RULES, known), 0
    while number < script.batches and not until(engine.state):
        number += 1
        await journal.commit(engine.handle(script.batch(number)).changes, batch=number)
    return engine, number


class Lived(NamedTuple):
    """A script that was lived without a database: its last state, and what each batch left."""

    state: State
    batches: Sequence[Changes]

    async def keep(self, journal: Journal) -> None:
        """Keep the record as if it were lived now."""
        await Lease(journal, "script", 60_000).acquire()
        for number, changes in enumerate(self.batches, start=1):
            await journal.commit(changes, batch=number)


def lived(script: Script, known: Known, until: Callable[[State], bool] = lambda _: False) -> Lived:
    """Let an engine live a script, as `keep` does, for many tests that only read what it left."""
    engine, batches = Engine(RULES, known), list[Changes]()
    while len(batches) < script.batches and not until(engine.state):
        batches.append(engine.handle(script.batch(len(batches) + 1)).changes)
    return Lived(engine.state, batches)
