"""The journal against the bare driver: one signal that 10,000 wallets buy, and many small trades.

The bare peer is `executemany` per kind on one connection with the same profile and the same tables,
in the same run and interleaved, so that a slow moment of the machine hits both. PostgreSQL is
measured where AUTOTRADER_BENCH_POSTGRES names an empty database (postgresql+asyncpg://…).
"""

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import uvloop

from app.store.journal import Journal
from app.store.lease import Lease
from app.store.mapping import TARGETS, Rows, sqlite_statement
from app.store.migrate import upgrade
from app.store.sqlite import connect
from app.trading.ids import TradeId, order_id
from app.trading.ledger import (
    BalanceRow,
    Changes,
    DecisionRow,
    EvaluationRow,
    EventRow,
    FillRow,
    OrderRow,
    PositionRow,
    SignalRow,
    TokenRow,
    TradeRow,
    WalletRow,
)
from benchmarks.result import Result

WALLETS = 10_000
SMALL = 1_000
ROUNDS = 5
AT = 1_800_000_000_000
PLAN = '{"stop_loss":0.15,"take_profit":[[0.3,0.33],[0.75,0.33]],"trailing_stop":0.2}'
FACT = '{"trade":1,"mint":"So11111111111111111111111111111111111111112","units":1000000000}'

NO_SEAL = (bytes(32),)
"""What the bare peer keeps of an event instead of its seal: it computes none."""

ByKind = dict[type[tuple[object, ...]], Rows]


def parents() -> ByKind:
    """Make the wallets, the token and the signals that everything else refers to."""
    wallet = WalletRow(
        0, "", "paper", AT, 10**10, 10**10, 0, 10**10, 20_000, 10**10, 10**10, False, None
    )
    signal = SignalRow(0, "mint", 0, AT, 3, "sse", "{}", "Monitoring")
    return {
        TokenRow: [TokenRow(1, "mint", "COIN", 6, None, None, AT)],
        WalletRow: [
            wallet._replace(id=number, wallet_address=f"wallet-{number:038d}")
            for number in range(1, WALLETS + 1)
        ],
        SignalRow: [
            signal._replace(id=number, triggered_at=number) for number in range(1, 4 * ROUNDS + 1)
        ],
        EvaluationRow: [
            EvaluationRow(number, number, 1, "breakout", None, AT, "taken", None, "{}", "{}")
            for number in range(1, 4 * ROUNDS + 1)
        ],
    }


def bought(signal: int) -> ByKind:
    """Make what a signal causes that every wallet buys: eight rows a wallet but one."""
    pairs = [(signal * WALLETS + wallet, wallet) for wallet in range(1, WALLETS + 1)]
    numbers = [(trade, wallet, order_id(TradeId(trade), 0)) for trade, wallet in pairs]
    decision = DecisionRow(
        0, signal, 0, 1, signal, "breakout", AT, "taken", None, None, None, "[1,2,3,4,5,6,7]"
    )
    order = OrderRow(
        0, 0, 0, 1, "breakout", "BUY", "market", "entry", 10**8, None, "filled", AT + signal
    )
    fill = FillRow(
        0, 0, 0, 0, 1, "breakout", "BUY", 1e-3, 10**9, 10**8, 0, AT + signal, "entry", signal
    )
    trade = TradeRow(
        *(0, 0, 1, "breakout", signal, "signal", "active", AT + signal, 1e-3, 10**9, 10**8),
        *(0.85e-3, "[[0.3,0.33],[0.75,0.33]]", PLAN, 71.5, 12, 0, 1e-3),
    )
    position = PositionRow(
        *(0, 0, 1, "breakout", "LONG", "open", 10**9, 10**9, 10**8, 1e-3, AT, 1e-3, 0.85e-3),
        *(1e-3, 0, 0, 1, 0, signal, AT),
    )
    balance = BalanceRow(0, 10**10 - signal, 0, 10**10, 20_000, 10**10, 10**10, False, None)
    event = EventRow(0, 0, AT, "TradeOpened", 0, FACT)
    return {
        DecisionRow: [decision._replace(id=t, wallet_id=w) for t, w in pairs],
        OrderRow: [order._replace(id=o, trade_id=t, wallet_id=w) for t, w, o in numbers],
        FillRow: [fill._replace(id=o, order_id=o, trade_id=t, wallet_id=w) for t, w, o in numbers],
        TradeRow: [trade._replace(id=t, wallet_id=w) for t, w in pairs],
        PositionRow: [position._replace(trade_id=t, wallet_id=w) for t, w in pairs],
        BalanceRow: [balance._replace(id=w) for _, w in pairs],
        EventRow: [event._replace(seq=t, wallet_id=w, trade_id=t) for t, w in pairs],
    }


def one_trade(rows: ByKind, index: int) -> list[tuple[object, ...]]:
    """Take what one small write is made of: a trade, its position, its event."""
    return [rows[kind][index] for kind in (TradeRow, PositionRow, EventRow)]


def changes_of(rows: ByKind) -> Changes:
    """Put rows into a batch as the engine does."""
    changes = Changes()
    changes.rows.update(rows)  # type: ignore[arg-type]  # kinds of the ledger only
    return changes


def bare(connection: sqlite3.Connection, rows: Mapping[type[tuple[object, ...]], Rows]) -> None:
    """Write rows as a program without a journal would: one `executemany` per kind."""
    connection.execute("BEGIN IMMEDIATE")
    for kind, target in TARGETS.items():
        if kind in rows:
            values = (row + NO_SEAL for row in rows[kind]) if target.added else rows[kind]
            connection.executemany(sqlite_statement(target), values)
    connection.execute("COMMIT")


async def measure(url: str, peer: sqlite3.Connection, name: str) -> list[Result]:
    """Write the same rows through the journal and bare, in turns."""
    journal = await Journal.open(url)
    await Lease(journal, "bench", 600_000).acquire()
    await journal.write(changes_of(parents()))
    bare(peer, parents())
    times: dict[str, list[float]] = {"large": [], "bare": [], "group": [], "bare group": []}
    for number in range(1, ROUNDS + 1):
        rows = bought(number)
        started = time.perf_counter()
        await journal.commit(changes_of(rows), batch=number)
        times["large"].append(time.perf_counter() - started)
        started = time.perf_counter()
        bare(peer, rows)
        times["bare"].append(time.perf_counter() - started)
    for number in range(ROUNDS + 1, 4 * ROUNDS + 1):
        rows = bought(number)
        trades = [one_trade(rows, index) for index in range(SMALL)]
        started = time.perf_counter()
        await asyncio.gather(*(journal.write(trade) for trade in trades))
        times["group"].append(time.perf_counter() - started)
        some: ByKind = {kind: rows[kind][:SMALL] for kind in (TradeRow, PositionRow, EventRow)}
        started = time.perf_counter()
        bare(peer, some)
        times["bare group"].append(time.perf_counter() - started)
    await journal.close()
    ours = {key: statistics.median(found) for key, found in times.items()}
    size = sum(map(len, bought(1).values()))
    wanted = 1.3 if name == "SQLite" else None
    return [
        Result(
            f"{name}: a signal that 10,000 wallets buy, rows",
            size,
            ours["large"],
            ours["bare"],
            wanted,
            "sqlite3 executemany, synchronous=FULL",
        ),
        Result(
            f"{name}: trades that wait together, one write each",
            SMALL,
            ours["group"],
            ours["bare group"],
            1 / 0.7 if name == "SQLite" else None,
            "sqlite3 executemany of all of them",
        ),
    ]


def run() -> list[Result]:
    """Measure SQLite, and PostgreSQL where one is named."""
    urls = {"PostgreSQL": os.environ.get("AUTOTRADER_BENCH_POSTGRES")}
    results = []
    with tempfile.TemporaryDirectory() as folder:
        urls["SQLite"] = f"sqlite+aiosqlite:///{folder}/journal.db"
        for name in ("SQLite", "PostgreSQL"):
            url = urls[name]
            if url is None:
                continue
            upgrade(url)
            path = Path(folder) / f"bare-{name}.db"
            upgrade(f"sqlite+aiosqlite:///{path}")
            peer = connect(path, readonly=False, busy_timeout_ms=1_000)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                results += runner.run(measure(url, peer, name))
            peer.close()
    return results
