"""Messages are made of the record and sent at least once, whoever dies meanwhile."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.engine import messenger as messengers
from app.engine.messenger import (
    GONE,
    HOUR_MS,
    MOST_AN_HOUR,
    TOO_MANY,
    WAITS_MS,
    Messenger,
    Post,
    QuotaError,
    about,
)
from app.engine.notices import KINDS, notices
from app.ports import Known, Message, RejectedError, UnavailableError
from app.store.database import Database
from app.store.journal import Journal
from app.store.notice_rows import DeliveryRow, TargetRow
from app.store.notices import KEPT_MS, delete_target, deliveries_of
from app.store.vault import Vault
from app.trading.ledger import EventRow
from tests.providers.clocks import RealClock, StillClock
from tests.store import samples

NOW = samples.AT


class Carrier:
    """Carries as it is told, and remembers."""

    def __init__(self) -> None:
        self.carried: list[tuple[str, str]] = []
        self.faults: list[Exception] = []

    def snapshot(self) -> dict[str, object]:
        return {}

    async def check(self, address: str) -> Known:
        return Known(shown=address, service="test")

    async def send(self, address: str, message: Message) -> None:
        self.carried.append((address, message.title))
        if self.faults:
            raise self.faults.pop(0)


class Stand:
    """A messenger, what it writes to and what carries its messages."""

    def __init__(self, database: Database, journal: Journal, folder: Path) -> None:
        self.database, self.journal = database, journal
        self.carrier, self.clock, self.vault = Carrier(), StillClock(NOW), Vault(folder)
        self.it = self.again()

    def again(self) -> Messenger:
        return Messenger(Post(self.database, self.journal, self.carrier, self.vault), self.clock)

    async def target(
        self, number: int = 1, wallet: int = 1, kinds: tuple[str, ...] = KINDS, **fields: Any
    ) -> TargetRow:
        secret = self.vault.close_up(f"test://{number}", about(number, wallet))
        row = samples.target(number, wallet)._replace(
            secret=secret, kinds=json.dumps(kinds), created_at=NOW, **fields
        )
        await self.journal.write([row])
        return row

    async def tell(self, *events: EventRow) -> None:
        await self.journal.write(list(events))

    async def log(self, wallet: int = 1) -> list[DeliveryRow]:
        return await deliveries_of(self.database, wallet, 1_000)

    async def turn(self) -> None:
        while await self.it.make():
            pass
        await self.it.carry()


def paused(seq: int, wallet: int | None = 1, reason: str = "drawdown") -> EventRow:
    return EventRow(seq, wallet, NOW, "WalletPaused", None, json.dumps({"reason": reason}))


@pytest.fixture
async def stand(database: Database, journal: Journal, tmp_path: Path) -> Stand:
    await journal.write([samples.wallet(1), samples.wallet(2)])
    stand = Stand(database, journal, tmp_path)
    await stand.tell(paused(1))
    await stand.it._begin()
    return stand


async def test_a_wallet_is_told_what_it_chose_and_nothing_of_the_past(stand: Stand) -> None:
    await stand.target(1, kinds=("risk_pause",))
    await stand.target(2, kinds=("trade_closed",))
    await stand.target(3, wallet=2)
    await stand.target(4, paused=True)
    await stand.tell(paused(2), paused(3, 2), EventRow(4, 1, NOW, "Unheard", None, "{}"))
    await stand.turn()
    assert sorted(stand.carrier.carried) == [
        ("test://1", "Trading was paused"),
        ("test://3", "Trading was paused"),
    ]
    (row,) = await stand.log()
    assert (row.event_seq, row.status, row.attempts, row.error) == (2, "sent", 1, None)
    await stand.turn()
    assert len(stand.carrier.carried) == 2


async def test_what_concerns_everybody_reaches_everybody(stand: Stand) -> None:
    await stand.target(1)
    await stand.target(2, wallet=2)
    fact = {"faults": 1, "fields": ["wallet balance"], "chain_ok": True}
    await stand.tell(EventRow(2, None, NOW, "AuditFailed", None, json.dumps(fact)))
    await stand.turn()
    assert len(stand.carrier.carried) == 2


async def test_a_target_is_not_told_what_was_before_it(stand: Stand) -> None:
    await stand.target(1, kinds=KINDS)
    await stand.tell(paused(2)._replace(at=NOW - 1))
    await stand.turn()
    assert stand.carrier.carried == []


async def test_a_failure_is_tried_again_later_and_given_up_at_last(stand: Stand) -> None:
    await stand.target()
    stand.carrier.faults = [UnavailableError("it was out") for _ in range(20)]
    await stand.tell(paused(2))
    for wait in WAITS_MS:
        await stand.turn()
        (row,) = await stand.log()
        assert (row.status, row.next_at, row.error) == (
            "waiting",
            stand.clock.now() + wait,
            "it was out",
        )
        await stand.turn()  # nothing before its time
        stand.clock.jump(wait / 1_000)
    await stand.turn()
    (row,) = await stand.log()
    assert (row.status, row.attempts) == ("failed", len(WAITS_MS) + 1)
    assert len(stand.carrier.carried) == len(WAITS_MS) + 1


async def test_a_refusal_is_final(stand: Stand) -> None:
    await stand.target()
    stand.carrier.faults = [RejectedError("the service answered 404")]
    await stand.tell(paused(2))
    await stand.turn()
    (row,) = await stand.log()
    assert (row.status, row.attempts, row.error) == ("failed", 1, "the service answered 404")


async def test_a_target_that_fails_rests_and_keeps_no_other_waiting(stand: Stand) -> None:
    await stand.target(1)
    await stand.target(2)
    stand.carrier.faults = [UnavailableError("out")]
    await stand.tell(paused(2), paused(3), paused(4))
    await stand.turn()
    failed = stand.carrier.carried[0][0]
    assert [url for url, _ in stand.carrier.carried].count(failed) == 1
    assert len(stand.carrier.carried) == 4
    stand.clock.jump(WAITS_MS[0] / 1_000)
    await stand.turn()
    assert len(stand.carrier.carried) == 7
    assert {row.status for row in await stand.log()} == {"sent"}


async def test_a_restart_loses_and_doubles_nothing(stand: Stand) -> None:
    await stand.target()
    await stand.tell(paused(2))
    await stand.it.make()
    stand.it = stand.again()  # dies before it carried
    await stand.it._begin()
    await stand.tell(paused(3))
    await stand.turn()
    stand.it = stand.again()
    await stand.it._begin()
    await stand.turn()
    assert [row.event_seq for row in sorted(await stand.log())] == [2, 3]
    assert len(stand.carrier.carried) == 2


async def test_events_nobody_is_told_of_are_not_written_down_one_by_one(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messengers, "BEHIND", 10)
    await stand.tell(*(paused(seq) for seq in range(2, 9)))
    await stand.turn()
    assert stand.it._kept == 1
    await stand.tell(paused(20))
    await stand.turn()
    assert stand.it._kept == 20


async def test_a_wallet_sends_so_many_messages_an_hour(stand: Stand) -> None:
    row = await stand.target()
    await stand.tell(*(paused(seq) for seq in range(2, MOST_AN_HOUR + 5)))
    await stand.it.make()
    log = await stand.log()
    assert [one.status for one in log].count("skipped") == 3
    assert {one.error for one in log if one.status == "skipped"} == {TOO_MANY}
    with pytest.raises(QuotaError):
        await stand.it.test(row)
    stand.clock.jump(HOUR_MS / 1_000)
    assert (await stand.it.test(row)).status == "sent"


async def test_what_waits_for_a_target_that_is_gone_is_skipped(stand: Stand) -> None:
    row = await stand.target()
    await stand.tell(paused(2))
    await stand.it.make()
    await stand.journal.write([row._replace(paused=True)])
    await stand.it.carry()
    (told,) = await stand.log()
    assert (told.status, told.error) == ("skipped", GONE)
    await delete_target(stand.journal, row.id)
    assert await stand.log() == []
    assert stand.carrier.carried == []


async def test_an_address_under_another_key_is_told(stand: Stand) -> None:
    row = await stand.target()
    row = row._replace(secret=row.secret[:-1] + bytes([row.secret[-1] ^ 1]))
    await stand.journal.write([row])
    told = await stand.it.test(row)
    assert told.status == "failed"
    assert told.error is not None
    assert "enter it again" in told.error


async def test_a_log_is_forgotten_after_a_month(stand: Stand) -> None:
    await stand.target()
    await stand.tell(paused(2))
    await stand.turn()
    await stand.it._forget()
    assert len(await stand.log()) == 1
    stand.clock.jump((KEPT_MS + HOUR_MS) / 1_000)
    await stand.it._forget()
    assert await stand.log() == []


async def test_it_runs_beside_everything(stand: Stand) -> None:
    await stand.target()
    stand.it._clock = RealClock()
    running = asyncio.create_task(stand.it.run())
    await stand.tell(paused(2))
    async with asyncio.timeout(20):
        while not stand.carrier.carried:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


TRADE = {"trade": 1, "mint": "MintMintMint", "symbol": "BONK", "price": 1.25e-5}
SALE = {**TRADE, "units": 1, "lamports": 2 * 10**9, "fee": 0, "reason": "trailing_stop"}
GAIN = {**SALE, "pnl_lamports": -(10**8), "pnl_percent": -5.0}


@pytest.mark.parametrize(
    ("kind", "data", "kinds", "words"),
    [
        ("TradeOpened", {**TRADE, "lamports": 10**9, "stop": 1e-5}, ["trade_opened"], "1.0000 SOL"),
        ("TierTaken", SALE, ["part_sold"], "2.0000 SOL"),
        ("TradeClosed", GAIN, ["stop", "trade_closed"], "−0.1000 SOL (-5.00 %)"),
        ("TradeClosed", {**GAIN, "reason": "manual"}, ["trade_closed"], "at 1.25e-05"),
        ("WalletPaused", {"reason": "paused"}, ["account"], "You paused"),
        ("WalletPaused", {"reason": "drawdown"}, ["risk_pause"], "Drawdown"),
        ("WalletResumed", {}, ["account"], "allowed again"),
        ("WalletReset", {"initial_sol_balance": 10**10}, ["account"], "10.0000 SOL"),
        ("ReplayDiffered", TRADE, ["audit_fault"], "BONK"),
        ("AuditFailed", {"faults": 2, "chain_ok": False}, ["audit_fault"], "was changed"),
        ("PriceRefused", TRADE, ["price_trouble"], "refused"),
        ("StrategyFailed", {**TRADE, "reason": "it broke"}, ["engine_trouble"], "it broke"),
        ("SettingsChanged", {"symbol": "*", "version": 2}, [], ""),
        ("OfTomorrow", {}, [], ""),
    ],
)
def test_each_event_in_words(
    kind: str, data: dict[str, object], kinds: list[str], words: str
) -> None:
    told = notices(EventRow(1, 1, NOW, kind, None, json.dumps(data)))
    assert [one.kind for one in told] == kinds
    assert set(kinds) <= set(KINDS)
    assert all(words in one.message.body for one in told)


@pytest.mark.parametrize(
    ("symbol", "shown"),
    [
        ("@everyone", "everyone"),
        ("[win](https://x.y)", "winhttpsxy"),
        ("<script>", "script"),
        ("\u202eKNOB", "KNOB"),
        ("🚀🚀", "MintMint"),
        (None, "MintMint"),
    ],
)
def test_names_of_strangers_can_do_nothing(symbol: str | None, shown: str) -> None:
    event = EventRow(1, 1, NOW, "TierTaken", None, json.dumps({**SALE, "symbol": symbol}))
    assert notices(event)[0].message.title == f"{shown}: trailing stop"
