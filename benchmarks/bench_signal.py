"""One signal bought by all wallets, committed, against raw inserts of the same rows by sqlite3."""

import asyncio
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from app.store.journal import Journal
from app.store.lease import Lease
from app.store.mapping import TARGETS
from app.store.migrate import upgrade
from app.trading.ledger import Changes, TradeRow
from benchmarks.markets import closed, engine, merged, watched
from benchmarks.result import Result

SIZES = (100, 1_000, 10_000)
RUNS = 3
ORDER = [
    "candles",
    "ticks",
    "evaluations",
    "decisions",
    "trades",
    "orders",
    "fills",
    "positions",
    "events",
]
"""Parents before children."""


async def ours(wallets: int, folder: Path) -> tuple[float, Changes, Changes]:
    """Return the seconds from the confirming candle to its commit, what it caused, and before."""
    url = f"sqlite+aiosqlite:///{folder}/ours.db"
    await asyncio.to_thread(upgrade, url)
    journal = await Journal.open(url)
    await Lease(journal, "benchmark", 60_000).acquire()
    made, joined = engine(wallets)
    token, before = watched(made, 1)
    first = made.handle([closed(token, 1, 1e-5)]).changes
    setup = merged(joined, before, first)
    await journal.commit(setup, batch=1)
    begun = time.perf_counter()
    changes = made.handle([closed(token, 2, 1.05e-5)]).changes
    await journal.commit(changes, batch=2)
    spent = time.perf_counter() - begun
    assert len(changes.of(TradeRow)) == wallets
    await journal.close()
    return spent, changes, setup


def statements(changes: Changes) -> list[tuple[str, list[tuple[object, ...]]]]:
    """Write plain statements for the same rows: what a careful person would type."""
    written = []
    for kind, rows in changes.rows.items():
        target = TARGETS[kind]
        table = target.table.name
        names = target.columns
        if target.mode.name == "UPDATE":
            sets = ", ".join(f"{name} = ?" for name in names[1:])
            text = f"UPDATE {table} SET {sets} WHERE {names[0]} = ?"  # noqa: S608 own names
            values = [(*row[1:], row[0]) for row in rows]
        else:
            places = ", ".join("?" * len(names))
            text = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608
            values = [(*row, *[bytes(32)] * len(target.added)) for row in rows]
        written.append((text, values))
    return written


def place(statement: tuple[str, list[tuple[object, ...]]]) -> int:
    """Put inserts in the order of ORDER and updates last."""
    words = statement[0].split()
    return ORDER.index(words[2]) if words[0] == "INSERT" else len(ORDER)


async def raw(changes: Changes, setup: Changes, folder: Path) -> float:
    """Return the seconds that bare executemany takes for the same rows, in one transaction."""
    url = f"sqlite+aiosqlite:///{folder}/raw.db"
    await asyncio.to_thread(upgrade, url)
    journal = await Journal.open(url)
    await Lease(journal, "benchmark", 60_000).acquire()
    await journal.commit(setup, batch=1)
    await journal.close()
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    todo = sorted(statements(changes), key=place)
    begun = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for text, values in todo:
        connection.executemany(text, values)
    connection.execute("COMMIT")
    spent = time.perf_counter() - begun
    connection.close()
    return spent


def run() -> list[Result]:
    """Measure three sizes."""
    results = []
    for wallets in SIZES:
        mine, theirs = [], []
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                spent, changes, setup = asyncio.run(ours(wallets, folder))
                mine.append(spent)
                theirs.append(asyncio.run(raw(changes, setup, folder)))
        results.append(
            Result(
                "a signal bought by all wallets, decided and committed",
                wallets,
                statistics.median(mine),
                statistics.median(theirs),
                2.0,
                "bare sqlite3 executemany of the same rows, one transaction",
            )
        )
    return results
