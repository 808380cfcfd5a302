"""Several directories asked in order, remembered for an hour.

The first one's answer counts; what it does not say is filled in from the next. Unknown and
incomplete answers are remembered for a minute only, and nothing is remembered of a failure.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from weakref import WeakValueDictionary

from app.ports import Clock, ProviderError, TokenDirectory, TokenInfo

KNOWN_SECONDS = 3_600.0
UNKNOWN_SECONDS = 60.0
REMEMBERED = 10_000


class CachedDirectory:
    """A directory made of directories; many who ask for one mint at once cause one look-up."""

    def __init__(
        self,
        directories: Sequence[TokenDirectory],
        clock: Clock,
        *,
        known_seconds: float = KNOWN_SECONDS,
        unknown_seconds: float = UNKNOWN_SECONDS,
        remembered: int = REMEMBERED,
    ) -> None:
        self._directories = tuple(directories)
        self._clock = clock
        self._known_seconds = known_seconds
        self._unknown_seconds = unknown_seconds
        self._remembered = remembered
        self._cache: OrderedDict[str, tuple[float, TokenInfo | None]] = OrderedDict()
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._counts: Counter[str] = Counter()

    async def token(self, mint: str) -> TokenInfo | None:
        """Look a mint up; None when no directory knows it. Raises ProviderError."""
        lock = self._asking.setdefault(mint, asyncio.Lock())
        async with lock:
            kept = self._cache.get(mint)
            if kept is not None and self._clock.monotonic() < kept[0]:
                self._counts["hits"] += 1
                return kept[1]
            self._counts["misses"] += 1
            found = await self._ask(mint)
            self._keep(mint, found)
            return found

    def snapshot(self) -> dict[str, object]:
        """Tell how the cache does and what each directory tells of itself."""
        inner = {type(one).__name__: _snapshot(one) for one in self._directories}
        counts = {name: self._counts[name] for name in ("hits", "misses", "failures")}
        return {**counts, "remembered": len(self._cache), "directories": inner}

    async def _ask(self, mint: str) -> TokenInfo | None:
        found: TokenInfo | None = None
        failure: ProviderError | None = None
        for directory in self._directories:
            try:
                found = _merge(found, await directory.token(mint))
            except ProviderError as error:
                self._counts["failures"] += 1
                failure = error
            if _is_complete(found):
                break
        if found is None and failure is not None:
            raise failure
        return found

    def _keep(self, mint: str, found: TokenInfo | None) -> None:
        seconds = self._known_seconds if _is_complete(found) else self._unknown_seconds
        self._cache[mint] = (self._clock.monotonic() + seconds, found)
        self._cache.move_to_end(mint)
        if len(self._cache) > self._remembered:
            self._cache.popitem(last=False)


def _is_complete(info: TokenInfo | None) -> bool:
    return info is not None and info.symbol is not None and info.decimals is not None


def _merge(first: TokenInfo | None, second: TokenInfo | None) -> TokenInfo | None:
    if first is None or second is None:
        return first or second
    return replace(
        first,
        symbol=first.symbol or second.symbol,
        decimals=first.decimals if first.decimals is not None else second.decimals,
        pool=first.pool or second.pool,
        logo_url=first.logo_url or second.logo_url,
    )


def _snapshot(directory: TokenDirectory) -> object:
    tell = getattr(directory, "snapshot", None)
    return tell() if callable(tell) else {}
