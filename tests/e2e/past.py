"""A wallet with a long past, written straight into the database while nobody runs on it."""

import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
SPEND = 200_000_000
FIRST_ID = 1_000
TOKENS = 40
STRATEGIES = ("breakout", "sma_crossover")
SOURCES = ("signal", "signal", "named")
REASONS = ("stop_loss", "trailing_stop", "take_profit_2", "max_holding", "manual")
PLAN = '{"stop_loss":0.15,"trailing_stop":0.2,"take_profit":[[0.3,0.33],[0.75,0.33]]}'
FILLED = 200
"""The newest trades that have fills and prices: what a drawer shows."""

Row = dict[str, Any]


def live_through(path: Path, wallet: int, count: int, now: int, *, days: int = 90) -> None:
    """Let a wallet have closed so many trades in the days before `now`, many of them alike."""
    start = now - days * DAY
    with closing(sqlite3.connect(path)) as database:
        known = database.execute("SELECT coalesce(max(id), 0) FROM tokens").fetchone()[0]
        tokens = range(known + 1, known + TOKENS + 1)
        _insert(database, "tokens", (_token(number, start) for number in tokens))
        trades = list(_trades(wallet, count, start, now, tokens))
        _insert(database, "trades", trades)
        _insert(database, "replays", (_replay(trade) for trade in trades))
        newest = trades[-FILLED:]
        seq = database.execute("SELECT coalesce(max(seq), 0) FROM ticks").fetchone()[0]
        seen = {trade["id"]: seq + 1 + 2 * place for place, trade in enumerate(newest)}
        _insert(database, "ticks", (one for trade in newest for one in _ticks(trade, seen)))
        _insert(database, "orders", (one for trade in newest for one in _orders(trade)))
        _insert(database, "fills", (one for trade in newest for one in _fills(trade, seen)))
        _insert(database, "positions", (_position(trade, seen) for trade in newest))
        find = "SELECT initial_sol_balance FROM users WHERE id = ?"
        (begun,) = database.execute(find, (wallet,)).fetchone()
        _insert(database, "portfolio_snapshots", _marks(wallet, begun, trades, start, now))
        database.commit()


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    waiting = iter(rows)
    first = next(waiting)
    names = ", ".join(first)
    places = ", ".join("?" * len(first))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608  # our own names
    database.execute(statement, tuple(first.values()))
    database.executemany(statement, (tuple(row.values()) for row in waiting))


def _token(number: int, at: int) -> Row:
    return {
        "id": number,
        "mint": f"{number:04d}".translate(str.maketrans("0", "z")).rjust(44, "P"),
        "symbol": f"PAST{number}",
        "decimals": 6,
        "first_seen": at,
    }


def _trades(wallet: int, count: int, start: int, now: int, tokens: range) -> Iterator[Row]:
    chance = random.Random(7)  # the same past each time
    step = (now - start - 60 * MINUTE) // count
    for place in range(count):
        entry = start + place * step
        percent = round(min(chance.gauss(0.4, 14.0), 120.0), 1)
        pnl = round(SPEND * percent / 100)
        reason = chance.choice(REASONS[:1] if percent < -10 else REASONS[1:])
        yield {
            "id": FIRST_ID + place,
            "wallet_id": wallet,
            "token_id": chance.choice(tokens),
            "strategy": chance.choice(STRATEGIES),
            "source": chance.choice(SOURCES),
            "status": "finished",
            "entry_time": entry,
            "entry_price": 0.00001,
            "quantity": 20_000_000_000,
            "sol_invested": SPEND,
            "stop_loss_price": 0.0000085,
            "take_profit_tiers": "[[0.3,0.33],[0.75,0.33]]",
            "exit_plan": PLAN,
            "initial_sentiment_score": 71.5,
            "initial_mention_count": 12,
            "sol_returned": SPEND + pnl,
            "highest_price_seen": 0.000012,
            "exit_time": entry + chance.randrange(1, 50) * MINUTE,
            "exit_price": 0.00001 * (1 + percent / 100),
            "exit_reason": reason,
            "pnl_sol": pnl,
            "pnl_percent": percent,
        }


def _replay(trade: Row) -> Row:
    return {
        "trade_id": trade["id"],
        "wallet_id": trade["wallet_id"],
        "checked_at": trade["exit_time"],
        "status": "unchecked",
        "reason": "its prices are no longer there",
    }


def _orders(trade: Row) -> Iterator[Row]:
    for place, side in enumerate(("BUY", "SELL")):
        yield {
            "id": trade["id"] * 1_000 + place,
            "trade_id": trade["id"],
            "wallet_id": trade["wallet_id"],
            "token_id": trade["token_id"],
            "strategy": trade["strategy"],
            "side": side,
            "type": "market",
            "reason": trade["exit_reason"] if place else "entry",
            "lamports": None if place else SPEND,
            "units": trade["quantity"] if place else None,
            "status": "filled",
            "created_at": trade["exit_time"] if place else trade["entry_time"],
        }


def _ticks(trade: Row, seen: dict[int, int]) -> Iterator[Row]:
    first = seen[trade["id"]]
    for place, end in enumerate(("entry", "exit")):
        yield {
            "seq": first + place,
            "token_id": trade["token_id"],
            "at": trade[f"{end}_time"],
            "price": trade[f"{end}_price"],
        }


def _fills(trade: Row, seen: dict[int, int]) -> Iterator[Row]:
    for place, order in enumerate(_orders(trade)):
        is_sale = order["side"] == "SELL"
        yield {
            "id": order["id"],
            "order_id": order["id"],
            "trade_id": trade["id"],
            "wallet_id": trade["wallet_id"],
            "token_id": trade["token_id"],
            "strategy": trade["strategy"],
            "side": order["side"],
            "price": trade["exit_price"] if is_sale else trade["entry_price"],
            "size": trade["quantity"],
            "sol": trade["sol_returned"] if is_sale else SPEND,
            "fee": 0,
            "timestamp": order["created_at"],
            "reason": order["reason"],
            "tick_seq": seen[trade["id"]] + place,
        }


def _position(trade: Row, seen: dict[int, int]) -> Row:
    return {
        "trade_id": trade["id"],
        "wallet_id": trade["wallet_id"],
        "token_id": trade["token_id"],
        "strategy": trade["strategy"],
        "side": "LONG",
        "status": "closed",
        "tokens": 0,
        "initial_tokens": trade["quantity"],
        "cost_basis": trade["sol_invested"],
        "entry_price": trade["entry_price"],
        "entry_time": trade["entry_time"],
        "current_price": trade["exit_price"],
        "stop_loss": trade["stop_loss_price"],
        "highest_price": trade["highest_price_seen"],
        "phase": 0,
        "tiers_taken": 0,
        "orders": 2,
        "deadline": trade["exit_time"] + DAY,
        "tick_seq": seen[trade["id"]] + 1,
        "last_updated": trade["exit_time"],
    }


def _marks(wallet: int, begun: int, trades: list[Row], start: int, now: int) -> Iterator[Row]:
    """Mark the worth of the wallet at every hour and day.

    What the trades had earned is in it a hundred times smaller, and goes: it ends as it began.
    """
    ended = sorted((trade["exit_time"], trade["pnl_sol"]) for trade in trades)
    place = earned = 0
    for at in range(start - start % (60 * MINUTE), now, 60 * MINUTE):
        while place < len(ended) and ended[place][0] < at:
            earned += ended[place][1]
            place += 1
        left = (now - at) / (now - start)
        gain = round(earned / 100 * left)
        row = {
            "wallet_id": wallet,
            "resolution": "1h",
            "timestamp": at,
            "sol_balance": begun + gain,
            "total_value": begun + gain,
            "overall_pnl": gain,
        }
        yield row
        if at % DAY == 0:
            yield {**row, "resolution": "1d"}
