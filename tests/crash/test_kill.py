"""kill -9 while trading, and the record is what it would have been without.

A child process runs the real engine, journal and recovery over a market written down in advance;
this one kills it. After each death the whole record is held against the rules alone, and audited.
A failure names the seed, and a seed always gives the same market.
"""

import os
import random
import signal
import statistics
import sys

import pytest

from tests.crash.child import AFTER, BEFORE, Crash
from tests.crash.lives import Lives

KILLED = -signal.SIGKILL
SHORTEST_SECONDS, LONGEST_SECONDS = 0.004, 0.05
PER_MARKET = 40
KILLS = int(os.environ.get("AUTOTRADER_TEST_KILLS", "1000"))
KILLS_ON_A_SERVER = int(os.environ.get("AUTOTRADER_TEST_SERVER_KILLS", "200"))
STATEMENTS = 100
"""More than a commit of these scripts has."""
OPENS_AND_CLOSES, BEGINS_AGAIN = (12, 36), (13, 26)
"""A seed and its batch: one that opens and closes trades, one in which a wallet with three open
trades is reset.
"""

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


async def kill_at_random(lives: Lives, kills: int, chance: random.Random) -> int:
    """Kill one process after another, most while they trade and some while they start."""
    killed = 0
    while killed < kills and not lives.over:
        starting = chance.random() < 0.15
        life = lives.live(
            kill_after=chance.uniform(SHORTEST_SECONDS, LONGEST_SECONDS),
            wait_for_recovery=not starting,
        )
        assert life.code in {KILLED, 0}
        killed += life.code == KILLED
        await lives.check(life)
    return killed


async def live_to_the_end(lives: Lives) -> None:
    """Let a last process finish the script; nothing may tell that others died before it."""
    life = lives.live()
    assert life.code == 0
    await lives.check(life)
    await lives.check_memory()
    assert lives.over


async def test_killed_at_random_moments(database_url: str) -> None:
    lives = Lives(database_url, seed=11, batches=260)
    killed = await kill_at_random(lives, 12, random.Random(11))
    assert killed >= 10
    await live_to_the_end(lives)


@on_sqlite
@pytest.mark.parametrize(("seed", "deadly"), [OPENS_AND_CLOSES, BEGINS_AGAIN])
async def test_killed_at_the_statements_of_a_commit(
    database_url: str, seed: int, deadly: int
) -> None:
    """Before the transaction, at every fifth of its statements, and before anybody hears of it."""
    lives = Lives(database_url, seed, batches=60)
    assert lives.live(crash=Crash(deadly, BEFORE)).code == KILLED
    for place in range(0, STATEMENTS, 5):
        life = lives.live(crash=Crash(deadly, place))
        assert life.code == KILLED
        await lives.check(life)
        if lives.kept == deadly:
            break
        assert lives.kept == deadly - 1
    assert lives.kept == deadly
    assert place > len(("BEGIN", "lease", "tick", "candle", "order", "fill", "trade", "COMMIT"))
    await live_to_the_end(lives)


async def test_killed_around_commits(database_url: str) -> None:
    """Right before a commit nothing is kept, right after it everything is, though nobody knew."""
    lives = Lives(database_url, seed=13, batches=60)
    for batch, place in ((1, BEFORE), (1, AFTER), (30, BEFORE), (30, AFTER), (31, AFTER)):
        life = lives.live(crash=Crash(batch, place))
        assert life.code == KILLED
        await lives.check(life)
        assert lives.kept == (batch if place == AFTER else batch - 1)
    await live_to_the_end(lives)


@pytest.mark.slow
@pytest.mark.timeout(600)
@on_sqlite
@pytest.mark.parametrize(("seed", "deadly"), [OPENS_AND_CLOSES, BEGINS_AGAIN])
async def test_killed_at_every_statement(database_url: str, seed: int, deadly: int) -> None:
    """As above, and no statement is left out."""
    lives = Lives(database_url, seed, batches=60)
    for place in (BEFORE, *range(STATEMENTS), AFTER):
        life = lives.live(crash=Crash(deadly, place))
        assert life.code == KILLED
        await lives.check(life)
        if lives.kept == deadly:
            break
    assert lives.kept == deadly
    await live_to_the_end(lives)


def markets(kind: str, kills: int) -> list[tuple[str, int]]:
    """Share kills out: so many in each market."""
    return [(kind, seed) for seed in range(-(-kills // PER_MARKET))]


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("database_kind", "seed"),
    [*markets("sqlite", KILLS), *markets("postgres", KILLS_ON_A_SERVER)],
    indirect=["database_kind"],
)
async def test_a_thousand_deaths(database_url: str, seed: int) -> None:
    """Forty deaths in each market; `AUTOTRADER_TEST_KILLS` says how many in all."""
    lives = Lives(database_url, seed, 800)
    assert await kill_at_random(lives, PER_MARKET, random.Random(seed)) == PER_MARKET
    await live_to_the_end(lives)
    ready = sorted(lives.ready_seconds)
    sys.stdout.write(
        f"ready after {1_000 * statistics.median(ready):.0f} ms (median), "
        f"{1_000 * ready[-1]:.0f} ms (longest) of {len(ready)} starts\n"
    )
