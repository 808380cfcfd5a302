"""How often somebody may ask: fixed windows per address and per session, kept in bounded memory."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from app.api.errors import Problem

MOST_KEYS = 100_000


class Windows(Storage):
    """Counters that forget the oldest first; the library's own memory scans all of them per hit."""

    STORAGE_SCHEME = ["windows"]  # noqa: RUF012  # as the library declares it

    def __init__(self) -> None:
        super().__init__()
        self._windows: OrderedDict[str, tuple[int, float]] = OrderedDict()

    @property
    def base_exceptions(self) -> type[Exception]:
        """Nothing here fails."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count a hit in the window of a key."""
        now = time.time()
        count, until = self._windows.get(key, (0, 0.0))
        if until <= now:
            self._windows.pop(key, None)
            count, until = 0, now + expiry
            while len(self._windows) >= MOST_KEYS:
                self._windows.popitem(last=False)
        self._windows[key] = (count + amount, until)
        return count + amount

    def get(self, key: str) -> int:
        """Return the hits in the window of a key."""
        count, until = self._windows.get(key, (0, 0.0))
        return count if until > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window of a key ends."""
        return self._windows.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int | None:
        """Forget everything."""
        count = len(self._windows)
        self._windows.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget a key."""
        self._windows.pop(key, None)


@dataclass(slots=True)
class Rates:
    """The limits, each per minute; generous, because one person may have many windows open."""

    address: RateLimitItem = field(default_factory=lambda: RateLimitItemPerMinute(6_000))
    session: RateLimitItem = field(default_factory=lambda: RateLimitItemPerMinute(3_000))
    sign_in: RateLimitItem = field(default_factory=lambda: RateLimitItemPerMinute(120))
    runs: RateLimitItem = field(default_factory=lambda: RateLimitItemPerMinute(60))
    limiter: FixedWindowRateLimiter = field(
        default_factory=lambda: FixedWindowRateLimiter(Windows())
    )

    def hit(self, limit: RateLimitItem, kind: str, key: str) -> None:
        """Count a request. Raises a 429 problem that says when to come back."""
        if self.limiter.hit(limit, kind, key):
            return
        until, _ = self.limiter.get_window_stats(limit, kind, key)
        wait = max(1, round(until - time.time()))
        headers = {
            "Retry-After": str(wait),
            "RateLimit": f'"{kind}";r=0;t={wait}',
            "RateLimit-Policy": f'"{kind}";q={limit.amount};w={limit.get_expiry()}',
        }
        detail = f"At most {limit.amount} requests a minute; come back in {wait} s."
        raise Problem(429, "too-many-requests", detail, headers=headers)
