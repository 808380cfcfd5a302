"""A market written down in advance: batch `number` of a seed holds the same inputs, whoever asks.

A minute a batch. Tokens rise and fall enough for every kind of exit, wallets want different things
and change their minds, signals pass and fail, people pause, sell by hand, move the stops and
targets of open trades, begin again, run shadows and adopt or retire them, candles are missing or no
candles at all. Batches can be made in any order, so a process that starts again goes on where the
record ends.
"""

import math
import random
from collections.abc import Iterator
from functools import cached_property

import numpy as np
from solders.pubkey import Pubkey

from app.trading.fills import Costs
from app.trading.ids import SignalId, TokenId, WalletId
from app.trading.inputs import (
    AdoptShadow,
    Beat,
    CandleClosed,
    ChangePlan,
    ChangeSettings,
    ClosePosition,
    EditShadow,
    History,
    Input,
    Pause,
    PriceSeen,
    Register,
    ResetWallet,
    Resume,
    RetireShadow,
    SignalArrived,
    SignalFailed,
    SignalScreened,
    TokenNamed,
    Written,
)
from app.trading.market import Candle, Token
from app.trading.plans import Entry, ExitPlan, Limits, Profile, Sizing
from app.trading.signals import Screened, ScreeningFailure, Sentiment, Signal
from app.trading.state import Rules

MINUTE = 60_000
START = 20_000 * 86_400_000 + 23 * 3_600_000
"""An hour before midnight UTC: a new day begins early in every script."""

WALLETS = 5
DECIMALS = (6, 9, 0, 2, 6, 5)
FIRST_PRICES = (1e-7, 0.03, 0.06, 1e-4, 2e-5, 1e-9)
"""The third token is dear and cannot be divided: its positions are a few units."""
NAMED = 4
"""The place of the token that a wallet's settings name."""
WARM = 12
"""Candles before the first batch."""
RESET_EVERY, RESET_AT = 40, 26
"""A wallet begins again in batch 26, 66, …"""
GUESSES = 60
"""Trades whose plan somebody tries to change in a batch: which are open, no script knows."""
PER_SIGNAL = 3
"""Batches between two signals."""

SMA = Entry(strategy="sma_crossover", custom_params={"fast": 2, "slow": 5})
BREAKOUT = Entry(
    strategy="breakout", custom_params={"window": 3, "momentum": 2, "atr": 3, "max_atr": 1.0}
)
FREE = Limits(
    max_open_per_token=2,
    max_exposure=1,
    max_token_exposure=0.5,
    loss_cooldown_minutes=7,
    max_daily_loss=0.9,
    max_drawdown=0.6,
)
PROFILES = (
    Profile(entries=(SMA, BREAKOUT)),
    Profile(entries=(BREAKOUT, SMA), limits=FREE, exit=ExitPlan(trailing_after_tier=0)),
    Profile(entries=(BREAKOUT,), limits=None, exit=ExitPlan(max_holding_candles=4)),
    Profile(
        entries=(SMA, BREAKOUT),
        limits=FREE,
        sizing=Sizing(risk_per_trade=0.1),
        exit=ExitPlan(stop_loss=0.3, take_profit=((0.05, 0.2), (0.1, 0.3), (0.4, 0.5))),
    ),
    Profile(
        entries=(Entry(strategy="sma_crossover", custom_params={"fast": 1, "slow": 4}),),
        limits=FREE.model_copy(update={"stop_guard_count": 1, "stop_guard_minutes": 9.0}),
        exit=ExitPlan(take_profit=(), trailing_stop=None, stop_loss=0.08),
    ),
    Profile(entries=(BREAKOUT, SMA), limits=FREE, sizing=Sizing(min_spend_sol=1.0)),
)
NARROW, FAR = ((0.3, 0.33), (0.4, 0.33)), ((0.05, 0.2), (0.1, 0.3), (0.6, 0.5))
PLANS = (
    ExitPlan(stop_loss=0.04),
    ExitPlan(stop_loss=0.5, trailing_stop=0.4),
    ExitPlan(trailing_stop=0.05, trailing_after_tier=0),
    ExitPlan(take_profit=NARROW, breakeven_after_tier=2, trailing_after_tier=None),
    ExitPlan(stop_loss=0.1, take_profit=FAR, trailing_after_tier=2),
    ExitPlan(stop_loss=0.2, take_profit=FAR[:2], trailing_stop=0.1),
    ExitPlan(stop_loss=0.1, max_holding_candles=4),
    ExitPlan(stop_loss=0.2, take_profit=((0.2, 1.0),), trailing_stop=None),
)

RULES = Rules(
    timeframe="1m",
    timeframe_ms=MINUTE,
    confirmation_window=11,
    default_profile=PROFILES[0],
    costs=Costs(fees_bps=30, slippage_bps=20),
)


def address(*name: object) -> str:
    """Make up an address."""
    return str(Pubkey.from_bytes(random.Random(repr(name)).randbytes(32)))


class Script:
    """Everything that happens, as batches from 1 to `batches`."""

    def __init__(self, seed: int, batches: int) -> None:
        self.seed = seed
        self.batches = batches
        self.tokens = [
            Token(TokenId(0), address(seed, "mint", place), f"COIN{place}", decimals, "pool")
            for place, decimals in enumerate(DECIMALS)
        ]

    def batch(self, number: int) -> list[Input]:
        """Write a batch down. It always changes something."""
        chance = random.Random(f"{self.seed}:{number}")
        at = START + number * MINUTE + chance.randrange(50, 900)
        if number == 1:
            return [*self._register(at), *self._set_up(at)]
        people = list(self._people(number, at, chance))
        chance.shuffle(people)
        people += self._shadows(number, at)
        people += self._resets(number, at)
        people += self._plans(number, at)
        market = [*self._signals(number, at, chance), *self._prices(number, at, chance)]
        parts = [people, market] if chance.random() < 0.5 else [market, people]
        return [*parts[0], *parts[1], Beat(at=at + 1)]

    def now(self, number: int) -> int:
        """Return a time after a batch and before the next."""
        return START + number * MINUTE + 30_000

    def _register(self, at: int) -> Iterator[Input]:
        for place in range(WALLETS):
            name = address(self.seed, "wallet", place)
            lamports = (1 + 3 * place) * 10**9 + place
            yield Register(at=at, wallet_address=name, kind="synthetic", lamports=lamports)

    def _set_up(self, at: int) -> Iterator[Input]:
        for wallet in range(2, WALLETS + 1):
            yield _change(at, wallet, "*", PROFILES[wallet - 1])
        yield _change(at, 2, "COIN4-USDC", PROFILES[3])
        yield _change(at, 3, "COIN4", PROFILES[1])
        yield _shadow(at, 2, PROFILES[4])
        yield _shadow(at, 4, PROFILES[1])

    def _shadows(self, number: int, at: int) -> Iterator[Input]:
        """Begin shadows and do something with those that there may be."""
        chance = random.Random(f"{self.seed} shadows {number}")
        if number % 9 == 0:
            yield _shadow(at, int(_wallet(chance)), chance.choice(PROFILES))
        shadow = WalletId(WALLETS + chance.randrange(1, 3 + number // 9))
        if chance.random() < 0.15:
            settings = (_written(symbol, chance.choice(PROFILES)) for symbol in ("*", "COIN4"))
            some = tuple(one for one in settings if chance.random() < 0.7)
            paused = chance.choice([None, True, False])
            name = f"batch {number}"
            yield EditShadow(at=at, shadow=shadow, name=name, settings=some, paused=paused)
        if chance.random() < 0.06:
            yield AdoptShadow(at=at, shadow=shadow, replace=chance.random() < 0.5)
        if chance.random() < 0.06:
            yield RetireShadow(at=at, shadow=shadow)

    def _resets(self, number: int, at: int) -> Iterator[Input]:
        """Let a wallet begin again now and then."""
        chance = random.Random(f"{self.seed} resets {number}")
        if number % RESET_EVERY == RESET_AT or chance.random() < 0.02:
            lamports = chance.randrange(1, 20) * 10**9 + number
            yield ResetWallet(at=at, wallet=_wallet(chance), lamports=lamports)

    def _plans(self, number: int, at: int) -> Iterator[Input]:
        """Change plans of trades that somebody may hold, shadows too; most are refused."""
        chance = random.Random(f"{self.seed} plans {number}")
        for _ in range(GUESSES):
            wallet = WalletId(chance.randrange(1, WALLETS + 4))
            trade, plan = chance.randrange(number, 4 * number + 9), chance.choice(PLANS)
            yield ChangePlan(at=at, wallet=wallet, trade=trade, plan=plan)

    def _signals(self, number: int, at: int, chance: random.Random) -> Iterator[Input]:
        signal, phase = divmod(number, PER_SIGNAL)
        if phase == 0:
            yield SignalArrived(at=at, signal=self._signal(signal))
            if chance.random() < 0.2:
                yield SignalArrived(at=at, signal=self._signal(signal))
        elif phase == 1 and signal:
            yield from self._screened(signal, number, at, chance)
            if signal > NAMED:
                yield TokenNamed(at=at, symbol="COIN4", token=self.tokens[NAMED])

    def _signal(self, signal: int) -> Signal:
        at = START + PER_SIGNAL * signal * MINUTE - 1_000
        return Signal(
            mint=self._place_of(signal)[1].mint,
            triggered_at=at,
            received_at=at + 10,
            unique_wallets=3,
            wallets=(),
            window_start=None,
            window_end=None,
            source="script",
            payload="{}",
        )

    def _place_of(self, signal: int) -> tuple[int, Token]:
        """Return whom a signal names; the first ones introduce the tokens in order."""
        many = len(self.tokens)
        place = signal - 1
        if place >= many:
            place = random.Random(f"{self.seed} {signal}").randrange(many)
        return place, self.tokens[place]

    def _screened(
        self, signal: int, number: int, at: int, chance: random.Random
    ) -> Iterator[Input]:
        place, token = self._place_of(signal)
        crowd = Sentiment(score=chance.uniform(0, 100), mentions=chance.randrange(9))
        if chance.random() < 0.2:
            reason = ScreeningFailure.SENTIMENT_LOW
            yield SignalFailed(
                at=at,
                signal=SignalId(signal),
                reason=reason,
                token=token,
                sentiment=crowd,
                limit=60.0,
            )
            return
        screened = Screened(signal=SignalId(signal), token=token, sentiment=crowd)
        yield SignalScreened(at=at, screened=screened)
        past = [self._candle(place, number - back) for back in range(WARM, 0, -1)]
        yield History(at=at, token=TokenId(place + 1), candles=past)

    def _prices(self, number: int, at: int, chance: random.Random) -> Iterator[Input]:
        for place in range(len(self.tokens)):
            token = TokenId(place + 1)
            if place and chance.random() < 0.06:
                continue
            candle = self._candle(place, number)
            yield CandleClosed(at=at, token=token, candle=candle)
            if chance.random() < 0.2:
                price = candle.close * chance.uniform(0.97, 1.03)
                yield PriceSeen(at=at, token=token, price=price)
            if chance.random() < 0.02:
                yield PriceSeen(at=at, token=token, price=chance.choice([math.nan, 0.0, -1.0]))
                yield CandleClosed(at=at, token=token, candle=candle)

    def _people(self, number: int, at: int, chance: random.Random) -> Iterator[Input]:
        if chance.random() < 0.15:
            mint = chance.choice(self.tokens).mint
            portion = chance.choice([0.1, 0.5, 1.0])
            yield ClosePosition(at=at, wallet=_wallet(chance), mint=mint, portion=portion)
        if chance.random() < 0.06:
            profile = chance.choice(PROFILES)
            yield _change(at, int(_wallet(chance)), "*", profile)
        if chance.random() < 0.04:
            symbol = chance.choice(["COIN4", "COIN4-USDC", self.tokens[NAMED].mint])
            yield _change(at, 3, symbol, chance.choice([None, *PROFILES]))
        if chance.random() < 0.05:
            yield Pause(at=at, wallet=_wallet(chance))
        if number % 5 == 0:
            yield Resume(at=at, wallet=_wallet(chance))

    def _candle(self, place: int, number: int) -> Candle:
        """Return the candle of a token that closes at the beginning of a batch."""
        row = number + WARM
        opened, close = (float(self._closes[place, one]) for one in (row - 1, row))
        high, low = max(opened, close) * 1.01, min(opened, close) * 0.99
        return Candle(START + (number - 1) * MINUTE, opened, high, low, close, 1e6 + number)

    @cached_property
    def _closes(self) -> np.ndarray:
        """Make every close: steps of a few percent around a level that each token returns to."""
        steps = np.random.default_rng(self.seed).normal(0, 0.07, (6, self.batches + WARM + 2))
        walk = np.zeros_like(steps)
        for column in range(1, walk.shape[1]):
            walk[:, column] = 0.97 * walk[:, column - 1] + steps[:, column]
        prices: np.ndarray = np.array(FIRST_PRICES)[:, None] * np.exp(walk)
        return prices


def _wallet(chance: random.Random) -> WalletId:
    return WalletId(chance.randrange(1, WALLETS + 1))


def _written(symbol: str, profile: Profile) -> Written:
    return Written(symbol=symbol, body=profile.canonical(), profile=profile)


def _shadow(at: int, owner: int, profile: Profile) -> Register:
    settings = (_written("*", profile),)
    whose = WalletId(owner)
    return Register(
        at=at, kind="shadow", lamports=None, owner=whose, name="shadow", settings=settings
    )


def _change(at: int, wallet: int, symbol: str, profile: Profile | None) -> ChangeSettings:
    body = None if profile is None else profile.canonical()
    number = WalletId(wallet)
    return ChangeSettings(at=at, wallet=number, symbol=symbol, body=body, profile=profile)
