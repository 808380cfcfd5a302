"""Whether a wallet enters trades, and letting a paper wallet begin again."""

from starlette.requests import Request
from starlette.responses import Response

from app.api import play_money
from app.api.deps import Own, Parts, Platform
from app.api.errors import invalid, refusal
from app.api.nouns import Noun
from app.api.once import Key, digest_of, once
from app.api.sessions import Session
from app.api.shapes.wallets import PauseOut, ResetIn, ResetOut, ResetPlanOut
from app.api.wire import encode, iso, iso_or_none, sol
from app.trading.amounts import to_lamports
from app.trading.inputs import Pause, Refused, ResetWallet, Resume

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


@router.get("/{wallet}/reset", response_model=ResetPlanOut)
async def get_reset_plan(parts: Platform, me: Own) -> dict[str, object]:
    """Show what a reset would end, and how much the wallet may begin again with."""
    views = await parts.live.settled()
    view, held = views.wallet(me.wallet_id), views.positions(me.wallet_id)
    least, most = play_money.allowed(parts.settings)
    drawn = play_money.drawn_between(parts.settings)
    shadows = views.shadows(me.wallet_id)
    return {
        "allowed": view.is_paper,
        "reset_at": iso_or_none(view.reset_at),
        "open_positions": len(held),
        "positions_value": sol(sum(position.value for position in held)),
        "sol_balance": sol(view.sol_balance),
        "total_value": sol(view.total_value),
        "initial_sol_balance": sol(view.initial_sol_balance),
        "overall_pnl": sol(view.overall_pnl),
        "shadows": sum(shadow.retired_at is None for shadow in shadows),
        "least_sol": sol(least),
        "most_sol": sol(most),
        "drawn_from_sol": sol(drawn[0]),
        "drawn_to_sol": sol(drawn[1]),
    }


@router.post("/{wallet}/reset", response_model=ResetOut)
async def reset_wallet(
    request: Request, parts: Platform, me: Own, body: ResetIn, idempotency_key: Key = None
) -> Response:
    """Let a paper wallet begin again with fresh play money; its key and its settings stay.

    All at once: every open position is sold at its last known price (reason `reset`; one without
    any price is written off), the balance becomes `initial_sol`, or a new draw as at registration,
    and profit, drawdown and every limit count from there. Trades, fills, decisions and events of
    before stay in the record. A pause by a person stays, one by the drawdown limit ends. Shadows go
    on as they are. Refused for a wallet that is not made of play money.
    """

    async def work() -> bytes:
        return await _reset(parts, me, body)

    digest = digest_of(request, body.model_dump_json())
    return await once(parts, me.wallet_id, idempotency_key, digest, work)


def _beginning(parts: Parts, body: ResetIn) -> int:
    """Find what to begin with. Raises a 422 problem for what is out of bounds."""
    if body.initial_sol is None:
        return play_money.draw(parts.settings)
    least, most = map(sol, play_money.allowed(parts.settings))
    if not least <= body.initial_sol <= most:
        raise invalid("/initial_sol", f"must be from {least:g} to {most:g} SOL")
    return to_lamports(body.initial_sol)


async def _reset(parts: Parts, me: Session, body: ResetIn) -> bytes:
    now, lamports = parts.clock.now(), _beginning(parts, body)
    answer = await parts.live.submit(ResetWallet(at=now, wallet=me.wallet_id, lamports=lamports))
    if isinstance(answer, Refused):
        raise refusal(answer)
    return encode(
        {
            "wallet_address": me.wallet_address,
            "reset_at": iso(now),
            "initial_sol_balance": sol(lamports),
            "closed": answer if isinstance(answer, list) else [],
        }
    )
