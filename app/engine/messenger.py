"""Sends people what they asked to be told: from the record, beside trading, at least once.

    event in the record --> rows of messages and how far events were read, in one transaction
    row that is due     --> carried; what became of it is written into the row, or it is tried again

It survives a restart because everything that waits is a row. A message may arrive twice when the
platform dies between carrying it and writing that down; it never gets two rows for one event.
"""

import json
import secrets
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from app.engine.notices import Notice, notices
from app.ports import Clock, Message, Notifier, ProviderError, RejectedError
from app.store.database import Database
from app.store.journal import Journal
from app.store.notice_rows import CursorRow, DeliveryRow, DeliveryTried, TargetRow
from app.store.notices import (
    FAILED,
    SENT,
    SKIPPED,
    THE_CURSOR,
    WAITING,
    all_targets,
    due_deliveries,
    forget_deliveries,
    newest_event,
    read_until,
    targets_of,
    told_after,
)
from app.store.vault import SealedError, Vault
from app.trading.ledger import EventRow

log = structlog.get_logger(__name__)

HOUR_MS = 3_600_000
MOST_AN_HOUR = 120
EVENTS_AT_ONCE = 500
MESSAGES_AT_ONCE = 20
BEHIND = 5_000
"""Events of which nobody is told: how many may be read again after a restart."""

IDLE_SECONDS = 1.0
WAITS_MS = (10_000, 30_000, 120_000, 600_000, HOUR_MS)
"""How long to wait after each try that failed; after the last one a message is given up."""

TOO_MANY = f"more than {MOST_AN_HOUR} messages in an hour"
GONE = "its target was deleted or paused"
TEST = Message(title="Auto Trader", body="This is a test: messages arrive here.")


class QuotaError(Exception):
    """A wallet sent too many messages within an hour."""


@dataclass(frozen=True, slots=True)
class Post:
    """What sending needs."""

    database: Database
    journal: Journal
    notifier: Notifier
    vault: Vault


def about(target: int, wallet: int) -> str:
    """Name what an address belongs to, so that it opens nowhere else."""
    return f"notice target {target} of wallet {wallet}"


class Messenger:
    """Makes messages of events and carries them."""

    def __init__(self, post: Post, clock: Clock) -> None:
        self.post = post
        self._clock = clock
        self._spent: defaultdict[int, deque[int]] = defaultdict(deque)
        self._resting: dict[int, int] = {}
        self._read = 0
        self._kept = 0
        self._forgot_at = 0

    async def run(self) -> None:
        """Make and carry messages for ever."""
        await self._begin()
        while True:
            made = await self.make()
            carried = await self.carry()
            await self._forget()
            if not made and not carried:
                await self._clock.sleep(IDLE_SECONDS)

    async def _begin(self) -> None:
        """Find where to go on; the first time nobody is told of the past."""
        kept = await read_until(self.post.database)
        if kept is None:
            kept = await newest_event(self.post.database)
            await self.post.journal.write([CursorRow(THE_CURSOR, kept)])
        self._read = self._kept = kept

    async def make(self) -> bool:
        """Make messages of the next events; False when there are none."""
        events = await told_after(self.post.database, self._read, EVENTS_AT_ONCE)
        if not events:
            return False
        rows = self._messages(events, await all_targets(self.post.database))
        last = events[-1].seq
        if rows or last - self._kept >= BEHIND:
            await self.post.journal.write([*rows, CursorRow(THE_CURSOR, last)])
            self._kept = last
        self._read = last
        return True

    def _messages(
        self, events: Sequence[EventRow], targets: Sequence[TargetRow]
    ) -> list[DeliveryRow]:
        wanting: defaultdict[int, list[tuple[TargetRow, list[str]]]] = defaultdict(list)
        for target in targets:
            if not target.paused:
                wanting[target.wallet_id].append((target, json.loads(target.kinds)))
        rows = []
        for event in events if wanting else ():
            wallets = wanting if event.wallet_id is None else (event.wallet_id,)
            whose = [one for wallet in wallets if wallet in wanting for one in wanting[wallet]]
            told = notices(event) if whose else []
            for target, kinds in whose:
                wanted = next((one for one in told if one.kind in kinds), None)
                if wanted is not None and event.at >= target.created_at:
                    rows.append(self._row(target, event, wanted))
        return rows

    def _row(self, target: TargetRow, event: EventRow, notice: Notice) -> DeliveryRow:
        now, message = self._clock.now(), notice.message
        fits = self.spend(target.wallet_id, now)
        return DeliveryRow(
            target.id,
            event.seq,
            target.wallet_id,
            notice.kind,
            message.title,
            message.body,
            message.tone,
            now,
            WAITING if fits else SKIPPED,
            0,
            now,
            None if fits else now,
            None if fits else TOO_MANY,
        )

    def spend(self, wallet: int, now: int) -> bool:
        """Count a message of a wallet; False when it has sent as many as it may."""
        spent = self._spent[wallet]
        while spent and spent[0] <= now - HOUR_MS:
            spent.popleft()
        if len(spent) >= MOST_AN_HOUR:
            return False
        spent.append(now)
        return True

    async def carry(self) -> bool:
        """Carry what is due; False when nothing was."""
        now = self._clock.now()
        due = await due_deliveries(self.post.database, now, MESSAGES_AT_ONCE)
        for row in due:
            tried = await self._try(row)
            await self.post.journal.write([tried])
        return bool(due)

    async def _try(self, row: DeliveryRow) -> DeliveryTried:
        """Carry a message, unless its target is resting after a failure or gone."""
        now = self._clock.now()
        rest = self._resting.get(row.target_id, 0)
        if rest > now:
            return _later(row, row.attempts, rest, row.error)
        targets = await targets_of(self.post.database, row.wallet_id)
        target = next((one for one in targets if one.id == row.target_id), None)
        if target is None or target.paused:
            return _done(row, row.attempts, SKIPPED, now, GONE)
        attempts = row.attempts + 1
        message = Message(title=row.title, body=row.body, tone=row.tone)
        try:
            await self._send(target, message)
        except RejectedError as error:
            return _done(row, attempts, FAILED, self._clock.now(), str(error))
        except ProviderError as error:
            now = self._clock.now()
            if attempts > len(WAITS_MS):
                return _done(row, attempts, FAILED, now, str(error))
            self._resting[row.target_id] = now + WAITS_MS[attempts - 1]
            return _later(row, attempts, self._resting[row.target_id], str(error))
        self._resting.pop(row.target_id, None)
        return _done(row, attempts, SENT, self._clock.now(), None)

    async def _send(self, target: TargetRow, message: Message) -> None:
        try:
            address = self.post.vault.open_up(target.secret, about(target.id, target.wallet_id))
        except SealedError as error:
            log.warning("an address cannot be decrypted", target=target.id, error=str(error))
            raise RejectedError("its address cannot be decrypted; enter it again") from error
        await self.post.notifier.send(address, message)

    async def test(self, target: TargetRow) -> DeliveryRow:
        """Send a test now and keep what became of it. Raises QuotaError."""
        began = self._clock.now()
        if not self.spend(target.wallet_id, began):
            raise QuotaError(TOO_MANY)
        status, problem = SENT, None
        try:
            await self._send(target, TEST)
        except ProviderError as error:
            status, problem = FAILED, str(error)
        number = -(1 + secrets.randbelow(2**53))  # a test follows no event
        texts = (TEST.title, TEST.body, TEST.tone)
        now = self._clock.now()
        ids = (target.id, number, target.wallet_id)
        row = DeliveryRow(*ids, "test", *texts, began, status, 1, began, now, problem)
        await self.post.journal.write([row])
        return row

    async def _forget(self) -> None:
        now = self._clock.now()
        if now - self._forgot_at >= HOUR_MS:
            self._forgot_at = now
            await forget_deliveries(self.post.database, self.post.journal, now)


def _later(row: DeliveryRow, attempts: int, at: int, error: str | None) -> DeliveryTried:
    return DeliveryTried(row.target_id, row.event_seq, WAITING, attempts, at, None, error)


def _done(
    row: DeliveryRow, attempts: int, status: str, at: int, error: str | None
) -> DeliveryTried:
    return DeliveryTried(row.target_id, row.event_seq, status, attempts, row.next_at, at, error)
