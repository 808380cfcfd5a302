"""Files of trades and fills."""

import asyncio

import polars as pl

from app.api.deps import Parts
from app.api.exports.asked import Ranged, TradesAsked
from app.api.exports.files import TIME, Frames, frame
from app.api.sessions import Session
from app.api.wire import sol, sol_or_none, tokens
from app.store.tokens import all_tokens
from app.store.trade_lists import list_trades, sort_value
from app.store.trades import TradeLine, wallet_fills
from app.trading.ledger import FillRow, TokenRow

PAGE = 2_000
TRADES = {
    "id": pl.Int64,
    "token_address": pl.String,
    "symbol": pl.String,
    "strategy": pl.String,
    "source": pl.String,
    "signal_id": pl.Int64,
    "status": pl.String,
    "entry_time": TIME,
    "entry_price": pl.Float64,
    "quantity": pl.Float64,
    "sol_invested": pl.Float64,
    "exit_time": TIME,
    "exit_price": pl.Float64,
    "sol_returned": pl.Float64,
    "pnl_sol": pl.Float64,
    "pnl_percent": pl.Float64,
    "exit_reason": pl.String,
    "stop_loss_price": pl.Float64,
    "highest_price_seen": pl.Float64,
    "initial_sentiment_score": pl.Float64,
    "initial_mention_count": pl.Int64,
}
FILLS = {
    "id": pl.Int64,
    "trade_id": pl.Int64,
    "token_address": pl.String,
    "symbol": pl.String,
    "strategy": pl.String,
    "side": pl.String,
    "time": TIME,
    "price": pl.Float64,
    "token_amount": pl.Float64,
    "sol_amount": pl.Float64,
    "fee_sol": pl.Float64,
    "reason": pl.String,
}


async def trades(parts: Parts, me: Session, asked: TradesAsked) -> Frames:
    """Write trades in the order of their list."""
    yield frame([], TRADES)
    wanted = asked.wanted()
    after: tuple[float, int] | None = None
    while page := await list_trades(parts.database, me.wallet_id, wanted, after=after, limit=PAGE):
        yield await asyncio.to_thread(_trades, page)
        after = (sort_value(page[-1], wanted.sort), page[-1].id)


def _trades(lines: list[TradeLine]) -> pl.DataFrame:
    rows = [
        (
            line.id,
            line.mint,
            line.symbol,
            line.strategy,
            line.source,
            line.signal_id,
            line.status,
            line.entry_time,
            line.entry_price,
            tokens(line.quantity, line.decimals),
            sol(line.sol_invested),
            line.exit_time,
            line.exit_price,
            sol(line.sol_returned),
            sol_or_none(line.pnl_sol),
            line.pnl_percent,
            line.exit_reason,
            line.stop_loss_price,
            line.highest_price_seen,
            line.initial_sentiment_score,
            line.initial_mention_count,
        )
        for line in lines
    ]
    return frame(rows, TRADES)


async def fills(parts: Parts, me: Session, asked: Ranged) -> Frames:
    """Write fills, oldest first."""
    yield frame([], FILLS)
    known = {token.id: token for token in await all_tokens(parts.database)}
    since, until = asked.within
    pages = wallet_fills(parts.database, me.wallet_id, since=max(since, 0), until=until)
    async for page in pages:
        yield await asyncio.to_thread(_fills, page, known)


def _fills(rows: list[FillRow], known: dict[int, TokenRow]) -> pl.DataFrame:
    return frame([_fill(row, known[row.token_id]) for row in rows], FILLS)


def _fill(row: FillRow, token: TokenRow) -> tuple[object, ...]:
    return (
        row.id,
        row.trade_id,
        token.mint,
        token.symbol,
        row.strategy,
        row.side,
        row.timestamp,
        row.price,
        tokens(row.size, token.decimals),
        sol(row.sol),
        sol(row.fee),
        row.reason,
    )
