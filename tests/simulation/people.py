"""People who use the platform: they join, change their minds, sell, pause, begin again."""

import random
from collections.abc import Awaitable, Callable, Sequence

from app.ports import Clock
from app.trading.ids import WalletId
from app.trading.inputs import (
    AdoptShadow,
    Answer,
    ChangePlan,
    ChangeSettings,
    ClosePosition,
    Input,
    Pause,
    Refused,
    Register,
    ResetWallet,
    Resume,
    RetireShadow,
    Written,
)
from app.trading.plans import Profile
from tests.engine.script import PLANS, PROFILES, address
from tests.properties.audit import Audit
from tests.simulation.market import Market

WALLETS = 4
MOST_SHADOWS = 3
SYMBOLS = ("*", "*", "COIN1", "COIN2-USDC", "COIN3", "NOBODY")
Ask = Callable[[Input], Awaitable[Answer]]


class People:
    """Some people, each with a wallet; they ask for whatever comes to their minds."""

    def __init__(self, chance: random.Random, market: Market, clock: Clock, ask: Ask) -> None:
        self._chance = chance
        self._market = market
        self._clock = clock
        self._ask = ask
        self._wallets: list[int] = []
        self._shadows: list[int] = []
        self._trades = 1

    async def join(self) -> None:
        """Let everybody register; whoever gets no answer asks again, and may be known already."""
        for place in range(WALLETS):
            while True:
                at, name = self._clock.now(), address("person", place)
                lamports = (1 + 3 * place) * 10**9 + place
                answer = await self._ask(
                    Register(at=at, wallet_address=name, kind="synthetic", lamports=lamports)
                )
                if isinstance(answer, int):
                    self._wallets.append(answer)
                if answer is not None:
                    break
                await self._clock.sleep(1.0)
        self._wallets = list(range(1, WALLETS + 1))
        for wallet in self._wallets:
            await self._ask(self._settings(wallet, "*", PROFILES[wallet % len(PROFILES)]))

    async def run(self, every: float) -> None:
        """Do something now and then, for ever."""
        while True:
            await self._clock.sleep(self._chance.expovariate(1.0 / every))
            if self._wallets:
                await self._do()

    async def _do(self) -> None:
        wish = self._wish()
        answer = await self._ask(wish)
        if isinstance(wish, Register) and isinstance(answer, int):
            self._shadows.append(answer)
        self._trades += 1

    def _wish(self) -> Input:
        chance, at = self._chance, self._clock.now()
        wallet = WalletId(chance.choice([*self._wallets, *self._shadows]))
        person = WalletId(chance.choice(self._wallets))
        mint = chance.choice(self._market.mints)
        portion = chance.choice((0.2, 0.5, 1.0))
        kinds: list[Callable[[], Input]] = [
            lambda: ClosePosition(at=at, wallet=wallet, mint=mint, portion=portion),
            lambda: ClosePosition(at=at, wallet=person, mint=mint, portion=1.0),
            lambda: self._plan(wallet),
            lambda: self._plan(person),
            lambda: self._settings(person, chance.choice(SYMBOLS), chance.choice(PROFILES)),
            lambda: Resume(at=at, wallet=person),
            lambda: Resume(at=at, wallet=person),
            lambda: Pause(at=at, wallet=person),
            lambda: self._odd(person),
        ]
        return chance.choice(kinds)()

    def _odd(self, person: WalletId) -> Input:
        """Wish what is wished rarely."""
        chance, at = self._chance, self._clock.now()
        if chance.random() < 0.3:
            return ResetWallet(at=at, wallet=person, lamports=chance.randrange(1, 9) * 10**9 + 7)
        if len(self._shadows) < MOST_SHADOWS:
            settings = (self._written("*", chance.choice(PROFILES)),)
            return Register(
                at=at, kind="shadow", lamports=None, owner=person, name="s", settings=settings
            )
        shadow = WalletId(chance.choice(self._shadows))
        if chance.random() < 0.5:
            return AdoptShadow(at=at, shadow=shadow, replace=chance.random() < 0.5)
        return RetireShadow(at=at, shadow=shadow)

    def _plan(self, wallet: WalletId) -> Input:
        trade = self._chance.randrange(1, 2 * self._trades + 2)
        plan = self._chance.choice(PLANS)
        return ChangePlan(at=self._clock.now(), wallet=wallet, trade=trade, plan=plan)

    def _settings(self, wallet: int, symbol: str, profile: Profile | None) -> Input:
        written = self._written(symbol, profile)
        at, own = self._clock.now(), WalletId(wallet)
        return ChangeSettings(
            at=at, wallet=own, symbol=symbol, body=written.body, profile=written.profile
        )

    def _written(self, symbol: str, profile: Profile | None) -> Written:
        body = None if profile is None else profile.canonical()
        return Written(symbol=symbol, body=body, profile=profile)

    def check(self, acknowledged: Sequence[tuple[Input, Answer]], audit: Audit) -> None:
        """Find everything in the record that somebody was told is done."""
        for wish, answer in acknowledged:
            if isinstance(answer, Refused):
                assert answer.slug != "internal-error", wish
            elif isinstance(wish, Register):
                assert answer in audit.wallets
            elif isinstance(wish, ChangeSettings) and isinstance(answer, int):
                assert audit.versions[wish.wallet, wish.symbol] >= answer
            elif isinstance(wish, ClosePosition) and isinstance(answer, list):
                assert set(answer) <= audit.trades.keys()
