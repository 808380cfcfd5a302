"""Downloads: trades and fills as CSV or Parquet."""

import asyncio
import io
from typing import Annotated, Any, Literal

import polars as pl
from fastapi import Path
from starlette.responses import Response

from app.api import tradelines
from app.api.deps import From, Own, Parts, Platform, To, span
from app.api.nouns import Noun
from app.api.routes.analytics import closed, opened
from app.api.sessions import Session
from app.store.tokens import all_tokens
from app.store.trades import wallet_fills
from app.trading.amounts import LAMPORTS_PER_SOL

router = Noun()

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
    make = _trades if what == "trades" else _fills
    frame = await make(parts, me, within)
    body = await asyncio.to_thread(_csv if kind == "csv" else _parquet, frame)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=CSV if kind == "csv" else PARQUET, headers=headers)


async def _trades(parts: Parts, me: Session, within: tuple[int, int]) -> pl.DataFrame:
    lines = await closed(parts, me, within) + await opened(parts, me, within)
    rows = []
    for line in lines:
        written = tradelines.trade(line)
        token = written.pop("token")
        rows.append({**written, "token_address": token["address"], "symbol": token["symbol"]})
    return _timed(pl.DataFrame(rows, schema=TRADES), "entry_time", "exit_time")


def _timed(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    return frame.with_columns(
        pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.3fZ", time_unit="ms", time_zone="UTC")
        for name in names
    )


async def _fills(parts: Parts, me: Session, within: tuple[int, int]) -> pl.DataFrame:
    known = {token.id: token for token in await all_tokens(parts.database)}
    since, until = within
    rows = []
    async for page in wallet_fills(parts.database, me.wallet_id, since=max(since, 0), until=until):
        for fill in page:
            token = known[fill.token_id]
            rows.append(
                (
                    fill.id,
                    fill.trade_id,
                    token.mint,
                    token.symbol,
                    fill.strategy,
                    fill.side,
                    fill.timestamp,
                    fill.price,
                    fill.size / 10**token.decimals,
                    fill.sol / LAMPORTS_PER_SOL,
                    fill.fee / LAMPORTS_PER_SOL,
                    fill.reason,
                )
            )
    frame = pl.DataFrame(rows, schema=FILLS, orient="row")
    return frame.with_columns(pl.from_epoch("time", "ms").dt.replace_time_zone("UTC"))


def _csv(frame: pl.DataFrame) -> bytes:
    texts = pl.col(pl.String)
    safe = frame.with_columns(
        pl.when(texts.str.contains(FORMULA)).then("'" + texts).otherwise(texts).name.keep()
    )
    return safe.write_csv(datetime_format="%Y-%m-%dT%H:%M:%S%.3fZ").encode()


def _parquet(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()
