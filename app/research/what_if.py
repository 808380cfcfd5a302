"""What if: a trade, or all trades of a wallet and period, with other exit plans.

The entry stays as it was, and so do the prices: those that the platform saw. Nothing is sized or
entered anew, so that figures of many trades say what the plans alone would have changed.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import structlog
from pydantic import ValidationError

from app.ports import Clock
from app.research.as_it_was import recorded
from app.research.lead import lead
from app.research.led import Asked, Outcomes, Terms, Trade
from app.research.machine import Machine
from app.research.results import Unfit
from app.research.seen_prices import Seen, SeenPrices, Span, UnplayableError
from app.store.archive import Idle
from app.store.database import Database
from app.store.plan_changes import plan_changes_of, plan_changes_of_all
from app.store.replays import (
    PlayedFilter,
    PlayedTrade,
    fills_of_all,
    played_trade,
    played_trades,
)
from app.store.trades import fills_of
from app.trading.amounts import Floats, Ints
from app.trading.fills import Costs
from app.trading.ledger import FillRow
from app.trading.plan_changes import PlanChangeRow
from app.trading.plans import ExitPlan
from app.trading.replay import changes_of

log = structlog.get_logger(__name__)

MOST_TRADES = 2_000
MOST_RUNS = 500_000
AT_ONCE = 2
FEW = 50
"""Plans whose sales are answered one by one."""

MOST_POINTS = 2_000
NO_PLAN = "its exit plan cannot be read"
NO_FILLS = "its fills are not kept"


class OneTrade(msgspec.Struct, frozen=True, kw_only=True):
    """A trade under every plan, and as it was; `path` is (times in Unix ms, prices) or None.

    `plan` is its last one, which took another's place `plan_changes` times.
    """

    trade: PlayedTrade
    plan: ExitPlan
    plan_changes: int
    asked: Asked
    outcomes: Outcomes
    recorded: Outcomes
    seen_until: int
    path: tuple[Ints, Floats] | None


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """What plans made of many trades: columns with a row a plan."""

    pnl: Ints
    finished: Ints
    wins: Ints

    def add(self, outcomes: Outcomes) -> None:
        """Count a trade."""
        closed = outcomes.left == 0
        self.pnl[:] += outcomes.pnl
        self.finished[:] += closed
        self.wins[:] += closed & (outcomes.pnl > 0)

    @classmethod
    def of(cls, plans: int) -> "Totals":
        """Begin with nothing."""
        zeros = (np.zeros(plans, np.int64) for _ in range(3))
        return cls(**dict(zip(("pnl", "finished", "wins"), zeros, strict=True)))


class ManyTrades(msgspec.Struct, frozen=True, kw_only=True):
    """A wallet's trades under every plan; `each` has a trade's (as led, as it was) for one plan."""

    asked: Asked
    totals: Totals
    recorded: Totals
    trades: int
    each: list[tuple[PlayedTrade, Outcomes, Outcomes]]
    skipped: list[tuple[int, str]]


class WhatIf:
    """Answers what other exit plans would have made; `folder` is the data folder."""

    def __init__(
        self, database: Database, folder: Path, costs: Costs, timeframe_ms: int, clock: Clock
    ) -> None:
        self._database = database
        self._costs = costs
        self._timeframe_ms = timeframe_ms
        self._clock = clock
        self._prices = SeenPrices(database, folder)
        self._machine = Machine()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._loading: asyncio.Task[None] | None = None

    async def of_trade(
        self, wallet: int, number: int, plans: Sequence[ExitPlan], *, path: bool
    ) -> OneTrade | None:
        """Lead a wallet's trade by each plan; None where it has no such trade.

        Raises UnplayableError, TooManyPricesError and what the store raises.
        """
        line = await played_trade(self._database, number)
        if line is None or line.wallet_id != wallet:
            return None
        self._load()
        changes = await plan_changes_of(self._database, number)
        trade = _trade(line, await fills_of(self._database, number), changes)
        token, fills = Idle(line.token_id, line.mint), trade.fills
        seen = await self._prices.after(token, fills[0].tick_seq, fills[-1].tick_seq)
        async with self._turns:
            return await asyncio.to_thread(self._one, trade, seen, plans, path=path)

    async def of_wallet(
        self, wallet: int, wanted: PlayedFilter, plans: Sequence[ExitPlan]
    ) -> ManyTrades:
        """Lead a wallet's trades of a period by each plan; those whose prices are gone are skipped.

        Raises Unfit for more than MOST_TRADES, or MOST_RUNS of trades and plans together;
        TooManyPricesError and what the store raises.
        """
        lines = await played_trades(self._database, wallet, wanted, MOST_TRADES + 1)
        if len(lines) > MOST_TRADES:
            detail = f"more than {MOST_TRADES:,} trades were opened in this time: ask for less"
            raise Unfit(("from",), detail)
        if len(lines) * len(plans) > MOST_RUNS:
            detail = (
                f"{len(lines):,} trades with {len(plans):,} plans each are more than "
                f"{MOST_RUNS:,} runs: ask for fewer plans or a shorter time"
            )
            raise Unfit((), detail)
        self._load()
        answer = ManyTrades(
            asked=Asked.of(plans),
            totals=Totals.of(len(plans)),
            recorded=Totals.of(1),
            trades=len(lines),
            each=[],
            skipped=[],
        )
        numbers = [line.id for line in lines]
        fills = await fills_of_all(self._database, numbers)
        changes = await plan_changes_of_all(self._database, numbers)
        by_token: defaultdict[Idle, list[Trade]] = defaultdict(list)
        for line in lines:
            try:
                trade = _trade(line, fills[line.id], changes[line.id])
                by_token[Idle(line.token_id, line.mint)].append(trade)
            except UnplayableError as error:
                answer.skipped.append((line.id, str(error)))
        for token, trades in by_token.items():
            await self._of_token(answer, token, trades)
        answer.each.sort(key=lambda one: (one[0].entry_time, one[0].id))
        return answer

    async def _of_token(self, answer: ManyTrades, token: Idle, trades: list[Trade]) -> None:
        entries = [trade.fills[0].tick_seq for trade in trades]
        last = max(trade.fills[-1].tick_seq for trade in trades)
        try:
            seen = await self._prices.read(token, Span(min(entries), max(entries), last))
        except UnplayableError as error:
            answer.skipped.extend((trade.line.id, str(error)) for trade in trades)
            return
        async with self._turns:
            await asyncio.to_thread(self._many, answer, seen, trades)

    def _terms(self) -> Terms:
        return Terms(self._costs, self._timeframe_ms, self._clock.now())

    def _one(self, trade: Trade, seen: Seen, plans: Sequence[ExitPlan], *, path: bool) -> OneTrade:
        """Work in a thread: one trade."""
        terms, asked = self._terms(), Asked.of(plans)
        machine = self._machine.of(len(plans))
        outcomes = lead(trade, seen, asked, terms, machine=machine, parts=len(plans) <= FEW)
        really = recorded(trade, seen, terms)
        entry = seen.place(trade.fills[0].tick_seq)
        last = max(outcomes.last, really.last)
        return OneTrade(
            trade=trade.line,
            plan=trade.plan,
            plan_changes=len(trade.changes),
            asked=asked,
            outcomes=outcomes,
            recorded=really,
            seen_until=int(seen.path.latest[last]),
            path=thinned(seen.prices.at, seen.prices.price, entry, last + 1) if path else None,
        )

    def _many(self, answer: ManyTrades, seen: Seen, trades: list[Trade]) -> None:
        """Work in a thread: the trades of a token."""
        terms, plans = self._terms(), len(answer.asked.plans)
        machine = self._machine.of(plans * answer.trades)
        for trade in trades:
            try:
                led = lead(trade, seen, answer.asked, terms, machine=machine, parts=False)
                really = recorded(trade, seen, terms)
            except UnplayableError as error:
                answer.skipped.append((trade.line.id, str(error)))
                continue
            answer.totals.add(led)
            answer.recorded.add(really)
            if plans == 1:
                answer.each.append((trade.line, led, really))

    def _load(self) -> None:
        """Begin to load the compiled machine at the first question; small ones do not wait."""
        if self._loading is None:
            self._loading = asyncio.create_task(self._load_machine(), name="compile what-if")

    async def _load_machine(self) -> None:
        try:
            await asyncio.to_thread(self._machine.load)
        except Exception:
            log.exception("the exit machine was not compiled")


def _trade(line: PlayedTrade, fills: Sequence[FillRow], changes: Sequence[PlanChangeRow]) -> Trade:
    """Put a trade together. Raises UnplayableError where its record does not allow to lead it."""
    if not fills or fills[0].side != "BUY":
        raise UnplayableError(NO_FILLS)
    try:
        plan, before = ExitPlan.model_validate_json(line.exit_plan), changes_of(changes)
    except ValidationError as error:
        raise UnplayableError(NO_PLAN) from error
    return Trade(line, plan, fills, before)


def thinned(times: Ints, prices: Floats, first: int, last: int) -> tuple[Ints, Floats]:
    """Choose at most MOST_POINTS of the prices [first, last): the first and the last, and of each
    stretch between its lowest and its highest.
    """
    many = last - first
    places = np.arange(first, last)
    if many > MOST_POINTS:
        width = -(-many // (MOST_POINTS // 2 - 1))
        part = prices[first:last]
        begins = np.arange(0, many, width)
        lows = [begin + int(part[begin : begin + width].argmin()) for begin in begins.tolist()]
        highs = [begin + int(part[begin : begin + width].argmax()) for begin in begins.tolist()]
        places = first + np.unique(np.array([0, many - 1, *lows, *highs], np.int64))
    return times[places], prices[places]
