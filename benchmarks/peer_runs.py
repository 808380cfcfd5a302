"""Peers started in environments of their own, and their fills held against ours, one by one."""

import json
import os
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np

from app.research.results import Backtest
from benchmarks.past import cash_of, fills_of
from benchmarks.peers.work import Candles, Fill

ROOT = Path(__file__).parents[1]
HOME = Path(os.environ.get("AUTOTRADER_PEERS") or ROOT / ".peers").expanduser()
HOW = "peers are left out: `sh benchmarks/peers/setup.sh` installs them"

SAME_PRICE = 1e-12
LAMPORTS_A_FILL = 2
"""What roundings to whole lamports may make of a fill, in which the peers have none."""


class Peer(NamedTuple):
    """A peer, its driver, and how often it does the work on one token (and on fifty)."""

    name: str
    folder: str
    driver: str
    wanted: float | None
    """How many times as long as ours it should take at least."""
    rounds: int
    rounds_many: int


PEERS = (
    Peer("vectorbt", "vectorbt", "vectorbt_py", 1, 9, 2),
    Peer("backtesting.py", "backtesting", "backtesting_py", 100, 3, 1),
    Peer("nautilus_trader", "nautilus", "nautilus_py", 200, 3, 1),
    Peer("backtrader", "backtrader", "backtrader_py", None, 1, 1),
    Peer("freqtrade", "freqtrade", "freqtrade_py", 2_000, 1, 1),
)


class PeerRun(NamedTuple):
    """What a peer needed: median seconds of a round, most memory; and how far it agrees."""

    peer: Peer
    version: str
    timed: str
    wall: float
    cpu: float
    others: dict[str, float]
    peak_mb: float
    agreement: str


def interpreter(peer: Peer) -> Path:
    """Return where a peer's Python stands, if it is installed."""
    return HOME / peer.folder / "bin" / "python"


def installed() -> list[Peer]:
    """List the peers that there are environments for."""
    return [peer for peer in PEERS if interpreter(peer).exists()]


def missing() -> str:
    """Say in one line which peers are not there and how to get them; empty when all are."""
    absent = [peer.name for peer in PEERS if not interpreter(peer).exists()]
    return f"{', '.join(absent)}: {HOW}" if absent else ""


def run_peer(peer: Peer, candles: Candles, rounds: int, ours: Sequence[Backtest]) -> PeerRun:
    """Let a peer do the work in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "candles.npy", Path(folder) / "out.json"
        np.save(given, candles)
        python, driver = str(interpreter(peer)), f"benchmarks.peers.{peer.driver}"
        done = subprocess.run(  # noqa: S603  our own driver
            [python, "-m", driver, str(given), str(out), str(rounds)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{peer.name} failed:\n{done.stderr[-2000:]}")
        found = json.loads(out.read_text(encoding="utf-8"))
    fills = [Fill(*one) for one in found["fills"]]
    return PeerRun(
        peer,
        found["version"],
        found["timed"],
        median(found["wall"]),
        median(found["cpu"]),
        found["others"],
        found["peak_mb"],
        agreement(fills_of(ours), fills, cash_of(ours) - found["cash"]),
    )


def agreement(ours: Sequence[Fill], theirs: Sequence[Fill], cash: float) -> str:
    """Say how far fills agree: token, candle, units, price; and by how much the cash differs.

    Sales at one candle count together: some peers record two tiers as one order.
    """
    mine, other = _merged(ours), _merged(theirs)
    different = sorted(key for key in mine.keys() | other.keys() if not _same(mine, other, key))
    same = len(mine) - len([key for key in different if key in mine])
    if different:
        token, candle, _ = different[0]
        where = f"the first difference at token {token}, candle {candle}"
        return f"{same:,} of {len(mine):,} fills; {where}"
    lamports = abs(cash) * 1e9
    within = "" if lamports <= LAMPORTS_A_FILL * len(mine) else ", more than roundings explain"
    return f"all {same:,} fills; P&L to {lamports:,.0f} lamports{within}"


def _merged(fills: Sequence[Fill]) -> dict[tuple[int, int, bool], tuple[float, float]]:
    merged: dict[tuple[int, int, bool], tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for token, candle, units, price in fills:
        key = (token, candle, units > 0)
        merged[key] = merged[key][0] + units, price
    return dict(merged)


def _same(
    mine: dict[tuple[int, int, bool], tuple[float, float]],
    other: dict[tuple[int, int, bool], tuple[float, float]],
    key: tuple[int, int, bool],
) -> bool:
    if key not in mine or key not in other:
        return False
    (units, price), (others, at) = mine[key], other[key]
    return abs(units - others) <= 1 and abs(price - at) <= SAME_PRICE * price
