"""Writes events for ever and says which are durable: `python -m tests.store.endless URL`."""

import asyncio
import sys

from app.store.journal import Journal
from tests.store import samples

AT_ONCE = 8


async def write_for_ever(url: str) -> None:
    journal = await Journal.open(url)
    await journal.write([samples.wallet()])

    async def write(seq: int) -> None:
        await journal.write([samples.event(2 * seq), samples.event(2 * seq + 1)])
        sys.stdout.write(f"{seq}\n")
        sys.stdout.flush()

    seq = 1
    while True:
        await asyncio.gather(*(write(number) for number in range(seq, seq + AT_ONCE)))
        seq += AT_ONCE


if __name__ == "__main__":
    asyncio.run(write_for_ever(sys.argv[1]))
