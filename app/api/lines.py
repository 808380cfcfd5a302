"""What strategies see of a token, as lines for a chart: computed by the code that decides.

A strategy sees closed candles of the platform's own timeframe only. On a chart of a wider one each
candle shows the value that was true when it closed, never an average of wider candles.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from app.api import wishes
from app.api.bars import Asked, in_memory
from app.api.deps import Parts
from app.api.shapes.settings import SettingIn
from app.store.candles import newest_candles
from app.store.settings import current_settings, settings_versions
from app.store.trades import TradeLine
from app.trading.entry import CANDLE_SCHEMA, EntryStrategy, find_name, resolve
from app.trading.ledger import SettingsRow
from app.trading.market import TIMEFRAMES, Candle, Token
from app.trading.plans import ANY_SYMBOL, Profile
from app.trading.watches import matches

MOST_READ = 20_000
"""Candles that lines are computed from, at most: on wide timeframes they do not reach far back."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A strategy by its name, with the parameters whose lines are drawn."""

    name: str
    strategy: EntryStrategy


async def wished(parts: Parts, wallet: int, token: Token) -> list[Drawn]:
    """List the strategies that a wallet wishes for a token now."""
    rows = await current_settings(parts.database, wallet)
    return await _drawn(parts, rows, token)


async def of_trade(parts: Parts, wallet: int, token: Token, trade: TradeLine) -> list[Drawn]:
    """List the strategy that opened a trade, with the parameters of that time."""
    now = await current_settings(parts.database, wallet)
    then: list[SettingsRow] = []
    for row in now:
        if row.created_at > trade.entry_time and _means(row.symbol, token):
            versions = await settings_versions(parts.database, wallet, row.symbol)
            then += [it for it in versions if it.created_at <= trade.entry_time][:1]
        elif row.created_at <= trade.entry_time:
            then.append(row)
    drawn = await _drawn(parts, then, token)
    return [one for one in drawn if one.name == trade.strategy]


async def _drawn(parts: Parts, rows: Iterable[SettingsRow], token: Token) -> list[Drawn]:
    default = (await parts.live.settled()).default_profile
    profile = _ruling(parts, rows, token, default)
    return [
        Drawn(
            find_name(parts.strategies, entry.strategy),
            resolve(parts.strategies, entry.strategy, entry.template, entry.custom_params),
        )
        for entry in profile.entries
    ]


def _means(symbol: str, token: Token) -> bool:
    return symbol == ANY_SYMBOL or matches(symbol, token)


def _ruling(parts: Parts, rows: Iterable[SettingsRow], token: Token, default: Profile) -> Profile:
    """Choose the settings that count for a token, as the engine does: its mint, else the last
    symbol in the alphabet, else `*`.
    """
    written = [row for row in rows if row.body is not None and _means(row.symbol, token)]
    written.sort(key=lambda row: (row.symbol == token.mint, row.symbol != ANY_SYMBOL, row.symbol))
    if not written or written[-1].body is None:
        return default
    setting = SettingIn.model_validate_json(written[-1].body)
    return wishes.profile_of(setting, parts.strategies, default)


async def lines_of(
    parts: Parts, token: Token, drawn: Sequence[Drawn], asked: Asked
) -> list[dict[str, Any]]:
    """Compute the lines of strategies over the newest candles that were asked for."""
    own = parts.settings.timeframe
    drawn = [one for one in drawn if one.strategy.lines]
    if not drawn or asked.width % TIMEFRAMES[own] != 0:
        return []
    before = max(one.strategy.lookback for one in drawn)
    many = min(asked.limit * (asked.width // TIMEFRAMES[own]), MOST_READ) + before
    candles = await newest_candles(parts.database, token.id, own, until=asked.until, limit=many)
    if asked.open:
        newest = candles[-1] if candles else None
        candles = [*candles, *in_memory(parts, token.mint, newest, forming=False)]
    return await asyncio.to_thread(_computed, candles, drawn, asked)


def _computed(candles: list[Candle], drawn: Sequence[Drawn], asked: Asked) -> list[dict[str, Any]]:
    frame = pl.DataFrame(candles, schema=CANDLE_SCHEMA, orient="row")
    time = frame["time"].to_numpy()
    opened = time - time % asked.width
    ends = np.flatnonzero(np.append(opened[1:] != opened[:-1], [True] * min(len(opened), 1)))
    ends = ends[opened[ends] >= asked.since][-asked.limit :]
    lines = []
    for name, strategy in ((one.name, one.strategy) for one in drawn):
        numbers = strategy.evaluate(frame).numbers
        known = ends[ends >= strategy.lookback - 1]
        for number, title in strategy.lines.items():
            values = numbers[number][known]
            times = (opened[known] // 1000).tolist()
            points = [pair for pair in zip(times, values.tolist(), strict=True) if _is_known(pair)]
            lines.append({"name": number, "strategy": name, "title": title, "points": points})
    return lines


def _is_known(point: tuple[int, float]) -> bool:
    return bool(np.isfinite(point[1]))
