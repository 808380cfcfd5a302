"""Signals that a wallet did not buy, and what they would have made under its own exit plan.

A refusal is followed from the close at which it was judged, at the size that was judged. A signal
that ended before any strategy of the wallet said yes is followed from the first price after its
screening, at the size that the wallet would have used then. Of several refusals on one signal the
first counts, and none when the wallet bought on the signal after all.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import msgspec
import numpy as np

from app.research.followed import Followed, Key, Wanted
from app.research.would_have import WouldHave
from app.store.archive import Idle
from app.store.skipped import NEWEST, Missed, Place, Reached, every_version, missed, reached
from app.trading import sizing
from app.trading.amounts import LAMPORTS_PER_SOL, Ints
from app.trading.fills import Costs
from app.trading.ids import TokenId
from app.trading.ledger import SettingsRow
from app.trading.market import Token
from app.trading.plans import ANY_SYMBOL, Profile
from app.trading.signals import ScreeningFailure
from app.trading.watches import matches

Stage = Literal["screening", "confirmation", "risk"]

MOST = 5_000
"""Decisions that one answer looks at: the newest of the range."""

AT_ONCE = 500
"""Decisions that are read and followed in one go: the loop waits a millisecond or two for each."""

DAY_MS = 86_400_000
NO_TOKEN = WouldHave("unpriced", "the token was never identified, so no prices are recorded")
SCREENING = {failure.value for failure in ScreeningFailure}
MENTIONS = ScreeningFailure.MENTIONS_LOW.value


class Skip(NamedTuple):
    """Something that was not bought, and what buying it would have made.

    `filter` is the reason; `value` is what was seen and `limit` what it met; `spend` in lamports.
    """

    place: Place
    mint: str | None
    symbol: str | None
    signal_id: int | None
    source: str | None
    strategy: str | None
    stage: Stage
    filter: str
    value: float | None
    limit: float | None
    spend: int
    outcome: WouldHave


class Skips(NamedTuple):
    """A part of the list, and the place after which it goes on; None at the end."""

    items: list[Skip]
    after: Place | None


@dataclass(frozen=True, slots=True)
class Wallet:
    """Whose skips: its number, when it joined (Unix ms), and marks of its equity and free cash.

    Marks are columns, oldest first: times in Unix ms, lamports.
    """

    id: int
    joined_at: int
    time: Ints
    equity: Ints
    cash: Ints

    def at(self, time: int) -> int:
        """Find the mark that held at a time: the last one before, or else the first."""
        return max(int(np.searchsorted(self.time, time, side="right")) - 1, 0)


class Wishes:
    """What a wallet wanted at any time, read from the versions of its settings."""

    def __init__(self, versions: Sequence[SettingsRow], default: Profile) -> None:
        self._versions = sorted(versions, key=lambda row: row.version, reverse=True)
        self._known: dict[str, Profile] = {}
        self._default, self._default_key = default, default.key()
        self._by_key = {row.profile: row for row in versions if row.profile is not None}

    def by_key(self, profile: int | None) -> Profile | None:
        """Return wishes by their key; None for those that this wallet never had."""
        if profile == self._default_key:
            return self._default
        row = self._by_key.get(profile) if profile is not None else None
        return None if row is None else self._read(row)

    def at(self, time: int, mint: str, symbol: str) -> Profile:
        """Return what it wanted of a token: by its name or mint, else of every token."""
        token = Token(TokenId(0), mint, symbol, 0)
        newest: dict[str, SettingsRow] = {}
        for row in self._versions:
            if row.created_at <= time:
                newest.setdefault(row.symbol, row)
        named = [
            name
            for name, row in newest.items()
            if name != ANY_SYMBOL and row.resolved is not None and matches(name, token)
        ]
        if named:
            return self._read(newest[max(named, key=lambda name: (name == mint, name))])
        general = newest.get(ANY_SYMBOL)
        return self._default if general is None or general.resolved is None else self._read(general)

    def _read(self, row: SettingsRow) -> Profile:
        text = row.resolved or ""
        if text not in self._known:
            self._known[text] = Profile.model_validate_json(text)
        return self._known[text]


class Skipped:
    """Lists what wallets did not buy."""

    def __init__(self, followed: Followed) -> None:
        self.followed = followed

    async def page(
        self,
        wallet: Wallet,
        default: Profile,
        *,
        since: int,
        until: int,
        now: int,
        after: Place = NEWEST,
        limit: int = MOST,
    ) -> Skips:
        """List what a wallet did not buy in [since, until), newest first.

        Looks at `limit` decisions; what did not count for its own is left out, so a part may be
        shorter and still go on.
        """
        database = self.followed.market.where.database
        wishes = Wishes(await every_version(database, wallet.id), default)
        place: Place | None = after
        items: list[Skip] = []
        left = min(limit, MOST)
        while place is not None and left > 0:
            asked = min(left, AT_ONCE)
            rows = await missed(
                database,
                wallet.id,
                since=max(since, wallet.joined_at),
                until=until,
                after=place,
                limit=asked,
            )
            items += await self._followed(wallet, wishes, await self._own(wallet, rows), now)
            place = rows[-1].place if len(rows) == asked else None
            left -= asked
        return Skips(items, place)

    async def _followed(
        self, wallet: Wallet, wishes: Wishes, rows: list[Missed], now: int
    ) -> list[Skip]:
        costs = self.followed.market.costs
        wanted = await asyncio.to_thread(_all_wanted, rows, wallet, wishes, costs)
        found = await self.followed.of([want for want in wanted if want is not None], now)
        return await asyncio.to_thread(_all_skips, rows, wanted, found)

    async def _own(self, wallet: Wallet, rows: list[Missed]) -> list[Missed]:
        """Keep what the wallet skipped: not what it bought later, nor what it was refused before.

        A signal that it decided on ended for it there, not when it ended for everybody.
        """
        started = [row.triggered_at for row in rows if row.triggered_at is not None]
        if not started:
            return rows
        database = self.followed.market.where.database
        last = max(row.at for row in rows) + DAY_MS
        known = await reached(database, wallet.id, since=min(started), until=last)
        return [row for row in rows if _counts(row, known)]


def _counts(row: Missed, known: dict[int, Reached]) -> bool:
    if row.signal_id is None or row.signal_id not in known:
        return True
    how = known[row.signal_id]
    return not how.taken and how.first == row.id


def stage_of(reason: str | None, decision: int) -> Stage:
    """Tell which step a reason belongs to; decision 0 is an end that concerned everybody."""
    if reason in SCREENING:
        return "screening"
    return "risk" if decision else "confirmation"


def _all_wanted(
    rows: Sequence[Missed], wallet: Wallet, wishes: Wishes, costs: Costs
) -> list[Wanted | None]:
    return [_wanted(row, wallet, wishes, costs) for row in rows]


def _all_skips(
    rows: Sequence[Missed], wanted: Sequence[Wanted | None], found: dict[Key, WouldHave]
) -> list[Skip]:
    return [_skip(row, want, found) for row, want in zip(rows, wanted, strict=True)]


def _wanted(row: Missed, wallet: Wallet, wishes: Wishes, costs: Costs) -> Wanted | None:
    """Say what buying it would have been; None when nobody knows the token."""
    if row.token_id is None or row.mint is None or row.decimals is None:
        return None
    token, key = Idle(row.token_id, row.mint), (wallet.id, row.evaluation_id, row.id)
    numbers = msgspec.json.decode(row.numbers)
    if row.id:
        at, price = int(numbers["closed_at"]), float(numbers["price"])
        profile = wishes.by_key(row.profile) or wishes.at(row.at, row.mint, row.symbol or "")
        spend = _judged_spend(row)
    else:
        at, price = row.screened_at or row.at, None
        profile = wishes.at(at, row.mint, row.symbol or "")
        spend = _spend(wallet, profile, costs, at)
    return Wanted(key, token, profile.exit, price, at, spend, row.decimals)


def _judged_spend(row: Missed) -> int:
    """Read the size that was judged: what the last rule saw, in SOL."""
    seen = msgspec.json.decode(row.seen or "[]")
    return round(float(seen[-1]) * LAMPORTS_PER_SOL) if seen and seen[-1] is not None else 0


def _spend(wallet: Wallet, profile: Profile, costs: Costs, at: int) -> int:
    if not len(wallet.time):
        return 0
    mark = slice(wallet.at(at), wallet.at(at) + 1)
    spend = sizing.spends(profile.sizing, costs, wallet.equity[mark], wallet.cash[mark])
    return int(spend[0])


def _skip(row: Missed, want: Wanted | None, found: dict[Key, WouldHave]) -> Skip:
    stage = stage_of(row.reason, row.id)
    value, limit = (row.value, row.limit_value) if row.id else _met(row, stage)
    return Skip(
        row.place,
        row.mint,
        row.symbol,
        row.signal_id,
        row.source,
        row.strategy,
        stage,
        row.reason or "",
        value,
        limit,
        0 if want is None else want.spend,
        NO_TOKEN if want is None else found[want.key],
    )


def _met(row: Missed, stage: Stage) -> tuple[float | None, float | None]:
    """Read what ended a signal for everybody: what was seen, and the limit it met."""
    numbers: dict[str, Any] = msgspec.json.decode(row.numbers)
    limits: dict[str, Any] = msgspec.json.decode(row.limits)
    if stage == "confirmation":
        return numbers.get("candles"), limits.get("candles")
    seen = numbers.get("mentions") if row.reason == MENTIONS else numbers.get("score")
    return seen, limits.get(row.reason or "")
