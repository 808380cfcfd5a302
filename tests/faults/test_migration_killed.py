"""A migration that is killed at any moment leaves the old schema, and the next start goes on."""

import multiprocessing
import os
import random
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command

from app.store.migrate import configuration, upgrade
from tests.databases import on_server, run

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["app.store.migrate", "migrations"])
SLOW = pytest.mark.slow
OLD = "0003"
ROUNDS = 40
"""PostgreSQL counts columns that were dropped: after some hundred rounds a table has no room."""

Fresh = Callable[[], str]


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fresh]:
    """Make databases without anything in them."""
    if request.param == "sqlite":
        yield lambda: f"sqlite+aiosqlite:///{tmp_path / uuid.uuid4().hex}.db"
        return
    server = request.getfixturevalue("postgres_server")
    names: list[str] = []

    def made() -> str:
        names.append(f"autotrader_killed_{uuid.uuid4().hex[:8]}")
        run(on_server(server, f"CREATE DATABASE {names[-1]}"))
        return f"postgresql+asyncpg://{server}/{names[-1]}"

    yield made
    for name in names:
        run(on_server(server, f"DROP DATABASE {name} WITH (FORCE)"))


def upgraded(url: str, kill_after: float | None) -> int:
    """Let a process upgrade, and kill it after some seconds; returns how it ended."""
    process = _SERVER.Process(target=upgrade, args=(url,), daemon=True)
    process.start()
    process.join(kill_after)
    process.kill()
    process.join()
    code = process.exitcode
    process.close()
    assert code is not None
    return code


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=SLOW)])
def test_killed_migrations_leave_nothing_half_done(fresh: Fresh, kills: int) -> None:
    seed = int(os.environ.get("SEED", "1"))
    chance = random.Random(seed)
    began, url = time.monotonic(), fresh()
    upgrade(url, OLD)
    assert upgraded(url, None) == 0
    longest = time.monotonic() - began
    killed = 0
    for number in range(10 * kills):
        if number % ROUNDS == ROUNDS - 1:
            url = fresh()
            upgrade(url, OLD)
        else:
            command.downgrade(configuration(url), OLD)
        killed += upgraded(url, chance.uniform(0.0, longest)) < 0
        upgrade(url)
        command.check(configuration(url))
        if killed == kills:
            break
    assert killed == kills, f"seed {seed}"


def test_one_that_is_killed_before_it_began_is_begun_again(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'killed.db'}"
    assert upgraded(url, 0.0) < 0
    upgrade(url)
    command.check(configuration(url))
