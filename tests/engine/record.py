"""A record that a script left, and the memory that wrote it."""

from collections.abc import Callable, Mapping

from app.store.journal import Journal
from app.store.lease import Lease
from app.trading.engine import Engine
from app.trading.entry import EntryStrategy
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
