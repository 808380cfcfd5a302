"""What is watched, and for whom: a token's closed candles, the signals on it, and the wishes of
all wallets.

Wallets with equal wishes share a profile, profiles share strategies: a confirmation is asked once
per distinct strategy and parameters, whatever the number of wallets.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from app.trading import exits
from app.trading.books import Flags, Index
from app.trading.entry import EntryStrategy, Verdict, resolve
from app.trading.exits import Plans
from app.trading.market import Candle, Token
from app.trading.plans import ANY_SYMBOL, ExitPlan, Profile
from app.trading.signals import Sentiment


class Window:
    """The last closed candles of a token, oldest first, without duplicates."""

    __slots__ = ("columns", "count", "keep")

    def __init__(self, keep: int) -> None:
        self.keep = keep
        self.count = 0
        self.columns = np.zeros((6, 2 * keep))

    @property
    def last_time(self) -> int:
        """Return the opening time of the newest candle, Unix ms; −1 without one."""
        return int(self.columns[0, self.count - 1]) if self.count else -1

    def add(self, candle: Candle) -> bool:
        """Append a candle; False when it is not newer than the last."""
        if candle.time <= self.last_time:
            return False
        if self.count == self.columns.shape[1]:
            self.columns[:, : self.keep] = self.columns[:, -self.keep :]
            self.count = self.keep
        self.columns[:, self.count] = candle
        self.count += 1
        return True

    def grow(self, keep: int) -> None:
        """Keep more candles from now on."""
        if keep > self.keep:
            bigger = np.zeros((6, 2 * keep))
            bigger[:, : self.count] = self.columns[:, : self.count]
            self.columns, self.keep = bigger, keep

    def frame(self) -> pl.DataFrame:
        """Show the last candles as strategies want them."""
        part = self.columns[:, max(0, self.count - self.keep) : self.count]
        names = ("open", "high", "low", "close", "volume")
        prices = {name: part[row] for row, name in enumerate(names, start=1)}
        return pl.DataFrame({"time": part[0].astype(np.int64), **prices})


@dataclass(slots=True, eq=False)
class Watch:
    """A token under watch, by a signal (for all) or by name (for the wallets whose settings name
    it).
    """

    token: Token
    signal: int | None
    candles_left: int
    since: int
    sentiment: Sentiment | None = None
    acted: Flags = field(default_factory=lambda: np.zeros(0, np.bool_))
    refused: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))

    def make_room(self, wallets: int) -> None:
        """Hold a mark for every wallet."""
        missing = wallets - len(self.acted)
        if missing > 0:
            self.acted = np.concatenate((self.acted, np.zeros(missing, np.bool_)))
            self.refused = np.concatenate((self.refused, np.zeros(missing, np.int8)))


@dataclass(frozen=True, slots=True)
class Question:
    """A strategy with its parameters, as profiles share it."""

    name: str
    strategy: EntryStrategy


class Answers:
    """What strategies say of a token's newest closed candle; each is asked once, whoever wants to
    know.
    """

    def __init__(self, window: Window, questions: Sequence[Question]) -> None:
        self._window = window
        self._questions = questions
        self._frame: pl.DataFrame | None = None
        self._verdicts: dict[int, Verdict] = {}

    def of(self, number: int) -> Verdict:
        """Return the verdict of a question by its number."""
        if number not in self._verdicts:
            if self._frame is None:
                self._frame = self._window.frame()
            self._verdicts[number] = self._questions[number].strategy.confirm(self._frame)
        return self._verdicts[number]


class Wishes:
    """The profiles of all wallets, numbered, with what they share laid out for the passes.

    Profile 0 is the platform's default. `named` holds the profiles of wallets whose settings name
    a symbol, `counts` how many wallets wish each profile for every symbol.
    """

    def __init__(self, strategies: Mapping[str, type[EntryStrategy]], default: Profile) -> None:
        self._strategies = strategies
        self.profiles: list[Profile] = []
        self.keys: list[int] = []
        self.questions: list[Question] = []
        self.asked_by: list[tuple[int, ...]] = []
        self.names: list[str] = []
        self.plan_list: list[ExitPlan] = []
        self.plans = exits.plans([])
        self._plan_numbers: dict[ExitPlan, int] = {}
        self._plan_room = exits.plans([default.exit])
        self.named: dict[str, dict[int, int]] = {}
        self.counts: Counter[int] = Counter()
        self.lookback = 1
        self.number(default)

    def number(self, profile: Profile) -> int:
        """Number a profile; equal wishes get the same number. Raises what `entry.resolve`
        raises.
        """
        key = profile.key()
        if key in self.keys:
            return self.keys.index(key)
        asked = tuple(self._question(*pair) for pair in self._resolved(profile))
        self.plan(profile.exit)
        self.profiles.append(profile)
        self.keys.append(key)
        self.asked_by.append(asked)
        return len(self.keys) - 1

    def plan(self, plan: ExitPlan) -> int:
        """Number an exit plan; equal ones get the same number, and numbers stay."""
        number = self._plan_numbers.get(plan)
        if number is None:
            number = self._plan_numbers[plan] = len(self.plan_list)
            self.plan_list.append(plan)
            self._lay_out(number, plan)
        return number

    def _lay_out(self, number: int, plan: ExitPlan) -> None:
        """Write a plan into the next row; the rows double when there is no room."""
        if number == len(self._plan_room.tiers):
            spare = exits.plans([plan] * number)
            pairs = zip(self._plan_room, spare, strict=True)
            self._plan_room = Plans._make(np.concatenate(pair) for pair in pairs)
        for column, row in zip(self._plan_room, exits.plans([plan]), strict=True):
            column[number] = row[0]
        self.plans = Plans._make(column[: number + 1] for column in self._plan_room)

    def name(self, strategy: str) -> int:
        """Number a strategy's name."""
        if strategy not in self.names:
            self.names.append(strategy)
        return self.names.index(strategy)

    def symbols(self) -> list[str]:
        """List the symbols that settings name: they are watched without a signal."""
        return [
            symbol for symbol, wallets in self.named.items() if wallets and symbol != ANY_SYMBOL
        ]

    def used(self, token: Token, *, everybody: bool) -> list[int]:
        """List the profiles that may watch a token; without `everybody`, of wallets that name it
        only. Their order is the same in every process.
        """
        numbers = {number for number, many in self.counts.items() if many} if everybody else set()
        for symbol, wallets in self.named.items():
            if matches(symbol, token):
                numbers.update(wallets.values())
        return sorted(numbers, key=self.keys.__getitem__)

    def of(self, token: Token, base: Index) -> Index:
        """Return each wallet's profile for a token: its own for the symbol, else the one for every
        symbol. Of several names that a wallet gave to one token its mint counts, else the last in
        the alphabet.
        """
        own = [symbol for symbol, wallets in self.named.items() if wallets]
        own = [symbol for symbol in own if matches(symbol, token)]
        if not own:
            return base
        chosen = base.copy()
        for symbol in sorted(own, key=lambda symbol: (symbol == token.mint, symbol)):
            wallets = self.named[symbol]
            chosen[list(wallets)] = list(wallets.values())
        return chosen

    def _resolved(self, profile: Profile) -> Iterable[tuple[str, EntryStrategy]]:
        for entry in profile.entries:
            strategy = resolve(
                self._strategies, entry.strategy, entry.template, entry.custom_params
            )
            yield (
                next(name for name, kind in self._strategies.items() if kind is type(strategy)),
                strategy,
            )

    def _question(self, name: str, strategy: EntryStrategy) -> int:
        question = Question(name, strategy)
        if question not in self.questions:
            self.questions.append(question)
            self.name(name)
            self.lookback = max(self.lookback, strategy.lookback)
        return self.questions.index(question)


def matches(symbol: str, token: Token) -> bool:
    """Tell whether a settings' symbol (`BONK`, `SOL-USDC`, a mint) means a token."""
    return symbol == token.mint or symbol.split("-", maxsplit=1)[0].upper() == token.symbol.upper()
