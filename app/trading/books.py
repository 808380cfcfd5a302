"""Who owns what: wallets and open positions as columns, so that a tick or a signal is one pass
over arrays.

A wallet's row is its id. A `Book` holds every open position in one token, of all wallets; the exit
machine runs down its columns. Amounts are lamports and base units, prices SOL per token, times
Unix ms.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.trading import exits
from app.trading.amounts import values_lamports
from app.trading.exits import BLOCK, Columns, Guards, Plans
from app.trading.ledger import WalletRow
from app.trading.market import Token
from app.trading.plans import MAX_TIERS

Ints = NDArray[np.int64]
Index = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

T = TypeVar("T", bound=np.generic)

ROOM = 16
SALES_ROOM = BLOCK * MAX_TIERS * 2
DAY_MS = 86_400_000
NEVER = -(2**62)
"""When a wallet was reset that was not."""

FRESH = "fresh"
PLAY_MONEY = frozenset({"paper", "synthetic"})
"""Kinds of wallets that hold no real money."""


def _grown(column: NDArray[T], room: int) -> NDArray[T]:
    bigger = np.zeros((room, *column.shape[1:]), column.dtype)
    bigger[: len(column)] = column
    return bigger


class _Room(threading.local):
    """Where a pass writes what it sold; one for each thread that runs passes."""

    def __init__(self) -> None:
        self.sales = np.zeros((SALES_ROOM, 4), np.int64)


_room = _Room()


class Wallets:
    """All wallets; row 0 is nobody. A shadow's `owner` is the wallet that it belongs to, else 0.

    A wallet that was reset begins at `reset_at` (NEVER: it was not) with `initial` lamports, and
    `deposits_before` is what `deposits` were then.
    """

    __slots__ = (
        "addresses",
        "cash",
        "count",
        "created_at",
        "day",
        "day_low",
        "day_start",
        "deposits",
        "deposits_before",
        "initial",
        "numbers",
        "owner",
        "paper",
        "pause_reasons",
        "paused",
        "peak",
        "profile",
        "reset_at",
    )

    def __init__(self) -> None:
        self.count = 1
        self.addresses: list[str] = [""]
        self.numbers: dict[str, int] = {}
        self.cash, self.initial, self.deposits, self.peak = (
            np.zeros(ROOM, np.int64) for _ in range(4)
        )
        self.day, self.day_start, self.day_low = (np.zeros(ROOM, np.int64) for _ in range(3))
        self.created_at = np.zeros(ROOM, np.int64)
        self.deposits_before, self.reset_at = (np.zeros(ROOM, np.int64) for _ in range(2))
        self.paused, self.paper = (np.zeros(ROOM, np.bool_) for _ in range(2))
        self.profile, self.owner = (np.zeros(ROOM, np.int32) for _ in range(2))
        self.pause_reasons: dict[int, str] = {}

    def add(self, row: WalletRow) -> None:
        """Take in a wallet; ids come without holes, in order."""
        if row.id != self.count or row.wallet_address in self.numbers:
            message = (
                f"wallet {row.id} ({row.wallet_address}) does not follow wallet {self.count - 1}"
            )
            raise ValueError(message)
        if self.count == len(self.cash):
            room = 2 * self.count
            for name in (
                "cash",
                "initial",
                "deposits",
                "deposits_before",
                "peak",
                "day",
                "day_low",
                "day_start",
                "created_at",
                "reset_at",
                "paper",
                "paused",
                "profile",
                "owner",
            ):
                setattr(self, name, _grown(getattr(self, name), room))
        number = self.count
        self.count += 1
        self.addresses.append(row.wallet_address)
        self.numbers[row.wallet_address] = number
        self.cash[number], self.initial[number], self.deposits[number] = (
            row.sol_balance,
            row.start_balance,
            row.deposits,
        )
        self.peak[number], self.day[number], self.day_start[number] = (
            row.peak_value,
            row.day,
            row.day_start_value,
        )
        self.day_low[number] = row.day_low_value
        self.created_at[number], self.paused[number] = row.created_at, row.paused
        if row.pause_reason is not None:
            self.pause_reasons[number] = row.pause_reason
        self.owner[number] = row.owner_id or 0
        self.paper[number] = row.kind in PLAY_MONEY
        self.deposits_before[number] = row.reset_deposits or 0
        self.reset_at[number] = NEVER if row.reset_at is None else row.reset_at

    def paid_in(self, wallet: int) -> int:
        """Add up what a wallet's profit is counted from: its beginning and later deposits."""
        later = self.deposits[wallet] - self.deposits_before[wallet]
        return int(self.initial[wallet] + later)


class Opening(NamedTuple):
    """Positions to open in one token at one price: columns of equal length."""

    trade: Ints
    wallet: Index
    strategy: Index
    plan: Index
    units: Ints
    cost: Ints
    deadline: Ints
    signal: int


@dataclass(frozen=True, slots=True)
class Sold:
    """What a pass sold, one row a sale, in the order of trades, tiers lowest first.

    A tier of −1 sold all that was left.
    """

    rows: Ints

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def slot(self) -> Ints:
        """Which positions, by their slots."""
        return self.rows[:, exits.SLOT]

    @property
    def tier(self) -> Ints:
        """Which tiers took profit."""
        return self.rows[:, exits.TIER]

    @property
    def reason(self) -> Ints:
        """Why, as `exits` numbers reasons."""
        return self.rows[:, exits.REASON]

    @property
    def units(self) -> Ints:
        """How much, in base units."""
        return self.rows[:, exits.UNITS]


class Book:
    """All open positions in one token."""

    __slots__ = (
        "columns",
        "cost",
        "count",
        "entry_time",
        "guards",
        "largest",
        "orders",
        "price",
        "price_at",
        "returned",
        "signal",
        "standing",
        "strategy",
        "token",
        "trade",
        "wallet",
    )

    def __init__(self, token: Token) -> None:
        self.token, self.count = token, 0
        self.price, self.price_at, self.largest = 0.0, 0, 0
        self.standing = FRESH
        self.columns = Columns(
            plan=np.zeros(ROOM, np.int32),
            entry=np.zeros(ROOM),
            initial=np.zeros(ROOM, np.int64),
            left=np.zeros(ROOM, np.int64),
            stop=np.zeros(ROOM),
            highest=np.zeros(ROOM),
            upper=np.zeros(ROOM),
            tiers=np.zeros(ROOM, np.int8),
            phase=np.zeros(ROOM, np.int8),
            deadline=np.zeros(ROOM, np.int64),
        )
        self.guards = Guards(np.zeros(1), np.zeros(1), np.zeros(1, np.int64), np.zeros(1))
        self.trade, self.entry_time, self.cost, self.returned, self.signal = (
            np.zeros(ROOM, np.int64) for _ in range(5)
        )
        self.wallet, self.strategy, self.orders = (np.zeros(ROOM, np.int32) for _ in range(3))

    @property
    def blocks(self) -> int:
        """Count the blocks that hold positions."""
        return (self.count + BLOCK - 1) // BLOCK

    def open(self, plans: Plans, opening: Opening, price: float, at: int) -> int:
        """Add positions filled at a price; return the slot of the first, the others follow it."""
        first, many = self.count, len(opening.trade)
        self._make_room(first + many)
        if first % BLOCK:
            exits.settle(self.columns, self.guards, first // BLOCK, first)
        new = slice(first, first + many)
        self.trade[new], self.wallet[new], self.strategy[new] = (
            opening.trade,
            opening.wallet,
            opening.strategy,
        )
        self.cost[new], self.returned[new], self.orders[new], self.signal[new] = (
            opening.cost,
            0,
            1,
            opening.signal,
        )
        self.entry_time[new] = at
        self.columns.plan[new], self.columns.initial[new], self.columns.deadline[new] = (
            opening.plan,
            opening.units,
            opening.deadline,
        )
        self.count += many
        self.largest = max(self.largest, int(opening.units.max(initial=0)))
        exits.open_all(plans, self.columns, self.guards, price, first, self.count)
        return first

    def reserve(self, count: int) -> None:
        """Make room for positions that are filled in from the record, see `restore`."""
        self._make_room(count)
        self.count = count

    def restore(self, plans: Plans) -> None:
        """Measure levels and guards of columns that were filled from the record."""
        for slot in range(self.count):
            exits.write(self.columns, slot, plans, exits.read(self.columns, slot))
        self.largest = int(self.columns.initial[: self.count].max(initial=0))
        self._settle(range(self.blocks))

    def tick(self, plans: Plans, price: float, now: int) -> Sold | None:
        """Let every position see a price; None when nothing was sold."""
        self.price, self.price_at = price, now
        blocks = self.blocks
        block = exits.quiet(*self.guards, blocks, price, now)
        if block == blocks:
            return None
        sales = _room.sales
        parts: list[Ints] = []
        ordered = True
        while block < blocks:
            block, rows, ordered = exits.step_all(
                plans, self.columns, self.guards, self.count, price, now, sales, block, self.trade
            )
            if rows:
                parts.append(sales[:rows].copy())
        if not parts:
            return None
        if len(parts) == 1 and ordered:
            return Sold(parts[0])
        sold = np.concatenate(parts)
        return Sold(sold[np.argsort(self.trade[sold[:, exits.SLOT]], kind="stable")])

    def overdue(self, now: int) -> Sold | None:
        """Sell what was held until its deadline, without a price: the others see nothing.

        None when nothing is due.
        """
        if self.blocks == 0 or self.guards.deadline[: self.blocks].min() > now:
            return None
        waiting = self.columns.left[: self.count] > 0
        due = np.flatnonzero((self.columns.deadline[: self.count] <= now) & waiting)
        due = due[np.argsort(self.trade[due], kind="stable")]
        units = self.columns.left[due]
        self.columns.left[due] = 0
        everything, held_long = np.full_like(due, -1), np.full_like(due, exits.HELD_LONG)
        return Sold(np.column_stack((due, everything, held_long, units)))

    def highest(self, slot: int) -> float:
        """Return the highest price a position saw, its block's peak included."""
        return max(float(self.columns.highest[slot]), float(self.guards.peak[slot // BLOCK]))

    def sell(self, slot: int, units: int) -> None:
        """Take units out of a position by a person's wish."""
        self.columns.left[slot] -= units

    def remove_sold(self) -> None:
        """Drop the positions with nothing left; the last ones take their places."""
        gone = np.flatnonzero(self.columns.left[: self.count] == 0)
        if not len(gone):
            return
        kept = np.flatnonzero(self.columns.left[: self.count] > 0)
        movers = kept[kept >= len(kept)]
        holes = gone[gone < len(kept)]
        touched = [int(block) for block in np.unique(np.concatenate((gone, movers)) // BLOCK)]
        self._settle(touched)
        for column in self._all():
            column[holes] = column[movers]
        self.count = len(kept)
        self._settle(block for block in touched if block < self.blocks)

    def values(self) -> Floats:
        """Value each position at the last price, in whole lamports."""
        return values_lamports(self.columns.left[: self.count], self.price, self.token.decimals)

    def of_wallet(self, wallet: int) -> Iterator[int]:
        """Yield the slots of a wallet's positions in the order of their trades."""
        slots = np.flatnonzero(self.wallet[: self.count] == wallet)
        yield from (int(slot) for slot in slots[np.argsort(self.trade[slots], kind="stable")])

    def _all(self) -> tuple[NDArray[np.generic], ...]:
        own = (
            self.trade,
            self.entry_time,
            self.cost,
            self.returned,
            self.signal,
            self.wallet,
            self.strategy,
            self.orders,
        )
        return (*self.columns, *own)

    def _settle(self, blocks: Iterable[int]) -> None:
        for block in blocks:
            exits.settle(self.columns, self.guards, block, self.count)

    def _make_room(self, needed: int) -> None:
        room = len(self.trade)
        if needed > room:
            room = max(2 * room, needed)
            self.columns = self.columns._replace(
                **{name: _grown(column, room) for name, column in self.columns._asdict().items()}
            )
            for name in (
                "trade",
                "entry_time",
                "cost",
                "returned",
                "signal",
                "wallet",
                "strategy",
                "orders",
            ):
                setattr(self, name, _grown(getattr(self, name), room))
        blocks = (room + BLOCK - 1) // BLOCK
        if blocks > len(self.guards.stop):
            self.guards = self.guards._replace(
                **{name: _grown(column, blocks) for name, column in self.guards._asdict().items()}
            )
