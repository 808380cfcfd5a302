"""Downloads: trades and fills as CSV or Parquet."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import polars as pl
from fastapi import Path
from starlette.responses import Response, StreamingResponse

from app.api import tradelines
from app.api.deps import From, Own, Parts, Platform, To, span
from app.api.nouns import Noun
from app.api.sessions import Session
from app.store.tokens import all_tokens
from app.store.trades import (
    TradeFilter,
    TradeLine,
    closed_trades,
    list_trades,
    sort_value,
    wallet_fills,
)
from app.trading.amounts import LAMPORTS_PER_SOL
from app.trading.ledger import FillRow, TokenRow

router = Noun()

Range = tuple[int, int]
Frames = AsyncIterator[pl.DataFrame]
OPEN_PAGE = 500

FileName = Literal["trades.csv", "trades.parquet", "fills.csv", "fills.parquet"]
CSV, PARQUET = "text/csv; charset=utf-8", "application/vnd.apache.parquet"
FORMULA = r"^[=+\-@\t\r]"
TRADES: dict[str, Any] = {
    "id": pl.Int64,
    "token_address": pl.String,
    "symbol": pl.String,
    "strategy": pl.String,
    "source": pl.String,
    "signal_id": pl.Int64,
    "status": pl.String,
    "entry_time": pl.String,
    "entry_price": pl.Float64,
    "quantity": pl.Float64,
    "sol_invested": pl.Float64,
    "exit_time": pl.String,
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
FILLS: dict[str, Any] = {
    "id": pl.Int64,
    "trade_id": pl.Int64,
    "token_address": pl.String,
    "symbol": pl.String,
    "strategy": pl.String,
    "side": pl.String,
    "time": pl.Int64,
    "price": pl.Float64,
    "token_amount": pl.Float64,
    "sol_amount": pl.Float64,
    "fee_sol": pl.Float64,
    "reason": pl.String,
}


@router.get(
    "/{wallet}/{name}",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {
                "text/csv": {"example": "id,token_address,symbol\n42,6XnC…,BONK\n"},
                "application/vnd.apache.parquet": {
                    "schema": {"type": "string", "format": "binary"}
                },
            },
        }
    },
)
async def export_file(
    parts: Platform,
    me: Own,
    name: Annotated[FileName, Path(description="What, and in which format.")],
    since: From = None,
    until: To = None,
) -> Response:
    """Download trades or fills.

    `from` and `to` bound when a trade ended (open ones: began) or a fill happened. In CSV, texts
    that a spreadsheet would take for a formula get an apostrophe before them.
    """
    within = span(since, until)
    what, _, kind = name.partition(".")
    pages = _trades(parts, me, within) if what == "trades" else _fills(parts, me, within)
    # The first rows are read before the answer begins: what is wrong is told as a problem.
    frames = [await anext(pages), *[page async for page in _next(pages)]]
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if kind == "csv":
        return StreamingResponse(_csv(frames, pages), media_type=CSV, headers=headers)
    body = await asyncio.to_thread(_parquet, [*frames, *[page async for page in pages]])
    return Response(body, media_type=PARQUET, headers=headers)


async def _trades(parts: Parts, me: Session, within: Range) -> Frames:
    yield _timed(pl.DataFrame(schema=TRADES))
    since, until = within
    closed = closed_trades(parts.database, me.wallet_id, since=max(since, 0), until=until)
    async for page in closed:
        yield await asyncio.to_thread(_trade_frame, page)
    async for page in _opened(parts, me, within):
        yield await asyncio.to_thread(_trade_frame, page)


async def _opened(parts: Parts, me: Session, within: Range) -> AsyncIterator[list[TradeLine]]:
    """Read the trades that are open and were entered in a range."""
    since, until = within
    wanted = TradeFilter(status="active", since=since, until=until)
    after: tuple[float, int] | None = None
    while page := await list_trades(
        parts.database, me.wallet_id, wanted, after=after, limit=OPEN_PAGE
    ):
        yield page
        after = (sort_value(page[-1], wanted.sort), page[-1].id)


def _trade_frame(lines: list[TradeLine]) -> pl.DataFrame:
    rows = []
    for line in lines:
        written = tradelines.trade(line)
        token = written.pop("token")
        rows.append({**written, "token_address": token["address"], "symbol": token["symbol"]})
    return _timed(pl.DataFrame(rows, schema=TRADES))


def _timed(trades: pl.DataFrame) -> pl.DataFrame:
    return trades.with_columns(
        pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.3fZ", time_unit="ms", time_zone="UTC")
        for name in ("entry_time", "exit_time")
    )


async def _fills(parts: Parts, me: Session, within: Range) -> Frames:
    known = {token.id: token for token in await all_tokens(parts.database)}
    yield _fill_frame([], known)
    since, until = within
    pages = wallet_fills(parts.database, me.wallet_id, since=max(since, 0), until=until)
    async for page in pages:
        yield await asyncio.to_thread(_fill_frame, page, known)


def _fill_frame(fills: list[FillRow], known: dict[int, TokenRow]) -> pl.DataFrame:
    rows = [
        (
            fill.id,
            fill.trade_id,
            known[fill.token_id].mint,
            known[fill.token_id].symbol,
            fill.strategy,
            fill.side,
            fill.timestamp,
            fill.price,
            fill.size / 10 ** known[fill.token_id].decimals,
            fill.sol / LAMPORTS_PER_SOL,
            fill.fee / LAMPORTS_PER_SOL,
            fill.reason,
        )
        for fill in fills
    ]
    frame = pl.DataFrame(rows, schema=FILLS, orient="row")
    return frame.with_columns(pl.from_epoch("time", "ms").dt.replace_time_zone("UTC"))


async def _next(pages: Frames) -> Frames:
    async for page in pages:
        yield page
        return


async def _csv(first: list[pl.DataFrame], pages: Frames) -> AsyncIterator[bytes]:
    """Write page by page what the file holds: never more than a page in memory."""
    yield _lines(pl.concat(first), head=True)
    async for page in pages:
        yield await asyncio.to_thread(_lines, page)


def _lines(frame: pl.DataFrame, *, head: bool = False) -> bytes:
    texts = pl.col(pl.String)
    safe = frame.with_columns(
        pl.when(texts.str.contains(FORMULA)).then("'" + texts).otherwise(texts).name.keep()
    )
    text = safe.write_csv(include_header=head, datetime_format="%Y-%m-%dT%H:%M:%S%.3fZ")
    return text.encode()


def _parquet(frames: list[pl.DataFrame]) -> bytes:
    file = io.BytesIO()
    pl.concat(frames).write_parquet(file)
    return file.getvalue()
