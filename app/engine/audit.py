"""Proves the record from the record alone: balances, trades, positions and open exit states.

Balances and quantities are sums over fills and deposits. An exit state is run again from the
entry's fill over every price that the platform saw since; sales by a person's wish are taken from
the fills, changes of the plan from theirs. A closed trade is run again whole, see `replaying`.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from app.engine.replaying import check_trade
from app.store.database import Database
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
from app.trading.ledger import FillRow, TickRow
from app.trading.moving import stand_under
from app.trading.plans import ExitPlan
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
    return findings, len(wallets) + len(trades)


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


async def _position(database: Database, position: OpenPosition) -> list[Finding]:
    """Run an open position again from its entry, and the recorded state from its last row."""
    plan = ExitPlan.model_validate_json(position.exit_plan)
    fills = await fills_of(database, position.trade_id)
    changes = changes_of(await plan_changes_of(database, position.trade_id))
    newest = await last_tick(database, position.token_id)
    through = position.tick_seq if newest is None else newest.seq
    prices = _Prices(database, position.token_id, through)
    began = exits.plans([first_plan(plan, changes)])
    deadline, outside = position.deadline, in_order(_by_hand(fills), changes)
    start = exits.start(began, 0, position.entry_price, position.initial_tokens, deadline)
    again = _Life(began, start, outside.copy(), [])
    await prices.show(again, fills[0].tick_seq)
    recorded = State(
        position.entry_price,
        position.initial_tokens,
        position.tokens,
        position.stop_loss,
        position.highest_price,
        position.tiers_taken,
        position.phase,
        position.deadline,
    )
    later = deque(one for one in outside if one.seq > position.tick_seq)
    folded = _Life(exits.plans([plan]), recorded, later, [])
    await prices.show(folded, position.tick_seq)
    pairs = [
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
