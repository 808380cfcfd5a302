"""Proves the record from the record alone: balances, trades, positions and open exit states.

Balances and quantities are sums over fills. An exit state is run again from the entry's fill over
every price that the platform saw since; sales by a person's wish are taken from the fills. A
closed trade is run again whole, see `replaying`.
"""

from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from app.engine.replaying import check_trade
from app.store.database import Database
from app.store.positions import OpenPosition, open_positions
from app.store.replays import past_trades, played_trade
from app.store.sums import TradeSum, trade_sums, wallet_sums
from app.store.ticks import last_tick, ticks_after
from app.store.trades import fills_of
from app.store.types import LARGEST
from app.trading import exits
from app.trading.exits import MANUAL, Plans, State
from app.trading.fills import Costs
from app.trading.plans import ExitPlan

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
    findings = [
        Finding("wallet", wallet.wallet_id, "balance", wallet.recorded, wallet.computed)
        for wallet in wallets
        if wallet.recorded != wallet.computed
    ]
    trades = await trade_sums(database)
    for trade in trades:
        findings.extend(_trade(trade))
    for position in await open_positions(database):
        findings.extend(await _position(database, position))
    return findings, len(wallets) + len(trades)


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
    plans = exits.plans([ExitPlan.model_validate_json(position.exit_plan)])
    fills = await fills_of(database, position.trade_id)
    wishes: Counter[int] = Counter()
    for fill in fills:
        if fill.reason == MANUAL:
            wishes[fill.tick_seq] += fill.size
    start = exits.start(plans, 0, position.entry_price, position.initial_tokens, position.deadline)
    newest = await last_tick(database, position.token_id)
    through = position.tick_seq if newest is None else newest.seq
    prices = _Prices(database, position.token_id, plans, through)
    again = await prices.run(fills[0].tick_seq, start, wishes)
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
    later = Counter({seq: units for seq, units in wishes.items() if seq > position.tick_seq})
    folded = await prices.run(position.tick_seq, recorded, later)
    return [
        Finding("position", position.trade_id, field, there, here)
        for field, there, here in zip(State._fields, folded, again, strict=True)
        if there != here
    ]


class _Prices(NamedTuple):
    """The prices of a token up to one of them, to run one plan over."""

    database: Database
    token: int
    plans: Plans
    through: int

    async def run(self, seq: int, state: State, wishes: Counter[int]) -> State:
        """Run a state over the prices after a tick; wishes are units sold after a tick of any token
        and before the next.
        """
        waiting = deque(sorted(wishes.items()))
        async for page in ticks_after(self.database, self.token, seq, self.through):
            for tick in page:
                state = _sell(state, waiting, tick.seq)
                state, _ = exits.step(self.plans, 0, state, tick.price, tick.at)
        return _sell(state, waiting, LARGEST)


def _sell(state: State, waiting: deque[tuple[int, int]], before: int) -> State:
    """Take out what was sold by wish before a tick."""
    left = state.left
    while waiting and waiting[0][0] < before:
        left -= waiting.popleft()[1]
    return state._replace(left=left)
