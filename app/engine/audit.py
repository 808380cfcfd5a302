"""Proves the record from the record alone: balances, trades, positions and open exit states.

Balances and quantities are sums over fills and deposits. An exit state is run again from the
entry's fill over every price that the platform saw since; sales by a person's wish are taken from
the fills, changes of the plan from theirs. A closed trade is run again whole, see `replaying`.
"""

import json
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from app.engine.replaying import check_trade
from app.store.contradictions import Planned, contradictions, planned_trades
from app.store.database import Database
from app.store.events import events_of_trade
from app.store.plan_changes import plan_changes_of
from app.store.positions import OpenPosition, open_positions
from app.store.replays import past_trades, played_trade
from app.store.sums import TradeSum, WalletSum, trade_sums, wallet_sums
from app.store.ticks import last_tick, ticks_after
from app.store.trades import fills_of
from app.store.types import LARGEST
from app.trading import exits
from app.trading.exits import MANUAL, Plans, State
from app.trading.fills import Costs
from app.trading.ledger import EventRow, FillRow, TickRow
from app.trading.market import TIMEFRAMES
from app.trading.moving import stand_under
from app.trading.plans import ExitPlan
from app.trading.recording import levels
from app.trading.replay import (
    Change,
    Outside,
    changed,
    changes_of,
    first_plan,
    in_order,
    outside_of,
)

LOOKS_AGAIN = 2
MOST_EVENTS = 5_000
UNREADABLE = "cannot be read"
BOUGHT_OR_SOLD = {"TradeOpened", "TierTaken"}
"""Kinds of events that tell of one fill each, as long as a trade is open."""


class Finding(NamedTuple):
    """A place where the record does not add up."""

    what: str
    id: int
    field: str
    recorded: float | str | None
    computed: float | str | None


class Replays(NamedTuple):
    """What came of running closed trades again: faults, how many, and why others were not."""

    findings: list[Finding]
    replayed: int
    unchecked: Counter[str]


async def audit(database: Database) -> tuple[list[Finding], int]:
    """Check everything; return the faults and the number of wallets and trades looked at.

    A platform may write between two queries, so a fault is one that stays when looked at again.
    """
    findings, checked = await _look(database)
    for _ in range(LOOKS_AGAIN):
        if findings:
            known = {finding[:3] for finding in findings}
            again, checked = await _look(database)
            findings = [finding for finding in again if finding[:3] in known]
    return findings, checked


async def replay_all(database: Database, folder: Path, costs: Costs) -> Replays:
    """Run every closed trade again; `folder` is the data folder, where old prices are files.

    A closed trade changes no more, so that one look is enough.
    """
    findings: list[Finding] = []
    unchecked: Counter[str] = Counter()
    replayed = 0
    async for page in past_trades(database):
        for past in page:
            trade = await played_trade(database, past.id)
            if trade is None:
                unchecked["its exit state is not kept"] += 1
                continue
            checked = await check_trade(database, folder, trade, costs)
            if checked.reason is not None:
                unchecked[checked.reason] += 1
                continue
            replayed += 1
            findings += [Finding("replay", past.id, *one) for one in checked.differences]
    return Replays(findings, replayed, unchecked)


async def _look(database: Database) -> tuple[list[Finding], int]:
    wallets = await wallet_sums(database)
    findings = [finding for wallet in wallets for finding in _wallet(wallet)]
    trades = await trade_sums(database)
    for trade in trades:
        findings.extend(_trade(trade))
    for position in await open_positions(database):
        findings.extend(await _position(database, position))
    findings += [Finding(*one) for one in await contradictions(database)]
    async for page in planned_trades(database):
        findings += [finding for trade in page for finding in _plan(trade)]
    return list(dict.fromkeys(findings)), len(wallets) + len(trades)


def _wallet(wallet: WalletSum) -> Iterator[Finding]:
    pairs = [
        ("balance", wallet.recorded, wallet.computed),
        ("deposits", wallet.deposits, wallet.deposited),
    ]
    if wallet.computed_since is not None:
        pairs.append(("balance since its reset", wallet.recorded, wallet.computed_since))
    for field, recorded, computed in pairs:
        if recorded != computed:
            yield Finding("wallet", wallet.wallet_id, field, recorded, computed)


def _trade(trade: TradeSum) -> Iterator[Finding]:
    left = trade.bought - trade.sold
    pairs: list[tuple[str, int | None, int | None]] = [
        ("quantity", trade.quantity, trade.bought),
        ("sol_invested", trade.sol_invested, trade.spent),
        ("sol_returned", trade.sol_returned, trade.received),
        ("tokens", trade.tokens, left),
    ]
    if trade.status == "finished":
        pairs += [
            ("pnl_sol", trade.pnl_sol, trade.received - trade.spent),
            ("tokens left", 0, left),
        ]
    for field, recorded, computed in pairs:
        if recorded != computed:
            yield Finding("trade", trade.trade_id, field, recorded, computed)


def _plan(trade: Planned) -> Iterator[Finding]:
    """Hold the prices of a trade's tiers and its deadline against its plans."""
    plan, first = _read(trade.exit_plan), _read(trade.entry_plan)
    if plan is None or first is None:
        yield Finding("trade", trade.id, "exit_plan", trade.exit_plan, UNREADABLE)
        return
    candles = first.max_holding_candles
    ends = {trade.entry_time + (candles or 0) * length for length in TIMEFRAMES.values()}
    if trade.deadline not in (ends if candles else {exits.NEVER_MS}):
        yield Finding("position", trade.id, "deadline", trade.deadline, candles)
    computed = levels(plan, trade.entry_price)
    if trade.take_profit_tiers != computed:
        yield Finding("trade", trade.id, "take_profit_tiers", trade.take_profit_tiers, computed)


@lru_cache(maxsize=256)
def _read(plan: str) -> ExitPlan | None:
    try:
        return ExitPlan.model_validate_json(plan)
    except ValidationError:
        return None


async def _position(database: Database, position: OpenPosition) -> list[Finding]:
    """Hold the fills of an open position against what was told of them, and run it again."""
    number, fills = position.trade_id, await fills_of(database, position.trade_id)
    events = await events_of_trade(database, position.wallet_id, number, MOST_EVENTS)
    findings = list(_told(number, fills, events))
    rows = await plan_changes_of(database, number)
    plan = _read(position.exit_plan)
    plans = [plan, *(_read(text) for row in rows for text in (row.plan_before, row.plan_after))]
    if plan is None or None in plans or not fills:
        return [*findings, Finding("position", number, "state", "", UNREADABLE)]
    return findings + await _again(database, position, plan, fills, changes_of(rows))


def _told(trade: int, fills: Sequence[FillRow], events: Sequence[EventRow]) -> Iterator[Finding]:
    """Hold each fill against the event that told of it; missing ones the chain of events tells."""
    facts = [
        json.loads(event.data) | {"at": event.at}
        for event in events
        if event.kind in BOUGHT_OR_SOLD
    ]
    for fill, fact in zip_longest(fills, facts) if facts else ():
        if fill is None or fact is None:
            yield Finding("trade", trade, "fills told", len(fills), len(facts))
            return
        said = (
            ("price", fill.price, fact["price"]),
            ("size", fill.size, fact["units"]),
            ("sol", fill.sol, fact["lamports"]),
            ("fee", fill.fee, fact["fee"]),
            ("timestamp", fill.timestamp, fact["at"]),
            ("reason", fill.reason, fact.get("reason", "entry")),
        )
        for field, recorded, computed in said:
            if recorded != computed:
                yield Finding("fill", fill.id, field, recorded, computed)


async def _again(
    database: Database,
    position: OpenPosition,
    plan: ExitPlan,
    fills: Sequence[FillRow],
    changes: Sequence[Change],
) -> list[Finding]:
    """Run an open position again from its entry, and the recorded state from its last row."""
    newest = await last_tick(database, position.token_id)
    through = position.tick_seq if newest is None else newest.seq
    token = position.token_id
    began = exits.plans([first_plan(plan, changes)])
    deadline, outside = position.deadline, in_order(_by_hand(fills), changes)
    start = exits.start(began, 0, position.entry_price, position.initial_tokens, deadline)
    again = _Life(began, start, outside.copy(), [])
    await _Prices(database, token, position.tick_seq).show(again, fills[0].tick_seq)
    phase = again.state.phase
    await _Prices(database, token, through).show(again, position.tick_seq)
    later = deque(one for one in outside if one.seq > position.tick_seq)
    folded = _Life(exits.plans([plan]), position.exit_state, later, [])
    await _Prices(database, token, through).show(folded, position.tick_seq)
    pairs = [
        ("phase", position.phase, phase),  # a later price mends it
        *zip(State._fields, folded.state, again.state, strict=True),
        *changed(plan, changes, again.moves),
    ]
    return [
        Finding("position", position.trade_id, field, there, here)
        for field, there, here in pairs
        if there != here
    ]


def _by_hand(fills: Iterable[FillRow]) -> list[Outside]:
    return [one for one in outside_of(fills) if one.reason == MANUAL]


@dataclass(slots=True)
class _Life:
    """A position that is run again: its plan, where it stands, what no price causes and is still to
    come, and what changes of its plan made of its stop.
    """

    plans: Plans
    state: State
    outside: deque[Outside | Change]
    moves: list[tuple[float, float]]

    def see(self, tick: TickRow) -> None:
        """Show it a price, after what came before that."""
        self.happen(tick.seq)
        self.state, _ = exits.step(self.plans, 0, self.state, tick.price, tick.at)

    def happen(self, before: int) -> None:
        """Let happen what came before a tick."""
        while self.outside and self.outside[0].seq < before:
            one = self.outside.popleft()
            if isinstance(one, Outside):
                self.state = self.state._replace(left=self.state.left - one.units)
                continue
            stop = self.state.stop
            self.plans, self.state = exits.plans([one.after]), stand_under(one.after, self.state)
            self.moves.append((stop, self.state.stop))


class _Prices(NamedTuple):
    """The prices of a token up to one of them, to run positions over."""

    database: Database
    token: int
    through: int

    async def show(self, life: _Life, after: int) -> None:
        """Run a position over the prices after a tick; then happens what came after all of them."""
        async for page in ticks_after(self.database, self.token, after, self.through):
            for tick in page:
                life.see(tick)
        life.happen(LARGEST)
