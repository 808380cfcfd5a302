"""The parts of frames that are one wallet's own, read from the engine's memory and the record."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.api import charts, tradelines
from app.api.deps import Parts
from app.api.wire import encode, iso, sol, sol_or_none, tokens
from app.engine.views import PositionView, SummaryView, WalletView
from app.store.candles import newest_candles
from app.store.tokens import find_mint
from app.store.trade_lists import TradeFilter, list_trades
from app.store.trades import TradeLine, fills_of
from app.trading.market import Candle

CHART_CANDLES = 600
FINISHED = 20
Written = dict[str, Any]


def frame(kind: str, data: Written) -> str:
    """Write a frame."""
    return encode({"type": kind, "data": data}).decode()


def portfolio(wallet: WalletView, positions: Iterable[PositionView]) -> Written:
    """Write what a wallet is worth and what it holds."""
    held: dict[str, Written] = {}
    for one in positions:
        known = held.setdefault(one.token.mint, {"tokens": 0.0, "cost_basis": 0.0})
        known["tokens"] += tokens(one.units, one.token.decimals)
        known["cost_basis"] += sol(one.cost_basis)
    return {
        "sol_balance": sol(wallet.sol_balance),
        "total_value": sol(wallet.total_value),
        "trade_pnl": sol(wallet.trade_pnl),
        "overall_pnl": sol(wallet.overall_pnl),
        "positions": held,
    }


def update(view: PositionView, now: int) -> str:
    """Write how an open position stands."""
    data = {
        "token": view.token.mint,
        "strategy_state": tradelines.strategy_state(view),
        "position": tradelines.position(view, now),
    }
    return frame("UPDATE", data)


def summary(view: SummaryView) -> Written:
    """Write how a token stands for the wallet."""
    return {
        "token": {"address": view.mint, "symbol": view.symbol},
        "status": view.status,
        "signal_id": view.signal,
        "trade_id": view.trade,
        "at": iso(view.at),
        "pnl": sol_or_none(view.pnl),
        "sentiment_score": view.sentiment_score,
        "mention_count": view.mention_count,
        "reason": view.reason,
    }


def finished(line: TradeLine) -> Written:
    """Write a trade that ended as a summary."""
    return {
        "token": {"address": line.mint, "symbol": line.symbol},
        "status": "Finished",
        "signal_id": line.signal_id,
        "trade_id": line.id,
        "at": iso(line.exit_time if line.exit_time is not None else line.entry_time),
        "pnl": sol_or_none(line.pnl_sol),
        "sentiment_score": line.initial_sentiment_score,
        "mention_count": line.initial_mention_count,
        "reason": line.exit_reason,
    }


async def finished_lately(parts: Parts, wallet: int) -> list[Written]:
    """Load the summaries of the trades that ended last, newest first."""
    wanted = TradeFilter(status="finished", sort="exit_time")
    lines = await list_trades(parts.database, wallet, wanted, limit=FINISHED)
    return [finished(line) for line in lines]


async def recent_candles(parts: Parts, mint: str) -> list[Candle]:
    """Find a token's newest candles: those in memory, else those in the record."""
    feed = parts.live.feed.of(mint)
    candles = list(feed.candles)[-CHART_CANDLES:] if feed else []
    if not candles:
        row = await find_mint(parts.database, mint)
        if row is not None:
            candles = await newest_candles(
                parts.database, row.id, parts.settings.timeframe, limit=CHART_CANDLES
            )
    forming = feed.forming if feed else None
    if forming is not None and (not candles or forming.time > candles[-1].time):
        candles.append(forming)
    return candles


async def starting(parts: Parts, wallet: int, mint: str) -> str:
    """Write a chart to begin with: candles, this wallet's fills, and where its exit stands."""
    candles = await recent_candles(parts, mint)
    views = await parts.live.settled()
    positions = views.positions(wallet)
    own = [one for one in positions if one.token.mint == mint]
    token = views.token(mint)
    worth = portfolio(views.wallet(wallet), positions)
    shown, volumes = charts.series(candles)
    data = {
        "token_info": charts.token(mint, token.symbol if token else None),
        "candles": shown,
        "volumes": volumes,
        "bot_trades": await _bot_trades(parts, own),
        "strategy_state": tradelines.strategy_state(own[-1]) if own else None,
        "portfolio": worth,
    }
    return frame("NEW_TRADE_STARTING", data)


async def _bot_trades(parts: Parts, own: Sequence[PositionView]) -> list[Written]:
    found: list[Written] = []
    for one in own:
        rows = await fills_of(parts.database, one.trade)
        found += [tradelines.bot_trade(row, one.token.decimals) for row in rows]
    return sorted(found, key=lambda trade: trade["time"])
