"""Shadows as the wire has them."""

from typing import Any

import msgspec

from app.api import figures
from app.api.wire import iso, iso_or_none, sol
from app.engine.views import ShadowView
from app.trading.comparison import Comparison, Difference, Span

Written = dict[str, Any]


def shadow(view: ShadowView) -> Written:
    """Write a shadow."""
    wallet = view.wallet
    return {
        "number": view.number,
        "name": view.name,
        "wallet_address": wallet.wallet_address,
        "since": iso(wallet.created_at),
        "retired_at": iso_or_none(view.retired_at),
        "paused": wallet.paused,
        "pause_reason": wallet.pause_reason,
        "initial_sol_balance": sol(wallet.initial_sol_balance),
        "sol_balance": sol(wallet.sol_balance),
        "total_value": sol(wallet.total_value),
        "overall_pnl": sol(wallet.overall_pnl),
        "open_positions": view.open_positions,
        "settings": {
            symbol: msgspec.json.decode(one.body or "{}")
            for symbol, one in sorted(view.settings.items())
        },
    }


def pair(view: ShadowView, span: Span, found: Comparison) -> Written:
    """Write a shadow beside its wallet."""
    return {
        "number": view.number,
        "name": view.name,
        "since": iso(span.since),
        "until": iso(span.until),
        "days": found.days,
        "wallet": figures.overall(found.theirs),
        "shadow": figures.overall(found.mine),
        "daily_return_percent": _difference(found.daily_return, "total_return"),
        "trade_pnl_sol": _difference(found.trade_pnl, "net_pnl_lamports"),
        "verdict": found.verdict,
    }


def _difference(found: Difference | None, unit: str) -> Written | None:
    """Write a difference in the unit of a figure."""
    if found is None:
        return None
    ends = {name: getattr(found, name) for name in ("value", "low", "high")}
    return {name: figures.value_of(unit, value) for name, value in ends.items()}
