"""Stored events as the wire has them: lamports become SOL, base units tokens."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from app.api.decimals import Decimals
from app.api.wire import iso, iso_or_none, sol, tokens
from app.trading import events
from app.trading.ledger import EventRow

Written = dict[str, Any]
Places = Mapping[str, int]

FACTS: tuple[type[events.Fact], ...] = (
    events.WalletRegistered,
    events.TradeOpened,
    events.TierTaken,
    events.TradeClosed,
    events.PlanChanged,
    events.WalletPaused,
    events.WalletResumed,
    events.WalletReset,
    events.SettingsChanged,
    events.ReplayDiffered,
    events.AuditFailed,
    events.PriceRefused,
    events.PriceStale,
    events.PriceLost,
    events.PriceBack,
    events.PositionSetAside,
    events.StrategyFailed,
)
_decoders = {str(kind.__struct_config__.tag): msgspec.json.Decoder(kind) for kind in FACTS}


def kinds() -> tuple[str, ...]:
    """List the kinds of events that there are."""
    return tuple(_decoders)


def read(row: EventRow) -> events.Fact | None:
    """Read the fact of a stored event; None for a kind that this version does not know."""
    decoder = _decoders.get(row.kind)
    return None if decoder is None else decoder.decode(row.data)


def _token(fact: Any) -> Written:
    return {"address": fact.mint, "symbol": fact.symbol}


def _registered(fact: events.WalletRegistered, _: Places) -> Written:
    return {
        "wallet_address": fact.wallet_address,
        "initial_sol_balance": sol(fact.initial_sol_balance),
    }


def _opened(fact: events.TradeOpened, places: Places) -> Written:
    return {
        "trade_id": fact.trade,
        "token": _token(fact),
        "strategy": fact.strategy,
        "price": fact.price,
        "token_amount": tokens(fact.units, places.get(fact.mint, 0)),
        "sol_amount": sol(fact.lamports),
        "fee_sol": sol(fact.fee),
        "stop_loss_price": fact.stop,
        "signal_id": fact.signal,
    }


def _sold(fact: events.TierTaken | events.TradeClosed, places: Places) -> Written:
    return {
        "trade_id": fact.trade,
        "token": _token(fact),
        "reason": fact.reason,
        "price": fact.price,
        "token_amount": tokens(fact.units, places.get(fact.mint, 0)),
        "sol_amount": sol(fact.lamports),
        "fee_sol": sol(fact.fee),
    }


def _tier(fact: events.TierTaken, places: Places) -> Written:
    left = tokens(fact.units_left, places.get(fact.mint, 0))
    return {**_sold(fact, places), "tokens_left": left}


def _closed(fact: events.TradeClosed, places: Places) -> Written:
    profit = {"pnl_sol": sol(fact.pnl_lamports), "pnl_percent": fact.pnl_percent}
    return {**_sold(fact, places), **profit, "price_at": iso_or_none(fact.price_at)}


def _replanned(fact: events.PlanChanged, _: Places) -> Written:
    return {
        "trade_id": fact.trade,
        "token": _token(fact),
        "stop_before": fact.stop_before,
        "stop_after": fact.stop_after,
        "plan_before": fact.plan_before,
        "plan_after": fact.plan_after,
    }


def _notice(fact: Any, _: Places) -> Written:
    """Write a fact of an open trade, its token as everywhere, a time where it has one."""
    left = set(fact.__struct_fields__) - {"trade", "mint", "symbol", "price_at"}
    written = {"trade_id": fact.trade, "token": _token(fact)}
    if hasattr(fact, "price_at"):
        written["price_at"] = iso(fact.price_at)
    return {**written, **{name: getattr(fact, name) for name in left}}


def _failed(fact: events.StrategyFailed, _: Places) -> Written:
    return {
        "token": _token(fact),
        "strategy": fact.strategy,
        "parameters": fact.parameters,
        "reason": fact.reason,
    }


def _refused(fact: events.PriceRefused, _: Places) -> Written:
    return {"token": _token(fact), "price": fact.price}


def _differed(fact: events.ReplayDiffered, _: Places) -> Written:
    return {
        "trade_id": fact.trade,
        "token": _token(fact),
        "differences": fact.differences,
        "fields": fact.fields,
    }


def _reset(fact: events.WalletReset, _: Places) -> Written:
    return {
        "before": {
            "initial_sol_balance": sol(fact.initial_before),
            "sol_balance": sol(fact.balance_before),
            "overall_pnl": sol(fact.pnl_before),
        },
        "closed": fact.closed,
        "written_off": fact.written_off,
        "deposit_sol": sol(fact.lamports),
        "initial_sol_balance": sol(fact.initial_sol_balance),
    }


def _as_it_is(fact: events.Fact, _: Places) -> Written:
    return {name: getattr(fact, name) for name in fact.__struct_fields__}


_WRITERS: dict[type[events.Fact], Callable[[Any, Places], Written]] = {
    events.WalletRegistered: _registered,
    events.TradeOpened: _opened,
    events.TierTaken: _tier,
    events.TradeClosed: _closed,
    events.PlanChanged: _replanned,
    events.ReplayDiffered: _differed,
    events.WalletReset: _reset,
    events.PriceRefused: _refused,
    events.PriceStale: _notice,
    events.PriceLost: _notice,
    events.PriceBack: _notice,
    events.PositionSetAside: _notice,
    events.StrategyFailed: _failed,
}


def write(row: EventRow, fact: events.Fact, places: Places) -> Written:
    """Write an event for people; `places` are the decimals of the mints in it."""
    data = _WRITERS.get(type(fact), _as_it_is)(fact, places)
    return {
        "seq": row.seq,
        "at": iso(row.at),
        "kind": row.kind,
        "trade_id": row.trade_id,
        "data": {"kind": row.kind, **data},
    }


async def written(rows: Sequence[EventRow], decimals: Decimals) -> list[Written]:
    """Write events for people, in order."""
    facts = [(row, fact) for row in rows if (fact := read(row)) is not None]
    places = await decimals.of(
        {mint for _, fact in facts if (mint := getattr(fact, "mint", None)) is not None}
    )
    return [write(row, fact, places) for row, fact in facts]
