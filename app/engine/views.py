"""What the engine's memory shows to people: wallets, positions, summaries, read after a commit.

Everything is computed from the books when asked; amounts are lamports and base units, times Unix
ms. The memory is ahead of the record while a commit is under way: read through `Live.settled()`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.engine.waiting import WatchView, watches
from app.trading.amounts import received_lamports
from app.trading.books import NEVER, Book
from app.trading.exits import PHASES
from app.trading.ids import SignalId, TokenId
from app.trading.inputs import Written
from app.trading.judging import REASONS
from app.trading.market import Token
from app.trading.plans import ExitPlan, Profile
from app.trading.signals import Signal
from app.trading.state import State
from app.trading.watches import Watch, matches

HELD_ALREADY = "open_in_token"
BUSY = 64
"""Open positions or wallets from which on the exit machine is compiled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletView:
    """A wallet and what it is worth now; profit counts from the last reset, where there was one."""

    id: int
    wallet_address: str
    created_at: int
    reset_at: int | None
    is_paper: bool
    initial_sol_balance: int
    sol_balance: int
    total_value: int
    overall_pnl: int
    trade_pnl: int
    """Unrealised: value of open positions minus what they cost, sales so far included."""
    paused: bool
    pause_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowView:
    """A wallet's shadow: how it stands, and the settings that were written for it, by symbol.

    `owner_value` is what its owner was worth when it began.
    """

    number: int
    name: str
    wallet: WalletView
    owner_value: int
    open_positions: int
    retired_at: int | None
    settings: Mapping[str, Written]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierView:
    """A take-profit tier: its price, the portion of the initial quantity, whether it is taken."""

    price: float
    portion: float
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionView:
    """An open position with its mark and its exit state."""

    trade: int
    token: Token
    strategy: str
    side: str
    signal: int | None
    units: int
    initial_units: int
    cost_basis: int
    returned: int
    entry_price: float
    entry_time: int
    price: float
    price_at: int
    standing: str
    value: int
    pnl: int
    stop: float
    highest: float
    phase: str
    tiers: tuple[TierView, ...]
    deadline: int | None
    plan: ExitPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryView:
    """How one token stands for one wallet."""

    mint: str
    symbol: str | None
    status: str
    signal: int | None
    trade: int | None
    at: int
    pnl: int | None
    sentiment_score: float | None
    mention_count: int | None
    reason: str | None


class Views:
    """The engine's memory, read only."""

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def default_profile(self) -> Profile:
        """Return the wishes of a wallet that wrote no settings."""
        return self._state.wishes.profiles[0]

    def wallet_id(self, address: str) -> int | None:
        """Find a wallet's id by its address."""
        return self._state.wallets.numbers.get(address)

    def is_busy(self) -> bool:
        """Tell whether a compiled exit machine would be worth its memory."""
        positions = sum(book.count for book in self._state.books.values())
        return max(positions, self._state.wallets.count) > BUSY

    def wallet(self, wallet: int) -> WalletView:
        """Show a wallet and what it is worth. Raises IndexError for an id that does not exist."""
        wallets = self._state.wallets
        positions = self.positions(wallet)
        value = sum(position.value for position in positions)
        cash, reset_at = int(wallets.cash[wallet]), int(wallets.reset_at[wallet])
        return WalletView(
            id=wallet,
            wallet_address=wallets.addresses[wallet],
            created_at=int(wallets.created_at[wallet]),
            is_paper=bool(wallets.paper[wallet]),
            reset_at=None if reset_at == NEVER else reset_at,
            initial_sol_balance=int(wallets.initial[wallet]),
            sol_balance=cash,
            total_value=cash + value,
            overall_pnl=cash + value - wallets.paid_in(wallet),
            trade_pnl=sum(position.pnl for position in positions),
            paused=bool(wallets.paused[wallet]),
            pause_reason=wallets.pause_reasons.get(wallet),
        )

    def shadows(self, owner: int) -> list[ShadowView]:
        """Show a wallet's shadows in the order of their numbers: retired ones until they hold
        nothing.
        """
        found = []
        for number, wallet in enumerate(self._state.shadows_of.get(owner, []), start=1):
            held = self._held_by(wallet)
            if held or self._state.shadows[wallet].retired_at is None:
                found.append(self._shadow(number, wallet, held))
        return found

    def _held_by(self, wallet: int) -> int:
        books = self._state.books.values()
        return sum(int(np.count_nonzero(book.wallet[: book.count] == wallet)) for book in books)

    def _shadow(self, number: int, wallet: int, held: int) -> ShadowView:
        shadow = self._state.shadows[wallet]
        return ShadowView(
            number=number,
            name=shadow.name,
            wallet=self.wallet(wallet),
            owner_value=shadow.owner_value,
            open_positions=held,
            retired_at=shadow.retired_at,
            settings=dict(shadow.written),
        )

    def positions(self, wallet: int) -> list[PositionView]:
        """Show a wallet's open positions in the order of their trades."""
        found = [
            self._position(book, slot)
            for book in self._state.books.values()
            for slot in book.of_wallet(wallet)
        ]
        return sorted(found, key=lambda position: position.trade)

    @property
    def set_aside(self) -> int:
        """Count the open positions that are not led because their record is not sound."""
        return len(self._state.aside)

    @property
    def broken(self) -> dict[str, str]:
        """Name the strategies that failed and are not asked any more, and why."""
        questions = self._state.wishes.questions
        return {questions[asked].name: why for asked, why in self._state.broken.items()}

    def screening(self) -> list[tuple[SignalId, Signal]]:
        """List the signals that are not screened yet, oldest first."""
        return [(SignalId(number), signal) for number, signal in self._state.screening.items()]

    def holders(self, token: TokenId) -> list[int]:
        """List the wallets that hold a token."""
        book = self._state.books.get(token)
        return [] if book is None else np.unique(book.wallet[: book.count]).tolist()

    def token(self, mint: str) -> Token | None:
        """Find a token by its mint."""
        number = self._state.mints.get(mint)
        return None if number is None else self._state.tokens[number]

    def live_tokens(self) -> list[Token]:
        """List the tokens that anybody watches or holds: their prices must keep coming; held ones
        first.
        """
        held = [number for number, book in self._state.books.items() if book.count]
        watched = [
            number
            for number, watches in self._state.watches.items()
            if watches and number not in held
        ]
        return [self._state.tokens[number] for number in (*held, *watched)]

    def is_held(self, token: TokenId) -> bool:
        """Tell whether anybody holds a token."""
        book = self._state.books.get(token)
        return book is not None and book.count > 0

    def price(self, token: TokenId) -> tuple[float, int] | None:
        """Return a token's last price and when it was seen."""
        book = self._state.books.get(token)
        return None if book is None or book.price <= 0 else (book.price, book.price_at)

    def named_symbols(self) -> list[str]:
        """List the symbols that wallets' settings name."""
        return self._state.wishes.symbols()

    def is_named(self, symbol: str) -> bool:
        """Tell whether the token of a symbol that settings name is watched by name."""
        return any(
            watch.signal is None and matches(symbol, watch.token)
            for watches in self._state.watches.values()
            for watch in watches
        )

    def token_named(self, symbol: str) -> Token | None:
        """Find the one token in the record that a symbol means; None without one, or with more."""
        found = [token for token in self._state.tokens.values() if matches(symbol, token)]
        return found[0] if len(found) == 1 else None

    def summaries(self, wallet: int) -> list[SummaryView]:
        """Show how every token in play stands for a wallet: screening, watched, held, and signals
        that failed for all.

        What the wallet finished is in the record, not here.
        """
        held = [self._held(position) for position in self.positions(wallet)]
        taken = {summary.mint for summary in held}
        found = held + [
            self._watched(watch, wallet)
            for watches in self._state.watches.values()
            for watch in watches
            if watch.signal is not None
            and watch.token.mint not in taken
            and not _acted(watch, wallet)
        ]
        taken |= {summary.mint for summary in found}
        for number, signal in self._state.screening.items():
            if signal.mint not in taken:
                found.append(_summary(signal.mint, None, "Screening", number, signal.received_at))
                taken.add(signal.mint)
        return found + self._failed(wallet, taken)

    def watches(self, wallet: int, signal: int | None = None) -> list[WatchView]:
        """Show what a wallet waits for on signals, and how each condition stands."""
        return watches(self._state, wallet, signal)

    def _failed(self, wallet: int, taken: set[str]) -> list[SummaryView]:
        joined = int(self._state.wallets.created_at[wallet])
        found = []
        for ended in reversed(self._state.ended):
            if ended.mint in taken or ended.at < joined:
                continue
            taken.add(ended.mint)
            found.append(
                SummaryView(
                    mint=ended.mint,
                    symbol=ended.token.symbol if ended.token else None,
                    status=ended.status,
                    signal=ended.signal,
                    trade=None,
                    at=ended.at,
                    pnl=None,
                    sentiment_score=ended.score,
                    mention_count=ended.mentions,
                    reason=ended.reason,
                )
            )
        return found

    def _position(self, book: Book, slot: int) -> PositionView:
        columns = book.columns
        plan = self._state.wishes.plan_list[columns.plan[slot]]
        entry, left, taken = (
            float(columns.entry[slot]),
            int(columns.left[slot]),
            int(columns.tiers[slot]),
        )
        value = received_lamports(left, book.price, book.token.decimals)
        cost, returned = int(book.cost[slot]), int(book.returned[slot])
        deadline = int(columns.deadline[slot])
        return PositionView(
            trade=int(book.trade[slot]),
            token=book.token,
            strategy=self._state.wishes.names[book.strategy[slot]],
            side="LONG",
            signal=int(book.signal[slot]) or None,
            units=left,
            initial_units=int(columns.initial[slot]),
            cost_basis=cost,
            returned=returned,
            entry_price=entry,
            entry_time=int(book.entry_time[slot]),
            price=book.price,
            price_at=book.price_at,
            standing=book.standing,
            value=value,
            pnl=value + returned - cost,
            stop=float(columns.stop[slot]),
            highest=book.highest(slot),
            phase=PHASES[columns.phase[slot]],
            tiers=tuple(
                TierView(price=entry * (1.0 + gain), portion=portion, taken=number < taken)
                for number, (gain, portion) in enumerate(plan.take_profit)
            ),
            deadline=None if deadline == 2**63 - 1 else deadline,
            plan=plan,
        )

    def _held(self, position: PositionView) -> SummaryView:
        return SummaryView(
            mint=position.token.mint,
            symbol=position.token.symbol,
            status="Active",
            signal=position.signal,
            trade=position.trade,
            at=position.entry_time,
            pnl=position.pnl,
            sentiment_score=None,
            mention_count=None,
            reason=position.strategy,
        )

    def _watched(self, watch: Watch, wallet: int) -> SummaryView:
        code = int(watch.refused[wallet]) if wallet < len(watch.refused) else 0
        reason = REASONS[code - 1] if code else None
        if reason == HELD_ALREADY:  # it is not held any more, or it would stand among the held
            reason = None
        return SummaryView(
            mint=watch.token.mint,
            symbol=watch.token.symbol,
            status="Pending" if reason else "Monitoring",
            signal=watch.signal,
            trade=None,
            at=watch.since,
            pnl=None,
            sentiment_score=watch.sentiment.score if watch.sentiment else None,
            mention_count=watch.sentiment.mentions if watch.sentiment else None,
            reason=reason,
        )


def _acted(watch: Watch, wallet: int) -> bool:
    return wallet < len(watch.acted) and bool(watch.acted[wallet])


def _summary(
    mint: str, symbol: str | None, status: str, signal: int | None, at: int
) -> SummaryView:
    return SummaryView(
        mint=mint,
        symbol=symbol,
        status=status,
        signal=signal,
        trade=None,
        at=at,
        pnl=None,
        sentiment_score=None,
        mention_count=None,
        reason=None,
    )
