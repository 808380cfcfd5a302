"""What is watched for a wallet: signals that passed the screening and wait for an entry."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api import charts, why
from app.api.deps import Own, Platform
from app.api.nouns import Noun
from app.api.shapes.watches import WatchesOut
from app.api.wire import encoded, iso
from app.engine.waiting import WatchView
from app.store.types import LARGEST

router = Noun()


@router.get("/{wallet}", response_model=WatchesOut)
async def list_watches(
    parts: Platform,
    me: Own,
    signal_id: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
) -> Response:
    """List what this wallet waits for: the conditions that its strategies ask for, as they stand.

    Each holds or does not on the newest closed candle; the wallet buys when all of a strategy do,
    and the watch ends after `candles_left` more.
    """
    views = await parts.live.settled()
    return encoded({"items": list(map(_written, views.watches(me.wallet_id, signal_id)))})


def _written(view: WatchView) -> dict[str, object]:
    return {
        "signal_id": view.signal,
        "token": charts.token(view.token.mint, view.token.symbol),
        "since": iso(view.since),
        "candles": view.candles,
        "candles_left": view.candles_left,
        "ends_at": iso(view.ends_at),
        "refused": view.refused,
        "why": [step for answer in view.answers for step in why.waiting(answer)],
    }
