"""Every night the record is proved beside trading; what came of it is kept and told."""

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select
from typer.testing import CliRunner

from app.commands.audit import cli
from app.engine import proof
from app.engine.audit import Finding
from app.engine.auditing import DAY_MS, HOUR_MS, SOON_MS, Auditing, Auditor, due, kinds
from app.engine.feed import MarketFeed
from app.engine.live import Live, Recovered
from app.engine.proof import Asked, Proof, ProofFailedError, prove_apart
from app.engine.recovery import recover
from app.store.audit_tables import Audit
from app.store.audits import last_audit
from app.store.chain import BEGINNING, Head
from app.store.chain_check import ChainReport, check_chain
from app.store.database import Database
from app.store.events import events_after
from app.store.journal import Journal
from app.store.lease import Lease
from app.store.location import locate
from app.store.query import Query, picked, table_of
from app.store.rows import AuditRow
from app.store.tables import User
from app.trading.fills import Costs
from tests.engine.record import Known, keep
from tests.engine.script import RULES, START, Script, address
from tests.engine.test_audit import spoil
from tests.logs import heard
from tests.providers.clocks import RealClock
from tests.store import samples

MIDNIGHT = 20_000 * DAY_MS
FAULT = Finding("wallet", 7, "balance", 1, 2)
log = structlog.get_logger()


@pytest.mark.parametrize(
    ("last", "started", "hour", "expected"),
    [
        (None, 0, 3, SOON_MS),
        (MIDNIGHT + 3 * HOUR_MS, MIDNIGHT, 3, MIDNIGHT + 27 * HOUR_MS),
        (MIDNIGHT + 3 * HOUR_MS + 5, MIDNIGHT, 3, MIDNIGHT + 27 * HOUR_MS),
        (MIDNIGHT + 3 * HOUR_MS - 1, MIDNIGHT, 3, MIDNIGHT + 3 * HOUR_MS),
        (MIDNIGHT, MIDNIGHT, 0, MIDNIGHT + DAY_MS),
        (MIDNIGHT + 3 * HOUR_MS, MIDNIGHT + 2 * DAY_MS, 3, MIDNIGHT + 2 * DAY_MS + SOON_MS),
    ],
)
def test_an_audit_is_due_at_its_hour_or_soon_after_a_start(
    last: int | None, started: int, hour: int, expected: int
) -> None:
    assert due(last, started, hour) == expected


def proved(*findings: Finding) -> Proof:
    return Proof(list(findings), 5, 3, Counter(gone=2), ChainReport(9, Head(9, bytes(32)), None))


def test_everybody_is_told_what_is_wrong_and_not_whose() -> None:
    found = proved(FAULT, FAULT._replace(id=8), Finding("event", 3, "chain", "a", "b"))
    assert kinds(found) == ["wallet balance", "event chain"]


class Prover:
    """Gives what it was told to, and counts."""

    def __init__(self, *answers: Proof | ProofFailedError) -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []
        self.called = asyncio.Event()

    async def __call__(self, asked: Asked) -> Proof:
        self.asked.append(asked)
        self.called.set()
        if not self.answers:
            await asyncio.Event().wait()
        answer = self.answers.pop(0)
        if isinstance(answer, ProofFailedError):
            raise answer
        return answer


@asynccontextmanager
async def auditor(
    journal: Journal, database: Database, known: Known, prover: Prover
) -> AsyncIterator[Auditor]:
    """Run an auditor beside an engine, in a time in which a day is a hundredth of a second."""
    clock = RealClock(longest=0.001)
    clock.now = Days()  # type: ignore[method-assign]
    await Lease(journal, "auditor", 600_000).acquire()

    async def recovered() -> Recovered:
        return await recover(database, RULES, known, 0, START)

    live = Live(recovered, journal, clock, MarketFeed(address("index")))
    asked = Asked("sqlite+aiosqlite:///x.db", Path(), Costs())
    it = Auditor(Auditing(database, journal, asked, 3, prover), live, clock)
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(live.run()), tasks.create_task(it.run())]
        yield it
        for task in running:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


class Days:
    """A clock on which every look is six hours later."""

    def __init__(self) -> None:
        self.time = MIDNIGHT

    def __call__(self) -> int:
        self.time += 6 * HOUR_MS
        return self.time


async def until_asked(prover: Prover, times: int) -> None:
    async with asyncio.timeout(20):
        while len(prover.asked) < times:
            await prover.called.wait()
            prover.called.clear()


async def test_a_good_night_is_kept(journal: Journal, database: Database, known: Known) -> None:
    prover = Prover(proved(), proved())
    with heard() as logs:
        async with auditor(journal, database, known, prover) as it:
            await until_asked(prover, 3)
            assert it.snapshot()["faults"] == 0
    last = await last_audit(database)
    assert last is not None
    assert (last.checked, last.replayed, last.unchecked, last.faults) == (5, 3, 2, 0)
    assert (last.chain_ok, last.chain_events, last.error) == (True, 9, None)
    assert not [one for one in logs if one["log_level"] == "error"]
    assert (await check_chain(database)).head == BEGINNING


async def test_a_fault_is_kept_logged_and_told(
    journal: Journal, database: Database, known: Known
) -> None:
    prover = Prover(proved(FAULT, Finding("event", 3, "chain", "a", "b")))
    with heard() as logs:
        async with auditor(journal, database, known, prover) as it:
            await until_asked(prover, 2)
            assert it.snapshot()["chain_ok"] is False
    last = await last_audit(database)
    assert last is not None
    assert (last.faults, last.chain_ok) == (2, False)
    assert json.loads(last.findings)[0] == FAULT._asdict()
    (told,) = [one for one in logs if one["event"] == "the record does not add up"]
    assert told["first"] == ["wallet 7 balance", "event 3 chain"]
    (event,) = await events_after(database, 1, 0)
    assert (event.kind, event.wallet_id) == ("AuditFailed", None)
    assert json.loads(event.data)["fields"] == ["wallet balance", "event chain"]


async def test_a_night_without_an_end_is_kept_and_the_next_one_comes(
    journal: Journal, database: Database, known: Known
) -> None:
    prover = Prover(ProofFailedError("it fell asleep"), proved())
    with heard() as logs:
        async with auditor(journal, database, known, prover):
            await until_asked(prover, 3)
    oldest = Query(select(*picked(Audit, AuditRow)).order_by(table_of(Audit).c.at), AuditRow)
    failed, *_ = await database.rows(oldest)
    assert (failed.error, failed.chain_ok) == ("it fell asleep", False)
    assert [one["event"] for one in logs if one["log_level"] == "error"] == [
        "the record could not be audited"
    ]
    last = await last_audit(database)
    assert last is not None
    assert last.error is None


async def test_a_process_of_its_own_finds_what_this_one_would(
    journal: Journal, database: Database, known: Known, database_url: str, tmp_path: Path
) -> None:
    engine, _ = await keep(Script(4, 60), journal, known)
    asked = Asked(database_url, tmp_path, RULES.costs)
    good = await prove_apart(asked)
    assert good == await proof.prove(database, tmp_path, RULES.costs)
    assert good.findings == []
    assert good.checked >= engine.state.wallets.count - 1
    assert good.chain.events == engine.state.next.event - 1
    await spoil(journal, User, 1, sol_balance=77)
    assert {one[:3] for one in (await prove_apart(asked)).findings} == {("wallet", 1, "balance")}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_a_path_means_the_same_in_the_process_of_its_own(
    journal: Journal, known: Known, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(Script(4, 20), journal, known)
    path = locate(database_url).path
    monkeypatch.chdir(path.parent)
    asked = Asked(f"sqlite+aiosqlite:///{path.name}", Path("data"), RULES.costs)
    assert (await prove_apart(asked)).findings == []


async def test_a_record_that_is_not_there_is_told_without_its_address(tmp_path: Path) -> None:
    asked = Asked(f"sqlite+aiosqlite:///{tmp_path}/secret.db", tmp_path, Costs())
    with pytest.raises(ProofFailedError, match="cannot be read") as failed:
        await prove_apart(asked)
    assert "secret" not in str(failed.value)


async def test_a_process_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(ProofFailedError, match="ended with"):
        await prove_apart(Asked("sqlite+aiosqlite:///x", tmp_path, Costs()))


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_the_command_line_checks_the_chain(
    journal: Journal, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await journal.write([samples.wallet(), *(samples.event(seq) for seq in range(1, 10))])

    async def run(*words: str) -> tuple[int, str]:
        whole = ["--database-url", database_url, *words]
        told = await asyncio.to_thread(CliRunner().invoke, cli, whole)
        return told.exit_code, told.output

    code, output = await run("--chain", "--json")
    head = json.loads(output)["head"]
    assert (code, head.partition(":")[0]) == (0, "9")
    assert (await run("--chain"))[1].splitlines()[1] == head
    assert (await run("--chain", "--head", head))[0] == 0
    code, output = await run("--chain", "--head", f"8:{'00' * 32}")
    assert (code, "kept elsewhere" in output) == (1, True)
    assert (await run("--chain", "--head", "nonsense"))[0] == 2
    code, output = await run()
    assert (code, "9 events follow" in output) == (0, True)
    file = sqlite3.connect(locate(database_url).path)
    file.execute("DROP TRIGGER events_no_update")
    file.execute("UPDATE events SET data = '{}' WHERE seq = 4")
    file.commit()
    file.close()
    code, output = await run("--chain")
    assert (code, "event 4 is the first" in output) == (1, True)
    code, output = await run()
    assert (code, "event 4: its seal is" in output) == (1, True)
