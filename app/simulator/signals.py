"""Which token is signalled when. Signals come in slots of the simulated clock, the same for all
listeners. Mostly a token is named seconds before it moves, so that a trader who reacts sees
something; now and then one that is about to fall, and often one that the crowd does not believe in.

Knows no connection.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from app.simulator.config import SimulatorConfig
from app.simulator.keys import address, draw
from app.simulator.recent import Recent
from app.simulator.regimes import FALLING, move_second, regime
from app.simulator.tokens import SimToken, Universe

LEAD_SECONDS = 3.0
"""The least time between a signal and the move it announces: screening needs a moment."""
EARLY_SECONDS = 55.0
"""The most time between them for a signal that has nothing better to announce."""

_JITTER_SHARE = 0.1
_PATIENCE_SLOTS = 1.5
_SECOND_WEAK_AFTER = 60.0
_OPENING_WEAK = 2
_WALLETS = 80
_WINDOW_SECONDS = 5.0
_SIGNALS_KEPT = 100


@dataclass(frozen=True, slots=True)
class SimSignal:
    """Several tracked wallets bought the same token inside one window; times in Unix seconds."""

    mint: str
    wallets: tuple[str, ...]
    window_start: float
    triggered_at: float

    def payload(self) -> dict[str, object]:
        """Return the signal as it goes over the wire."""
        return {
            "tokenAddress": self.mint,
            "uniqueWalletCount": len(self.wallets),
            "walletAddresses": list(self.wallets),
            "windowStart": iso(self.window_start),
            "windowEnd": iso(self.window_start + _WINDOW_SECONDS),
            "triggeredAt": iso(self.triggered_at),
        }


@dataclass(frozen=True, slots=True)
class Move:
    """The next thing that happens to a token, `second` a Unix second."""

    token: SimToken
    episode: int
    second: int
    falling: bool


class SignalDesk:
    """Chooses signals, from the moment (Unix seconds) at which the first listener came."""

    def __init__(self, config: SimulatorConfig, universe: Universe, start: float) -> None:
        self._config = config
        self._universe = universe
        self._chosen: Recent[int, SimSignal] = Recent(_SIGNALS_KEPT)
        self._announced: dict[int, int] = {}
        self._weak_due = start
        self._weak_sent = 0
        self._last_rising = start

    def slot_after(self, now: float) -> int:
        """Return the number of the first slot later than a moment."""
        slot = int(now // self._config.signal_every) - 1
        while self.slot_time(slot) <= now:
            slot += 1
        return slot

    def slot_time(self, slot: int) -> float:
        """Return the moment of a slot: about every `signal_every` seconds."""
        jitter = _JITTER_SHARE * (2 * draw(self._config.seed, 31, slot) - 1)
        return (slot + jitter) * self._config.signal_every

    def signal(self, slot: int) -> SimSignal:
        """Return the signal of a slot; every listener gets the same."""
        return self._chosen.get(slot, lambda: self._choose(self.slot_time(slot)))

    def opening(self, now: float) -> SimSignal:
        """Return a signal for a listener who just came: the token that rises next."""
        rising = [move for move in self._moves(now) if not move.falling]
        if not rising:
            return self._signal(self._universe.tokens[0], now)
        return self._signal(min(rising, key=lambda move: move.second).token, now)

    def _choose(self, now: float) -> SimSignal:
        moves = self._moves(now)
        soon = now + LEAD_SECONDS + 1.25 * self._config.signal_every
        fresh = [
            move
            for move in sorted(moves, key=lambda move: move.second)
            if move.second <= soon and self._announced.get(move.token.number) != move.episode
        ]
        weak = [move for move in fresh if move.falling]
        if weak and now >= self._weak_due:
            self._weak_sent += 1
            opening = self._weak_sent < _OPENING_WEAK
            self._weak_due = now + (
                _SECOND_WEAK_AFTER if opening else self._config.weak_signal_every
            )
            return self._announce(weak[0], now)
        rising = [move for move in fresh if not move.falling]
        if not rising:
            return self._filler(moves, now)
        self._last_rising = now
        return self._announce(rising[0], now)

    def _filler(self, moves: list[Move], now: float) -> SimSignal:
        """Name a token that fails screening, or one that rises within the minute."""
        chance = draw(self._config.seed, 32, int(now * 1000))
        failing = [token for token in self._universe.tokens if token.mood != "good"]
        latest = now + EARLY_SECONDS
        early = [move.token for move in moves if not move.falling and move.second <= latest]
        waited = now - self._last_rising > _PATIENCE_SLOTS * self._config.signal_every
        choices = failing if failing and not (waited and early) else early
        if not choices:
            return self.opening(now)
        if choices is early:
            self._last_rising = now
        return self._signal(choices[int(chance * 997) % len(choices)], now)

    def _moves(self, now: float) -> list[Move]:
        """Return the next move of every token that can pass screening."""
        seed = self._config.seed
        moves: list[Move] = []
        for token in self._universe.tokens:
            if token.mood != "good":
                continue
            episode = token.episode(int(now))
            if move_second(seed, token, episode) < now + LEAD_SECONDS:
                episode += 1
            falling = regime(seed, token, episode) in FALLING
            moves.append(Move(token, episode, move_second(seed, token, episode), falling))
        return moves

    def _announce(self, move: Move, now: float) -> SimSignal:
        self._announced[move.token.number] = move.episode
        return self._signal(move.token, now)

    def _signal(self, token: SimToken, now: float) -> SimSignal:
        seed, moment = self._config.seed, int(now * 1000)
        count = 2 + int(6 * draw(seed, 33, moment))
        first = int(_WALLETS * draw(seed, 34, moment))
        wallets = tuple(
            address(seed, "wallet", (first + 7 * step) % _WALLETS) for step in range(count)
        )
        window_start = now // _WINDOW_SECONDS * _WINDOW_SECONDS
        return SimSignal(token.mint, wallets, window_start, now)


def iso(seconds: float) -> str:
    """Write a Unix time as ISO 8601 UTC with milliseconds and Z."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
