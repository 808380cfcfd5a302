"""What was acknowledged survives the process, and nothing of it is half there."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from app.store.database import Database
from app.store.events import events_after
from app.store.journal import Journal
from tests.store import samples

ROOT = Path(__file__).resolve().parents[2]


def acknowledged(url: str, at_least: int) -> list[int]:
    """Let a process write, kill it, and return what it said is durable."""
    command = [sys.executable, "-m", "tests.store.endless", url]
    seen: list[int] = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        while len(seen) < at_least:
            seen.append(int(child.stdout.readline()))
        child.kill()
        return seen + [int(line) for line in child.stdout.read().splitlines()]


@pytest.mark.parametrize("many", [1, 50, 400])
async def test_a_killed_process_loses_nothing_it_acknowledged(database_url: str, many: int) -> None:
    seen = await asyncio.to_thread(acknowledged, database_url, many)
    journal = await Journal.open(database_url)
    database = await Database.open(database_url)
    kept = {event.seq for event in await events_after(database, 1, 0, limit=1_000_000)}
    assert {2 * number for number in seen} <= kept
    assert kept == {seq ^ 1 for seq in kept}
    await journal.write([samples.wallet(2)])
    await database.close()
    await journal.close()
