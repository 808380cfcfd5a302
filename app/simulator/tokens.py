"""The tokens of a simulated market and who they are. Knows no price over time and no route."""

from dataclasses import dataclass
from typing import Literal

from app.simulator.config import SimulatorConfig
from app.simulator.keys import address, draw

INDEX_MINT = "So11111111111111111111111111111111111111112"
"""Wrapped SOL: the market index, priced in USDC."""
INDEX_POOL = "Czfq3xZZDmsdGdUyrNLtRhGc47cXcZtLG4crryfu44zE"
USDC_MINT = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
INDEX_USD = 150.0

EPISODE_SECONDS = 210
"""How long one scene of a token's life lasts; see regimes."""

_INDEX_NUMBER = 1_000_003
_FAILING_ONE_IN = 6
_SHARE_OF_FIVE = 0.15
_SHARE_OF_NINE = 0.25
_CHEAPEST_OF_NINE = 1e-4
# fmt: off
_SYMBOLS = (
    "MOCHI", "PEPITO", "GIGAZ", "ZOOMR", "SNEKO", "FROGE", "CATWH", "BLOBBY", "NOODL",
    "TURBOZ", "WAGMO", "HODLR", "DOGGO", "CHONKY", "PUMKN", "YOLOO", "BANANO", "RIZZLR",
    "SHROOM", "GOBLN", "KITTO", "LUNAR", "LAMBOZ", "TENDY", "WOJAQ", "PEPELA", "BRRRR",
    "SHIBOO", "GRUMP", "DEGENZ", "APEIN", "MEEMZ", "COPIUM", "HOPIUM", "FLOOFY", "SMOLCAT",
    "BIGBRN", "TOADZ", "PIGGO", "DUCKZ", "BORKIE", "GMFREN", "NYANZO", "SLERPY", "PONZU",
    "RUGRAT", "ALFAX", "BETAX", "ZAPPO", "WHALEY", "KRILLZ", "SQUIDO", "MAXBID", "PAPERZ",
    "DIAMND", "ROKETO", "MARZO", "ORBITZ", "COMETO", "NOVAX", "QUACKO", "BEANZ", "TACOZ",
    "RAMENU",
)
# fmt: on

Mood = Literal["good", "bad", "unknown"]
"""What the crowd says of a token: it passes screening, it fails, or nobody talks about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimToken:
    """One token and its pool. Its price stands in SOL (the index: in USDC).

    Tokens of a good mood take turns on a ring of `ring_size` places, so that somewhere in the
    market something is always about to happen; `place` is None off the ring. Episodes of a token
    begin at multiples of EPISODE_SECONDS plus `offset`.
    """

    number: int
    mint: str
    pool: str
    symbol: str
    name: str
    decimals: int
    base_price: float
    mood: Mood
    offset: int
    place: int | None = None
    ring_size: int = 0
    quote_mint: str = INDEX_MINT
    quote_symbol: str = "SOL"

    @property
    def is_index(self) -> bool:
        """Tell whether this is the market index."""
        return self.number == _INDEX_NUMBER

    def episode(self, second: int) -> int:
        """Return the number of the episode that a Unix second belongs to."""
        return (second - self.offset) // EPISODE_SECONDS

    def episode_start(self, episode: int) -> int:
        """Return the Unix second at which an episode begins."""
        return episode * EPISODE_SECONDS + self.offset


class Universe:
    """All tokens of a market, and the ways to find one."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.tokens = _memecoins(config)
        self.index = _index()
        self.everything = (*self.tokens, self.index)
        self.by_mint = {token.mint: token for token in self.everything}
        self.by_pool = {token.pool: token for token in self.everything}
        self.by_symbol = {token.symbol: token for token in self.everything}

    def named(self, symbol: str) -> SimToken | None:
        """Find a token by what people call it: `$mochi`, `MOCHI`, or the pair `SOL-USDC`."""
        word = symbol.strip().lstrip("$").upper().replace("/", "-")
        return self.by_symbol.get(word.split("-", maxsplit=1)[0])


def _index() -> SimToken:
    return SimToken(
        number=_INDEX_NUMBER,
        mint=INDEX_MINT,
        pool=INDEX_POOL,
        symbol="SOL",
        name="Wrapped SOL",
        decimals=9,
        base_price=INDEX_USD,
        mood="good",
        offset=0,
        quote_mint=USDC_MINT,
        quote_symbol="USDC",
    )


def _memecoins(config: SimulatorConfig) -> tuple[SimToken, ...]:
    seed, count = config.seed, config.token_count
    symbols = sorted(_SYMBOLS, key=lambda symbol: draw(seed, 11, *symbol.encode()))
    ring_size = count - count // _FAILING_ONE_IN
    tokens: list[SimToken] = []
    place = 0
    for number in range(count):
        mood = _mood(number)
        on_ring = mood == "good"
        offset = (
            place * EPISODE_SECONDS // ring_size
            if on_ring
            else int(draw(seed, 12, number) * EPISODE_SECONDS)
        )
        price = config.initial_price * 10 ** (-5 * draw(seed, 13, number) if number else 0.0)
        tokens.append(
            SimToken(
                number=number,
                mint=address(seed, "mint", number),
                pool=address(seed, "pool", number),
                symbol=symbols[number],
                name=symbols[number].title(),
                decimals=_decimals(price, draw(seed, 14, number)),
                base_price=price,
                mood=mood,
                offset=offset,
                place=place if on_ring else None,
                ring_size=ring_size,
            )
        )
        place += on_ring
    return tuple(tokens)


def _mood(number: int) -> Mood:
    if number % _FAILING_ONE_IN != _FAILING_ONE_IN - 1:
        return "good"
    return "bad" if number // _FAILING_ONE_IN % 2 == 0 else "unknown"


def _decimals(price: float, chance: float) -> int:
    """Choose 5, 6 or 9; nine only for the dearer ones, as base units are counted in 64 bits."""
    if chance < _SHARE_OF_FIVE:
        return 5
    return 9 if chance > 1 - _SHARE_OF_NINE and price > _CHEAPEST_OF_NINE else 6
