"""What people can be told outside the dashboard, and in which words. Pure.

A notice is made of a stored event and says no more than its wallet may know. Names of tokens are
strangers' words: of them only letters and digits stay, so that they can neither mention people nor
look like a link where messages are shown.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, Literal, NamedTuple, get_args

import msgspec

from app.ports import Message
from app.providers.text import clean
from app.trading.amounts import LAMPORTS_PER_SOL
from app.trading.ledger import EventRow

SYMBOL = 20
LONGEST = 300
STOPS: Final = frozenset({"stop_loss", "breakeven_stop", "trailing_stop"})


class Notice(NamedTuple):
    """A message, and the kind that people choose it by."""

    kind: str
    message: Message


NoticeKind = Literal[
    "trade_opened",
    "part_sold",
    "trade_closed",
    "stop",
    "risk_pause",
    "price_trouble",
    "engine_trouble",
    "audit_fault",
    "account",
]
KINDS: Final[tuple[NoticeKind, ...]] = get_args(NoticeKind)
"""What people can choose from. A stop is also a closed trade: who wants both is told once."""

Data = dict[str, Any]


def token(data: Data) -> str:
    """Return a token's name as it is safe to send."""
    shown = "".join(one for one in clean(str(data.get("symbol") or ""), SYMBOL) if one.isalnum())
    return shown or f"{data.get('mint') or '?'}"[:8]


def sol(lamports: int) -> str:
    """Write an amount of SOL in four decimals."""
    return f"{lamports / LAMPORTS_PER_SOL:,.4f} SOL"


def words(name: str) -> str:
    """Turn a name of the record into words."""
    return clean(name.replace("_", " "), LONGEST)


def _opened(data: Data) -> Iterator[Notice]:
    body = f"Bought for {sol(data['lamports'])} at {data['price']:.6g} SOL"
    yield _notice("trade_opened", f"{token(data)}: bought", f"{body}; stop {data['stop']:.6g} SOL.")


def _part(data: Data) -> Iterator[Notice]:
    body = f"Sold a part for {sol(data['lamports'])} at {data['price']:.6g} SOL"
    yield _notice("part_sold", f"{token(data)}: {words(data['reason'])}", f"{body}.", "good")


def _closed(data: Data) -> Iterator[Notice]:
    made = data["pnl_lamports"]
    sign = "+" if made >= 0 else "−"
    body = f"{sign}{sol(abs(made))} ({data['pnl_percent']:+.2f} %) at {data['price']:.6g} SOL."
    title = f"{token(data)}: closed, {words(data['reason'])}"
    tone = "good" if made >= 0 else "bad"
    if data["reason"] in STOPS:
        yield _notice("stop", title, body, tone)
    yield _notice("trade_closed", title, body, tone)


def _paused(data: Data) -> Iterator[Notice]:
    if data["reason"] == "paused":
        yield _notice("account", "Trading paused", "You paused trading: exits go on.")
    else:
        body = f"{words(data['reason']).capitalize()}: no new entries, exits go on."
        yield _notice("risk_pause", "Trading was paused", body, "bad")


def _resumed(data: Data) -> Iterator[Notice]:
    del data
    yield _notice("account", "Trading goes on", "New entries are allowed again.")


def _reset(data: Data) -> Iterator[Notice]:
    body = f"It begins again with {sol(data['initial_sol_balance'])}."
    yield _notice("account", "Your wallet was reset", body)


def _differed(data: Data) -> Iterator[Notice]:
    body = f"A closed trade in {token(data)}, run again, differs from its record."
    yield _notice("audit_fault", "A trade's record is in doubt", body, "bad")


def _audit(data: Data) -> Iterator[Notice]:
    chain = "" if data["chain_ok"] else " The log of events was changed."
    body = f"The audit found {data['faults']} faults.{chain}"
    yield _notice("audit_fault", "The record does not add up", body, "bad")


def _price(title: str) -> Callable[[Data], Iterator[Notice]]:
    def write(data: Data) -> Iterator[Notice]:
        yield _notice("price_trouble", f"{token(data)}: {title}", f"{title.capitalize()}.", "bad")

    return write


def _engine(title: str) -> Callable[[Data], Iterator[Notice]]:
    def write(data: Data) -> Iterator[Notice]:
        reason = clean(str(data.get("reason", "")), LONGEST)
        yield _notice("engine_trouble", f"{token(data)}: {title}", reason or title, "bad")

    return write


def _notice(kind: str, title: str, body: str, tone: str = "info") -> Notice:
    return Notice(kind, Message(title=title, body=body, tone=tone))


_WRITERS: Final[dict[str, Callable[[Data], Iterator[Notice]]]] = {
    "TradeOpened": _opened,
    "TierTaken": _part,
    "TradeClosed": _closed,
    "WalletPaused": _paused,
    "WalletResumed": _resumed,
    "WalletReset": _reset,
    "ReplayDiffered": _differed,
    "AuditFailed": _audit,
    "PriceRefused": _price("a price was refused"),
    "PriceStale": _price("no fresh price"),
    "PriceLost": _price("no price any more"),
    "PriceBack": _price("there is a price again"),
    "PositionSetAside": _engine("a position is not led any more"),
    "StrategyFailed": _engine("a strategy failed"),
}


def notices(event: EventRow) -> list[Notice]:
    """Write an event for people, the most particular kind first; nothing for one they cannot
    choose.
    """
    write = _WRITERS.get(event.kind)
    return [] if write is None else list(write(msgspec.json.decode(event.data)))
