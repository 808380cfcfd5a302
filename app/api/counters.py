"""What is counted for a while: in memory, or in Redis so that several processes count together.

While Redis cannot be reached the process counts for itself; that is logged once when it begins and
once when it ends, and tried again every few seconds.
"""

import asyncio
import time
from collections import OrderedDict
from typing import Any

import structlog
from limits.aio.storage import RedisStorage, Storage
from limits.aio.storage.redis.redispy import RedispyBridge
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

MOST_KEYS = 100_000
REDIS_SECONDS = 0.25
"""How long anybody waits for Redis; it answers in less than a hundredth of that."""

AGAIN_SECONDS = 5.0
PREFIX = "autotrader:rates"


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

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
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

    async def get(self, key: str) -> int:
        """Return the hits in the window of a key."""
        count, until = self._windows.get(key, (0, 0.0))
        return count if until > time.time() else 0

    async def get_expiry(self, key: str) -> float:
        """Return when the window of a key ends."""
        return self._windows.get(key, (0, time.time()))[1]

    async def check(self) -> bool:
        """Memory is always there."""
        return True

    async def reset(self) -> int | None:
        """Forget everything."""
        count = len(self._windows)
        self._windows.clear()
        return count

    async def clear(self, key: str) -> None:
        """Forget a key."""
        self._windows.pop(key, None)


class Counters:
    """Counts in Redis where one is set and answers, else here."""

    def __init__(self) -> None:
        self._memory = Windows()
        self._redis: RedisStorage | None = None
        self._away = False
        self._try_at = 0.0

    async def open(self, url: str) -> None:
        """Count in a Redis server from now on, as long as it answers; without a URL, here."""
        if not url:
            return
        # The library takes an address for Valkey's that does not begin with Redis.
        named = url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url
        self._redis = RedisStorage(
            f"async+{named}",
            implementation="redispy",
            key_prefix=PREFIX,
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
        )
        await self.count("start", 1)
        if not self._away:
            log.info("rate limits are counted in redis")

    async def close(self) -> None:
        """Leave Redis."""
        if self._redis is not None and isinstance(self._redis.bridge, RedispyBridge):
            client: Any = self._redis.bridge.get_connection()
            await client.aclose()
        self._redis = None

    async def count(self, key: str, seconds: float) -> int:
        """Count a hit; the count is forgotten after so many seconds."""
        return await self._ask(key, seconds)

    async def seen(self, key: str) -> int:
        """Return a count."""
        return await self._ask(key, None)

    async def _ask(self, key: str, seconds: float | None) -> int:
        redis = self._redis
        if redis is not None and time.monotonic() >= self._try_at:
            if self._away:
                self._try_at = time.monotonic() + AGAIN_SECONDS  # one tries, nobody else waits
            try:
                async with asyncio.timeout(REDIS_SECONDS):
                    found = await _answer(redis, key, seconds)
            except (RedisError, OSError, TimeoutError) as error:
                self._lost(error)
            else:
                self._found()
                return found
        return await _answer(self._memory, key, seconds)

    def _lost(self, error: Exception) -> None:
        self._try_at = time.monotonic() + AGAIN_SECONDS
        if not self._away:
            self._away = True
            log.warning("redis is away: this process counts for itself", error=type(error).__name__)

    def _found(self) -> None:
        if self._away:
            self._away = False
            self._try_at = 0.0
            log.info("redis is back: rate limits are counted there again")


async def _answer(storage: Storage, key: str, seconds: float | None) -> int:
    if seconds is None:
        return await storage.get(key)
    return await storage.incr(key, max(1, round(seconds)))
