"""A small market for benchmarks: an engine with wallets, and a token about to be bought."""

import numpy as np
from solders.keypair import Keypair

from app import strategies
from app.trading.engine import Engine
from app.trading.ids import SignalId, TokenId
from app.trading.inputs import CandleClosed, History, Register, SignalArrived, SignalScreened
from app.trading.ledger import Changes
from app.trading.market import Candle, Token
from app.trading.plans import Profile
from app.trading.signals import Screened, Sentiment, Signal
from app.trading.state import Rules

START = 1_700_000_000_000
SOL = 1_000_000_000


def address(number: int) -> str:
    """Make a valid address from a number."""
    seed = number.to_bytes(32, "big")
    return str(Keypair.from_seed(seed).pubkey())


def engine(wallets: int, window: int = 120) -> tuple[Engine, Changes]:
    """Make an engine with wallets of 10 SOL and more; returns what registering them caused."""
    rules = Rules(
        timeframe="1s",
        timeframe_ms=1000,
        confirmation_window=window,
        default_profile=Profile(),
    )
    made = Engine(rules, strategies.load())
    wishes = [
        Register(
            at=START,
            wallet_address=address(number + 1),
            kind="synthetic",
            lamports=10 * SOL + number,
        )
        for number in range(wallets)
    ]
    return made, made.handle(wishes).changes


def watched(made: Engine, number: int) -> tuple[int, Changes]:
    """Let a signal for a token pass the screening; returns the token's id."""
    mint = address(1_000_000 + number)
    signal = Signal(
        mint=mint,
        triggered_at=START,
        received_at=START,
        unique_wallets=3,
        wallets=(),
        window_start=None,
        window_end=None,
        source="benchmark",
        payload="{}",
    )
    arrived = made.handle([SignalArrived(at=START, signal=signal)])
    assert isinstance(arrived.answers[0], int)
    token = Token(TokenId(0), mint, f"T{number}", 6, mint)
    screened = Screened(
        signal=SignalId(arrived.answers[0]),
        token=token,
        sentiment=Sentiment(score=80.0, mentions=10),
    )
    passed = made.handle([SignalScreened(at=START, screened=screened)])
    token_id = passed.answers[0]
    assert isinstance(token_id, int)
    flat = [candle(-100 + place, 1e-5, 1e-5) for place in range(100)]
    history = made.handle([History(at=START, token=TokenId(token_id), candles=flat)])
    return token_id, merged(arrived.changes, passed.changes, history.changes)


def candle(place: int, opened: float, close: float) -> Candle:
    """Make the candle a number of seconds after the start."""
    high, low = max(opened, close), min(opened, close)
    return Candle(START + 1000 * place, opened, high, low, close, 1e6)


def closed(token: int, place: int, price: float) -> CandleClosed:
    """Make the input of a candle that closes at a price."""
    made = candle(place, price, price)
    return CandleClosed(at=made.time + 1000, token=TokenId(token), candle=made)


def merged(*parts: Changes) -> Changes:
    """Put changes together in order."""
    whole = Changes()
    for part in parts:
        for row in part:
            whole.add(row)
    return whole


def noise(many: int, seed: int = 5) -> list[float]:
    """Draw prices that trigger nothing: within two percent of 1e-5."""
    rng = np.random.default_rng(seed)
    return [float(price) for price in 1e-5 * (1.05 + 0.02 * rng.random(many))]
