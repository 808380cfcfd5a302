"""Market data on its way to people: the newest candles and trades of every token in play, told to
listeners at once.

The engine's decisions do not pass here; what a chart shows does. Memory is bounded: the last
candles and trades of tokens in play, and of the market index.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from app.ports import MarketTrade
from app.trading.market import Candle

KEPT_CANDLES = 600
KEPT_TRADES = 400
"""More than a service answers at once, so that no trade is told twice."""
KEPT_TOKENS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketUpdate:
    """What is new of a token: closed candles (usually one), the forming one, trades of anybody."""

    mint: str
    closed: Sequence[Candle] = ()
    forming: Candle | None = None
    trades: Sequence[MarketTrade] = ()


@dataclass(slots=True)
class TokenFeed:
    """The recent market of one token; candles oldest first."""

    candles: deque[Candle] = field(default_factory=lambda: deque(maxlen=KEPT_CANDLES))
    forming: Candle | None = None
    trades: deque[MarketTrade] = field(default_factory=lambda: deque(maxlen=KEPT_TRADES))
    seen_at: int = 0


Listener = Callable[[MarketUpdate], None]


class MarketFeed:
    """The recent market of all tokens in play. `index` is the mint shown when nothing is traded."""

    def __init__(self, index: str) -> None:
        self.index = index
        self._tokens: OrderedDict[str, TokenFeed] = OrderedDict()
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call a listener at every update; the answer removes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def of(self, mint: str) -> TokenFeed | None:
        """Return the recent market of a token; None when none came."""
        return self._tokens.get(mint)

    def mints(self) -> list[str]:
        """List the tokens known here, the longest silent first."""
        return list(self._tokens)

    def update(self, news: MarketUpdate, at: int) -> None:
        """Take in what is new (Unix ms `at`) and tell the listeners; what is not new is left
        out.
        """
        feed = self._tokens.setdefault(news.mint, TokenFeed())
        self._tokens.move_to_end(news.mint)
        while len(self._tokens) > KEPT_TOKENS:
            self._tokens.popitem(last=False)
        feed.seen_at = at
        closed = [c for c in news.closed if not feed.candles or c.time > feed.candles[-1].time]
        feed.candles.extend(closed)
        trades = _unseen(news.trades, feed.trades)
        feed.trades.extend(trades)
        changed = news.forming is not None and news.forming != feed.forming
        if news.forming is not None or closed:
            feed.forming = news.forming
        if closed or changed or trades:
            told = MarketUpdate(mint=news.mint, closed=closed, forming=news.forming, trades=trades)
            for listener in tuple(self._listeners):
                listener(told)


def _unseen(trades: Iterable[MarketTrade], kept: Iterable[MarketTrade]) -> list[MarketTrade]:
    known = {trade.id for trade in kept}
    return [trade for trade in trades if trade.id not in known]
