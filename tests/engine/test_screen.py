"""Screening: patient with services, strict with answers, and in nobody's way."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from itertools import pairwise

import pytest

from app.engine.pipeline.listen import ToScreen, listen
from app.engine.pipeline.screen import EXPIRES_MS, Screener, Screening
from app.ports import (
    BadPayloadError,
    CandlePage,
    MarketTrade,
    RejectedError,
    TokenInfo,
    UnavailableError,
)
from app.trading.ids import SignalId
from app.trading.inputs import SignalArrived, SignalFailed, SignalScreened
from app.trading.signals import Sentiment, Signal
from tests.engine.faults import until
from tests.engine.outside import COIN, Ear
from tests.logs import heard
from tests.providers.clocks import NOW, StillClock

GOOD = Sentiment(score=80.0, mentions=9)
INFO = TokenInfo(mint=COIN.mint, symbol="COIN", decimals=6, pool=COIN.pool)


class Services:
    """Sentiment, directory and pools that answer as a test says."""

    def __init__(self, clock: StillClock) -> None:
        self.clock = clock
        self.crowd: deque[Sentiment | Exception] = deque()
        self.info: TokenInfo | Exception | None = INFO
        self.found: str | Exception | None = None
        self.asked: list[float] = []
        self.slow: asyncio.Event | None = None

    async def sentiment(self, symbol: str, mint: str) -> Sentiment:
        del symbol, mint
        self.asked.append(self.clock.monotonic())
        if self.slow is not None:
            await self.slow.wait()
        answer = self.crowd.popleft() if self.crowd else GOOD
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def token(self, mint: str) -> TokenInfo | None:
        del mint
        if isinstance(self.info, Exception):
            raise self.info
        return self.info

    async def pool(self, mint: str) -> str | None:
        del mint
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    async def candles(
        self, mint: str, pool: str, timeframe: str, limit: int, before: int | None = None
    ) -> CandlePage:
        raise NotImplementedError

    async def trades(self, mint: str, pool: str) -> Sequence[MarketTrade]:
        raise NotImplementedError


class Desk:
    """A screener at work."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.services = Services(self.clock)
        self.ear = Ear()
        self.queue: ToScreen = asyncio.Queue(100)
        asked = Screening(
            sentiment=self.services,
            tokens=self.services,
            candles=self.services,
            threshold=60.0,
            min_mentions=2,
        )
        self.screener = Screener(asked, self.ear.live(), self.clock, self.queue)

    def put(self, number: int, received_at: int = NOW) -> None:
        self.queue.put_nowait((SignalId(number), signal(number, received_at)))

    def told(self) -> list[tuple[int, str]]:
        """Tell how each screening went."""
        return [
            (wish.signal, wish.reason)
            if isinstance(wish, SignalFailed)
            else (wish.screened.signal, "passed")
            for wish in self.ear.heard
            if isinstance(wish, SignalFailed | SignalScreened)
        ]


def signal(number: int, received_at: int = NOW) -> Signal:
    return Signal(
        mint=COIN.mint,
        triggered_at=NOW + number,
        received_at=received_at,
        unique_wallets=3,
        wallets=(),
        window_start=None,
        window_end=None,
        source="test",
        payload="{}",
    )


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    it = Desk()
    task = asyncio.create_task(it.screener.run())
    yield it
    task.cancel()
    await asyncio.wait({task})


async def test_a_good_signal_passes_at_once(desk: Desk) -> None:
    desk.put(1)
    await desk.clock.advance(0)
    (wish,) = desk.ear.heard
    assert isinstance(wish, SignalScreened)
    assert (wish.screened.token.mint, wish.screened.token.decimals) == (COIN.mint, 6)
    assert wish.screened.sentiment == GOOD
    assert desk.screener.screened == 1


@pytest.mark.parametrize(
    ("field", "answer", "reason"),
    [
        ("crowd", Sentiment(score=60.0, mentions=9), "sentiment_low"),
        ("crowd", Sentiment(score=80.0, mentions=1), "mentions_low"),
        ("crowd", Sentiment(score=None, mentions=0), "sentiment_no_data"),
        ("crowd", BadPayloadError("HTML"), "sentiment_unavailable"),
        ("crowd", RejectedError("403"), "sentiment_unavailable"),
        ("info", UnavailableError("down"), "directory_unavailable"),
        ("info", None, "no_decimals"),
        ("info", TokenInfo(mint="", symbol="X", decimals=None, pool="p"), "no_decimals"),
        ("info", TokenInfo(mint="", symbol="X", decimals=-1, pool="p"), "no_decimals"),
        ("info", TokenInfo(mint="", symbol="X", decimals=99, pool="p"), "no_decimals"),
        ("info", TokenInfo(mint="", symbol="X", decimals=6, pool=None), "no_pool"),
        ("info", ZeroDivisionError("not foreseen"), "internal_error"),
        ("crowd", KeyError("not foreseen"), "internal_error"),
    ],
)
async def test_every_end_has_its_reason_and_costs_nobody_else(
    desk: Desk, field: str, answer: object, reason: str
) -> None:
    if field == "crowd":
        desk.services.crowd.append(answer)  # type: ignore[arg-type]
    else:
        desk.services.info = answer  # type: ignore[assignment]
    with heard():
        desk.put(1)
        await desk.clock.advance(0)
        assert desk.told() == [(1, reason)]
        assert desk.screener.failed == {reason: 1}
        desk.services.info = INFO
        await desk.clock.advance(61)
        desk.put(2, desk.clock.now())
        await desk.clock.advance(0)
    assert desk.told()[1:] == [(2, "passed")]


async def test_the_service_of_candles_may_know_the_pool(desk: Desk) -> None:
    desk.services.info = TokenInfo(mint="", symbol=None, decimals=6, pool=None)
    desk.services.found = "found"
    desk.put(1)
    await desk.clock.advance(0)
    (wish,) = desk.ear.heard
    assert isinstance(wish, SignalScreened)
    assert wish.screened.token.pool == "found"
    assert wish.screened.token.symbol.startswith(COIN.mint[:4])
    desk.services.found = UnavailableError("down")
    desk.put(2)
    await desk.clock.advance(0)
    assert desk.told()[1:] == [(2, "directory_unavailable")]


async def test_an_outage_is_waited_out_three_times(desk: Desk) -> None:
    """Attempts follow after 5, 10 and 20 seconds, give or take a fifth; then it is over."""
    desk.services.crowd.extend(UnavailableError("503") for _ in range(9))
    desk.put(1)
    await desk.clock.advance(60)
    waits = [later - earlier for earlier, later in pairwise(desk.services.asked)]
    for wait, meant in zip(waits, (5, 10, 20), strict=True):
        assert 0.8 * meant <= wait <= 1.2 * meant
    assert desk.told() == [(1, "sentiment_unavailable")]


async def test_a_service_that_comes_back_in_time_is_enough(desk: Desk) -> None:
    desk.services.crowd.extend([UnavailableError("503"), UnavailableError("timeout")])
    desk.put(1)
    await desk.clock.advance(19)
    assert desk.told() == [(1, "passed")]


async def test_many_signals_of_a_token_ask_once(desk: Desk) -> None:
    desk.services.slow = asyncio.Event()
    for number in range(1, 8):
        desk.put(number)
    await desk.clock.advance(0)
    assert len(desk.services.asked) == 1
    desk.services.slow.set()
    desk.services.slow = None
    await desk.clock.advance(0)
    assert Counter(desk.told()) == Counter((number, "passed") for number in range(1, 8))
    desk.put(8)
    await desk.clock.advance(61)
    assert len(desk.services.asked) == 1
    desk.put(9, desk.clock.now())
    await desk.clock.advance(0)
    assert len(desk.services.asked) == 2


async def test_a_failure_is_not_remembered(desk: Desk) -> None:
    desk.services.crowd.append(BadPayloadError("HTML"))
    desk.put(1)
    await desk.clock.advance(0)
    desk.put(2)
    await desk.clock.advance(0)
    assert desk.told() == [(1, "sentiment_unavailable"), (2, "passed")]


async def test_a_signal_that_waited_too_long_is_over(desk: Desk) -> None:
    desk.put(1, NOW - EXPIRES_MS - 1)
    await desk.clock.advance(0)
    assert desk.told() == [(1, "expired")]
    assert desk.services.asked == []


async def test_what_was_not_screened_before_a_restart_comes_first() -> None:
    """More of it than the queue holds must not be the end of listening."""
    ear, queue = Ear(), ToScreen(3)
    ear.waiting_signals = [(SignalId(number), signal(number)) for number in range(1, 8)]
    ear.answer = lambda _: 8

    class Source:
        async def signals(self) -> AsyncGenerator[Signal]:
            yield signal(8)

    task = asyncio.create_task(listen(Source(), ear.live(), StillClock(), queue))
    taken = []
    for _ in range(8):
        async with asyncio.timeout(5):
            taken.append((await queue.get())[0])
    await task
    assert taken == list(range(1, 9))
    assert [type(wish) for wish in ear.heard] == [SignalArrived]


async def test_screening_that_hangs_leaves_room_for_others(desk: Desk) -> None:
    """A sentiment that never comes holds one of several workers."""
    never = asyncio.Event()
    desk.services.slow = never
    desk.put(1)
    await desk.clock.advance(0)
    desk.put(2, NOW - EXPIRES_MS - 1)
    await until(lambda: desk.told() == [(2, "expired")])
    never.set()
