"""A wallet and what it is worth."""

from app.api.deps import Own, Platform
from app.api.nouns import Noun
from app.api.shapes.wallets import WalletOut
from app.api.wire import iso, iso_or_none, sol
from app.engine.views import WalletView

router = Noun()


def written(view: WalletView) -> dict[str, object]:
    """Write a wallet."""
    return {
        "wallet_address": view.wallet_address,
        "created_at": iso(view.created_at),
        "reset_at": iso_or_none(view.reset_at),
        "initial_sol_balance": sol(view.initial_sol_balance),
        "sol_balance": sol(view.sol_balance),
        "total_value": sol(view.total_value),
        "overall_pnl": sol(view.overall_pnl),
        "trade_pnl": sol(view.trade_pnl),
        "paused": view.paused,
        "pause_reason": view.pause_reason,
    }


@router.get("/{wallet}", response_model=WalletOut)
async def get_user(parts: Platform, me: Own) -> dict[str, object]:
    """Show a wallet and what it is worth now."""
    views = await parts.live.settled()
    return written(views.wallet(me.wallet_id))
