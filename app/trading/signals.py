"""What comes in: a token signal, what the crowd feels about it, and how a signal stands."""

from dataclasses import dataclass
from enum import StrEnum

from app.trading.ids import SignalId
from app.trading.market import Token


class SignalStatus(StrEnum):
    """Where a signal stands for the whole platform."""

    SCREENING = "Screening"
    MONITORING = "Monitoring"
    FINISHED = "Finished"
    FAILED = "Failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Several tracked wallets bought the same token inside one window. Times are Unix milliseconds.

    Identity is (mint, triggered_at): the feed has no ids and may say a thing twice.
    """

    mint: str
    triggered_at: int
    received_at: int
    unique_wallets: int
    wallets: tuple[str, ...]
    window_start: int | None
    window_end: int | None
    source: str
    payload: str
    """The event as it came, JSON text, unknown fields included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentiment:
    """What a sentiment source answered. `score` is 0 to 100; None means that it has no data, which
    is not neutral.
    """

    score: float | None
    mentions: int
    confidence: float | None = None
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """A signal that passed the screening, ready to be watched."""

    signal: SignalId
    token: Token
    sentiment: Sentiment


class ScreeningFailure(StrEnum):
    """Why a signal ended before anybody watched it."""

    SENTIMENT_LOW = "sentiment_low"
    MENTIONS_LOW = "mentions_low"
    SENTIMENT_NO_DATA = "sentiment_no_data"
    SENTIMENT_UNAVAILABLE = "sentiment_unavailable"
    NO_POOL = "no_pool"
    NO_DECIMALS = "no_decimals"
    DIRECTORY_UNAVAILABLE = "directory_unavailable"
    EXPIRED = "expired"
    INTERNAL = "internal_error"


def screen(sentiment: Sentiment, *, threshold: float, min_mentions: int) -> ScreeningFailure | None:
    """Judge a sentiment: None passes, else the reason. Passes when score > threshold and mentions
    ≥ min_mentions.
    """
    if sentiment.score is None:
        return ScreeningFailure.SENTIMENT_NO_DATA
    if not sentiment.score > threshold:
        return ScreeningFailure.SENTIMENT_LOW
    if sentiment.mentions < min_mentions:
        return ScreeningFailure.MENTIONS_LOW
    return None
