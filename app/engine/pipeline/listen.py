"""Listens to the signal stream: every signal is in the record before anybody screens it."""

import asyncio
from contextlib import aclosing

from app.engine.live import Live
from app.ports import Clock, SignalSource
from app.trading.ids import SignalId
from app.trading.inputs import SignalArrived
from app.trading.signals import Signal

ToScreen = asyncio.Queue[tuple[SignalId, Signal]]


async def listen(source: SignalSource, live: Live, clock: Clock, queue: ToScreen) -> None:
    """Pass signals on, for ever; what came in before a restart and was not screened comes first."""
    views = await live.settled()
    for number, signal in views.screening():
        await queue.put((number, signal))
    async with aclosing(source.signals()) as heard:
        async for signal in heard:
            answer = await live.submit(SignalArrived(at=clock.now(), signal=signal))
            if isinstance(answer, int):
                await queue.put((SignalId(answer), signal))
