"""Backtests and sweeps: the queue they wait in, how they stand, and what came of them.

    arriving -> queued -> running -> finished | failed | cancelled

The record is the queue: any process takes the next run that waits by changing its status, so no two
take one. Every change asks for the status it expects; who is told False came too late. A process
says now and then that it is alive (`keep_run`), by the database's clock, so that the runs of one
that died can be told. What is large is written in pieces, so that the engine's batches get between.
"""

import secrets
from typing import Literal, NamedTuple

from sqlalchemy import (
    Text,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_new

from app.store.database import Database
from app.store.errors import StoreBusyError
from app.store.journal import Journal
from app.store.query import LIMIT, Query, picked, table_of
from app.store.run_tables import Run, RunPart
from app.store.tables import User
from app.store.types import LARGEST, Exact, now_ms

Kind = Literal["backtest", "sweep"]
What = Literal["request", "result"]

ID_BITS = 53
"""Ids stay exact in a JSON number."""

PART_BYTES = 256 * 1024
PARTS_AT_ONCE = 16
NEWEST = (LARGEST, LARGEST)

_R = table_of(Run).c
_P = table_of(RunPart).c
_U = table_of(User).c
_ID, _WALLET = bindparam("id", type_=Exact()), bindparam("wallet", type_=Exact())
_NOW, _OWNER = bindparam("now", type_=Exact()), bindparam("owner", type_=Text())
_HOLDER = bindparam("holder", type_=Text())
_VISIBLE = _R.status != "arriving"
_RUNS, _QUEUES, _ARRIVES = (_R.status == one for one in ("running", "queued", "arriving"))
_OURS = (_R.id == _ID, _R.owner == _OWNER, _RUNS)


class NewRun(NamedTuple):
    """A run that somebody asks for; `settings` is JSON, `size` the bytes its request takes."""

    id: int
    wallet_id: int
    kind: str
    name: str | None
    settings: str
    size: int
    created_at: int
    owner: str


class RunLine(NamedTuple):
    """A run as it is kept, without its candles and its result."""

    id: int
    wallet_id: int
    kind: str
    name: str | None
    status: str
    progress: float
    settings: str
    size: int
    code_version: str | None
    code_digest: str | None
    data_hash: str | None
    error: str | None
    error_pointer: str | None
    summary: str | None
    created_at: int
    started_at: int | None
    finished_at: int | None
    seconds: float | None
    adopted_at: int | None
    adopted_symbol: str | None


class Queued(NamedTuple):
    """A run that waits its turn, and whose it is."""

    id: int
    wallet_id: int
    kind: str
    wallet_address: str


class Load(NamedTuple):
    """What there is: runs of a wallet that wait or run, those of all, and the wallet's bytes."""

    mine: int
    everybodys: int
    size: int


class Ended(NamedTuple):
    """How a run ended; `summary` is JSON, `size` the bytes its result takes."""

    status: Literal["finished", "failed"]
    error: str | None = None
    error_pointer: str | None = None
    data_hash: str | None = None
    summary: str | None = None
    seconds: float | None = None
    size: int = 0


class Held(NamedTuple):
    """A run that a process works on: which one, and for how many ms that has said nothing."""

    id: int
    status: str
    owner: str
    silent: int


class _Part(NamedTuple):
    number: int
    body: bytes


_LINE = picked(Run, RunLine)
_INSERT: Query[tuple[int]] = Query(
    insert(Run).values(
        status="arriving",
        progress=0.0,
        seen_at=now_ms(),
        **{name: bindparam(name) for name in NewRun._fields},
    )
)
_INSERT_PART: Query[tuple[int]] = Query(
    insert_new(RunPart)
    .values({column.name: bindparam(column.name) for column in _P})
    .on_conflict_do_nothing(index_elements=["run_id", "what", "number"])
)
_QUEUE: Query[tuple[int]] = Query(
    update(Run)
    .where(_R.id == _ID, _ARRIVES, _R.owner == _HOLDER)
    .values(status="queued", owner=None)
)
_TAKE: Query[tuple[int]] = Query(
    update(Run)
    .where(_R.id == _ID, _ARRIVES, _R.owner == _HOLDER)
    .values(owner=bindparam("taker", type_=Text()))
)
_QUEUED = Query(
    select(*picked(Run, Queued), _U.wallet_address)
    .join(User, _U.id == _R.wallet_id)
    .where(_QUEUES)
    .order_by(_R.created_at, _R.id)
    .limit(LIMIT),
    Queued,
)
_CLAIM: Query[tuple[int]] = Query(
    update(Run)
    .where(_R.id == _ID, _QUEUES)
    .values(
        status="running",
        owner=_OWNER,
        started_at=_NOW,
        code_version=bindparam("version"),
        code_digest=bindparam("digest"),
        seen_at=now_ms(),
    )
)
_KEEP: Query[tuple[int]] = Query(
    update(Run).where(*_OURS).values(progress=bindparam("progress"), seen_at=now_ms())
)
_END: Query[tuple[int]] = Query(
    update(Run)
    .where(*_OURS)
    .values(
        finished_at=_NOW,
        size=_R.size + bindparam("more", type_=Exact()),
        **{name: bindparam(name) for name in Ended._fields if name != "size"},
    )
)
_CANCEL: Query[tuple[int]] = Query(
    update(Run)
    .where(_R.id == _ID, _R.wallet_id == _WALLET, or_(_QUEUES, _RUNS))
    .values(status="cancelled", finished_at=_NOW)
)
_DELETE: Query[tuple[int]] = Query(delete(Run).where(_R.id == _ID))
_DELETE_PARTS: Query[tuple[int]] = Query(delete(RunPart).where(_P.run_id == _ID))
_DELETE_RESULT: Query[tuple[int]] = Query(
    delete(RunPart).where(_P.run_id == _ID, _P.what == "result")
)
_ADOPT: Query[tuple[int]] = Query(
    update(Run)
    .where(_R.id == _ID, _R.wallet_id == _WALLET)
    .values(adopted_at=_NOW, adopted_symbol=bindparam("symbol"))
)
_HELD = Query(
    select(_R.id, _R.status, _R.owner, (now_ms() - _R.seen_at).label("silent"))
    .where(or_(_RUNS, _ARRIVES))
    .order_by(_R.id)
    .limit(LIMIT),
    Held,
)
_FIND = Query(
    select(*_LINE).where(
        _R.id == _ID, _R.wallet_id == _WALLET, _R.kind == bindparam("kind"), _VISIBLE
    ),
    RunLine,
)
_BEFORE = (bindparam("before_at", type_=Exact()), bindparam("before_id", type_=Exact()))
_LIST = Query(
    select(*_LINE)
    .where(
        _R.wallet_id == _WALLET,
        _R.kind == bindparam("kind"),
        _VISIBLE,
        tuple_(_R.created_at, _R.id) < tuple_(*_BEFORE),
    )
    .order_by(_R.created_at.desc(), _R.id.desc())
    .limit(LIMIT),
    RunLine,
)
_PARTS = Query(
    select(_P.number, _P.body)
    .where(
        _P.run_id == _ID,
        _P.what == bindparam("what"),
        _P.number > bindparam("after", type_=Exact()),
    )
    .order_by(_P.number)
    .limit(LIMIT),
    _Part,
)
_BUSY = case((or_(_ARRIVES, _QUEUES, _RUNS), 1))
_EVERYBODYS = select(func.count()).where(or_(_ARRIVES, _QUEUES, _RUNS)).scalar_subquery()
_LOAD = Query(
    select(
        func.count(_BUSY).label("mine"),
        _EVERYBODYS.label("everybodys"),
        cast(func.coalesce(func.sum(_R.size), 0), Exact()).label("size"),
    ).where(_R.wallet_id == _WALLET),
    Load,
)


def new_id() -> int:
    """Draw the number of a new run."""
    return secrets.randbits(ID_BITS)


async def add_run(journal: Journal, run: NewRun, request: bytes) -> None:
    """Keep a run and its compressed request; it waits in the queue once all of it is there.

    Raises StoreBusyError when that took so long that others took its process for dead.
    """
    await journal.execute(_INSERT, **run._asdict())
    await keep_parts(journal, run.id, "request", request)
    if (await journal.execute(_QUEUE, id=run.id, holder=run.owner)).changed != 1:
        raise StoreBusyError("the run was removed while it arrived; ask for it again")


async def take_lost(journal: Journal, run_id: int, owner: str, taker: str) -> bool:
    """Take over a run that never arrived whole; False when it has arrived, or is another's by now.

    Whoever took it may delete it: nobody can queue it any more.
    """
    outcome = await journal.execute(_TAKE, id=run_id, holder=owner, taker=taker)
    return outcome.changed == 1


async def keep_parts(journal: Journal, run_id: int, what: What, body: bytes) -> None:
    """Keep bytes of a run, a piece at a time; what is there already stays.

    Raises ConflictError when the run is gone.
    """
    for number, start in enumerate(range(0, len(body), PART_BYTES)):
        piece = body[start : start + PART_BYTES]
        await journal.execute(_INSERT_PART, run_id=run_id, what=what, number=number, body=piece)


async def read_parts(database: Database, run_id: int, what: What) -> bytes:
    """Read bytes of a run; empty when there are none."""
    pages = database.pages(
        _PARTS,
        lambda last: {"after": last.number},
        id=run_id,
        what=what,
        after=-1,
        limit=PARTS_AT_ONCE,
    )
    return b"".join([part.body async for page in pages for part in page])


async def find_run(database: Database, wallet_id: int, kind: Kind, run_id: int) -> RunLine | None:
    """Load a wallet's run."""
    return await database.one(_FIND, id=run_id, wallet=wallet_id, kind=kind)


async def list_runs(
    database: Database,
    wallet_id: int,
    kind: Kind,
    before: tuple[int, int] | None = None,
    limit: int = 100,
) -> list[RunLine]:
    """List a wallet's runs, newest first; `before` is (created_at, id) of the last one seen."""
    at, number = before or NEWEST
    return await database.rows(
        _LIST, wallet=wallet_id, kind=kind, before_at=at, before_id=number, limit=limit
    )


async def load_of(database: Database, wallet_id: int) -> Load:
    """Count what a wallet and what everybody has waiting, and what the wallet keeps."""
    return await database.one(_LOAD, wallet=wallet_id) or Load(0, 0, 0)


async def queued_runs(database: Database, limit: int = 1_000) -> list[Queued]:
    """List the runs that wait, oldest first."""
    return await database.rows(_QUEUED, limit=limit)


async def claim_run(
    journal: Journal, run_id: int, owner: str, now: int, code: tuple[str, str]
) -> bool:
    """Take a run out of the queue; `code` is the version and the digest of what will run it."""
    version, digest = code
    outcome = await journal.execute(
        _CLAIM, id=run_id, owner=owner, now=now, version=version, digest=digest
    )
    return outcome.changed == 1


async def keep_run(journal: Journal, run_id: int, owner: str, progress: float) -> bool:
    """Say how far a run is, and that its process lives; False when nobody wants it any more."""
    outcome = await journal.execute(_KEEP, id=run_id, owner=owner, progress=progress)
    return outcome.changed == 1


async def end_run(journal: Journal, run_id: int, owner: str, now: int, ended: Ended) -> bool:
    """Note how a run ended; False when nobody wants it any more."""
    given = ended._asdict()
    more = given.pop("size")
    outcome = await journal.execute(_END, id=run_id, owner=owner, now=now, more=more, **given)
    return outcome.changed == 1


async def cancel_run(journal: Journal, wallet_id: int, run_id: int, now: int) -> bool:
    """Cancel a wallet's run that waits or runs; False when it had ended before."""
    return (await journal.execute(_CANCEL, id=run_id, wallet=wallet_id, now=now)).changed == 1


async def drop_result(journal: Journal, run_id: int) -> None:
    """Delete what was written of a result that nobody wants."""
    await journal.execute(_DELETE_RESULT, id=run_id)


async def delete_run(journal: Journal, run_id: int) -> None:
    """Delete a run with everything it has. Raises ConflictError while its result is written."""
    await journal.execute(_DELETE_PARTS, id=run_id)
    await journal.execute(_DELETE, id=run_id)


async def adopt_run(journal: Journal, wallet_id: int, run_id: int, symbol: str, now: int) -> None:
    """Note that a run's settings became the wallet's for a symbol."""
    await journal.execute(_ADOPT, id=run_id, wallet=wallet_id, symbol=symbol, now=now)


async def held_runs(database: Database, limit: int = 1_000) -> list[Held]:
    """List the runs that processes work on, their own and those of processes that died."""
    return await database.rows(_HELD, limit=limit)
