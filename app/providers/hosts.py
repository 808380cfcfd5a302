"""What is known of a host: its bucket, how often it was asked, how it failed and answered."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from app.ports import ProviderError, RateLimitedError, RejectedError, UnavailableError
from app.providers.limits import Bucket

AT_ONCE = 32
NOT_SUCCESS = 300
TOO_MANY = 429
BROKEN = 500
PASSING = frozenset({408, 425})
"""Statuses below 500 that may go away by themselves."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """How often somebody was asked, answered and failed. Times are Unix milliseconds."""

    requests: int = 0
    answers: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    last_error: str | None = None
    last_error_at: int | None = None
    last_success_at: int | None = None

    def failed(self, error: ProviderError, at: int) -> None:
        """Count an error by its class."""
        self.errors[type(error).__name__] += 1
        self.last_error, self.last_error_at = str(error), at

    def succeeded(self, at: int, answers: int = 1) -> None:
        """Remember when it last did what it should; a stream that opens has not answered yet."""
        self.answers += answers
        self.last_success_at = at

    def snapshot(self) -> dict[str, object]:
        """Tell everything as plain values."""
        return {
            "requests": self.requests,
            "answers": self.answers,
            "errors": dict(self.errors),
            "last_error": self.last_error,
            "last_error_at": self.last_error_at,
            "last_success_at": self.last_success_at,
        }


@dataclass(slots=True, kw_only=True)
class Service(Tally):
    """Counters of a service, whichever hosts it is asked at."""

    hosts: dict[str, None] = field(default_factory=dict)

    def snapshot(self) -> dict[str, object]:
        """Tell everything as plain values."""
        return {**Tally.snapshot(self), "hosts": list(self.hosts)}


@dataclass(slots=True, kw_only=True)
class Host(Tally):
    """Counters of one host, and what it allows."""

    bucket: Bucket
    statuses: Counter[int] = field(default_factory=Counter)
    """How often each status came; as long as nobody answers, none does."""
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def judge(self, status: int, headers: Mapping[str, str], text: str) -> None:
        """Raise the error that a status means, with a text; a 429 pauses the bucket first."""
        if status == TOO_MANY:
            raise RateLimitedError(text, self.bucket.refused(headers))
        self.bucket.answered()
        if status >= BROKEN or status in PASSING:
            raise UnavailableError(text)
        if status >= NOT_SUCCESS:
            raise RejectedError(text)

    def snapshot(self) -> dict[str, object]:
        """Tell everything as plain values."""
        return {
            **Tally.snapshot(self),
            "statuses": dict(self.statuses),
            "waiting": self.bucket.waiting(),
            "turned_away": self.bucket.turned_away,
            "paused_seconds": round(self.bucket.paused_seconds(), 3),
        }


def host_of(url: str) -> str:
    """Return the host and port of an address, without anything secret around them."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname or ''}{port}"


def is_loopback(url: str) -> bool:
    """Tell whether an address points at this machine."""
    name = urlsplit(url).hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
