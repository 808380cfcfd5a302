"""What became of a token's pool that the service does not know any more, or that is worth nothing.

    another pool --> its candles are asked for from now on
    none, and no second source knows a price --> looked for again; after a while the token is gone

Whoever holds it is told once; the search goes on, ever more seldom, because a pool may come back.
"""

from app.ports import CandleSource, Clock, PriceSource
from app.trading.inputs import PriceGone
from app.trading.market import Token

FIRST_PATIENCE = 2.0
LONGEST_PATIENCE = 3_600.0
NO_POOL, WORTHLESS = "no_pool", "worthless"


class PoolSearch:
    """Looks for the pool of one token; `pool` is the one to ask, `patience` the seconds until it
    is worth looking again.
    """

    def __init__(
        self, token: Token, candles: CandleSource, second: PriceSource | None, clock: Clock
    ) -> None:
        self.pool = token.pool or ""
        self.patience = FIRST_PATIENCE
        self._token = token
        self._candles = candles
        self._second = second
        self._clock = clock
        self._missing_since: int | None = None

    def found(self) -> None:
        """Take note that prices come."""
        self._missing_since, self.patience = None, FIRST_PATIENCE

    async def look(self, confirm_ms: int, *, worthless: bool) -> PriceGone | None:
        """Look once; the answer is for the engine when nothing was found for so long.

        A pool that is still listed is there, unless it says that the token is `worthless`.
        Raises ProviderError: a service that does not answer says nothing about the pool.
        """
        pool = await self._candles.pool(self._token.mint)
        if pool is not None and not (worthless and pool == self.pool):
            self.pool = pool
            self.found()
            return None
        if self._second is not None and await self._second.price(self._token.mint) is not None:
            self.found()
            return None
        now = self._clock.now()
        if self._missing_since is None:
            self._missing_since = now
        if now - self._missing_since < confirm_ms:
            return None
        self.patience = min(2 * self.patience, LONGEST_PATIENCE)
        reason = WORTHLESS if worthless else NO_POOL
        return PriceGone(at=now, token=self._token.id, reason=reason)
