"""Whether a wallet enters trades."""

from app.api.deps import Own, Parts, Platform
from app.api.errors import refusal
from app.api.nouns import Noun
from app.api.sessions import Session
from app.api.shapes.wallets import PauseOut
from app.trading.inputs import Pause, Refused, Resume

router = Noun()


@router.post("/{wallet}/pause", response_model=PauseOut)
async def pause_wallet(parts: Platform, me: Own) -> dict[str, object]:
    """Stop new entries; exits go on. Pausing twice is once."""
    return await _change(parts, me, Pause(at=parts.clock.now(), wallet=me.wallet_id))


@router.post("/{wallet}/resume", response_model=PauseOut)
async def resume_wallet(parts: Platform, me: Own) -> dict[str, object]:
    """Allow new entries again; the drawdown is counted from the present value."""
    return await _change(parts, me, Resume(at=parts.clock.now(), wallet=me.wallet_id))


async def _change(parts: Parts, me: Session, wish: Pause | Resume) -> dict[str, object]:
    answer = await parts.live.submit(wish)
    if isinstance(answer, Refused):
        raise refusal(answer)
    view = (await parts.live.settled()).wallet(me.wallet_id)
    return {
        "wallet_address": view.wallet_address,
        "paused": view.paused,
        "pause_reason": view.pause_reason,
    }
