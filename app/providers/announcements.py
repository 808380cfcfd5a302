"""The signal feed's events as JSON, read into signals or refused with a reason.

    {"tokenAddress", "uniqueWalletCount", "walletAddresses",
     "windowStart", "windowEnd", "triggeredAt"}

It knows no connection: text and the time of arrival go in, a signal comes out.
"""

import json
from datetime import UTC, datetime
from typing import NoReturn

from app.ports import BadPayloadError
from app.providers.payloads import as_count, as_dict, as_list, milliseconds
from app.providers.text import clean
from app.trading.ids import is_address
from app.trading.signals import Signal

MAX_WALLETS = 1_000
MAX_COUNT = 1_000_000
MAX_PAYLOAD_CHARACTERS = 131_072
ADDRESS_CHARACTERS = 64
EARLIEST = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp() * 1_000)
LATEST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp() * 1_000)


class NotASignalError(BadPayloadError):
    """An event that is no signal; `reason` is bad_json, bad_type or invalid_mint."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def read_signal(data: str, received_at: int, source: str) -> Signal:
    """Read an event's data. What is optional may be missing, what is there must be right.

    Without `triggeredAt` the end or start of the window identifies the signal, or else the time of
    arrival. Raises NotASignalError.
    """
    fields = _decode(data)
    try:
        mint = _mint(fields)
        wallets = _wallets(fields.get("walletAddresses"))
        count = _count(fields.get("uniqueWalletCount"), wallets)
        start, end, triggered = (
            _time(fields, name) for name in ("windowStart", "windowEnd", "triggeredAt")
        )
    except NotASignalError:
        raise
    except BadPayloadError as error:
        raise NotASignalError("bad_type", str(error)) from error
    moments = (one for one in (triggered, end, start, received_at) if one is not None)
    return Signal(
        mint=mint,
        triggered_at=next(moments),
        received_at=received_at,
        unique_wallets=count,
        wallets=wallets[:MAX_WALLETS],
        window_start=start,
        window_end=end,
        source=source,
        payload=_payload(data, fields),
    )


def _is_short(value: object) -> bool:
    if isinstance(value, str | int):
        return len(str(value)) <= ADDRESS_CHARACTERS
    return value is None or isinstance(value, float)


def _decode(data: str) -> dict[str, object]:
    try:
        value = json.loads(data, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise NotASignalError("bad_json", f"the event is not JSON: {clean(data, 100)}") from error
    try:
        return as_dict(value, "the event")
    except BadPayloadError as error:
        raise NotASignalError("bad_type", str(error)) from error


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is not JSON"
    raise ValueError(message)


def _mint(fields: dict[str, object]) -> str:
    mint = fields.get("tokenAddress")
    if not isinstance(mint, str):
        raise BadPayloadError("tokenAddress is missing or no text")
    if not is_address(mint):
        raise NotASignalError("invalid_mint", f"no token has the address {clean(mint, 64)!r}")
    return mint


def _wallets(value: object) -> tuple[str, ...]:
    listed = [] if value is None else as_list(value, "walletAddresses")
    if not all(isinstance(one, str) for one in listed):
        raise BadPayloadError("walletAddresses has something that is no text")
    return tuple(clean(str(one), ADDRESS_CHARACTERS) for one in listed[: 2 * MAX_WALLETS])


def _count(value: object, wallets: tuple[str, ...]) -> int:
    count = len(set(wallets)) if value is None else as_count(value, "uniqueWalletCount")
    if count > MAX_COUNT:
        raise BadPayloadError(f"uniqueWalletCount is {count}")
    return count


def _time(fields: dict[str, object], name: str) -> int | None:
    value = fields.get(name)
    if value is None:
        return None
    moment = milliseconds(value)
    if moment is None or not EARLIEST <= moment < LATEST:
        raise BadPayloadError(f"{name} is no time of this century")
    return moment


def _payload(data: str, fields: dict[str, object]) -> str:
    if len(data) <= MAX_PAYLOAD_CHARACTERS:
        return data
    short = {name: value for name, value in fields.items() if _is_short(name) and _is_short(value)}
    kept = dict(list(short.items())[:MAX_WALLETS])
    return json.dumps({**kept, "shortened": True})
