"""A hundred tokens that tick once a second, with many open positions and no exits: CPU seconds.

The peer is a tenth of a core: a second of ticks may cost 0.1 CPU seconds, commits included.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from app.store.journal import Journal
from app.store.lease import Lease
from app.store.migrate import upgrade
from app.trading.engine import Engine
from app.trading.ids import WalletId
from app.trading.inputs import Pause, Resume
from app.trading.ledger import TradeRow
from benchmarks.markets import START, closed, engine, merged, noise, watched
from benchmarks.result import Result

TOKENS = 100
WALLETS = (100, 300, 1_000)
EACH = 10
GROUPS = TOKENS // EACH
SECONDS = 20
BUDGET = 0.1


async def bought(made: Engine, journal: Journal, wallets: int) -> tuple[list[int], int]:
    """Let each tenth of the wallets buy its ten tokens; returns the tokens and the positions.

    The others are paused meanwhile, and every watch is over at the end.
    """
    tokens, positions = [], 0
    group = wallets // GROUPS
    made.handle([Pause(at=START, wallet=WalletId(number + 1)) for number in range(wallets)])
    for number in range(TOKENS):
        first = number // EACH * group + 1
        members = [WalletId(member) for member in range(first, first + group)]
        steps = made.handle([Resume(at=START, wallet=member) for member in members]).changes
        token, before = watched(made, number)
        tokens.append(token)
        for place, price in ((1, 1e-5), (2, 1.05e-5)):
            changes = made.handle([closed(token, place, price)]).changes
            positions += len(changes.of(TradeRow))
            before = merged(before, changes)
        after = made.handle([Pause(at=START, wallet=member) for member in members]).changes
        await journal.commit(merged(steps, before, after), batch=1)
    return tokens, positions


async def measure(wallets: int, folder: Path, together: int) -> tuple[int, float]:
    """Return the positions open, and the CPU seconds that one second of ticks costs."""
    url = f"sqlite+aiosqlite:///{folder}/ticks.db"
    await asyncio.to_thread(upgrade, url)
    journal = await Journal.open(url)
    await Lease(journal, "benchmark", 600_000).acquire()
    made, joined = engine(wallets, window=2)
    await journal.commit(joined, batch=1)
    tokens, positions = await bought(made, journal, wallets)
    begun = time.process_time()
    for second, price in enumerate(noise(SECONDS), start=3):
        for first in range(0, TOKENS, together):
            batch = [closed(token, second, price) for token in tokens[first : first + together]]
            changes = made.handle(batch).changes
            assert not changes.of(TradeRow)
            await journal.commit(changes, batch=second)
    spent = (time.process_time() - begun) / SECONDS
    await journal.close()
    return positions, spent


def run() -> list[Result]:
    """Measure three sizes, ticks in one batch and each in its own."""
    results = []
    for wallets in WALLETS:
        for together, name in ((TOKENS, "in one batch"), (1, "each a batch of its own")):
            with tempfile.TemporaryDirectory() as folder:
                positions, spent = asyncio.run(measure(wallets, Path(folder), together))
            results.append(
                Result(
                    f"{TOKENS} tokens tick once, no exits, {name}",
                    positions,
                    spent,
                    BUDGET,
                    1.0,
                    "a tenth of a core for one second",
                )
            )
    return results
