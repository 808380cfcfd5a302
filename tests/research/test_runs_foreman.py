"""The process that computes: it answers, stops, dies and is replaced."""

import asyncio
import json
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.research.foreman import Died, Foreman
from app.research.jobs import Broken, Done, Job, Refused, Stopped, pack, unpack_backtest
from app.research.runner import _lives
from tests.research.played import result

PLAYED = "tests.research.played"
ROOT = Path(__file__).parents[2]


def job(number: int = 1, **asked: Any) -> Job:
    request = zlib.compress(json.dumps(asked).encode())
    return Job(id=number, kind="backtest", request=request, data_dir=".", wallet=None)


@pytest.fixture
async def foreman() -> AsyncIterator[Foreman]:
    made = Foreman(PLAYED)
    yield made
    await made.stop()


async def test_it_answers_and_stays_warm(foreman: Foreman) -> None:
    heard: list[float] = []
    first = await foreman.work(job(seconds=1, trades=3), heard.append)
    assert isinstance(first, Done)
    assert unpack_backtest(first.result) == result(3)
    assert first.data_hash == "feed"
    assert json.loads(first.summary)["figures"]["trades"] == 3
    assert heard == sorted(heard)
    assert 3 <= len(heard) <= 7
    number = foreman.pid
    assert isinstance(await foreman.work(job(2), heard.append), Done)
    assert foreman.pid == number
    ready = await foreman.ready()
    assert ready.version
    assert len(ready.digest) == 16


async def test_what_fails_says_why(foreman: Foreman) -> None:
    unfit = await foreman.work(job(end="unfit"), print)
    assert unfit == Refused(place=["candles", 0, "a/b"], detail="there is no such candle")
    broken = await foreman.work(job(2, end="broken"), print)
    assert isinstance(broken, Broken)
    assert "ZeroDivisionError" in broken.traceback
    with pytest.raises(Died, match="signal 9"):
        await foreman.work(job(3, end="killed"), print)
    assert foreman.pid is None
    assert isinstance(await foreman.work(job(4), print), Done)


async def test_it_stops_when_told(foreman: Foreman) -> None:
    await foreman.ready()
    number = foreman.pid
    asyncio.get_running_loop().call_later(0.3, foreman.cancel)
    assert await foreman.work(job(seconds=30), print) == Stopped()
    assert foreman.pid == number
    assert isinstance(await foreman.work(job(2), print), Done)


async def test_one_that_does_not_stop_is_killed(foreman: Foreman) -> None:
    await foreman.ready()
    number = foreman.pid
    assert number is not None
    asyncio.get_running_loop().call_later(0.3, foreman.cancel)
    with pytest.raises(Died, match="cancelled"):
        await foreman.work(job(deaf=60), print)
    assert not _lives(number)
    assert isinstance(await foreman.work(job(2), print), Done)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is watched through /proc")
async def test_one_that_takes_too_much_memory_is_killed() -> None:
    foreman = Foreman(PLAYED, memory_bytes=200_000_000)
    with pytest.raises(Died, match=r"more memory than a run may take \(200 MB\)"):
        await foreman.work(job(end="hungry"), print)
    await foreman.stop()


async def test_an_idle_one_ends() -> None:
    foreman = Foreman(PLAYED, idle_seconds=0.1)
    assert isinstance(await foreman.work(job(), print), Done)
    async with asyncio.timeout(10):
        while foreman.pid is not None:  # noqa: ASYNC110  # nobody tells of it
            await asyncio.sleep(0.02)
    assert isinstance(await foreman.work(job(2), print), Done)
    await foreman.stop()


async def test_one_that_cannot_start_says_so() -> None:
    foreman = Foreman("tests.research.no_such_module")
    with pytest.raises(Died, match="with code 1"):
        await foreman.work(job(), print)
    await foreman.stop()


PARENT = """
import asyncio, json, zlib
from app.research.foreman import Foreman
from app.research.jobs import Job

async def main():
    foreman = Foreman("tests.research.played")
    await foreman.ready()
    print(foreman.pid, flush=True)
    request = zlib.compress(json.dumps({"deaf": 60}).encode())
    job = Job(id=1, kind="backtest", request=request, data_dir=".", wallet=None)
    await foreman.work(job, print)

asyncio.run(main())
"""


async def test_it_dies_with_its_parent() -> None:
    command = [sys.executable, "-c", PARENT]
    parent = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)  # noqa: ASYNC220  # quick
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert _lives(child)
    await asyncio.sleep(0.3)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    async with asyncio.timeout(10):
        while _alive(child):  # noqa: ASYNC110  # nobody tells of it
            await asyncio.sleep(0.05)


def _alive(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has asked for its end yet does not."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_it_keeps_the_same_result() -> None:
    for trades in (0, 1, 50):
        assert unpack_backtest(pack(result(trades))) == result(trades)
