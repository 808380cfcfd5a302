"""The engine's loop: one batch is one commit, nobody hears before it, and no fault is half done."""

import asyncio
from collections.abc import Mapping

import pytest

from app.engine import live as loop
from app.engine.live import INTERNAL, EngineAbsentError, UnansweredError
from app.store.database import Database
from app.store.errors import (
    ConflictError,
    LeaseLostError,
    NotInTimeError,
    RowError,
    StoreBusyError,
    StoreFullError,
    StoreUnavailableError,
)
from app.store.journal import Journal
from app.store.patience import patient
from app.store.wallets import all_wallets
from app.trading.entry import EntryStrategy
from app.trading.inputs import Beat, Register
from app.trading.ledger import Changes, EventRow, WalletRow
from tests.engine.faults import Stand, joins, until
from tests.engine.script import START, address
from tests.logs import heard

PASSING = [StoreBusyError("busy"), StoreFullError("full"), StoreUnavailableError("gone")]


@pytest.fixture
def stand(journal: Journal, database: Database, known: Mapping[str, type[EntryStrategy]]) -> Stand:
    return Stand(journal, database, known)


async def wallets(stand: Stand) -> list[int]:
    return [row.id for row in await all_wallets(stand.database)]


async def test_what_waits_is_one_batch(stand: Stand) -> None:
    async with stand.running():
        assert await stand.live.submit(joins(0)) == 1
        stand.journal.gate.clear()
        asked = [asyncio.create_task(stand.live.submit(joins(place))) for place in range(1, 40)]
        await until(lambda: stand.journal.begun == 2)
        stand.journal.gate.set()
        assert await asyncio.gather(*asked) == list(range(2, 41))
    assert stand.journal.begun in {2, 3}
    assert stand.live.commits == stand.journal.begun
    assert await wallets(stand) == list(range(1, 41))


async def test_nobody_hears_before_it_is_kept(stand: Stand) -> None:
    told: list[Changes] = []
    stand.live.bus.subscribe(told.append)
    async with stand.running():
        await stand.live.settled()
        stand.journal.gate.clear()
        asked = asyncio.create_task(stand.live.submit(joins(0)))
        looked = asyncio.create_task(_count(stand))
        await until(lambda: stand.journal.begun == 1)
        for _ in range(20):
            await asyncio.sleep(0)
        assert not asked.done()
        assert told == []
        late = asyncio.create_task(_count(stand))
        await asyncio.sleep(0)
        assert not late.done()
        stand.journal.gate.set()
        assert await asked == 1
        assert await late == 1
        assert await looked in {0, 1}
    assert [len(changes.of(WalletRow)) for changes in told] == [1]


async def _count(stand: Stand) -> int:
    views = await stand.live.settled()
    return sum(views.wallet_id(address("wallet", place)) is not None for place in range(50))


@pytest.mark.parametrize("error", PASSING, ids=lambda error: type(error).__name__)
async def test_a_fault_that_passes_is_tried_again(stand: Stand, error: Exception) -> None:
    stand.journal.before.extend([error, None, error, error])
    async with stand.running():
        assert await stand.live.submit(joins(0)) == 1
        assert await stand.live.submit(joins(1)) == 2
        assert stand.live.failures == 3
    assert await wallets(stand) == [1, 2]


@pytest.mark.parametrize(
    "error", [*PASSING, RuntimeError("lost its way")], ids=lambda error: type(error).__name__
)
async def test_a_commit_that_arrived_is_not_done_twice(stand: Stand, error: Exception) -> None:
    """The connection broke after the commit: the record says that the batch is there."""
    told: list[Changes] = []
    stand.live.bus.subscribe(told.append)
    stand.journal.after.append(error)
    async with stand.running():
        first = await asyncio.gather(*(stand.live.submit(joins(place)) for place in range(3)))
        assert first == [1, 2, 3]
        assert await stand.live.submit(joins(3)) == 4
    assert await wallets(stand) == [1, 2, 3, 4]
    assert [row.seq for changes in told for row in changes.of(EventRow)] == [1, 2, 3, 4]


async def test_a_database_that_stays_busy_is_waited_for(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk fails at once: trying again must not eat the processor."""
    monkeypatch.setattr(loop, "FIRST_WAIT", 0.02)
    full = True
    stand.journal.refuses = lambda _: StoreFullError("no room") if full else None
    async with stand.running():
        asked = asyncio.create_task(stand.live.submit(joins(0)))
        await asyncio.sleep(0.25)  # time that is there to be wasted
        assert 2 <= stand.journal.begun <= 7
        full = False
        assert await asked == 1


async def test_an_unreadable_record_is_waited_for(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "FIRST_WAIT", 0.005)
    async with stand.running():
        assert await stand.live.submit(joins(0)) == 1
        stand.unreadable.extend(StoreUnavailableError("down") for _ in range(4))
        stand.journal.before.append(StoreUnavailableError("down"))
        asked = asyncio.create_task(stand.live.submit(joins(1)))
        await until(lambda: stand.live.failures == 1)
        views = asyncio.create_task(stand.live.settled())
        await until(lambda: stand.reads >= 3)
        assert await asked == 2
        assert (await views).wallet(1).id == 1
    assert await wallets(stand) == [1, 2]


@pytest.mark.parametrize("error", [RowError("too large"), ConflictError("there already")])
async def test_only_the_input_at_fault_is_refused(stand: Stand, error: Exception) -> None:
    poison = address("wallet", 5)
    stand.journal.refuses = lambda changes: (
        error if any(row.wallet_address == poison for row in changes.of(WalletRow)) else None
    )
    async with stand.running():
        await stand.live.settled()
        stand.journal.gate.clear()
        asked = [asyncio.create_task(stand.live.submit(joins(place))) for place in range(12)]
        stand.journal.gate.set()
        answers = await asyncio.gather(*asked)
    assert answers == [*range(1, 6), INTERNAL, *range(6, 12)]
    assert await wallets(stand) == list(range(1, 12))


async def test_an_input_that_breaks_the_rules_themselves_is_refused_alone(stand: Stand) -> None:
    broken = Register(at=START, wallet_address=None, kind="", lamports=1)  # type: ignore[arg-type]
    async with stand.running():
        asked = [stand.live.submit(wish) for wish in (joins(0), broken, joins(1))]
        assert await asyncio.gather(*asked) == [1, INTERNAL, 2]
    assert await wallets(stand) == [1, 2]


async def test_a_lost_lease_ends_it(stand: Stand) -> None:
    stand.journal.before.append(LeaseLostError("taken over"))
    async with stand.running():
        await stand.live.settled()
        stand.journal.gate.clear()
        asked = [asyncio.create_task(stand.live.submit(joins(0)))]
        await until(lambda: stand.journal.begun == 1)
        asked += [asyncio.create_task(stand.live.submit(joins(place))) for place in (1, 2)]
        await until(lambda: stand.live.waiting == 2)
        stand.journal.gate.set()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(answer) for answer in answers] == [EngineAbsentError] * 3
        with pytest.raises(EngineAbsentError, match="took the engine over"):
            await stand.live.submit(joins(3))
        await stand.live.post(joins(4))
        assert stand.live.waiting == 0
    assert await wallets(stand) == []


async def test_an_interrupted_commit_leaves_no_memory_ahead_of_the_record(stand: Stand) -> None:
    """Cancelled in the middle of a commit: what was handled and not kept must not be built on."""
    await stand.lease.acquire()
    running = asyncio.create_task(stand.live.run())
    await stand.live.settled()
    stand.journal.gate.clear()
    asked = asyncio.create_task(stand.live.submit(joins(0)))
    await until(lambda: stand.journal.begun == 1)
    running.cancel()
    await asyncio.wait({running})
    with pytest.raises(EngineAbsentError, match="interrupted"):
        await asked
    stand.journal.gate.set()
    async with stand.running():
        assert await stand.live.submit(joins(1)) == 1
        assert await _count(stand) == 1
    assert await wallets(stand) == [1]


async def test_a_record_that_cannot_be_understood_ends_the_task_and_not_the_truth(
    stand: Stand,
) -> None:
    await stand.lease.acquire()
    running = asyncio.create_task(stand.live.run())
    await stand.live.settled()
    stand.unreadable.append(ValueError("nonsense"))
    stand.journal.before.append(StoreBusyError("busy"))
    with pytest.raises(EngineAbsentError):
        await stand.live.submit(joins(0))
    with pytest.raises(ValueError, match="nonsense"):
        await running
    async with stand.running():
        assert await stand.live.submit(joins(1)) == 1
    assert await wallets(stand) == [1]


async def test_stop_keeps_what_waits(stand: Stand) -> None:
    async with stand.running():
        await stand.live.settled()
        for place in range(30):
            await stand.live.post(joins(place))
        await stand.live.post(Beat(at=START))
    assert stand.live.waiting == 0
    assert await wallets(stand) == list(range(1, 31))


async def test_who_leaves_answers_nobody_and_wakes_everybody(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "MOST_WAITING", 2)
    await stand.lease.acquire()
    asked = [asyncio.create_task(stand.live.submit(joins(place))) for place in range(4)]
    looked = asyncio.create_task(stand.live.settled())
    await until(lambda: stand.live.waiting == 2)
    stand.live.leave("gone fishing")
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [str(answer) for answer in answers] == ["gone fishing"] * 4
    assert (await looked).wallet_id(address("wallet", 0)) is None


async def test_a_full_inbox_holds_back_and_goes_on(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "MOST_WAITING", 5)
    async with stand.running():
        answers = await asyncio.gather(*(stand.live.submit(joins(place)) for place in range(40)))
    assert sorted(answers) == list(range(1, 41))  # type: ignore[type-var]


async def test_a_batch_has_an_end(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "MOST_IN_BATCH", 7)
    async with stand.running():
        await asyncio.gather(*(stand.live.submit(joins(place)) for place in range(20)))
    assert stand.journal.begun == 3


async def test_a_listener_that_fails_does_not_keep_the_news_from_others(stand: Stand) -> None:
    told: list[Changes] = []

    def fail(_: Changes) -> None:
        raise RuntimeError("not my day")

    stand.live.bus.subscribe(fail)
    forget = stand.live.bus.subscribe(told.append)
    async with stand.running():
        await stand.live.submit(joins(0))
        forget()
        await stand.live.submit(joins(1))
    assert len(told) == 1


async def test_who_cannot_wait_is_told_and_nothing_is_done_later(stand: Stand) -> None:
    """An input that is still in the inbox leaves it; one on its way may still be kept."""
    async with stand.running():
        await stand.live.settled()
        stand.journal.gate.clear()
        began = asyncio.create_task(_hurried(stand, 0))
        await until(lambda: stand.journal.begun == 1)
        with pytest.raises(NotInTimeError) as told:
            await _hurried(stand, 1)
        assert not isinstance(told.value, UnansweredError)
        with pytest.raises(UnansweredError):
            await began
        with patient(0.01), pytest.raises(NotInTimeError):
            await stand.live.settled()
        assert stand.live.waiting == 0
        stand.journal.gate.set()
        assert await stand.live.submit(joins(2)) == 2
    assert await wallets(stand) == [1, 2]


async def _hurried(stand: Stand, place: int) -> object:
    with patient(0.05):
        return await stand.live.submit(joins(place))


async def test_a_batch_that_takes_long_is_failing(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "STUCK_SECONDS", 0.05)
    async with stand.running():
        await stand.live.settled()
        assert stand.live.failing_since is None
        stand.journal.gate.clear()
        asked = asyncio.create_task(stand.live.submit(joins(0)))
        await until(lambda: stand.live.failing_since is not None)
        stand.journal.gate.set()
        assert await asked == 1
        await until(lambda: stand.live.failing_since is None)


async def test_an_outage_is_one_line_and_its_end_another(stand: Stand) -> None:
    with heard() as lines:
        stand.journal.before.extend(StoreUnavailableError("gone") for _ in range(6))
        async with stand.running():
            assert await stand.live.submit(joins(0)) == 1
    said = [line["event"] for line in lines]
    assert said.count("batch not kept") == 1
    assert said.count("batches are kept again") == 1
