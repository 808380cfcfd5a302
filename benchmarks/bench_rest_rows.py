"""A page of 100 trades read and encoded, against the same query on a bare connection.

Both encode with msgspec. The bare loop has no event loop, no thread and no types: what it costs is
what SQLite and the encoder cost.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable

import msgspec
import uvloop

from app.store.database import Database
from app.store.journal import Journal
from app.store.location import locate
from app.store.migrate import upgrade
from app.store.sqlite import connect
from app.store.trade_lists import TradeFilter, list_trades
from app.trading.ledger import SignalRow, TokenRow, TradeRow, TradeUpdate, WalletRow
from benchmarks.bench_journal import AT, PLAN
from benchmarks.result import Result

WALLETS = 20
TRADES = 500
PAGE = 100
ROUNDS = 7
READS = 150

QUERY = """
SELECT trades.*, tokens.mint, tokens.symbol, tokens.decimals
FROM trades JOIN tokens ON tokens.id = trades.token_id
WHERE trades.wallet_id = ? ORDER BY trades.entry_time DESC, trades.id DESC LIMIT ?
"""


def record() -> list[tuple[object, ...]]:
    """Make some wallets with many trades each, half of them closed."""
    wallet = WalletRow(
        0, "", "paper", AT, 10**10, 10**10, 0, 10**10, 20_000, 10**10, 10**10, False, None
    )
    rows: list[tuple[object, ...]] = [
        TokenRow(1, "So11111111111111111111111111111111111111112", "COIN", 6, None, None, AT),
        SignalRow(1, "mint", 1, AT, 3, "sse", "{}", "Monitoring"),
    ]
    rows += [wallet._replace(id=n, wallet_address=f"w{n}") for n in range(1, WALLETS + 1)]
    for number in range(1, WALLETS * TRADES + 1):
        rows.append(
            TradeRow(
                *(number, 1 + number % WALLETS, 1, "breakout", 1, "signal", "active"),
                *(AT + number, 1e-3, 10**9, 10**8, 0.85e-3, "[[0.3,0.33],[0.75,0.33]]", PLAN),
                *(71.5, 12, 0, 1e-3),
            )
        )
        if number % 2:
            rows.append(
                TradeUpdate(
                    *(number, "finished", 10**8 + number, 1.2e-3, 1e-3, AT + 2 * number, 1.1e-3),
                    *("trailing_stop", number, number / 1e6),
                )
            )
    return rows


async def per_read(read: Callable[[int], Awaitable[bytes]]) -> float:
    """Time reads, one after the other."""
    started = time.perf_counter()
    for number in range(READS):
        await read(1 + number % WALLETS)
    return (time.perf_counter() - started) / READS


async def measure(url: str) -> Result:
    """Read the same pages both ways, in turns."""
    journal = await Journal.open(url)
    await journal.write(record())
    database = await Database.open(url)
    peer = connect(locate(url).path, readonly=True, busy_timeout_ms=1_000)
    encode = msgspec.json.Encoder().encode

    async def ours(wallet: int) -> bytes:
        return encode(await list_trades(database, wallet, TradeFilter(), limit=PAGE))

    async def bare(wallet: int) -> bytes:
        return encode(peer.execute(QUERY, (wallet, PAGE)).fetchall())

    assert await ours(1) == await bare(1)
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        times["ours"].append(await per_read(ours))
        times["bare"].append(await per_read(bare))
    peer.close()
    await database.close()
    await journal.close()
    return Result(
        "100 trades read and encoded",
        PAGE,
        statistics.median(times["ours"]),
        statistics.median(times["bare"]),
        1 / 0.7,
        "sqlite3 and msgspec in a loop",
    )


def run() -> list[Result]:
    """Measure on a SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/rest.db"
        upgrade(url)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return [runner.run(measure(url))]
