"""Everything the engine knows between two batches, and the batch in the making.

Plain data: the passes (`entering`, `leaving`, `accounts`) change it, recovery fills it from the
record.
"""

from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import msgspec

from app.trading.books import Book, Wallets
from app.trading.entry import EntryStrategy
from app.trading.events import Fact
from app.trading.fills import Costs
from app.trading.inputs import Written
from app.trading.ledger import BalanceRow, Changes, EventRow
from app.trading.market import Candle, Token
from app.trading.plans import Profile
from app.trading.signals import Signal
from app.trading.watches import Answers, Watch, Window, Wishes

_encode = msgspec.json.Encoder().encode

PAPER = Costs()
REMEMBERED_SIGNALS = 10_000
REMEMBERED_ENDS = 50
MINUTE_MS = 60_000
LATE_MS = 60 * MINUTE_MS


def to_json(value: object) -> str:
    """Write a value as JSON text."""
    return _encode(value).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the platform fixes for everybody; times in ms."""

    timeframe: str
    timeframe_ms: int
    confirmation_window: int
    default_profile: Profile
    costs: Costs = PAPER
    kill_switch: bool = False
    max_signal_age_ms: int = 600_000


@dataclass(slots=True)
class Counters:
    """The next id of each kind."""

    wallet: int = 1
    token: int = 1
    signal: int = 1
    evaluation: int = 1
    decision: int = 1
    tick: int = 1
    event: int = 1


@dataclass(frozen=True, slots=True)
class Ended:
    """A signal that ended for everybody, remembered for the summary."""

    signal: int
    token: Token | None
    mint: str
    at: int
    status: str
    reason: str
    score: float | None
    mentions: int | None


@dataclass(slots=True)
class Aside:
    """An open position that is not led because its record is not sound, and why."""

    wallet: int
    mint: str
    symbol: str
    reason: str
    told: bool = False


@dataclass(slots=True)
class Shadow:
    """What a wallet has that is another's shadow, beside what every wallet has.

    `owner_value` is what its owner was worth when it began (lamports), `written` its settings by
    symbol, so that the owner can adopt them.
    """

    owner: int
    owner_value: int
    name: str
    retired_at: int | None = None
    written: dict[str, Written] = field(default_factory=dict)


class State:
    """The engine's memory."""

    def __init__(self, rules: Rules, strategies: Mapping[str, type[EntryStrategy]]) -> None:
        self.rules = rules
        self.wallets = Wallets()
        self.wishes = Wishes(strategies, rules.default_profile)
        self.tokens: dict[int, Token] = {}
        self.mints: dict[str, int] = {}
        self.books: dict[int, Book] = {}
        self.windows: dict[int, Window] = {}
        self.watches: dict[int, list[Watch]] = {}
        self.screening: dict[int, Signal] = {}
        self.idle: set[int] = set()
        self.seen: dict[tuple[str, int], None] = {}
        self.ended: deque[Ended] = deque(maxlen=REMEMBERED_ENDS)
        self.last_loss: dict[int, dict[int, int]] = {}
        self.stops: dict[int, list[int]] = {}
        self.closed: dict[int, dict[tuple[int, int], int]] = {}
        self.answers: Callable[[Token, Candle], Answers] = self._ask
        self.versions: dict[tuple[int, str], int] = {}
        self.aside: dict[int, Aside] = {}
        self.broken: dict[int, str] = {}
        self.shadows: dict[int, Shadow] = {}
        self.shadows_of: dict[int, list[int]] = {}
        self.next = Counters()
        self.snapshot_minute = 0
        self.changed_since_snapshot: set[int] = set()

    def token(self, token_id: int) -> Token:
        """Return a token by id. Raises KeyError for one nobody introduced."""
        return self.tokens[token_id]

    def book(self, token: Token) -> Book:
        """Return the book of a token, opened on first use."""
        book = self.books.get(token.id)
        if book is None:
            book = self.books[token.id] = Book(token)
        return book

    def window(self, token: Token) -> Window:
        """Return the candle window of a token, long enough for every strategy asked."""
        window = self.windows.get(token.id)
        if window is None:
            window = self.windows[token.id] = Window(self.wishes.lookback + 1)
        window.grow(self.wishes.lookback + 1)
        return window

    def _ask(self, token: Token, _: Candle) -> Answers:
        """Let strategies answer from a token's window; a replay may know the answers already."""
        return Answers(self.window(token), self.wishes.questions)

    def bar(self, token_id: int, pairs: Collection[tuple[int, int]] | None, at: int) -> None:
        """Remember who closed a trade inside a candle: (wallet, strategy) pairs, at a time."""
        if pairs:
            self.closed.setdefault(token_id, {}).update(dict.fromkeys(pairs, at))

    def barred(self, token_id: int, opened_at: int, closed_at: int) -> set[tuple[int, int]]:
        """Name who closed a trade inside the candle that closes now, and forget what is older."""
        closed = self.closed.pop(token_id, {})
        later = {pair: at for pair, at in closed.items() if at >= closed_at}
        if later:
            self.closed[token_id] = later
        return {pair for pair, at in closed.items() if opened_at <= at < closed_at}

    def forget_idle(self) -> None:
        """Drop what is kept of tokens that nobody watched or held at this call nor at the last.

        Once is not enough: whoever polls a token goes on for a moment after it was left alone.
        """
        for token_id in [number for number, watches in self.watches.items() if not watches]:
            del self.watches[token_id]
        held = {number for number, book in self.books.items() if book.count}
        idle = (self.books.keys() | self.windows.keys()) - held - self.watches.keys()
        for token_id in idle & self.idle:
            self.books.pop(token_id, None)
            self.windows.pop(token_id, None)
            self.closed.pop(token_id, None)
        self.idle = idle - self.idle

    def forget_losses(self, at: int) -> None:
        """Drop losses that are older than anybody asks for; a restart would not read them either.

        An hour more is kept: a candle may come late, and is judged by the time of its close.
        """
        limits = [profile.limits for profile in self.wishes.profiles if profile.limits is not None]
        longest = max((one.loss_cooldown_minutes for one in limits), default=0.0)
        before = at - LATE_MS - int(longest * MINUTE_MS)
        for token in list(self.last_loss):
            losses = self.last_loss[token]
            kept = {wallet: then for wallet, then in losses.items() if then >= before}
            if kept:
                self.last_loss[token] = kept
            else:
                del self.last_loss[token]

    def remember(self, identity: tuple[str, int]) -> None:
        """Remember a signal's identity; the oldest go when there are too many."""
        self.seen[identity] = None
        while len(self.seen) > REMEMBERED_SIGNALS:
            del self.seen[next(iter(self.seen))]


@dataclass(slots=True)
class Batch:
    """One batch in the making: its rows, and the wallets whose balance row is due at its end."""

    state: State
    changes: Changes = field(default_factory=Changes)
    touched: set[int] = field(default_factory=set)

    def touch(self, wallets: Collection[int]) -> None:
        """Note that what these wallets own has changed."""
        for due in (self.touched, self.state.changed_since_snapshot):
            due.update(wallets)

    def tell(self, at: int, wallet: int | None, fact: Fact, trade: int | None = None) -> None:
        """Record a fact as the next event."""
        counters = self.state.next
        kind = type(fact).__struct_config__.tag
        self.changes.add(EventRow(counters.event, wallet, at, str(kind), trade, to_json(fact)))
        counters.event += 1

    def close(self) -> Changes:
        """Write the balances that are due and return the changes."""
        wallets = self.state.wallets
        for wallet in sorted(self.touched):
            self.changes.add(
                BalanceRow(
                    wallet,
                    int(wallets.cash[wallet]),
                    int(wallets.deposits[wallet]),
                    int(wallets.peak[wallet]),
                    int(wallets.day[wallet]),
                    int(wallets.day_start[wallet]),
                    int(wallets.day_low[wallet]),
                    bool(wallets.paused[wallet]),
                    wallets.pause_reasons.get(wallet),
                )
            )
        return self.changes
