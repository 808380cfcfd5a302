"""Screens signals: who the token is, where it trades, and what the crowd feels about it.

Several screenings run at once and wait for nobody; prices never wait for them. One sentiment
serves all wallets, and all signals of the same token for a while.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from app.engine import tracing
from app.engine.live import EngineAbsentError, Live
from app.engine.pipeline.listen import ToScreen
from app.ports import (
    CandleSource,
    Clock,
    ProviderError,
    SentimentSource,
    TokenDirectory,
    TokenInfo,
    UnavailableError,
)
from app.trading.amounts import MAX_DECIMALS
from app.trading.ids import SignalId, TokenId, shorten
from app.trading.inputs import SignalFailed, SignalScreened
from app.trading.market import Token
from app.trading.signals import Screened, ScreeningFailure, Sentiment, Signal, screen

log = structlog.get_logger(__name__)

WORKERS = 8
WAITS = (5.0, 10.0, 20.0)
"""Seconds before the second, third and last attempt."""
SENTIMENT_SECONDS = 60.0
EXPIRES_MS = 300_000
REMEMBERED = 500
NOWHERE = TokenId(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What a screening asks, and what it demands."""

    sentiment: SentimentSource
    tokens: TokenDirectory
    candles: CandleSource
    threshold: float
    min_mentions: int
    waits: tuple[float, ...] = WAITS
    jitter: Callable[[], float] = random.random


class ScreeningFailed(Exception):
    """A signal ended here, for this reason."""

    def __init__(self, reason: ScreeningFailure, token: Token | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.token = token


class Screener:
    """Takes signals from a queue and tells the engine how each screening went."""

    def __init__(self, asked: Screening, live: Live, clock: Clock, queue: ToScreen) -> None:
        self._asked = asked
        self._live = live
        self._clock = clock
        self._queue = queue
        self._known: dict[str, tuple[float, asyncio.Task[Sentiment]]] = {}
        self.screened = 0
        self.failed: dict[str, int] = {}

    @property
    def waiting(self) -> int:
        """Count the signals that nobody has begun to screen."""
        return self._queue.qsize()

    async def run(self) -> None:
        """Screen for ever, several at once."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(WORKERS):
                    group.create_task(self._work())
        finally:
            for _, task in self._known.values():
                task.cancel()
            self._known.clear()

    async def _work(self) -> None:
        while True:
            number, signal = await self._queue.get()
            try:
                with tracing.span("screening", signal=number):
                    await self._screen(number, signal)
            except ScreeningFailed as failure:
                await self._fail(number, failure.reason, failure.token)
            except EngineAbsentError:
                raise
            except Exception:
                log.exception("screening failed", signal=number, mint=shorten(signal.mint))
                await self._fail(number, ScreeningFailure.INTERNAL)

    async def _screen(self, number: SignalId, signal: Signal) -> None:
        if self._clock.now() - signal.received_at > EXPIRES_MS:
            raise ScreeningFailed(ScreeningFailure.EXPIRED)
        token = await self._token(signal.mint)
        sentiment = await self._sentiment(token)
        asked = self._asked
        failure = screen(sentiment, threshold=asked.threshold, min_mentions=asked.min_mentions)
        if failure is not None:
            limit = (
                asked.min_mentions if failure == ScreeningFailure.MENTIONS_LOW else asked.threshold
            )
            await self._fail(number, failure, token, sentiment, limit)
            return
        self.screened += 1
        screened = Screened(signal=number, token=token, sentiment=sentiment)
        await self._live.submit(SignalScreened(at=self._clock.now(), screened=screened))

    async def _fail(
        self,
        number: SignalId,
        reason: ScreeningFailure,
        token: Token | None = None,
        sentiment: Sentiment | None = None,
        limit: float | None = None,
    ) -> None:
        self.failed[reason] = self.failed.get(reason, 0) + 1
        wish = SignalFailed(
            at=self._clock.now(),
            signal=number,
            reason=reason,
            token=token,
            sentiment=sentiment,
            limit=limit,
        )
        await self._live.submit(wish)

    async def _token(self, mint: str) -> Token:
        """Find out who a token is. Raises ScreeningFailed when that is not enough to trade it."""
        try:
            info = await self._asked.tokens.token(mint)
            info = info or TokenInfo(mint=mint, symbol=None, decimals=None, pool=None)
            pool = info.pool or await self._asked.candles.pool(mint)
        except ProviderError as error:
            log.warning("token not found out", mint=shorten(mint), error=str(error))
            raise ScreeningFailed(ScreeningFailure.DIRECTORY_UNAVAILABLE) from error
        if info.decimals is None or not 0 <= info.decimals <= MAX_DECIMALS:
            raise ScreeningFailed(ScreeningFailure.NO_DECIMALS)
        symbol = info.symbol or shorten(mint)
        token = Token(NOWHERE, mint, symbol, info.decimals, pool, info.logo_url)
        if pool is None:
            raise ScreeningFailed(ScreeningFailure.NO_POOL, token)
        return token

    async def _sentiment(self, token: Token) -> Sentiment:
        """Ask once per token and minute, however many signals want to know."""
        now = self._clock.monotonic()
        known = self._known.get(token.mint)
        if known is None or now - known[0] > SENTIMENT_SECONDS or _failed(known[1]):
            task = asyncio.create_task(self._ask(token), name=f"sentiment {token.symbol}")
            task.add_done_callback(_failed)  # those who asked may be gone before it fails
            known = (now, task)
            self._known[token.mint] = known
            while len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]
        return await asyncio.shield(known[1])

    async def _ask(self, token: Token) -> Sentiment:
        """Ask with patience. Raises ScreeningFailed when nobody answers: unknown is not neutral."""
        for wait in (*self._asked.waits, None):
            try:
                return await self._asked.sentiment.sentiment(token.symbol, token.mint)
            except UnavailableError as error:
                log.info("sentiment not answered", symbol=token.symbol, error=str(error))
                if wait is None:
                    break
                await self._clock.sleep(wait * (0.8 + 0.4 * self._asked.jitter()))
            except ProviderError as error:
                log.warning("sentiment refused", symbol=token.symbol, error=str(error))
                break
        raise ScreeningFailed(ScreeningFailure.SENTIMENT_UNAVAILABLE, token)


def _failed(task: asyncio.Task[Sentiment]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
