"""Trades as JSON text, kept: most of them never change again.

A page is read as marks, a few columns that tell whether a trade is still what it was; only trades
whose mark is new are read whole and written.
"""

from collections.abc import Sequence

from app.api import tradelines
from app.api.wire import encode
from app.store.database import Database
from app.store.trade_lists import TradeMark, TradeSort, load_briefs, mark_of

REMEMBERED = 20_000


class TradeTexts:
    """The texts of one record's trades, by their marks."""

    def __init__(self) -> None:
        self._texts: dict[tuple[object, ...], bytes] = {}

    async def of(
        self, database: Database, marks: Sequence[TradeMark], sort: TradeSort
    ) -> list[bytes]:
        """Return the texts of trades, in their order, which is that of `sort`."""
        texts = self._texts
        found = [texts.get(mark) for mark in marks]
        missing = [mark.id for mark, text in zip(marks, found, strict=True) if text is None]
        if missing:
            loaded = await self._load(database, missing, sort)
            found = [text or loaded[mark.id] for mark, text in zip(marks, found, strict=True)]
        return [text for text in found if text is not None]

    async def _load(self, database: Database, ids: list[int], sort: TradeSort) -> dict[int, bytes]:
        """Read and write trades; one that was sold meanwhile is kept under its newer mark."""
        if len(self._texts) > REMEMBERED:
            self._texts.clear()
        loaded: dict[int, bytes] = {}
        for brief in await load_briefs(database, ids):
            text = encode(tradelines.trade(brief))
            loaded[brief.id] = self._texts[mark_of(brief, sort)] = text
        return loaded
