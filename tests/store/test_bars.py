"""Bars joined by the database are those that joining one by one gives, on both databases."""

import math

import pytest

from app.store.bars import MOST_READ, bars_up_to
from app.store.database import Database
from app.store.journal import Journal
from app.trading.ledger import CandleRow
from app.trading.market import Candle
from tests.store import samples

SECOND = 1_000
MINUTE = 60 * SECOND
AT = samples.AT - samples.AT % (60 * MINUTE)


def one(second: int) -> Candle:
    """Make a candle of a second; its volume is a power of two, so that sums are exact."""
    price = 1.0 + math.sin(second) / 2
    return Candle(
        AT + second * SECOND, price, price + 0.25, price - 0.25, price * 1.1, 2.0**-second
    )


def joined(candles: list[Candle], width: int) -> list[Candle]:
    """Join candles as a person would: bar by bar."""
    opened = sorted({it.time - it.time % width for it in candles})
    parts = [[it for it in candles if it.time - it.time % width == bar] for bar in opened]
    return [
        Candle(
            bar,
            part[0].open,
            max(it.high for it in part),
            min(it.low for it in part),
            part[-1].close,
            sum(it.volume for it in part),
        )
        for bar, part in zip(opened, parts, strict=True)
    ]


@pytest.mark.parametrize("width", [5 * SECOND, 15 * SECOND, MINUTE])
async def test_bars_are_joined_over_gaps(journal: Journal, database: Database, width: int) -> None:
    await journal.write([samples.token()])
    candles = [one(second) for second in range(3, 50) if not 20 <= second < 33]
    await journal.write([CandleRow(1, "1s", it.time, "BONK", *it[1:]) for it in candles])
    last = candles[-1].time
    everything = joined(candles, width)
    assert await bars_up_to(database, 1, "1s", width, last=last, limit=500) == everything
    newest = await bars_up_to(database, 1, "1s", width, last=last, limit=2)
    since = last - last % width - width
    assert newest == joined([it for it in candles if it.time >= since], width)
    earlier = [it for it in candles if it.time <= AT + 10 * SECOND]
    until = await bars_up_to(database, 1, "1s", width, last=AT + 10 * SECOND, limit=500)
    assert until == joined(earlier, width)


async def test_an_answer_is_made_of_so_many_candles(journal: Journal, database: Database) -> None:
    await journal.write([samples.token()])
    day = MOST_READ * SECOND
    candles = [one(0), Candle(AT + day, 1, 1, 1, 1, 1)]
    await journal.write([CandleRow(1, "1s", it.time, "BONK", *it[1:]) for it in candles])
    bars = await bars_up_to(database, 1, "1s", MINUTE, last=AT + day, limit=100_000)
    assert [bar.time for bar in bars] == [AT + day - day % MINUTE]
