"""A small world around the engine for tests: wallets, tokens, candles that confirm on demand."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, TypeVar

import numpy as np
import polars as pl
from pydantic import Field
from solders.pubkey import Pubkey

from app.trading.engine import Engine
from app.trading.entry import EntryStrategy, Evaluated, Verdict, column
from app.trading.fills import Costs
from app.trading.ids import SignalId, TokenId, WalletId
from app.trading.inputs import (
    Answer,
    Beat,
    CandleClosed,
    ChangeSettings,
    ClosePosition,
    Input,
    PriceSeen,
    Register,
    SignalArrived,
    SignalScreened,
    TokenNamed,
    Written,
)
from app.trading.ledger import DecisionRow, FillRow, Row, TradeRow
from app.trading.market import Candle, Token
from app.trading.plans import Entry, ExitPlan, Limits, Profile, Sizing
from app.trading.signals import Screened, Sentiment, Signal
from app.trading.state import Rules

SOL = 1_000_000_000
MINUTE = 60_000
DAY = 86_400_000
START = 20_000 * DAY
NO_PARAMS: dict[str, float | int | bool | str] = {}
LIKED = Sentiment(score=80.0, mentions=5)
R = TypeVar("R", bound=Row)


class Loud(EntryStrategy):
    """Confirms a candle with volume, so that a test says when."""

    summary: ClassVar = "Buys loud candles."
    asked: ClassVar[Counter[float]] = Counter()

    volume: float = Field(100.0, ge=0)

    @property
    def lookback(self) -> int:
        """One candle."""
        return 1

    def evaluate(self, candles: pl.DataFrame) -> Evaluated:
        """Answer for every row."""
        volume = column(candles, "volume")
        return Evaluated({"loud": volume >= self.volume}, {"volume": volume})

    def confirm(self, candles: pl.DataFrame) -> Verdict:
        """Answer, and count that somebody asked."""
        self.asked[self.volume] += 1
        return super().confirm(candles)


class Rising(EntryStrategy):
    """Confirms a candle that rose by a share of its open."""

    summary: ClassVar = "Buys rising candles."

    by: float = Field(0.0, ge=0)

    @property
    def lookback(self) -> int:
        """Two candles, one more than the other strategy."""
        return 2

    def evaluate(self, candles: pl.DataFrame) -> Evaluated:
        """Answer for every row."""
        opened, close = column(candles, "open"), column(candles, "close")
        rise = close / opened - 1
        return Evaluated({"rose": np.asarray(rise > self.by)}, {"rise": rise})


STRATEGIES: dict[str, type[EntryStrategy]] = {"loud": Loud, "rising": Rising}
HOLD = ExitPlan(take_profit=(), trailing_stop=None)


def address(number: int) -> str:
    """Make a valid address of a number."""
    return str(Pubkey(number.to_bytes(32, "big")))


def coin(number: int, symbol: str | None = None, decimals: int = 6) -> Token:
    """Make a token that a directory might know."""
    return Token(
        TokenId(0), address(1_000_000 + number), symbol or f"COIN{number}", decimals, "pool"
    )


def wish(
    *strategies: str | Entry,
    exit_plan: ExitPlan | None = None,
    limits: Limits | None = None,
    sizing: Sizing | None = None,
) -> Profile:
    """Make a profile; without names it is the loud strategy's."""
    entries = [one if isinstance(one, Entry) else Entry(strategy=one) for one in strategies]
    return Profile(
        entries=tuple(entries or [Entry(strategy="loud")]),
        exit=exit_plan or ExitPlan(),
        limits=limits or Limits(),
        sizing=sizing or Sizing(),
    )


def written_for(symbol: str, profile: Profile | None) -> Written:
    """Write settings for a symbol; without a profile they are removed."""
    body = None if profile is None else profile.canonical()
    return Written(symbol=symbol, body=body, profile=profile)


def signal(mint: str, at: int) -> Signal:
    """Make a signal as a feed tells it."""
    return Signal(
        mint=mint,
        triggered_at=at,
        received_at=at,
        unique_wallets=3,
        wallets=(),
        window_start=None,
        window_end=None,
        source="test",
        payload="{}",
    )


class World:
    """An engine, its clock, and every row that it ever wrote."""

    def __init__(
        self,
        default: Profile | None = None,
        *,
        window: int = 5,
        costs: Costs | None = None,
        kill_switch: bool = False,
    ) -> None:
        self.rules = Rules(
            timeframe="1m",
            timeframe_ms=MINUTE,
            confirmation_window=window,
            default_profile=default or wish(),
            costs=costs or Costs(),
            kill_switch=kill_switch,
        )
        self.engine = Engine(self.rules, STRATEGIES)
        self.now = START
        self.rows: list[Row] = []
        self.last: list[Row] = []
        self.closes: dict[int, float] = {}

    def do(self, *wishes: Input) -> list[Answer]:
        """Hand inputs over as one batch."""
        handled = self.engine.handle(wishes)
        self.last = list(handled.changes)
        self.rows += self.last
        return handled.answers

    def of(self, kind: type[R]) -> list[R]:
        """Return the rows of a kind so far."""
        return [row for row in self.rows if isinstance(row, kind)]

    def new(self, kind: type[R]) -> list[R]:
        """Return the rows of a kind that the last batch wrote."""
        return [row for row in self.last if isinstance(row, kind)]

    def only(self, kind: type[R]) -> R:
        """Return the one row of a kind that the last batch wrote."""
        (row,) = self.new(kind)
        return row

    def join(self, sol: float = 10.0) -> WalletId:
        """Register the next wallet."""
        number = self.engine.state.wallets.count
        wish = Register(
            at=self.now,
            wallet_address=address(number),
            kind="synthetic",
            lamports=round(sol * SOL),
        )
        assert self.do(wish) == [number]
        return WalletId(number)

    def shadow(
        self, owner: int, profile: Profile | None = None, lamports: int | None = None
    ) -> WalletId:
        """Give a wallet a shadow, with settings for every symbol or with none."""
        written = () if profile is None else (written_for("*", profile),)
        asked = Register(
            at=self.now,
            kind="shadow",
            lamports=lamports,
            owner=WalletId(owner),
            name="a shadow",
            settings=written,
        )
        answer = self.do(asked)[0]
        assert isinstance(answer, int), answer
        return WalletId(answer)

    def wants(self, wallet: int, profile: Profile | None, symbol: str = "*") -> Answer:
        """Change a wallet's settings."""
        changed = ChangeSettings(
            at=self.now, wallet=WalletId(wallet), symbol=symbol, body="{}", profile=profile
        )
        return self.do(changed)[0]

    def signal(self, token: Token, price: float = 1.0) -> TokenId:
        """Let a signal on a token arrive and pass the screening; the token's price is known."""
        arrived = self.do(SignalArrived(at=self.now, signal=signal(token.mint, self.now)))[0]
        assert isinstance(arrived, int)
        screened = Screened(signal=SignalId(arrived), token=token, sentiment=LIKED)
        return self._watched(self.do(SignalScreened(at=self.now, screened=screened))[0], price)

    def name(self, token: Token, price: float = 1.0) -> TokenId:
        """Let a token that settings name be found."""
        named = TokenNamed(at=self.now, symbol=token.symbol, token=token)
        return self._watched(self.do(named)[0], price)

    def _watched(self, answer: Answer, price: float) -> TokenId:
        assert isinstance(answer, int)
        self.closes.setdefault(answer, price)
        return TokenId(answer)

    def candle(
        self, token: int, close: float | None = None, *, loud: bool = False, late: int = 0
    ) -> Answer:
        """Close a candle of a minute, loud when it should confirm, seen `late` ms later."""
        opened = self.closes[token]
        close = opened if close is None else close
        low, high = min(opened, close), max(opened, close)
        shape = Candle(self.now, opened, high, low, close, 1_000.0 if loud else 1.0)
        self.closes[token] = close
        self.now += MINUTE
        return self.do(CandleClosed(at=self.now + late, token=TokenId(token), candle=shape))[0]

    def buy(self, token: int, close: float | None = None) -> list[TradeRow]:
        """Close a candle that confirms; return what was bought."""
        self.candle(token, close, loud=True)
        return self.new(TradeRow)

    def price(self, token: int, price: float) -> list[FillRow]:
        """Show a price inside a candle; return what it sold."""
        self.do(PriceSeen(at=self.now, token=TokenId(token), price=price))
        return self.new(FillRow)

    def sell(
        self, wallet: int, mint: str, portion: float = 1.0, strategy: str | None = None
    ) -> Answer:
        """Let a person sell."""
        who = WalletId(wallet)
        return self.do(
            ClosePosition(at=self.now, wallet=who, mint=mint, portion=portion, strategy=strategy)
        )[0]

    def beat(self, at: int | None = None) -> list[Row]:
        """Let time go on."""
        self.now = self.now if at is None else at
        self.do(Beat(at=self.now))
        return self.last

    def cash(self, wallet: int) -> int:
        """Return a wallet's free lamports."""
        return int(self.engine.state.wallets.cash[wallet])

    def refusals(self, rows: Sequence[DecisionRow] | None = None) -> list[tuple[int, str | None]]:
        """List who was refused and why, of the last batch or of the rows given."""
        rows = self.new(DecisionRow) if rows is None else rows
        return [(row.wallet_id, row.reason) for row in rows if row.verdict == "refused"]


def loaded(text: str) -> dict[str, float]:
    """Read a JSON object of numbers."""
    found = json.loads(text)
    assert isinstance(found, dict)
    return found
