import asyncio
import math
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from app.ports import RateLimitedError
from app.providers.limits import (
    Bucket,
    Limit,
    Priority,
    asked_pause,
    current_priority,
    prioritised,
)
from tests.providers.clocks import NOW, StillClock, settle

MINUTE = Limit(per_minute=60, burst=1)
PATIENT = dict.fromkeys(Priority, math.inf)


class Queue:
    """Takes from a bucket and remembers who got a turn, in order."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket
        self.served: list[str] = []
        self.refused: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def ask(self, name: str, priority: Priority) -> None:
        self.tasks[name] = asyncio.create_task(self._take(name, priority))
        await settle()

    async def _take(self, name: str, priority: Priority) -> None:
        try:
            await self.bucket.take(priority)
            self.served.append(name)
        except RateLimitedError:
            self.refused.append(name)


async def test_a_bucket_gives_its_burst_then_its_rate() -> None:
    clock = StillClock()
    queue = Queue(Bucket(clock, Limit(per_minute=6, burst=3)))
    for number in range(5):
        await queue.ask(str(number), Priority.ENTRY)
    assert queue.served == ["0", "1", "2"]
    await clock.advance(9.9)
    assert len(queue.served) == 3
    await clock.advance(0.2)
    assert queue.served[3:] == ["3"]
    await clock.advance(10)
    assert queue.served[3:] == ["3", "4"]
    await clock.advance(1_000)
    for number in range(4):
        await queue.ask(f"late{number}", Priority.ENTRY)
    assert queue.served[5:] == ["late0", "late1", "late2"]
    queue.tasks["late3"].cancel()


async def test_the_urgent_go_first_and_equals_in_order() -> None:
    clock = StillClock()
    queue = Queue(Bucket(clock, MINUTE, patience=PATIENT))
    await queue.ask("now", Priority.UI)
    for name in ("ui", "entry1", "entry2", "held", "exit"):
        await queue.ask(name, Priority[name.rstrip("12").upper()])
    await clock.advance(5)
    assert queue.served == ["now", "exit", "held", "entry1", "entry2", "ui"]


async def test_an_exit_overtakes_who_already_sleeps() -> None:
    clock = StillClock()
    queue = Queue(Bucket(clock, MINUTE, patience=PATIENT))
    await queue.ask("now", Priority.ENTRY)
    await queue.ask("entry", Priority.ENTRY)
    await clock.advance(0.9)
    await queue.ask("exit", Priority.EXIT)
    await clock.advance(0.1)
    assert queue.served == ["now", "exit"]
    await clock.advance(1)
    assert queue.served == ["now", "exit", "entry"]


async def test_a_storm_of_refusals_sheds_entries_and_keeps_exits() -> None:
    clock = StillClock()
    bucket = Bucket(clock, Limit(per_minute=60, burst=1))
    bucket.refused({"retry-after": "45"})
    queue = Queue(bucket)
    for number in range(100):
        await queue.ask(f"ui{number}", Priority.UI)
    await queue.ask("exit", Priority.EXIT)
    assert len(queue.refused) == 100
    assert bucket.turned_away == 100
    await clock.advance(45)
    assert queue.served == ["exit"]


async def test_patience_ends_for_who_waits_behind_others() -> None:
    clock = StillClock()
    queue = Queue(Bucket(clock, Limit(per_minute=6, burst=1)))
    for number in range(4):
        await queue.ask(f"ui{number}", Priority.UI)
    await clock.advance(60)
    assert queue.served == ["ui0", "ui1"]
    assert queue.refused == ["ui2", "ui3"]
    assert queue.bucket.waiting() == 0


async def test_a_full_queue_turns_the_least_urgent_away() -> None:
    clock = StillClock()
    queue = Queue(Bucket(clock, MINUTE, patience=PATIENT, max_waiting=2))
    for name in ("now", "entry1", "entry2", "ui", "exit"):
        priority = {"ui": Priority.UI, "exit": Priority.EXIT}.get(name, Priority.ENTRY)
        await queue.ask(name, priority)
    assert queue.refused == ["ui", "entry2"]
    await clock.advance(3)
    assert queue.served == ["now", "exit", "entry1"]
    assert queue.bucket.turned_away == 2


async def test_who_is_cancelled_leaves_no_gap() -> None:
    clock = StillClock()
    queue = Queue(Bucket(clock, MINUTE, patience=PATIENT))
    for name in ("now", "first", "second"):
        await queue.ask(name, Priority.ENTRY)
    queue.tasks["first"].cancel()
    await clock.advance(1)
    assert queue.served == ["now", "second"]


async def test_a_bucket_without_a_rate_only_knows_pauses() -> None:
    clock = StillClock()
    queue = Queue(Bucket(clock, Limit(), jitter=lambda: 0.5))
    for number in range(50):
        await queue.ask(str(number), Priority.UI)
    assert len(queue.served) == 50
    assert queue.bucket.refused({"retry-after": "0"}) is None
    assert queue.bucket.paused_seconds() == 1.0
    await queue.ask("after", Priority.UI)
    assert len(queue.served) == 50
    await clock.advance(1)
    assert queue.served[-1] == "after"


async def test_a_changed_limit_holds_for_who_already_waits() -> None:
    clock = StillClock()
    queue = Queue(Bucket(clock, Limit(per_minute=1, burst=1), patience=PATIENT))
    for name in ("now", "next", "behind"):
        await queue.ask(name, Priority.ENTRY)
    queue.bucket.change(Limit())
    await queue.ask("exit", Priority.EXIT)
    await clock.advance(60)
    assert queue.served == ["now", "exit", "next", "behind"]


def test_refusals_without_a_word_pause_longer_each_time_up_to_a_minute() -> None:
    clock = StillClock()
    bucket = Bucket(clock, Limit(backoff_seconds=10), jitter=lambda: 1.0)
    pauses = []
    for _ in range(5):
        bucket.refused({})
        pauses.append(bucket.paused_seconds())
        clock.jump(pauses[-1])
    assert pauses == [10, 20, 40, 60, 60]
    bucket.answered()
    bucket.refused({})
    assert bucket.paused_seconds() == 10


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "0"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "53"}, 53.0),
        ({"retry-after": "1e9"}, 60.0),
        ({"x-ratelimit-reset": str(NOW // 1_000 + 7), "retry-after": "3"}, 7.0),
        ({"x-ratelimit-reset": str(NOW // 1_000 - 7), "retry-after": "3"}, 3.0),
        ({"x-ratelimit-reset": "12"}, 12.0),
        ({"x-ratelimit-reset": "9" * 400}, None),
        ({"retry-after": format_datetime(datetime.fromtimestamp(NOW / 1_000 + 9, UTC))}, 9.0),
    ],
)
def test_what_a_service_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_pause(headers, NOW) == seconds


def test_priority_belongs_to_the_surrounding_block() -> None:
    assert current_priority() is Priority.ENTRY
    with prioritised(Priority.EXIT):
        with prioritised(Priority.UI):
            assert current_priority() is Priority.UI
        assert current_priority() is Priority.EXIT
    assert current_priority() is Priority.ENTRY
