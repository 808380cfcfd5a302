"""How often somebody may ask: fixed windows by class of request, per address and per session.

    address         whatever comes from an address
    sign-in         challenges and sign-ins from an address
    failed-sign-in  sign-ins from an address that were not verified
    register        new wallets from an address; register-daily counts them for a day
    read, write     what a session asks and changes
    runs            backtests and sweeps of a wallet

Many people may share one address, an office or a mobile network, so those who succeed have room:
two a second may sign in. Five failures a minute lock that address's sign-ins for the rest of the
minute and nothing else: nobody who is signed in notices. An IPv6 address counts as its /64, because
one customer has that many.

Windows begin with the minute or the day, so that a count is one step and says by itself when it
ends. What is left is told in the `RateLimit` fields of every answer.
"""

import ipaddress
import time
from collections.abc import Mapping
from functools import lru_cache

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from starlette.types import Scope

from app.api.counters import Counters
from app.api.errors import Problem

ADDRESS, SIGN_IN, FAILED = "address", "sign-in", "failed-sign-in"
REGISTER, REGISTER_DAILY = "register", "register-daily"
READ, WRITE, RUNS = "read", "write", "runs"
LIMITS: Mapping[str, RateLimitItem] = {
    ADDRESS: RateLimitItemPerMinute(6_000),
    SIGN_IN: RateLimitItemPerMinute(120),
    FAILED: RateLimitItemPerMinute(5),
    REGISTER: RateLimitItemPerMinute(120),
    REGISTER_DAILY: RateLimitItemPerDay(2_000),
    READ: RateLimitItemPerMinute(3_000),
    WRITE: RateLimitItemPerMinute(600),
    RUNS: RateLimitItemPerMinute(60),
}
TOLD = "autotrader.rates"
"""Where in a request's scope stands what its answer tells of limits."""

IPV6_NETWORK = 64
KNOWN_ADDRESSES = 4_096


class Rates:
    """Counts requests and refuses those that are too many."""

    def __init__(self, limits: Mapping[str, RateLimitItem] = LIMITS) -> None:
        self.limits = dict(limits)
        self.counters = Counters()

    @classmethod
    def times(cls, factor: float) -> "Rates":
        """Make limits that are so many times the usual ones."""
        return cls(
            {
                name: type(one)(max(1, round(one.amount * factor)), one.multiples)
                for name, one in LIMITS.items()
            }
        )

    async def hit(self, scope: Scope, name: str, key: str) -> None:
        """Count a request. Raises a 429 problem that says when to come back."""
        limit = self.limits[name]
        window, left = _window(limit)
        count = await self.counters.count(limit.key_for(name, key, window), limit.get_expiry())
        _tell(scope, name, limit, (max(0, limit.amount - count), left))
        if count > limit.amount:
            raise _too_many(name, limit, left)

    async def check(self, scope: Scope, name: str, key: str) -> None:
        """Look at a count that something else adds to. Raises a 429 problem when it is full."""
        limit = self.limits[name]
        window, left = _window(limit)
        count = await self.counters.seen(limit.key_for(name, key, window))
        _tell(scope, name, limit, (max(0, limit.amount - count), left))
        if count >= limit.amount:
            raise _too_many(name, limit, left)

    async def add(self, name: str, key: str) -> None:
        """Count something that is refused from the next time on."""
        limit = self.limits[name]
        window, _ = _window(limit)
        await self.counters.count(limit.key_for(name, key, window), limit.get_expiry())


def address_of(scope: Scope) -> str:
    """Return what an address is counted under."""
    client = scope.get("client")
    return _counted(client[0]) if client else ""


def fields(told: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Write the `RateLimit` fields of an answer; none where nothing was counted."""
    if not told:
        return []
    return [
        (b"ratelimit-policy", ", ".join(policy for policy, _ in told).encode()),
        (b"ratelimit", ", ".join(state for _, state in told).encode()),
    ]


@lru_cache(KNOWN_ADDRESSES)
def _counted(host: str) -> str:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))


def _window(limit: RateLimitItem) -> tuple[int, int]:
    """Return the number of the window that it is now, and its seconds left."""
    length, now = limit.get_expiry(), int(time.time())
    return now // length, length - now % length


def _tell(scope: Scope, name: str, limit: RateLimitItem, state: tuple[int, int]) -> None:
    told = scope.get(TOLD)
    if told is not None:
        policy = f'"{name}";q={limit.amount};w={limit.get_expiry()}'
        told.append((policy, f'"{name}";r={state[0]};t={state[1]}'))


def _too_many(name: str, limit: RateLimitItem, left: int) -> Problem:
    every = limit.GRANULARITY.name
    detail = f"At most {limit.amount} of these a {every}; come back in {left} s."
    headers = {"Retry-After": str(left)}
    return Problem(429, "too-many-requests", detail, headers=headers, limit=name)
