"""Finds the tokens of symbols that settings name: they are watched without a signal."""

import structlog

from app.engine.live import Live
from app.engine.views import Views
from app.ports import (
    CandleSource,
    Clock,
    ProviderError,
    SymbolDirectory,
    TokenDirectory,
    TokenInfo,
)
from app.trading.ids import TokenId, is_address, shorten
from app.trading.inputs import TokenNamed
from app.trading.market import Token

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
AGAIN_SECONDS = 60.0


class Namer:
    """Asks who a symbol is, once a minute until somebody knows."""

    def __init__(
        self,
        *,
        live: Live,
        clock: Clock,
        tokens: TokenDirectory,
        symbols: SymbolDirectory,
        candles: CandleSource,
    ) -> None:
        self._live = live
        self._clock = clock
        self._tokens = tokens
        self._symbols = symbols
        self._candles = candles
        self._asked: dict[str, float] = {}
        self.unresolved: dict[str, str] = {}

    async def run(self) -> None:
        """Look for new symbols for ever."""
        while True:
            views = await self._live.settled()
            wanted = [symbol for symbol in views.named_symbols() if not views.is_named(symbol)]
            for symbol in wanted:
                if self._is_due(symbol):
                    await self._resolve(symbol)
            for symbol in [symbol for symbol in self.unresolved if symbol not in wanted]:
                del self.unresolved[symbol]
            await self._clock.sleep(LOOK_SECONDS)

    def _is_due(self, symbol: str) -> bool:
        now = self._clock.monotonic()
        if now - self._asked.get(symbol, -AGAIN_SECONDS) < AGAIN_SECONDS:
            return False
        self._asked[symbol] = now
        return True

    async def _resolve(self, symbol: str) -> None:
        try:
            token = await self._find(symbol, await self._live.settled())
        except ProviderError as error:
            self.unresolved[symbol] = str(error)
            return
        if token is None:
            self.unresolved[symbol] = "no token is surely meant, or it has no pool"
            log.warning("symbol not resolved", symbol=symbol)
            return
        self.unresolved.pop(symbol, None)
        await self._live.submit(TokenNamed(at=self._clock.now(), symbol=symbol, token=token))

    async def _find(self, symbol: str, views: Views) -> Token | None:
        known = views.token_named(symbol)
        if known is not None and known.pool is not None:
            return known
        info: TokenInfo | None
        if is_address(symbol):
            info = await self._tokens.token(symbol)
        else:
            info = await self._symbols.named(symbol.split("-", maxsplit=1)[0])
        if info is None or info.decimals is None:
            return None
        pool = info.pool or await self._candles.pool(info.mint)
        if pool is None:
            return None
        shown = info.symbol or shorten(info.mint)
        return Token(TokenId(0), info.mint, shown, info.decimals, pool, info.logo_url)
