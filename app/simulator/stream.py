"""The signal stream as Server-Sent Events, bytes on the wire included. Knows no route."""

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator

from app.simulator.config import Fault
from app.simulator.market import Market
from app.simulator.signals import SignalDesk, SimSignal

_HUGE_BYTES = 10 * 1024 * 1024
_MOST_LATE_SLOTS = 5
"""A market that slept (a laptop lid) does not make up for more slots than these."""
_SHORTEST_WAIT = 0.01


class SignalStream:
    """One market's signals for any number of listeners, until `stopping` is set."""

    def __init__(self, market: Market, stopping: asyncio.Event) -> None:
        self._market = market
        self._stopping = stopping
        self._desk: SignalDesk | None = None
        self._faults = deque(fault for fault in market.config.faults if fault != "duplicate_candle")

    async def frames(self) -> AsyncIterator[bytes]:
        """Yield frames for one listener: connected, a fresh signal, then signals and keepalives."""
        config, now = self._market.config, self._market.now
        if self._desk is None:
            self._desk = SignalDesk(config, self._market.universe, now())
        desk = self._desk
        yield b"event: connected\ndata: Connected to the signal stream\n\n"
        opening = desk.opening(now())
        yield _frame(opening)
        while self._faults:
            fault = self._faults.popleft()
            yield _faulty(fault, opening)
            if fault == "cut":
                return
        slot = desk.slot_after(now())
        alive_at = time.monotonic() + config.keepalive_every
        while True:
            wait = min(alive_at - time.monotonic(), (desk.slot_time(slot) - now()) / config.speed)
            if await self._stopped_within(max(_SHORTEST_WAIT, wait)):
                return
            if now() >= desk.slot_time(slot):
                yield _frame(desk.signal(slot))
                slot = max(slot + 1, desk.slot_after(now()) - _MOST_LATE_SLOTS)
            if time.monotonic() >= alive_at:
                yield b": keepalive\n\n"
                alive_at = time.monotonic() + config.keepalive_every

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return False
        return True


def _frame(signal: SimSignal) -> bytes:
    body = json.dumps(signal.payload(), separators=(",", ":"))
    return f"event: data\ndata: {body}\n\n".encode()


def _faulty(fault: Fault, signal: SimSignal) -> bytes:
    payload = signal.payload()
    if fault == "bad_json":
        return b'event: data\ndata: {"tokenAddress":"oops"\n\n'
    if fault == "cut":
        return _frame(signal)[:60]
    if fault == "missing_mint":
        del payload["tokenAddress"]
    elif fault == "invalid_mint":
        payload["tokenAddress"] = "0OIl-not-an-address"
    else:
        payload["note"] = "x" * _HUGE_BYTES
    return f"event: data\ndata: {json.dumps(payload)}\n\n".encode()
