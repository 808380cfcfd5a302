"""What waits to be written is written together: one transaction, one flush to the disk, for all who
wait.

The rows of all members are joined by kind, which makes a thousand small writes as cheap as one
large one. A member that contradicts the record must not take the others with it: then each gets a
transaction of its own.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from app.store.errors import (
    ConflictError,
    LeaseLostError,
    MissingRowError,
    RowError,
    StoreError,
    StoreFullError,
)
from app.store.mapping import PLACES, TARGETS, Mode, Rows, Target
from app.store.query import Compiled

RowsByKind = Mapping[type[Any], Rows]


class Fence(NamedTuple):
    """What a write of the engine must still own; `batch` None leaves the number as it is."""

    batch: int | None
    owner: str
    epoch: int


class Call(NamedTuple):
    """A statement to run among the writes, its arguments in order, and whether it gives rows."""

    statement: Compiled
    arguments: Sequence[Any]
    returns: bool


class Outcome(NamedTuple):
    """What a statement gave: the driver's rows, and how many rows it changed."""

    rows: Sequence[Any]
    changed: int


NOTHING = Outcome((), 0)


class Member:
    """One write that waits, and who waits for it."""

    __slots__ = ("call", "error", "fence", "future", "loop", "outcome", "rows", "withdrawn")

    def __init__(
        self, rows: RowsByKind, fence: Fence | None = None, call: Call | None = None
    ) -> None:
        self.rows = rows
        self.fence = fence
        self.call = call
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Outcome] = self.loop.create_future()
        self.outcome = NOTHING
        self.error: StoreError | None = None
        self.withdrawn = False


def joined(members: Sequence[Member]) -> Iterator[tuple[Target, Rows]]:
    """Give the members' rows by kind, in an order in which every reference is there first."""
    parts: defaultdict[type[Any], list[Rows]] = defaultdict(list)
    for member in members:
        for kind, rows in member.rows.items():
            if rows:
                parts[kind].append(rows)
    for kind in sorted(parts, key=PLACES.__getitem__):
        target, several = TARGETS[kind], parts[kind]
        rows = several[0] if len(several) == 1 else list(chain.from_iterable(several))
        yield target, rows if target.mode is Mode.INSERT else target.last_of_each(rows)


def may_go_alone(members: Sequence[Member], error: StoreError) -> bool:
    """Tell whether an error may be one member's fault, so that the others deserve a try."""
    own = (ConflictError, LeaseLostError, RowError, StoreFullError)
    return len(members) > 1 and isinstance(error, own)


def check_fence(fence: Fence, count: int) -> None:
    """Raise LeaseLostError unless the lease's row was found."""
    if count != 1:
        message = f"the lease is no longer {fence.owner}'s of epoch {fence.epoch}"
        raise LeaseLostError(message)


def check_updated(target: Target, rows: Rows, count: int) -> None:
    """Raise MissingRowError unless every row of an update was found."""
    if count != len(rows):
        message = f"{len(rows) - count} of {len(rows)} rows to change in {target.table} are missing"
        raise MissingRowError(message)


def settle(members: Sequence[Member]) -> None:
    """Tell those who wait; to be called in their loop."""
    for member in members:
        if member.future.done():
            continue
        if member.error is None:
            member.future.set_result(member.outcome)
        else:
            member.future.set_exception(member.error)
