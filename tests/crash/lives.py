"""Lives of one script: started, killed, and held against what should be there.

What should be there comes from the rules alone, run once without a database: after batch `n` the
record must be exactly what the first `n` batches cause, row for row, whoever died how often.
"""

import multiprocessing
from collections import defaultdict
from multiprocessing.connection import Connection, wait
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import select

from app.engine.audit import audit
from app.engine.recovery import recover
from app.store.chain import COLUMN
from app.store.chain_check import check_chain
from app.store.database import Database
from app.store.mapping import TARGETS, Mode
from app.store.query import Query, table_of
from app.store.tables import EngineLease, PortfolioSnapshot
from app.trading.engine import Engine
from app.trading.ledger import Changes
from tests.crash.child import KNOWN, Crash, Ready, live_on
from tests.engine.script import RULES, Script
from tests.engine.states import differences, told

PATIENCE_SECONDS = 300.0
SNAPSHOTS = table_of(PortfolioSnapshot).name
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.crash.child"])

Tables = dict[str, dict[tuple[Any, ...], dict[str, Any]]]


class Life(NamedTuple):
    """How a process did: the last batch that it knew to be kept (−1: none), and its exit code."""

    acknowledged: int
    code: int


class Lives:
    """One script on one database, and what it must leave."""

    def __init__(self, url: str, seed: int, batches: int) -> None:
        self.url = url
        self.script = Script(seed, batches)
        self.kept = 0
        self.ready_seconds: list[float] = []
        """How long each process needed from its birth until it could trade."""

        self._engine = Engine(RULES, KNOWN)
        self._tables: Tables = defaultdict(dict)

    @property
    def over(self) -> bool:
        """Tell whether the record holds the whole script."""
        return self.kept == self.script.batches

    def live(
        self,
        *,
        crash: Crash | None = None,
        kill_after: float | None = None,
        wait_for_recovery: bool = True,
    ) -> Life:
        """Let a process live to the end, to its crash, or until it is killed after some seconds."""
        ours, theirs = _SERVER.Pipe(duplex=False)
        arguments = (self.url, self.script.seed, self.script.batches, crash, theirs)
        process = _SERVER.Process(target=live_on, args=arguments, daemon=True)
        process.start()
        theirs.close()
        if kill_after is not None:
            if wait_for_recovery:
                wait([ours, process.sentinel], PATIENCE_SECONDS)
            wait([process.sentinel], kill_after)
            process.kill()
        process.join(PATIENCE_SECONDS)
        code = process.exitcode
        assert code is not None, "the process neither ends nor dies"
        acknowledged = self._last(ours)
        ours.close()
        process.close()
        return Life(acknowledged, code)

    async def check(self, life: Life) -> None:
        """Hold the record against the rules: nothing lost, nothing twice, nothing made up."""
        database = await Database.open(self.url)
        try:
            number = await _batch(database)
            assert max(life.acknowledged, self.kept) <= number <= self._most(life)
            while self.kept < number:
                self.kept += 1
                self._expect(self._engine.handle(self.script.batch(self.kept)).changes)
            found = await _everything(database)
            for name, rows in self._tables.items():
                wrong = _wrong(name, found[name], rows)
                if wrong:
                    raise AssertionError("\n".join((f"{name} after batch {number}", *wrong)))
            findings, _ = await audit(database)
            assert findings == []
            assert (await check_chain(database)).broken is None
        finally:
            await database.close()

    async def check_memory(self) -> None:
        """Hold the memory that the next process would have against the one that never died."""
        database = await Database.open(self.url)
        now = self.script.now(self.kept)
        recovered = await recover(database, RULES, KNOWN, self.kept, now)
        await database.close()
        found = differences(told(recovered.engine.state, now), told(self._engine.state, now))
        if found:
            raise AssertionError("\n".join(found))

    def _last(self, pipe: Connection) -> int:
        """Read what a process said before it ended; return the last batch that it knew of."""
        last = -1
        try:
            while pipe.poll():
                said = pipe.recv()
                if isinstance(said, Ready):
                    self.ready_seconds.append(said.seconds)
                    last = said.batch
                else:
                    last = said
        except EOFError:
            pass
        return last

    def _most(self, life: Life) -> int:
        """Return the last batch that can be there: one may be kept and nobody knows it yet."""
        return max(life.acknowledged, self.kept) + (life.code != 0)

    def _expect(self, changes: Changes) -> None:
        by_kind: dict[Any, Any] = dict(changes.rows)
        for kind, target in TARGETS.items():
            rows = self._tables[target.table.name]
            for row in by_kind.get(kind, ()):
                values = dict(zip(target.fields, row, strict=True))
                key = tuple(values[name] for name in target.keys)
                if target.mode is Mode.INSERT:
                    assert key not in rows
                rows[key] = {**rows.get(key, {}), **values}


async def _batch(database: Database) -> int:
    query: Query[Any] = Query(select(table_of(EngineLease).c.batch))
    found = await database.one(query)
    return 0 if found is None else int(found[0])


async def _everything(database: Database) -> Tables:
    """Read every table whole."""
    found: Tables = {}
    for table in {target.table for target in TARGETS.values()}:
        given = [column for column in table.c if column.name != COLUMN]  # seals are the chain's
        names = [column.name for column in given]
        query: Query[Any] = Query(select(*given))
        rows = [dict(zip(names, row, strict=True)) for row in await database.rows(query)]
        key = itemgetter(*(column.name for column in table.primary_key))
        one = len(table.primary_key) == 1
        found[table.name] = {(key(row),) if one else key(row): row for row in rows}
    return found


def _wrong(
    name: str,
    found: dict[tuple[Any, ...], dict[str, Any]],
    expected: dict[tuple[Any, ...], dict[str, Any]],
) -> list[str]:
    """List the rows that differ; a start may mark every wallet once more, so marks may be more."""
    keys = expected if name == SNAPSHOTS else {**found, **expected}
    return [
        f"{key}: {found.get(key)} should be {expected.get(key)}"
        for key in keys
        if not _same(found.get(key), expected.get(key))
    ]


def _same(found: dict[str, Any] | None, expected: dict[str, Any] | None) -> bool:
    if found is None or expected is None:
        return False
    return all(value == expected.get(name) for name, value in found.items())
