"""What the platform asks of the outside world, and what the outside world may fail with.

A port is a Protocol; an implementation is one file under `app/providers/<port>/` and no base
class. Everything here is asynchronous except the clock. Errors are the four below and nothing else.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.trading.ledger import Changes
from app.trading.market import Candle
from app.trading.signals import Sentiment, Signal


class ProviderError(Exception):
    """Something outside did not answer as it should; the message says what was asked and what
    came.
    """


class UnavailableError(ProviderError):
    """It may work later: timeouts, transport errors, 5xx."""


class RateLimitedError(UnavailableError):
    """Too many requests; `retry_after` in seconds when the service said something useful."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RejectedError(ProviderError):
    """It will not work later either: 4xx, an unknown resource."""


class BadPayloadError(ProviderError):
    """It answered with something that is not what was agreed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenInfo:
    """What a directory knows of a mint; None where it does not say."""

    mint: str
    symbol: str | None
    decimals: int | None
    pool: str | None
    logo_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketTrade:
    """One trade of anybody in a pool: time in Unix ms, amounts in SOL and whole tokens."""

    id: str
    time: int
    side: str
    price: float
    sol_amount: float
    token_amount: float
    wallet: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandlePage:
    """Candles oldest first, without duplicates; `forming` is the newest one while it is still
    open.
    """

    closed: Sequence[Candle]
    forming: Candle | None
    refused: int = 0
    """How many rows could not be candles (not finite, not positive, high below low, in the
    future).
    """

    sample: str | None = None
    """One of the refused rows as it came, cut short."""

    worthless: bool = False
    """The newest row says that the token is worth exactly nothing."""


class SignalSource(Protocol):
    """A stream of token signals."""

    def signals(self) -> AsyncGenerator[Signal, None]:
        """Yield signals for ever; reconnects by itself, skips and counts what is not a signal."""
        ...


class SentimentSource(Protocol):
    """What the crowd feels about a token."""

    async def sentiment(self, symbol: str, mint: str) -> Sentiment:
        """Answer one attempt; `score` None = no data. Raises ProviderError; the caller retries
        UnavailableError.
        """
        ...


class TokenDirectory(Protocol):
    """Names, decimals and pools of mints."""

    async def token(self, mint: str) -> TokenInfo | None:
        """Look a mint up; None when it is unknown. Raises ProviderError."""
        ...


class SymbolDirectory(Protocol):
    """Mints of symbols."""

    async def named(self, symbol: str) -> TokenInfo | None:
        """Find the one token that a symbol surely means; None otherwise. Raises ProviderError."""
        ...


class CandleSource(Protocol):
    """Pools and candles of tokens, prices in SOL per token."""

    async def pool(self, mint: str) -> str | None:
        """Find the best pool of a mint; None when there is none. Raises ProviderError."""
        ...

    async def candles(
        self, mint: str, pool: str, timeframe: str, limit: int, before: int | None = None
    ) -> CandlePage:
        """Fetch the newest candles (strictly older than `before`, Unix ms). Raises
        ProviderError.
        """
        ...

    async def trades(self, mint: str, pool: str) -> Sequence[MarketTrade]:
        """Fetch recent trades of anybody, oldest first; empty where the source has none. Raises
        ProviderError.
        """
        ...


class PriceSource(Protocol):
    """A second opinion on what tokens are worth."""

    async def price(self, mint: str) -> float | None:
        """Tell what a whole token is worth in SOL now; None when it has no price, or none that
        is young enough. Raises ProviderError.
        """
        ...


class SafetyCheck(Protocol):
    """Whether a token can be sold again."""

    async def check(self, mint: str) -> tuple[str, str]:
        """Answer (pass | warn | fail | unknown, why)."""
        ...


class Journal(Protocol):
    """The one write path."""

    async def commit(self, changes: Changes, *, batch: int | None = None) -> None:
        """Make a batch durable in one transaction. Raises when it is not, and then nothing of it
        is.
        """
        ...


class Bus(Protocol):
    """Tells subscribers what was committed."""

    def publish(self, changes: Changes) -> None:
        """Hand committed changes to every subscriber; never blocks."""
        ...

    def subscribe(self, listener: Callable[[Changes], None]) -> Callable[[], None]:
        """Add a listener; the answer removes it."""
        ...


class Clock(Protocol):
    """The time, injected so that tests and replays bring their own."""

    def now(self) -> int:
        """Return the time in Unix milliseconds."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never jump, for durations."""
        ...

    def sleep(self, seconds: float) -> Awaitable[None]:
        """Wait."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a person is told: one line, some text, and how it sounds (info, good or bad)."""

    title: str
    body: str
    tone: str = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An address that messages may go to: what may be shown of it, and its service's name."""

    shown: str
    service: str


class Notifier(Protocol):
    """Carries messages to the addresses that people give; these are secrets."""

    async def check(self, address: str) -> Known:
        """Judge an address. Raises RejectedError when it must or can not be used."""
        ...

    async def send(self, address: str, message: Message) -> None:
        """Carry a message. Raises RejectedError when trying again is of no use."""
        ...
