"""Long runs, and how much a platform holds in memory after each part of them.

`sizes` walks everything that a platform holds and adds up, place by place, how many things lie
there; so a cache that nobody thought of is found as well as those that everybody knows.
"""

import asyncio
import gc
import logging
import sqlite3
import tracemalloc
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import psutil
import structlog

from app import strategies
from app.engine import feed
from app.store.migrate import upgrade
from tests.simulation.day import Day, simulate
from tests.simulation.record import template
from tests.simulation.world import Known, Outcome, Plan, World

HOUR = 3_600.0
FRESH = 3
"""New tokens in each hour."""
CHARTS = 4 * FRESH
"""Tokens whose charts are kept: so few that they are full, and the oldest go, after four hours.
As many as the platform keeps would fill up for days, by a third of a megabyte each.
"""

DEEPEST = 14
LEFT_OUT = {"_wiring", "_loop", "_journal", "_clock", "_database", "_checking", "asked", "_asked"}
"""What leads out of the platform: the disk, the market, the loop. Of screenings the second is the
same as the first.
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """How much there was after some time: by place, tasks, files, memory."""

    hours: float
    places: Mapping[str, int]
    tasks: int
    files: int
    resident: int
    traced: tracemalloc.Snapshot | None = None
    """Who allocated what, where that is traced."""


def sizes(root: object, name: str) -> Counter[str]:
    """Add up how many things lie at each place under an object of the platform."""
    found: Counter[str] = Counter()
    seen: set[int] = set()
    waiting: deque[tuple[str, object, int]] = deque([(name, root, 0)])
    while waiting:
        place, thing, depth = waiting.popleft()
        if id(thing) in seen or depth > DEEPEST:
            continue
        seen.add(id(thing))
        if isinstance(thing, np.ndarray):
            found[place] += thing.size
        elif isinstance(thing, Mapping | Set | list | tuple | deque):
            found[place] += len(thing)
        waiting.extend((f"{place}{step}", part, depth + 1) for step, part in _parts(thing))
    return found


def _parts(thing: object) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, str | bytes | int | float | np.ndarray):
        return
    if isinstance(thing, Mapping):
        yield from (("[]", part) for part in thing.values())
    elif isinstance(thing, Set | list | tuple | deque):
        yield from (("[]", part) for part in thing)
    elif type(thing).__module__.startswith("app."):
        slots = (slot for kind in type(thing).__mro__ for slot in getattr(kind, "__slots__", ()))
        names = {*getattr(thing, "__dict__", ()), *slots} - LEFT_OUT
        for one in sorted(names):
            if hasattr(thing, one):
                yield f".{one}", getattr(thing, one)


def sample(world: World) -> Sample:
    """Look at a platform as it is now."""
    process = world.process
    assert process is not None
    gc.collect()
    machine = psutil.Process()
    return Sample(
        hours=world.truth.monotonic() / HOUR,
        places=sizes(process.platform, "platform"),
        tasks=len(asyncio.all_tasks()),
        files=machine.num_fds() if hasattr(machine, "num_fds") else 0,
        resident=machine.memory_info().rss,
        traced=tracemalloc.take_snapshot() if tracemalloc.is_tracing() else None,
    )


def soak(
    hours: float, every: float, seed: str, parts: tuple[Known, Path, sqlite3.Connection]
) -> list[Sample]:
    """Let a platform run for so many simulated hours, and look at it every so often."""
    samples: list[Sample] = []

    async def play(world: World) -> Outcome:
        day, due = Day(world), every

        def look() -> bool:
            nonlocal due
            if world.truth.monotonic() >= due * HOUR:
                samples.append(sample(world))
                due += every
            return False

        return await day.run(look)

    plan = Plan(
        seed=seed,
        seconds=hours * HOUR + 30,
        coins=int(hours + 3) * FRESH,
        fresh=FRESH,
        signal_every=60.0,
        person_every=60.0,
        reach=0.0,
        followed=False,
    )
    with patch.object(feed, "KEPT_TOKENS", CHARTS):
        simulate(plan, *parts, play)
    return samples


def soak_apart(hours: float, every: float, seed: str, folder: Path) -> list[Sample]:
    """Do so in a process of its own, where nothing else takes memory."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    file = folder / "template.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    blank = template(file)
    return soak(hours, every, seed, (strategies.load(), folder, blank))
