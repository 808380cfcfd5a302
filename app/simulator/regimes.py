"""What happens to a token in an episode: a quiet base, then one move of its regime, then a return.

    base (about 52 s) -> move (moon, fade, wick, stall, dump, rug, chop, quiet) -> settling

The return leads to the level at which the next episode begins. That level is known without any
episode before it, so every moment of a market can be reached directly, in any order. Heights are
natural logarithms of price over the level. Knows no candle.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from app.simulator.keys import draw
from app.simulator.tokens import EPISODE_SECONDS, SimToken

GROUP = 3
"""Turns on the ring come in threes: an end, a middle that may fall, another end."""
_MIDDLE = 1
_MOON_EVERY = 3
_SCAR_DECAY = 0.75
_SCAR_MEMORY = 12
_INDEX_CALM = 0.15
_INDEX_WAVES = 0.08

Knots = tuple[tuple[float, float], ...]


class Regime(StrEnum):
    """The kinds of moves."""

    MOON = "moon"
    FADE = "fade"
    WICK = "wick"
    STALL = "stall"
    DUMP = "dump"
    RUG = "rug"
    CHOP = "chop"
    QUIET = "quiet"


FALLING = frozenset({Regime.DUMP, Regime.RUG})

Odds = tuple[tuple[float, Regime], ...]
_FALLS: Odds = ((0.3, Regime.RUG), (1.0, Regime.DUMP))
_RESTS: Odds = ((0.7, Regime.STALL), (1.0, Regime.FADE))
_UNKNOWN_MIDDLE: Odds = ((0.5, Regime.DUMP), (1.0, Regime.STALL))
_ENDS: Odds = ((0.8, Regime.STALL), (0.88, Regime.WICK), (1.0, Regime.FADE))
_MOON_PLACE: Odds = ((0.4, Regime.WICK), (1.0, Regime.FADE))
_UNLOVED: Odds = (
    (0.4, Regime.CHOP),
    (0.6, Regime.QUIET),
    (0.8, Regime.DUMP),
    (0.92, Regime.RUG),
    (1.0, Regime.FADE),
)
"""Cumulative shares. Tokens that fail screening are unloved: they go nowhere, or down."""

_SCARS = {Regime.MOON: 0.04, Regime.DUMP: -0.05, Regime.RUG: -0.9}
"""What a move leaves behind in the level of the episodes after it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The plan of one episode: where it starts and ends (log price) and curves over its seconds.

    `path` is height over the start, `noise` the deviation of the log price each second adds,
    `volume` the typical number of tokens traded in a second.
    """

    regime: Regime
    move: int
    start: float
    end: float
    path: Knots
    noise: Knots
    volume: Knots


def regime(seed: int, token: SimToken, episode: int) -> Regime:
    """Tell what happens to a token in an episode."""
    if token.is_index:
        return Regime.QUIET
    if token.place is None:
        return _pick(draw(seed, 21, token.number, episode), _UNLOVED)
    turn = episode * token.ring_size + token.place
    if turn % GROUP != _MIDDLE:
        return _rising(seed, token.ring_size, turn)
    before = turn - token.ring_size
    if before % GROUP == _MIDDLE:
        falls = _pick(draw(seed, 22, turn), _UNKNOWN_MIDDLE) in FALLING
    else:
        falls = _rising(seed, token.ring_size, before) is Regime.MOON
    return _pick(draw(seed, 23, turn), _FALLS if falls else _RESTS)


def move_second(seed: int, token: SimToken, episode: int) -> int:
    """Return the Unix second at which the move of an episode begins."""
    return token.episode_start(episode) + _base_seconds(seed, token, episode)


def level(seed: int, token: SimToken, episode: int) -> float:
    """Return the log price at which an episode begins: waves around the base price, and scars."""
    waves = 0.02 * (2 * draw(seed, 20, token.number, episode) - 1)
    for number, (size, period) in enumerate(((0.10, 41.0), (0.05, 13.0))):
        turn = 2 * math.pi * draw(seed, 26, token.number, number)
        waves += size * math.sin(2 * math.pi * episode / period + turn)
    if token.is_index:
        return math.log(token.base_price) + _INDEX_WAVES * waves
    scars = sum(
        _SCARS.get(regime(seed, token, episode - age), 0.0) * _SCAR_DECAY ** (age - 1)
        for age in range(1, _SCAR_MEMORY + 1)
    )
    return math.log(token.base_price) + waves + scars


def scene(seed: int, token: SimToken, episode: int) -> Scene:
    """Return the plan of an episode."""
    kind = regime(seed, token, episode)
    move = _base_seconds(seed, token, episode)
    chance = draw(seed, 27, token.number, episode)
    calm = _INDEX_CALM if token.is_index else 1.0
    path = _chop(seed, token, episode) if kind is Regime.CHOP else _path(kind, move, chance)
    return Scene(
        regime=kind,
        move=move,
        start=level(seed, token, episode),
        end=level(seed, token, episode + 1),
        path=path,
        noise=tuple((second, size * calm) for second, size in _noise(kind, move)),
        volume=_volume(kind, move),
    )


def _rising(seed: int, ring_size: int, turn: int) -> Regime:
    """Tell the regime of a turn at an end of its group: every third group has one moon.

    The moon takes the end from which its token comes to the middle next, so that what rose most
    is what falls: a token that faded may still be held from a late entry, and does not fall.
    """
    group, position = divmod(turn, GROUP)
    moon_place = GROUP - 1 if (_MIDDLE - ring_size) % GROUP == GROUP - 1 else 0
    chance = draw(seed, 24, turn)
    if position != moon_place:
        return _pick(chance, _ENDS)
    if group % _MOON_EVERY == seed % _MOON_EVERY:
        return Regime.MOON
    return _pick(chance, _MOON_PLACE)


def _pick(chance: float, odds: Odds) -> Regime:
    """Return the first regime whose cumulative share is above a chance in [0, 1)."""
    return next(kind for share, kind in odds if chance < share)


def _base_seconds(seed: int, token: SimToken, episode: int) -> int:
    return 50 + int(6 * draw(seed, 28, token.number, episode))


def _path(kind: Regime, move: int, chance: float) -> Knots:
    """Return the heights of a move; `chance` in [0, 1) varies its size."""
    if kind is Regime.MOON:
        top = 0.85 + 0.3 * chance
        steps = [(8, 0.10), (18, 0.30), (23, 0.26), (40, top), (44, top - 0.02)]
        steps += [(56, top - 0.38), (64, top - 0.30), (108, 0.12), (138, 0.0)]
    elif kind is Regime.FADE:
        top = 0.38 + 0.08 * chance
        steps = [(10, 0.10), (22, 0.26), (30, top), (33, top - 0.03), (45, top - 0.33)]
        steps += [(70, 0.03), (120, 0.0)]
    elif kind is Regime.WICK:
        steps = [(20, 0.13), (21, 0.46 + 0.04 * chance), (22, -0.06), (60, 0.02), (90, 0.0)]
    elif kind is Regime.STALL:
        steps = [(10, 0.10), (25, 0.14), (50, 0.05), (75, 0.11), (100, 0.01), (125, 0.05)]
    elif kind is Regime.DUMP:
        bottom = -0.38 - 0.10 * chance
        steps = [(8, 0.07), (12, 0.06), (26, bottom), (34, bottom + 0.08), (45, bottom + 0.04)]
    elif kind is Regime.RUG:
        bottom = -1.1 - 0.25 * chance
        steps = [(8, 0.07), (11, 0.05), (22, bottom), (60, bottom + 0.1)]
    else:
        steps = []
    moved = tuple((float(move + second), height) for second, height in steps)
    return ((0.0, 0.0), (float(move), 0.0), *moved, (float(EPISODE_SECONDS), 0.0))


def _chop(seed: int, token: SimToken, episode: int) -> Knots:
    turns = range(15, EPISODE_SECONDS - 14, 15)
    heights = [
        (float(second), 0.16 * draw(seed, 29, token.number, episode, second) - 0.08)
        for second in turns
    ]
    return ((0.0, 0.0), *heights, (float(EPISODE_SECONDS), 0.0))


def _noise(kind: Regime, move: int) -> Knots:
    if kind is Regime.CHOP:
        return ((0.0, 0.007),)
    if kind is Regime.QUIET:
        return ((0.0, 0.0035),)
    return ((move - 2.0, 0.0035), (move + 2.0, 0.009), (move + 50.0, 0.007), (move + 110.0, 0.0035))


def _volume(kind: Regime, move: int) -> Knots:
    if kind is Regime.CHOP:
        return ((0.0, 900_000.0),)
    if kind is Regime.QUIET:
        return ((0.0, 550_000.0),)
    busy = 2_400_000.0
    return (
        (move - 3.0, 600_000.0),
        (move + 1.0, busy),
        (move + 60.0, busy),
        (move + 120.0, 600_000.0),
    )
