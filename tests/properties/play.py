"""Histories for the engine: whatever may happen to a few wallets and tokens, and worse."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from app.trading.fills import Costs
from app.trading.ids import SignalId, TokenId, WalletId
from app.trading.inputs import (
    AdoptShadow,
    Answer,
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
)
from app.trading.market import Candle
from app.trading.plans import Entry, ExitPlan, Limits, Profile, Sizing
from app.trading.signals import Screened
from tests.trading.world import (
    LIKED,
    MINUTE,
    SOL,
    World,
    address,
    coin,
    signal,
    wish,
    written_for,
)

TOKENS = [coin(1, "BONK", 5), coin(2, "WIF", 6), coin(3, "SOL", 9)]
SYMBOLS = ["*", "BONK", "WIF-SOL", "wif", TOKENS[1].mint]
EASY = Limits(max_open_per_token=3, max_token_exposure=1, max_exposure=1, loss_cooldown_minutes=2)
BOLD = Sizing(risk_per_trade=0.3)
HASTY = ExitPlan(stop_loss=0.05, take_profit=((0.05, 0.5), (0.1, 0.5)), max_holding_candles=3)
KEEN = Entry(strategy="loud", custom_params={"volume": 0.5})
PROFILES: list[Profile | None] = [
    None,
    wish("loud", "rising"),
    wish("rising", KEEN, limits=EASY, sizing=BOLD),
    wish(KEEN, exit_plan=HASTY, limits=EASY),
    wish("loud", exit_plan=ExitPlan(take_profit=(), trailing_stop=0.1, trailing_after_tier=0)),
    wish("rising", sizing=Sizing(reserve_sol=9, min_spend_sol=0.3)),
    wish("loud", "rising", limits=Limits(stop_guard_count=1, stop_guard_minutes=5)),
    Profile(entries=(KEEN,), sizing=BOLD, limits=None),
    wish("rising", limits=Limits(max_drawdown=0.01, max_daily_loss=0.01), sizing=BOLD),
    wish(Entry(strategy="nobody")),
]
NO_TRADE = 10**9
NONSENSE = [math.nan, math.inf, -math.inf, 0.0, -1.0, 1e305]
PORTIONS = [1.0, 0.5, 1e-9, 0.999, math.nan, 0.0, -1.0, 2.0]


@dataclass(frozen=True)
class Step:
    """One thing that happens; what the numbers mean depends on the kind."""

    kind: str
    who: int
    size: float
    pick: int


STEPS = st.builds(
    Step,
    kind=st.sampled_from(
        ["candle"] * 20
        + ["price"] * 6
        + ["signal"] * 5
        + ["settings", "beat"] * 3
        + ["join", "sell", "late", "broken", "resume", "shadow"] * 2
        + ["pause", "again", "failed", "history", "name", "wait", "stranger"]
        + ["edit", "adopt", "retire"]
        + ["reset"] * 2
        + ["plan"] * 5
    ),
    who=st.integers(0, 11),
    size=st.one_of(st.floats(-0.1, 0.15), st.floats(-0.6, 0.9)),
    pick=st.integers(0, 119),
)
PLAYS = st.lists(STEPS, min_size=80, max_size=200)
COSTS = st.sampled_from([Costs(), Costs(fees_bps=37, slippage_bps=55)])


class Play(World):
    """Turns steps into inputs, and remembers them."""

    def __init__(self, costs: Costs) -> None:
        super().__init__(wish("loud", "rising"), window=6, costs=costs)
        self.batches: list[Sequence[Input]] = []
        self.steps: dict[str, Callable[[Step], object]] = {
            name.removeprefix("_on_"): getattr(self, name)
            for name in dir(self)
            if name.startswith("_on_")
        }
        for token in TOKENS:
            self.name(token, 10.0 ** -len(self.closes))
        for _ in range(2):
            self.join()

    def do(self, *wishes: Input) -> list[Answer]:
        """Hand inputs over and remember them."""
        self.batches.append(wishes)
        return super().do(*wishes)

    @property
    def inputs(self) -> list[Input]:
        """List everything that came in, in order."""
        return [one for batch in self.batches for one in batch]

    def apply(self, step: Step) -> None:
        """Let one step happen."""
        self.steps[step.kind](step)

    def _token(self, step: Step) -> TokenId:
        return TokenId(1 + step.who % len(TOKENS))

    def _wallet(self, step: Step) -> WalletId:
        return WalletId(1 + step.who % (self.engine.state.wallets.count - 1))

    def _next(self, step: Step) -> float:
        """Move a token's price, within reach of where it began."""
        token = self._token(step)
        start, price = 10.0 ** (1 - token), self.closes[token] * (1 + step.size)
        return min(max(price, start / 50), start * 50)

    def _on_candle(self, step: Step) -> None:
        self.candle(self._token(step), self._next(step), loud=step.pick % 3 == 0)

    def _on_late(self, step: Step) -> None:
        late = (step.pick % 5) * MINUTE
        self.candle(self._token(step), self._next(step), loud=True, late=late)

    def _on_price(self, step: Step) -> None:
        self.now += step.pick * 100
        self.price(self._token(step), self._next(step))

    def _on_broken(self, step: Step) -> None:
        """Show prices and candles that cannot be, or that came before."""
        token, bad = self._token(step), NONSENSE[step.pick % len(NONSENSE)]
        good = self.closes[token]
        shapes = [Candle(self.now, good, good, good, good, 1.0)._replace(close=bad)]
        shapes += [shapes[0]._replace(close=good, time=self.now - 5 * MINUTE * (step.pick % 2))] * 2
        candles = [CandleClosed(at=self.now, token=token, candle=shape) for shape in shapes]
        worse = bad if bad < 1e300 else math.nan
        self.do(*candles, PriceSeen(at=self.now, token=token, price=worse))

    def _on_signal(self, step: Step) -> None:
        self.now += 2
        self.signal(TOKENS[step.who % len(TOKENS)])

    def _on_again(self, step: Step) -> None:
        """Say a signal twice, screen it twice, and one that nobody knows."""
        token = TOKENS[step.who % len(TOKENS)]
        said = SignalArrived(at=self.now, signal=signal(token.mint, self.now))
        number = self.do(said, said)[0]
        for one in (number, number, 10_000):
            if isinstance(one, int):
                known = Screened(signal=SignalId(one), token=token, sentiment=LIKED)
                self.do(SignalScreened(at=self.now, screened=known))

    def _on_failed(self, step: Step) -> None:
        token = TOKENS[step.who % len(TOKENS)] if step.pick % 2 else None
        mint = TOKENS[step.who % len(TOKENS)].mint
        number = self.do(SignalArrived(at=self.now, signal=signal(mint, self.now + 1)))[0]
        if isinstance(number, int):
            why = SignalFailed(at=self.now, signal=SignalId(number), reason="no_pool", token=token)
            self.do(why, why)

    def _on_history(self, step: Step) -> None:
        price = self.closes[self._token(step)]
        many = range(step.pick % 8)
        past = [Candle(self.now + n * MINUTE, price, price, price, price, 1.0) for n in many]
        self.now += len(past) * MINUTE
        self.do(History(at=self.now, token=self._token(step), candles=past))

    def _on_name(self, step: Step) -> None:
        token = TOKENS[step.who % len(TOKENS)]
        self.do(TokenNamed(at=self.now, symbol=token.symbol, token=token))

    def _on_join(self, step: Step) -> None:
        lamports = [0, 10_000_000, 5 * SOL, 10 * SOL, 123_456_789_012, -1][step.pick % 6]
        number = 1 + step.who
        self.do(
            Register(
                at=self.now,
                wallet_address=address(number),
                kind="synthetic",
                lamports=lamports,
            )
        )

    def _on_settings(self, step: Step) -> None:
        profile = PROFILES[step.pick % len(PROFILES)]
        symbol = SYMBOLS[step.pick // len(PROFILES) % len(SYMBOLS)]
        self.wants(self._wallet(step), profile, symbol)

    def _on_shadow(self, step: Step) -> None:
        """Let any wallet ask for a shadow, a shadow too, with settings that may mean nothing."""
        profile = PROFILES[step.pick % len(PROFILES)]
        symbol = SYMBOLS[step.pick // len(PROFILES) % len(SYMBOLS)]
        settings = () if profile is None else (written_for(symbol, profile),)
        lamports = [None, 5 * SOL, -1][step.pick % 3]
        owner = self._wallet(step)
        asked = Register(
            at=self.now, kind="shadow", lamports=lamports, owner=owner, settings=settings
        )
        self.do(asked)

    def _on_edit(self, step: Step) -> None:
        profile = PROFILES[step.pick % len(PROFILES)]
        settings = [written_for(symbol, profile) for symbol in SYMBOLS[step.pick % 4 :]]
        paused = [None, True, False][step.pick % 3]
        shadow = self._wallet(step)
        self.do(EditShadow(at=self.now, shadow=shadow, settings=settings, paused=paused))

    def _on_adopt(self, step: Step) -> None:
        shadow, replace = self._wallet(step), step.pick % 2 == 0
        self.do(AdoptShadow(at=self.now, shadow=shadow, replace=replace))

    def _on_retire(self, step: Step) -> None:
        self.do(RetireShadow(at=self.now, shadow=self._wallet(step)))

    def _on_pause(self, step: Step) -> None:
        self.do(Pause(at=self.now, wallet=self._wallet(step)))

    def _on_resume(self, step: Step) -> None:
        self.do(Resume(at=self.now, wallet=self._wallet(step)))

    def _on_reset(self, step: Step) -> None:
        """Let any wallet begin again, a shadow too, with what may be no balance."""
        lamports = [10 * SOL, 5 * SOL, 10_000_000, 0, 123_456_789_012, -1][step.pick % 6]
        self.do(ResetWallet(at=self.now, wallet=self._wallet(step), lamports=lamports))

    def _on_plan(self, step: Step) -> None:
        """Let a wallet change the plan of a trade, most times one of its own that is open, else
        what may be anybody's or over.
        """
        wallet = self._wallet(step)
        earlier = self.engine.state.next.decision - 1 - step.pick
        trades = [*self.held(wallet), earlier if earlier > 0 else NO_TRADE]
        trade = trades[step.pick % len(trades)]
        changed = ExitPlan(
            stop_loss=0.02 + abs(step.size) % 0.9,
            take_profit=[((0.3, 0.33), (0.75, 0.33)), ((0.05, 0.5), (0.3, 0.2)), ()][step.pick % 3],
            trailing_stop=[0.2, None, 0.03][step.pick // 3 % 3],
            breakeven_after_tier=step.pick % 4,
            trailing_after_tier=[0, 1, None][step.pick // 9 % 3],
            max_holding_candles=3 if step.pick % 5 == 0 else None,
        )
        self.do(ChangePlan(at=self.now, wallet=wallet, trade=trade, plan=changed))

    def held(self, wallet: int) -> list[int]:
        """List the open trades of a wallet."""
        books = self.engine.state.books.values()
        return sorted(int(book.trade[slot]) for book in books for slot in book.of_wallet(wallet))

    def _on_sell(self, step: Step) -> None:
        token = TOKENS[step.pick % len(TOKENS)]
        strategy = [None, "loud", "rising"][step.pick // 8 % 3]
        portion = PORTIONS[step.pick % len(PORTIONS)]
        self.sell(self._wallet(step), token.mint, portion, strategy)

    def _on_stranger(self, step: Step) -> None:
        """Wish for wallets and tokens that are not there."""
        nobody = WalletId(0 if step.pick % 2 else 99)
        self.do(
            Pause(at=self.now, wallet=nobody),
            Resume(at=self.now, wallet=nobody),
            ResetWallet(at=self.now, wallet=nobody, lamports=SOL),
            ChangeSettings(at=self.now, wallet=nobody, symbol="*", body=None, profile=None),
            ClosePosition(at=self.now, wallet=nobody, mint="?", portion=1.0),
            ChangePlan(at=self.now, wallet=nobody, trade=1, plan=ExitPlan()),
            PriceSeen(at=self.now, token=TokenId(99), price=1.0),
        )

    def _on_beat(self, step: Step) -> None:
        self.do(Beat(at=self.now + step.pick * 1_000))

    def _on_wait(self, step: Step) -> None:
        self.now += step.pick * MINUTE * 15
