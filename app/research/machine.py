"""The exit machine for many plans on one path: compiled where that pays, the same bits."""

import threading
from collections.abc import Callable

import numpy as np

from app.trading import exits, leap
from app.trading.follow import MOST_SALES
from app.trading.kernels import compiled
from app.trading.plans import ExitPlan

PLAIN_RUNS = 64
"""Plans that are led without compiling the machine: about a millisecond each."""

LeapAll = Callable[..., int]


class Machine:
    """Chooses between the plain form and the compiled one, which takes a second or more to load."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._compiled: LeapAll | None = None

    def load(self) -> LeapAll:
        """Compile it or load it from the compiler's cache, once; others wait for that."""
        with self._turn:
            if self._compiled is None:
                twin: LeapAll = compiled(leap).leap_all
                path = leap.lay_out(np.ones(1), np.zeros(1, np.int64))
                one, sales = np.ones(1, np.int64), np.zeros((MOST_SALES, 4), np.int64)
                room = sales, np.zeros((1, 6), np.int64), np.zeros((1, 2))
                twin(exits.plans([ExitPlan()]), 1.0, 1, one, path, 0, 1, 1, 1, *room)
                self._compiled = twin
        return self._compiled

    def of(self, runs: int) -> LeapAll:
        """Choose the form for so many runs."""
        if self._compiled is not None:
            return self._compiled
        return leap.leap_all if runs <= PLAIN_RUNS else self.load()
