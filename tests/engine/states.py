"""The engine's memory as plain values, so that two memories can be held against each other.

What differs without meaning anything is left out: the numbers that profiles, plans and strategies
have in this process, the places of positions in their columns, books and windows that nobody needs.
"""

from dataclasses import asdict
from typing import Any

from app.trading.accounts import NO_PROFILE
from app.trading.books import Book
from app.trading.judging import held_values
from app.trading.risk import MINUTE_MS
from app.trading.state import State
from app.trading.watches import Watch, matches

WALLET_COLUMNS = (
    "cash",
    "initial",
    "deposits",
    "deposits_before",
    "peak",
    "day",
    "day_low",
    "day_start",
    "created_at",
    "reset_at",
    "paper",
    "paused",
    "owner",
)


def told(state: State, now: int) -> dict[str, Any]:
    """Tell everything that decides anything; `now` bounds which losses and stops still count."""
    wishes = state.wishes
    return {
        "counters": state.next,
        "wallets": _wallets(state),
        "shadows": {number: asdict(shadow) for number, shadow in state.shadows.items()},
        "shadows_of": state.shadows_of,
        "wishing": {wishes.keys[number]: many for number, many in wishes.counts.items() if many},
        "tokens": state.tokens,
        "mints": state.mints,
        "positions": {
            trade: line for book in state.books.values() for trade, line in _positions(state, book)
        },
        "prices": {
            number: (book.price, book.price_at, book.standing)
            for number, book in state.books.items()
            if book.count
        },
        "watches": _watches(state),
        "screening": sorted(state.screening),
        "seen": list(state.seen),
        "ended": sorted((end.at, end.mint, end.status, end.reason) for end in state.ended)[-20:],
        "versions": state.versions,
        "snapshot_minute": state.snapshot_minute if _holds_anything(state) else None,
        "last_loss": _recent_losses(state, now),
        "stops": _recent_stops(state, now),
        "windows": _windows(state),
        "values": held_values(state).tolist(),
    }


def _holds_anything(state: State) -> bool:
    """Tell whether anybody holds anything; a minute in which nobody does may leave no mark."""
    return any(book.count for book in state.books.values())


def _wallets(state: State) -> list[dict[str, Any]]:
    wallets, wishes = state.wallets, state.wishes
    return [
        {
            "address": wallets.addresses[number],
            "reason": wallets.pause_reasons.get(number),
            "profile": _worn(state, int(wallets.profile[number])),
            "named": {
                symbol: wishes.keys[worn[number]]
                for symbol, worn in wishes.named.items()
                if number in worn
            },
            **{name: getattr(wallets, name)[number].item() for name in WALLET_COLUMNS},
        }
        for number in range(1, wallets.count)
    ]


def _worn(state: State, profile: int) -> int | None:
    return None if profile == NO_PROFILE else state.wishes.keys[profile]


def _positions(state: State, book: Book) -> list[tuple[int, dict[str, Any]]]:
    columns, wishes = book.columns, state.wishes
    return [
        (
            int(book.trade[slot]),
            {
                "token": book.token,
                "wallet": int(book.wallet[slot]),
                "strategy": wishes.names[book.strategy[slot]],
                "signal": int(book.signal[slot]),
                "orders": int(book.orders[slot]),
                "cost": int(book.cost[slot]),
                "returned": int(book.returned[slot]),
                "entry_time": int(book.entry_time[slot]),
                "plan": wishes.plan_list[columns.plan[slot]],
                "entry": float(columns.entry[slot]),
                "initial": int(columns.initial[slot]),
                "left": int(columns.left[slot]),
                "stop": float(columns.stop[slot]),
                "highest": book.highest(slot),
                "tiers": int(columns.tiers[slot]),
                "phase": int(columns.phase[slot]),
                "deadline": int(columns.deadline[slot]),
            },
        )
        for slot in range(book.count)
    ]


def _watches(state: State) -> dict[int, list[dict[str, Any]]]:
    everyone = range(state.wallets.count)
    return {
        token: [
            {
                "signal": watch.signal,
                "candles_left": watch.candles_left if watch.signal is not None else None,
                "since": watch.since if watch.signal is not None else None,
                "score": watch.sentiment.score if watch.sentiment else None,
                "mentions": watch.sentiment.mentions if watch.sentiment else None,
                "acted": [
                    wallet
                    for wallet in everyone
                    if watch.signal is not None and _at(watch.acted, wallet)
                ],
                "refused": {
                    wallet: _at(watch.refused, wallet)
                    for wallet in everyone
                    if _at(watch.refused, wallet)
                },
            }
            for watch in watches
        ]
        for token, watches in sorted(_watched(state).items())
    }


def _watched(state: State) -> dict[int, list[Watch]]:
    """List what is watched by a signal, or by a name that settings still give."""
    kept = {
        token: [
            watch
            for watch in watches
            if watch.signal is not None
            or any(matches(symbol, watch.token) for symbol in state.wishes.symbols())
        ]
        for token, watches in state.watches.items()
    }
    return {token: watches for token, watches in kept.items() if watches}


def _at(marks: Any, wallet: int) -> int:
    return int(marks[wallet]) if wallet < len(marks) else 0


def _memory_ms(state: State) -> int:
    limits = [profile.limits for profile in state.wishes.profiles if profile.limits is not None]
    minutes = [max(it.loss_cooldown_minutes, it.stop_guard_minutes) for it in limits]
    return int(max(minutes, default=0.0) * MINUTE_MS)


def _recent_losses(state: State, now: int) -> dict[int, dict[int, int]]:
    since = now - _memory_ms(state)
    recent = {
        token: {wallet: at for wallet, at in losses.items() if at >= since}
        for token, losses in state.last_loss.items()
    }
    return {token: losses for token, losses in recent.items() if losses}


def _recent_stops(state: State, now: int) -> dict[int, list[int]]:
    since = now - _memory_ms(state)
    recent = {wallet: [at for at in stops if at >= since] for wallet, stops in state.stops.items()}
    return {wallet: stops for wallet, stops in recent.items() if stops}


def _windows(state: State) -> dict[int, list[list[float]]]:
    """Show as many candles as the longest strategy reads, of tokens that somebody watches."""
    found = {}
    for token in sorted(_watched(state)):
        frame = state.window(state.tokens[token]).frame()
        found[token] = frame.tail(state.wishes.lookback).to_numpy().tolist()
    return found


def differences(one: Any, other: Any, place: str = "") -> list[str]:
    """List where two such values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            line
            for name in {**one, **other}
            for line in differences(one.get(name), other.get(name), f"{place}.{name}")
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [line for at, pair in pairs for line in differences(*pair, f"{place}[{at}]")]
    return [] if one == other else [f"{place}: {one!r} is not {other!r}"]
