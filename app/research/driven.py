"""A backtest by the live engine itself: history goes in as prices and closed candles.

Every rule is the live one; only the inputs come from the past. A candle is shown to the engine when
its token is held, or when a strategy confirms at it: everything else can change nothing. Equity is
marked before each close of a held token, as the live beat does between two candles.
"""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import NamedTuple

import numpy as np
from solders.pubkey import Pubkey

from app.research.foresight import Foresight
from app.research.loading import Loaded
from app.research.requests import Market
from app.research.results import RunTrade, SoldPart, Tell, Unfit
from app.strategies import load as load_strategies
from app.trading import exits
from app.trading.amounts import Ints, to_lamports
from app.trading.books import DAY_MS
from app.trading.engine import Engine
from app.trading.ids import TokenId, WalletId
from app.trading.inputs import (
    Beat,
    CandleClosed,
    ChangeSettings,
    Input,
    PriceSeen,
    Refused,
    Register,
    TokenNamed,
)
from app.trading.judging import equities, max_price_age_ms
from app.trading.kernels import in_place
from app.trading.ledger import Changes, DecisionRow, FillRow, TradeRow, TradeUpdate
from app.trading.market import Candle, Token
from app.trading.plans import Limits, Profile
from app.trading.state import Rules

TOLD_EVERY = 2_000
FOREVER = 2**40
COMPILED_FROM = 64
"""Wallets from which on the exit machine is compiled: it then has many positions to look at."""


class Driven(NamedTuple):
    """What the engine recorded of a run: its rows, and equity at marks (Unix ms, lamports).

    A mark has a number for each wallet; wallet n is row n − 1. `left` holds units and value of the
    trades that are open at the end.
    """

    trades: list[TradeRow]
    updates: list[TradeUpdate]
    fills: list[FillRow]
    refusals: dict[str, int]
    mark_times: list[int]
    marks: list[Ints]
    left: dict[int, tuple[int, int]]


def drive(
    market: Market,
    profiles: Sequence[Profile],
    tokens: Sequence[Loaded],
    tell: Tell,
    *,
    daily: bool = False,
) -> Driven:
    """Run a wallet for each profile over the candles of all tokens.

    With `daily` equity is marked at the ends of days only. Raises Unfit, or Cancelled out of
    `tell`.
    """
    rules = Rules(
        timeframe=tokens[0].run.timeframe,
        timeframe_ms=tokens[0].width,
        confirmation_window=FOREVER,
        default_profile=profiles[0],
        costs=market.costs,
    )
    engine = Engine(rules, load_strategies())
    _introduce(engine, market, profiles, tokens)
    foresight = Foresight(engine.state.wishes.questions, tokens)
    engine.state.answers = foresight.answers
    run = _Run(engine, market, tokens, foresight, tell, daily=daily)
    with in_place(exits) if len(profiles) >= COMPILED_FROM else nullcontext():
        return run.play()


def closes_of(tokens: Sequence[Loaded]) -> Ints:
    """Return when the candles of all tokens close, each moment once."""
    opened = [one.frame.get_column("time").to_numpy()[one.warm :] for one in tokens]
    return np.unique(np.concatenate(opened)) + tokens[0].width


def marked(driven: Driven, times: Ints) -> Ints:
    """Return the equity at moments: as it was at the mark before, a row for each."""
    places = np.searchsorted(np.array(driven.mark_times), times, side="right") - 1
    return np.stack(driven.marks)[places]


def limits_of(market: Market) -> Limits | None:
    """Return the limits of a run's wallets."""
    return None if market.risk is None else Limits(**market.risk.model_dump())


def _introduce(
    engine: Engine, market: Market, profiles: Sequence[Profile], tokens: Sequence[Loaded]
) -> None:
    at = min(one.run.first for one in tokens)
    lamports = to_lamports(market.initial_sol)
    inputs: list[Input] = []
    mints = [f"token-{number}" for number in range(1, len(tokens) + 1)]
    for number, profile in enumerate(profiles, start=1):
        address = str(Pubkey(number.to_bytes(32, "big")))
        inputs.append(Register(at=at, wallet_address=address, kind="paper", lamports=lamports))
        wallet = WalletId(number)
        inputs.extend(
            ChangeSettings(at=at, wallet=wallet, symbol=mint, body="{}", profile=profile)
            for mint in mints
        )
    for mint, one in zip(mints, tokens, strict=True):
        token = Token(TokenId(0), mint, one.run.symbol, one.run.decimals)
        inputs.append(TokenNamed(at=at, symbol=mint, token=token))
    for answer in engine.handle(inputs).answers:
        if isinstance(answer, Refused):
            raise Unfit((), answer.detail)


class _Run:
    """One run in the making."""

    def __init__(
        self,
        engine: Engine,
        market: Market,
        tokens: Sequence[Loaded],
        foresight: Foresight,
        tell: Tell,
        *,
        daily: bool,
    ) -> None:
        self._engine = engine
        self._tokens = tokens
        self._foresight = foresight
        self._tell = tell
        self._daily = daily
        self._patience = max_price_age_ms(tokens[0].width)
        self._intra = market.price_path == "ohlc"
        self._width = tokens[0].width
        self._found = Driven([], [], [], {}, [], [], {})
        self._ids = [TokenId(number) for number in range(1, len(tokens) + 1)]

    def play(self) -> Driven:
        """Go through all candles in the order of their closes, tokens in their own order."""
        rows = sum(one.run.candles for one in self._tokens)
        start = min(one.run.first for one in self._tokens)
        self._mark(start)
        for number, (time, batch) in enumerate(self._steps()):
            if number % TOLD_EVERY == 0:
                self._tell(min(number / rows, 0.99))
            closing = time + self._width
            self._overdue(closing)
            inputs = list(self._inputs(time, batch))
            self._take(self._engine.handle(inputs).changes)
            self._mark(closing)
        self._leave()
        return self._found

    def _overdue(self, before: int) -> None:
        """Let the clock sell, inside a gap of the candles, what was held too long."""
        books = [book for book in self._engine.state.books.values() if book.count]
        earliest = min((int(one.guards.deadline[: one.blocks].min()) for one in books), default=0)
        if not books or earliest >= before - self._patience:
            return
        deadlines = np.concatenate([book.columns.deadline[: book.count] for book in books])
        late = np.unique(deadlines[deadlines < before - self._patience]) + self._patience
        for at in late.tolist():
            self._take(self._engine.handle([Beat(at=at)]).changes)
            self._mark(at)

    def _steps(self) -> Iterator[tuple[int, list[tuple[int, Candle]]]]:
        """Yield each moment at which something may happen, with its tokens' candles."""
        columns = [_columns(one) for one in self._tokens]
        times = np.unique(np.concatenate([one[0] for one in columns]))
        places = [np.searchsorted(one[0], times) for one in columns]
        wanted = [self._foresight.times(number) for number in range(len(columns))]
        books = self._engine.state.books
        for step, time in enumerate(times.tolist()):
            batch = []
            for number, (opened, rows) in enumerate(columns):
                place = places[number][step]
                if place == len(opened) or opened[place] != time:
                    continue
                book = books.get(self._ids[number])
                if time in wanted[number] or (book is not None and book.count):
                    batch.append((number, Candle(*rows[place])))
            if batch:
                yield time, batch

    def _inputs(self, time: int, batch: list[tuple[int, Candle]]) -> Iterator[Input]:
        closing = time + self._width
        if self._intra:
            for step, name in enumerate(("open", "low", "high"), start=1):
                at = time + step * self._width // 4
                for number, candle in batch:
                    price = getattr(candle, name)
                    yield PriceSeen(at=at, token=self._ids[number], price=price)
        yield Beat(at=closing)
        for number, candle in batch:
            yield CandleClosed(at=closing, token=self._ids[number], candle=candle)

    def _take(self, changes: Changes) -> None:
        found = self._found
        found.trades.extend(changes.of(TradeRow))
        found.updates.extend(changes.of(TradeUpdate))
        found.fills.extend(changes.of(FillRow))
        for decision in changes.of(DecisionRow):
            if decision.reason is not None:
                found.refusals[decision.reason] = found.refusals.get(decision.reason, 0) + 1

    def _mark(self, at: int) -> None:
        times, marks = self._found.mark_times, self._found.marks
        if self._daily and len(times) > 1 and times[-1] // DAY_MS == at // DAY_MS:
            times.pop()
            marks.pop()
        times.append(at)
        marks.append(equities(self._engine.state)[1:])

    def _leave(self) -> None:
        """Value what is still open at the last close of its token."""
        for book in self._engine.state.books.values():
            values = book.values()
            for slot in range(book.count):
                units = int(book.columns.left[slot])
                self._found.left[int(book.trade[slot])] = (units, int(values[slot]))


def _columns(loaded: Loaded) -> tuple[np.ndarray, list[tuple[float, ...]]]:
    frame = loaded.frame[loaded.warm :]
    return frame.get_column("time").to_numpy(), frame.rows()


def recorded_trades(driven: Driven) -> list[RunTrade]:
    """Turn what the engine recorded into trades."""
    ends = {row.id: row for row in driven.updates}
    parts: dict[int, list[SoldPart]] = {}
    bought = {}
    for fill in driven.fills:
        if fill.side == "BUY":
            bought[fill.trade_id] = fill
            continue
        sold = SoldPart(
            time=fill.timestamp,
            price=fill.price,
            units=fill.size,
            lamports=fill.sol,
            fee=fill.fee,
            reason=fill.reason,
        )
        parts.setdefault(fill.trade_id, []).append(sold)
    found = []
    for row in driven.trades:
        end, left = ends.get(row.id), driven.left.get(row.id, (0, 0))
        found.append(
            RunTrade(
                token=row.token_id - 1,
                strategy=row.strategy,
                entry_time=row.entry_time,
                entry_price=row.entry_price,
                units=row.quantity,
                spent=bought[row.id].sol,
                fee=bought[row.id].fee,
                sold=parts.get(row.id, []),
                exit_time=end.exit_time if end else None,
                exit_price=end.exit_price if end else None,
                exit_reason=end.exit_reason if end else None,
                pnl=end.pnl_sol if end else None,
                left=left[0],
                value=left[1],
            )
        )
    return found
