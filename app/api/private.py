"""What is one wallet's own, and goes to its sockets only.

on a commit   its events in order, its fills, a chart for a new trade, how it stands, the summaries
on a price    the positions in that token and the portfolio, at most four times a second

Nothing is computed for a wallet without a socket.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import structlog

from app.api import composing, facts, tradelines
from app.api.deps import Parts
from app.api.sockets import Key, Socket
from app.api.wire import encode
from app.engine.live import EngineAbsentError
from app.engine.views import PositionView, Views
from app.providers.bursts import Bursts
from app.store.errors import StoreError
from app.trading.ledger import (
    BalanceRow,
    Changes,
    DecisionRow,
    EvaluationRow,
    EventRow,
    FillRow,
    R,
    SignalRow,
    SignalUpdate,
    TickRow,
)

log = structlog.get_logger(__name__)

PRICES_EVERY = 0.25
AGAIN_SECONDS = 0.5
TURN = 20
"""Wallets that are written before others may run."""


class Sockets(Protocol):
    """What the hub tells of its sockets."""

    def wallets(self) -> list[int]:
        """List the wallets that have sockets."""
        ...

    def of_wallet(self, wallet: int) -> list[Socket]:
        """List the sockets of a wallet."""
        ...

    def watch(self, socket: Socket, mints: Iterable[str]) -> None:
        """Send these tokens' market to a socket."""
        ...


class Private:
    """Writes and sends the wallets' own frames."""

    def __init__(self, parts: Parts, sockets: Sockets) -> None:
        self._parts = parts
        self._sockets = sockets
        self._bursts = Bursts(log, parts.clock)
        self._holders: defaultdict[int, set[int]] = defaultdict(set)
        self._held: dict[int, dict[int, str]] = {}
        self._finished: dict[int, list[dict[str, Any]]] = {}
        self._last_summary: dict[int, str] = {}
        self._events: list[EventRow] = []
        self._fills: list[FillRow] = []
        self._touched: set[int] = set()
        self._summaries: set[int] = set()
        self._prices: defaultdict[int, set[int]] = defaultdict(set)
        self._news = asyncio.Event()
        self._next_prices = 0.0

    def on_changes(self, changes: Changes) -> None:
        """Note what a commit means to wallets with sockets."""
        here = set(self._sockets.wallets())
        self._events += [
            row
            for row in _rows(changes, EventRow)
            if row.wallet_id is None or row.wallet_id in here
        ]
        self._fills += [row for row in _rows(changes, FillRow) if row.wallet_id in here]
        self._touched |= {row.id for row in _rows(changes, BalanceRow)} & here
        self._touched |= {row.wallet_id for row in self._events if row.wallet_id is not None}
        if any(kind in changes.rows for kind in (SignalRow, SignalUpdate, EvaluationRow)):
            self._summaries |= here
        self._summaries |= {row.wallet_id for row in _rows(changes, DecisionRow)} & here
        for row in _rows(changes, TickRow):
            for wallet in self._holders.get(row.token_id, ()):
                self._prices[wallet].add(row.token_id)
        if self._events or self._touched or self._summaries or self._prices:
            self._news.set()

    def forget(self, wallet: int) -> None:
        """Drop what is kept of a wallet whose last socket left."""
        for token in self._held.pop(wallet, {}):
            self._holders[token].discard(wallet)
            if not self._holders[token]:
                del self._holders[token]
        for kept in (self._finished, self._last_summary, self._prices):
            kept.pop(wallet, None)

    async def run(self) -> None:
        """Send what is new, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._send_news()
                if self._prices and loop.time() >= self._next_prices:
                    self._next_prices = loop.time() + PRICES_EVERY
                    await self._send_prices()
            except (EngineAbsentError, StoreError) as error:
                self._bursts.warn("private frames not sent", error=str(error))
                loop.call_later(AGAIN_SECONDS, self._news.set)
            except Exception:
                log.exception("private frames failed")
            if self._prices:
                wait = max(self._next_prices - loop.time(), 0.01)
                loop.call_later(wait, self._news.set)

    async def greet(self, socket: Socket) -> None:
        """Send a new socket how everything stands."""
        wallet = socket.session.wallet_id
        self._finished[wallet] = await composing.finished_lately(self._parts, wallet)
        views = await self._parts.live.settled()
        positions = views.positions(wallet)
        self._note(wallet, positions)
        socket.tell(self._summary(views, wallet), ("summary", 0))
        newest = positions[-1].token.mint if positions else self._parts.live.feed.index
        await self._start_chart([socket], wallet, newest)
        now = self._parts.clock.now()
        for view in positions:
            socket.tell(composing.update(view, now), ("position", view.trade))

    def follow(self, socket: Socket) -> None:
        """Watch what a socket should see: its chart, what its wallet holds, what it asked for."""
        held = self._held.get(socket.session.wallet_id, {}).values()
        chart = () if socket.chart is None else (socket.chart,)
        self._sockets.watch(socket, {*held, *chart, *socket.subscribed})

    def _note(self, wallet: int, positions: list[PositionView]) -> None:
        """Remember what a wallet holds."""
        held = {int(view.token.id): view.token.mint for view in positions}
        before = self._held.get(wallet, {})
        if held == before:
            return
        for token in before.keys() - held.keys():
            self._holders[token].discard(wallet)
        for token in held:
            self._holders[token].add(wallet)
        self._held[wallet] = held
        for socket in self._sockets.of_wallet(wallet):
            self.follow(socket)

    async def _start_chart(self, sockets: list[Socket], wallet: int, mint: str) -> None:
        text = await composing.starting(self._parts, wallet, mint)
        for socket in sockets:
            socket.chart = mint
            self.follow(socket)
            socket.tell(text, ("chart", 0))

    async def _send_news(self) -> None:
        events, self._events = self._events, []
        fills, self._fills = self._fills, []
        touched, self._touched = self._touched, set()
        summaries, self._summaries = self._summaries, set()
        try:
            await self._send_events(events)
        except BaseException:
            self._events, self._fills = events + self._events, fills + self._fills
            self._touched |= touched
            self._summaries |= summaries
            raise
        closed = {row.wallet_id for row in events if row.kind == "TradeClosed"}
        for wallet in closed:
            if wallet is not None:
                self._finished[wallet] = await composing.finished_lately(self._parts, wallet)
        opened = _opened(events)
        for turn, wallet in enumerate(sorted(touched), start=1):
            own = [row for row in fills if row.wallet_id == wallet]
            await self._send_wallet(wallet, own, opened.get(wallet, {}))
            if turn % TURN == 0:
                await asyncio.sleep(0)
        await self._each(summaries | touched, self._tell_summary)

    async def _send_events(self, events: list[EventRow]) -> None:
        """Send events to their wallets, in order."""
        written = await facts.written(events, self._parts.decimals)
        wallets = {row.seq: row.wallet_id for row in events}
        for event in written:
            seq = event["seq"]
            text = encode({"type": "EVENT", "seq": seq, "data": event}).decode()
            wallet = wallets[seq]
            for one in self._sockets.wallets() if wallet is None else [wallet]:
                for socket in self._sockets.of_wallet(one):
                    socket.event(text, seq)

    async def _send_wallet(self, wallet: int, fills: list[FillRow], opened: dict[int, str]) -> None:
        """Send a wallet's fills, its new chart, and how it stands after a commit."""
        sockets = self._sockets.of_wallet(wallet)
        views = await self._parts.live.settled()
        before = dict(self._held.get(wallet, {}))
        positions = views.positions(wallet)
        self._note(wallet, positions)
        mints = before | self._held.get(wallet, {})
        if opened:
            await self._start_chart(sockets, wallet, opened[max(opened)])
        for row in fills:
            mint = mints.get(row.token_id)
            token = views.token(mint) if mint is not None else None
            if token is not None and row.trade_id not in opened:
                trade = tradelines.bot_trade(row, token.decimals)
                data = {"token": token.mint, "bot_trade": trade}
                self._tell(sockets, composing.frame("UPDATE", data), ("fill", row.id))
        for token_id in before.keys() - self._held.get(wallet, {}).keys():
            gone = {"token": before[token_id], "strategy_state": None, "position": None}
            self._tell(sockets, composing.frame("UPDATE", gone), ("gone", token_id))
        self._tell_standing(await self._parts.live.settled(), wallet, None)

    async def _send_prices(self) -> None:
        moved = {wallet: set(tokens) for wallet, tokens in self._prices.items()}
        self._prices.clear()

        def tell(views: Views, wallet: int) -> None:
            self._tell_standing(views, wallet, moved[wallet])

        await self._each(set(moved), tell)

    async def _each(self, wallets: set[int], tell: Callable[[Views, int], None]) -> None:
        """Do something for each wallet, and let others run in between."""
        views = await self._parts.live.settled() if wallets else None
        for turn, wallet in enumerate(sorted(wallets), start=1):
            if views is not None and self._sockets.of_wallet(wallet):
                tell(views, wallet)
            if turn % TURN == 0:
                await asyncio.sleep(0)
                views = await self._parts.live.settled()

    def _tell_standing(self, views: Views, wallet: int, tokens: set[int] | None) -> None:
        """Send the portfolio, and the positions in these tokens (None: all)."""
        sockets, now = self._sockets.of_wallet(wallet), self._parts.clock.now()
        positions = views.positions(wallet)
        for view in positions:
            if tokens is None or view.token.id in tokens:
                self._tell(sockets, composing.update(view, now), ("position", view.trade))
        worth = composing.portfolio(views.wallet(wallet), positions)
        text = composing.frame("UPDATE", {"token": None, "portfolio": worth})
        self._tell(sockets, text, ("portfolio", 0))

    def _tell_summary(self, views: Views, wallet: int) -> None:
        text = self._summary(views, wallet)
        if text != self._last_summary.get(wallet):
            self._last_summary[wallet] = text
            self._tell(self._sockets.of_wallet(wallet), text, ("summary", 0))

    def _summary(self, views: Views, wallet: int) -> str:
        live = [composing.summary(view) for view in views.summaries(wallet)]
        return composing.frame(
            "TRADE_SUMMARY_UPDATE", {"summaries": live + self._finished.get(wallet, [])}
        )

    @staticmethod
    def _tell(sockets: Iterable[Socket], text: str, key: Key) -> None:
        for socket in sockets:
            socket.tell(text, key)


def _rows(changes: Changes, kind: type[R]) -> list[R]:
    rows: dict[Any, list[Any]] = changes.rows
    return rows.get(kind, [])


def _opened(events: Iterable[EventRow]) -> dict[int, dict[int, str]]:
    """Find the trades that were opened: by wallet, the trade's number and its mint."""
    found: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for row in events:
        if row.kind == "TradeOpened" and row.wallet_id is not None:
            fact: Any = facts.read(row)
            found[row.wallet_id][fact.trade] = fact.mint
    return found
