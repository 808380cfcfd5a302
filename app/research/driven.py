"""A backtest by the live engine itself: history goes in as prices and closed candles.

Every rule is the live one; only the inputs come from the past. A candle is shown to the engine when
its token is held, or when a strategy confirms at it: everything else can change nothing. Equity is
marked before each close of a held token, as the live beat does between two candles.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from app.research.foresight import Foresight
from app.research.loading import Loaded
from app.research.requests import BacktestRequest
from app.research.results import RunTrade, SoldPart, Tell, Unfit
from app.strategies import load as load_strategies
from app.trading.amounts import to_lamports
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
from app.trading.ledger import Changes, DecisionRow, FillRow, TradeRow, TradeUpdate
from app.trading.market import Candle, Token
from app.trading.plans import Entry, Limits, Profile
from app.trading.state import Rules

ADDRESS = "1" * 32
"""Nobody's address: base58 of 32 zeros."""

WALLET = WalletId(1)
TOLD_EVERY = 2_000
FOREVER = 2**40


class Driven(NamedTuple):
    """What the engine recorded of a run, and its equity at marks: Unix ms and lamports."""

    trades: list[TradeRow]
    updates: list[TradeUpdate]
    fills: list[FillRow]
    refusals: dict[str, int]
    mark_times: list[int]
    marks: list[int]
    left: dict[int, tuple[int, int]]
    """Units and value of the trades that are open at the end."""


def profile_of(request: BacktestRequest) -> Profile:
    """Turn a request into what a wallet's settings come to."""
    limits = None if request.risk is None else Limits(**request.risk.model_dump())
    return Profile(
        entries=tuple(
            Entry(strategy=one.strategy, template=one.template, custom_params=one.params)
            for one in request.entries
        ),
        exit=request.exit,
        sizing=request.sizing,
        limits=limits,
    )


def drive(request: BacktestRequest, tokens: Sequence[Loaded], tell: Tell) -> Driven:
    """Run a wallet over the candles of all tokens. Raises Unfit, or Cancelled out of `tell`."""
    width = tokens[0].width
    profile = profile_of(request)
    rules = Rules(
        timeframe=tokens[0].run.timeframe,
        timeframe_ms=width,
        confirmation_window=FOREVER,
        default_profile=profile,
        costs=request.costs,
    )
    engine = Engine(rules, load_strategies())
    start = min(one.run.first for one in tokens)
    _introduce(engine, request, profile, tokens, start)
    foresight = Foresight(engine.state.wishes.questions, tokens)
    engine.state.answers = foresight.answers
    return _Run(engine, request, tokens, foresight, tell).play()


def _introduce(
    engine: Engine, request: BacktestRequest, profile: Profile, tokens: Sequence[Loaded], at: int
) -> None:
    lamports = to_lamports(request.initial_sol)
    inputs: list[Input] = [Register(at=at, wallet_address=ADDRESS, kind="paper", lamports=lamports)]
    for number, one in enumerate(tokens, start=1):
        mint = f"token-{number}"
        token = Token(TokenId(0), mint, one.run.symbol, one.run.decimals)
        inputs.append(ChangeSettings(at=at, wallet=WALLET, symbol=mint, body="{}", profile=profile))
        inputs.append(TokenNamed(at=at, symbol=mint, token=token))
    for answer in engine.handle(inputs).answers:
        if isinstance(answer, Refused):
            raise Unfit((), answer.detail)


class _Run:
    """One run in the making."""

    def __init__(
        self,
        engine: Engine,
        request: BacktestRequest,
        tokens: Sequence[Loaded],
        foresight: Foresight,
        tell: Tell,
    ) -> None:
        self._engine = engine
        self._tokens = tokens
        self._foresight = foresight
        self._tell = tell
        self._request = request
        self._patience = max_price_age_ms(tokens[0].width)
        self._intra = request.price_path == "ohlc"
        self._width = tokens[0].width
        self._found = Driven([], [], [], {}, [], [], {})
        self._ids = [TokenId(number) for number in range(1, len(tokens) + 1)]

    def play(self) -> Driven:
        """Go through all candles in the order of their closes, tokens in their own order."""
        rows = sum(one.run.candles for one in self._tokens)
        start = min(one.run.first for one in self._tokens)
        self._mark(start)
        self._mark(start + self._width)
        for number, (time, batch) in enumerate(self._steps()):
            if number % TOLD_EVERY == 0:
                self._tell(min(number / rows, 0.99))
            closing = time + self._width
            self._overdue(closing)
            inputs = list(self._inputs(time, batch))
            self._take(self._engine.handle(inputs).changes)
            self._mark(closing)
        self._mark(max(one.run.last for one in self._tokens) + self._width)
        self._leave()
        return self._found

    def _overdue(self, before: int) -> None:
        """Let the clock sell, inside a gap of the candles, what was held too long."""
        if self._request.exit.max_holding_candles is None:
            return
        books = [book for book in self._engine.state.books.values() if book.count]
        due = {
            int(at) + self._patience for one in books for at in one.columns.deadline[: one.count]
        }
        for at in sorted(at for at in due if at < before):
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
        self._found.mark_times.append(at)
        self._found.marks.append(int(equities(self._engine.state)[WALLET]))

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
