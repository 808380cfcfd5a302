"""Token signals from an event stream, for ever.

    connect -- event -------------------------> yield, duplicate or counted by reason
    any     -- end, cut, silence, 5xx, 429 ---> wait 1 s, doubling to 4 s, and connect
    any     -- 4xx, foreign redirect ---------> wait 30 s, doubling to 5 min, and connect
    any     -- 204: nothing to hear ----------> wait 5 min, and connect

The first event of a connection ends the doubling. Waits are jittered, and longer when the service
asks for that. What arrives twice is told once: (mint, triggered_at) are remembered. It judges no
signal; it only refuses what is none.
"""

import random
from collections import Counter, OrderedDict
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import structlog

from app.ports import Clock, ProviderError, RateLimitedError, RejectedError, UnavailableError
from app.providers.announcements import NotASignalError, read_signal
from app.providers.bursts import Bursts
from app.providers.hosts import host_of
from app.providers.http import Http
from app.providers.lines import MAX_EVENT_BYTES, Event, TooLargeError
from app.trading.signals import Signal

SIGNAL_EVENTS = frozenset({"data", "message"})
FIRST_WAIT = 1.0
LONGEST_WAIT = 4.0
"""A signal is worth something for seconds: one connection may be tried as often as that."""

LONGEST_ASKED = 30.0
SLOW_WAIT = 30.0
LONGEST_SLOW_WAIT = 300.0
LONGEST_EXPONENT = 16
REMEMBERED = 10_000
MAX_ID_CHARACTERS = 256

COUNTED = (
    "signals",
    "duplicate",
    "ignored",
    "bad_json",
    "bad_type",
    "invalid_mint",
    "too_large",
    "bad_stream",
    "cut",
    "unreachable",
    "limited",
    "refused",
    "connects",
    "reconnects",
)
"""What the snapshot counts, also while it is zero."""


class _NothingToHear(Exception):
    """The service says that there is no stream (204)."""


class SseSignals:
    """Follows `{base_url}/stream`: one connection, always open, deaf for `idle_seconds` at most.

    `source` is what its signals are said to come from: the host unless given.
    """

    def __init__(
        self,
        http: Http,
        clock: Clock,
        signals_url: str,
        *,
        source: str | None = None,
        idle_seconds: float = 8.0,
        jitter: Callable[[], float] = random.random,
        max_event_bytes: int = MAX_EVENT_BYTES,
        remembered: int = REMEMBERED,
    ) -> None:
        self._http = http
        self._clock = clock
        self._url = f"{signals_url.rstrip('/')}/stream"
        self._source = source or host_of(self._url)
        self._idle = idle_seconds
        self._jitter = jitter
        self._max_event_bytes = max_event_bytes
        self._remembered = remembered
        self._seen: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._bursts = Bursts(structlog.get_logger(__name__), clock)
        self._counts: Counter[str] = Counter()
        self._connected = False
        self._fails = 0
        self._retry = FIRST_WAIT
        self._last_id = ""
        self._last_error: str | None = None
        self._last_error_at: int | None = None
        self._since = clock.now()
        self._last_event_at: int | None = None
        self._last_byte_at: int | None = None
        self._last_signal_at: int | None = None

    async def signals(self) -> AsyncGenerator[Signal]:
        """Yield signals for ever; reconnects by itself, skips and counts what is not a signal."""
        while True:
            wait, longest = self._retry, LONGEST_WAIT
            try:
                async with aclosing(self._listen()) as heard:
                    async for signal in heard:
                        yield signal
            except _NothingToHear:
                wait, longest = LONGEST_SLOW_WAIT, LONGEST_SLOW_WAIT
            except RejectedError as error:
                self._failed("refused", error)
                wait, longest = SLOW_WAIT, LONGEST_SLOW_WAIT
            except ProviderError as error:
                self._failed(_reason(error, connected=self._connected), error)
                wait = max(self._retry, getattr(error, "retry_after", None) or 0.0)
                longest = min(max(wait, LONGEST_WAIT), LONGEST_ASKED)
            finally:
                self._connect(connected=False)
            await self._clock.sleep(self._jittered(wait, longest))
            self._counts["reconnects"] += 1

    def snapshot(self) -> dict[str, object]:
        """Tell the counters by reason and when something last came (Unix ms, None = never).

        `since` is when it connected or lost the connection.
        """
        return {
            **{name: self._counts[name] for name in COUNTED},
            "connected": self._connected,
            "since": self._since,
            "last_byte_at": self._last_byte_at,
            "last_event_at": self._last_event_at,
            "last_signal_at": self._last_signal_at,
            "last_error": self._last_error,
            "last_error_at": self._last_error_at,
            "remembered": len(self._seen),
        }

    async def _listen(self) -> AsyncGenerator[Signal]:
        opened = self._http.events(
            self._url,
            idle=self._idle,
            headers={"last-event-id": self._last_id} if self._last_id else {},
            heard=self._heard,
            max_event_bytes=self._max_event_bytes,
        )
        async with opened as events:
            if events is None:
                raise _NothingToHear
            self._connect(connected=True)
            self._counts["connects"] += 1
            async for event in events:
                signal = self._read(event)
                if signal is not None:
                    yield signal
        raise UnavailableError("the stream ended")

    def _read(self, event: Event) -> Signal | None:
        if event.retry is not None and event.retry >= 0:
            self._retry = min(max(event.retry / 1_000, FIRST_WAIT), LONGEST_ASKED)
        if _fits_a_header(event.id):
            self._last_id = event.id
        if not event.data:
            return None
        now = self._clock.now()
        self._fails, self._last_event_at = 0, now
        if event.name not in SIGNAL_EVENTS:
            self._counts["ignored"] += 1
            return None
        try:
            signal = read_signal(event.data, now, self._source)
        except NotASignalError as error:
            self._failed(error.reason, error)
            return None
        if self._is_known((signal.mint, signal.triggered_at)):
            self._counts["duplicate"] += 1
            return None
        self._counts["signals"] += 1
        self._last_signal_at = now
        return signal

    def _is_known(self, identity: tuple[str, int]) -> bool:
        known = identity in self._seen
        self._seen[identity] = None
        self._seen.move_to_end(identity)
        if len(self._seen) > self._remembered:
            self._seen.popitem(last=False)
        return known

    def _connect(self, *, connected: bool) -> None:
        if connected != self._connected:
            self._connected, self._since = connected, self._clock.now()

    def _heard(self) -> None:
        self._last_byte_at = self._clock.now()
        self._bursts.flush()

    def _failed(self, reason: str, error: ProviderError) -> None:
        self._counts[reason] += 1
        self._last_error, self._last_error_at = str(error), self._clock.now()
        self._bursts.warn(f"signal_feed_{reason}", error=str(error))

    def _jittered(self, wait: float, longest: float) -> float:
        full = min(longest, wait * 2.0 ** min(self._fails, LONGEST_EXPONENT))
        self._fails += 1
        return full * (0.5 + self._jitter() / 2)


def _fits_a_header(name: str) -> bool:
    plain = name.isascii() and name.isprintable() and name == name.strip()
    return plain and len(name) <= MAX_ID_CHARACTERS


def _reason(error: ProviderError, *, connected: bool) -> str:
    if isinstance(error, TooLargeError):
        return "too_large"
    if isinstance(error, RateLimitedError):
        return "limited"
    if isinstance(error, UnavailableError):
        return "cut" if connected else "unreachable"
    return "bad_stream"
