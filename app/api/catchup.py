"""What a socket hears first: what it missed, that it is signed in, how everything stands."""

from app.api import composing, facts
from app.api.deps import Parts
from app.api.private import Private
from app.api.sockets import Socket
from app.api.wire import encode, iso, sol
from app.store.events import events_after, kept_events

PAGE = 500
MOST_MISSED = 5_000


async def welcome(socket: Socket, parts: Parts, private: Private, after: int | None) -> None:
    """Bring a socket up to date, then let live frames out; none is lost or told twice between."""
    kept = await kept_events(parts.database)
    oldest, newest = kept.oldest or 0, kept.newest or 0
    if after is not None and (after > newest or after < oldest - 1):
        reason = "too far back" if after < newest else "not of this record"
        await socket.say(_reset(newest, reason))
    elif after is not None:
        newest = await _missed(socket, parts, after, newest)
    socket.seq = newest
    views = await parts.live.settled()
    wallet = views.wallet(socket.session.wallet_id)
    success = {
        "wallet_address": wallet.wallet_address,
        "initial_sol_balance": sol(wallet.initial_sol_balance),
        "created_at": iso(wallet.created_at),
        "seq": newest,
    }
    await socket.say(composing.frame("AUTH_SUCCESS", success))
    await private.greet(socket)
    socket.release()


async def _missed(socket: Socket, parts: Parts, after: int, newest: int) -> int:
    """Send the events since `after`, or RESET when they are many; answers the last one's seq."""
    wallet, sent = socket.session.wallet_id, 0
    while True:
        rows = await events_after(parts.database, wallet, after, PAGE)
        for event in await facts.written(rows, parts.decimals):
            frame = {"type": "EVENT", "seq": event["seq"], "data": event}
            await socket.say(encode(frame).decode())
        if rows:
            after = rows[-1].seq
        if len(rows) < PAGE:
            return max(newest, after)
        sent += len(rows)
        if sent >= MOST_MISSED:
            last = (await kept_events(parts.database)).newest or after
            await socket.say(_reset(last, "too many were missed"))
            return last


def _reset(newest: int, reason: str) -> str:
    return composing.frame("RESET", {"seq": newest, "reason": reason})
