"""Redis killed, emptied, hanging or absent: nobody notices, since nothing is kept there alone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.api.stage import running
from tests.faults.outage import Outage
from tests.faults.services import OwnRedis
from tests.programs import free_port

Fault = Callable[[OwnRedis], Awaitable[None]]


@asynccontextmanager
async def own_redis() -> AsyncIterator[OwnRedis]:
    redis = OwnRedis()
    await redis.start()
    try:
        yield redis
    finally:
        redis.kill()


async def killed(redis: OwnRedis) -> None:
    redis.kill()
    await asyncio.sleep(0.3)
    await redis.start()


async def emptied(redis: OwnRedis) -> None:
    assert await redis.say("FLUSHALL") == b"+OK\r\n"


async def hanging(redis: OwnRedis) -> None:
    redis.freeze()
    await asyncio.sleep(2.0)
    redis.thaw()


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("fault", "times"),
    [
        (killed, 2),
        pytest.param(emptied, 5, marks=pytest.mark.slow),
        (hanging, 1),
        pytest.param(killed, 20, marks=pytest.mark.slow),
        pytest.param(hanging, 10, marks=pytest.mark.slow),
    ],
)
async def test_nobody_notices(tmp_path: Path, fault: Fault, times: int) -> None:
    async with own_redis() as redis:

        async def again_and_again() -> None:
            for _ in range(times):
                await fault(redis)
                await asyncio.sleep(0.2)

        @asynccontextmanager
        async def faulty() -> AsyncIterator[None]:
            work = asyncio.create_task(again_and_again())
            yield
            await work

        async with running(tmp_path, redis_url=redis.url) as stage:
            assert await redis.say("DBSIZE") != b":0\r\n"  # limits are counted there
            told = await Outage(stage).survives(faulty(), 1.0)
    print(f"redis {fault.__name__} {times} times: {told}")  # noqa: T201  # for whoever measures
    assert told.statuses[503] == 0
    assert len([line for line in told.lines if "redis" in str(line["event"])]) <= 2 * times


@pytest.mark.slow
async def test_one_that_was_never_there_is_no_reason_not_to_start(tmp_path: Path) -> None:
    @asynccontextmanager
    async def nothing() -> AsyncIterator[None]:
        yield

    async with running(tmp_path, redis_url=f"redis://127.0.0.1:{free_port()}/0") as stage:
        told = await Outage(stage).survives(nothing(), 0.5)
    assert told.statuses[503] == 0
