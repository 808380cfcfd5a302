"""The rules beside the platform: a second engine that is told the same, one input at a time.

It knows no batches, no database, no faults and no crashes. Whatever the platform keeps must be what
this one says, row by row; and each row must keep the promises of the record (`Audit`).
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from app.trading.engine import Engine, Handled
from app.trading.inputs import Input, SignalArrived
from app.trading.ledger import BalanceRow, Changes, Row, SignalUpdate
from app.trading.state import State
from tests.engine.states import differences, told
from tests.properties.audit import Audit


class Heard(Engine):
    """The platform's engine, with somebody who notes what it was told and what it said."""

    def __init__(self, engine: Engine, twin: "Twin") -> None:
        self.state = engine.state
        self._twin = twin
        self._handlers = engine._handlers
        self.last: tuple[list[Input], Changes] = ([], Changes())

    def handle(self, batch: Sequence[Input]) -> Handled:
        """Take a batch, and keep it until it is known whether it was kept."""
        handled = super().handle(batch)
        self.last = (list(batch), handled.changes)
        if not handled.changes:
            self._twin.notes(batch)
        return handled


class Twin:
    """Follows the record batch by batch."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.audit = Audit()
        self.digest = hashlib.sha256()
        self.inputs = 0
        self.rows = 0
        self.ends: dict[int, int] = defaultdict(int)
        self.arrived: dict[tuple[str, int], int] = defaultdict(int)

    def keep(self, number: int, at: int, inputs: Sequence[Input], kept: Changes) -> None:
        """Live a batch that is in the record, and hold its rows against the own ones."""
        own: defaultdict[type, list[Row]] = defaultdict(list)
        for wish in inputs:
            changes = self._engine.handle([wish]).changes
            rows = [row for kind in changes.rows.values() for row in kind]
            self.audit.take(rows)
            for row in rows:
                own[type(row)].append(row)
            if isinstance(wish, SignalArrived) and changes.rows:
                self.arrived[wish.signal.mint, wish.signal.triggered_at] += 1
        theirs: dict[type, list[Any]] = {
            kind: list(rows) for kind, rows in kept.rows.items() if rows
        }
        if _settled(own) != _settled(theirs):
            found = {
                kind.__name__: (own.get(kind), theirs.get(kind))
                for kind in own.keys() | theirs.keys()
                if own.get(kind) != theirs.get(kind)
            }
            raise AssertionError(f"batch {number} is not what the rules say: {found} {inputs}")
        for update in theirs.get(SignalUpdate, ()):
            self.ends[update.id] += update.ended_at is not None
        self.inputs += len(inputs)
        self.rows += sum(map(len, theirs.values()))
        self.digest.update(repr((number, at, [type(wish).__name__ for wish in inputs])).encode())
        self.digest.update(repr(sorted(theirs.items(), key=lambda kind: kind[0].__name__)).encode())

    def notes(self, inputs: Sequence[Input]) -> None:
        """Live a batch that leaves nothing to keep."""
        for wish in inputs:
            assert not self._engine.handle([wish]).changes

    def resumes(self, recovered: Engine, now: int) -> None:
        """Compare with an engine built from the record, and go on from there as it does."""
        theirs, own = (_comparable(engine.state, now) for engine in (recovered, self._engine))
        found = differences(theirs, own)
        assert found == [], found

    def begins(self, engine: Engine) -> None:
        """Go on as an engine of its own that was built from the record."""
        self._engine = engine

    def check(self) -> None:
        """Compare all that the rows say with the memory."""
        self.audit.check(self._engine.state)
        assert all(many == 1 for many in self.ends.values() if many), self.ends
        assert all(many == 1 for many in self.arrived.values()), self.arrived


def _comparable(state: State, now: int) -> dict[str, Any]:
    """Tell a memory without what a restart may know sooner or otherwise without harm: which known
    tokens settings name, the minute of the last mark, which of many ended signals are shown, and
    candles, which are asked for again.
    """
    memory = told(state, now)
    for name in ("snapshot_minute", "ended", "windows"):
        del memory[name]
    watches = {
        token: [watch for watch in watches if watch["signal"] is not None]
        for token, watches in memory["watches"].items()
    }
    memory["watches"] = {token: watches for token, watches in watches.items() if watches}
    return memory


def _settled(rows: dict[type, list[Row]]) -> dict[type, list[Row]]:
    """Let a wallet's balance stand as it is at the end of the batch, as the record does."""
    found = {kind: list(own) for kind, own in rows.items()}
    balances = {row.id: row for row in found.pop(BalanceRow, ()) if isinstance(row, BalanceRow)}
    if balances:
        found[BalanceRow] = [balances[wallet] for wallet in sorted(balances)]
    return found
