"""Whatever comes in: money and units are conserved, and nothing but the inputs decides."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.trading.deposits import DepositRow, ResetRow
from app.trading.engine import Engine
from app.trading.entering import SHADOWS_ONLY
from app.trading.fills import Costs
from app.trading.ids import WalletId
from app.trading.inputs import (
    AdoptShadow,
    ChangePlan,
    ChangeSettings,
    ClosePosition,
    EditShadow,
    Input,
    Pause,
    Register,
    ResetWallet,
    Resume,
    RetireShadow,
)
from app.trading.ledger import (
    BalanceRow,
    CandleRow,
    DecisionRow,
    EvaluationRow,
    EventRow,
    FillRow,
    Row,
    SettingsRow,
    SignalRow,
    SignalUpdate,
    SnapshotRow,
    TickRow,
    TokenRow,
    TradeRow,
    TradeUpdate,
    WalletRow,
)
from app.trading.plan_changes import PlanChangeRow
from tests.properties.audited import play_audited
from tests.properties.play import COSTS, NO_TRADE, PLAYS, Play, Step
from tests.trading.world import STRATEGIES, address

EXAMPLES = settings().max_examples
SLOW = EXAMPLES >= 2_000
MANY = settings(max_examples=max(1, EXAMPLES // 2))
FEWER = settings(max_examples=max(1, EXAMPLES // (4 if SLOW else 8)))


def played(steps: Sequence[Step], costs: Costs) -> Play:
    play = Play(costs)
    for step in steps:
        play.apply(step)
    return play


def rows_of(play: Play, batches: Sequence[Sequence[Input]]) -> list[Row]:
    """Replay inputs in a fresh engine, in these batches."""
    engine, rows = Engine(play.rules, STRATEGIES), list[Row]()
    for batch in batches:
        rows += engine.handle([meant(one, rows) for one in batch]).changes
    return rows


def meant(one: Input, rows: Sequence[Row]) -> Input:
    """Find the trade of a plan that names it by its place among its wallet's, see `placed`."""
    if not isinstance(one, ChangePlan) or one.trade > 0:
        return one
    return replace(one, trade=trades_of(rows, one.wallet)[-one.trade])


def trades_of(rows: Sequence[Row], wallet: int) -> list[int]:
    return [row.id for row in rows if isinstance(row, TradeRow) and row.wallet_id == wallet]


def placed(one: Input, play: Play) -> Input:
    """Name the trade of a plan by its place (0, −1, …): numbers count everybody's trades."""
    if not isinstance(one, ChangePlan):
        return one
    own = trades_of(play.rows, one.wallet)
    return replace(one, trade=-own.index(one.trade) if one.trade in own else NO_TRADE)


def by_kind(rows: Sequence[Row]) -> dict[str, list[str]]:
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        kinds[type(row).__name__].append(repr(row))
    return dict(kinds)


@given(PLAYS, COSTS)
@MANY
def test_the_record_keeps_its_promises(steps: list[Step], costs: Costs) -> None:
    play_audited(steps, costs)


@given(PLAYS, COSTS)
@FEWER
def test_the_same_inputs_write_the_same_record(steps: list[Step], costs: Costs) -> None:
    play = played(steps, costs)
    again = rows_of(play, play.batches)
    assert [repr(row) for row in again] == [repr(row) for row in play.rows]


def batched_otherwise(one: Sequence[Row], other: Sequence[Row]) -> bool:
    """Compare records that came in other batches: balances are written once a batch."""
    first, second = by_kind(one), by_kind(other)
    first.pop("BalanceRow", None)
    second.pop("BalanceRow", None)
    return first == second and balances(one) == balances(other)


def balances(rows: Sequence[Row]) -> dict[int, BalanceRow]:
    return {row.id: row for row in rows if isinstance(row, BalanceRow)}


@given(PLAYS, COSTS, st.lists(st.integers(1, 30), min_size=1, max_size=20))
@FEWER
def test_batches_change_nothing_but_how_often_balances_are_written(
    steps: list[Step], costs: Costs, sizes: list[int]
) -> None:
    play = played(steps, costs)
    batches, rest, turn = [], play.inputs, 0
    while rest:
        size = sizes[turn % len(sizes)]
        batches.append(rest[:size])
        rest, turn = rest[size:], turn + 1
    single = rows_of(play, [[one] for one in play.inputs])
    assert batched_otherwise(rows_of(play, batches), single)
    assert batched_otherwise(rows_of(play, [play.inputs]), single)


OF_WALLETS = (Pause, Resume, ResetWallet, ChangeSettings, ClosePosition, ChangePlan)
OF_SHADOWS = (EditShadow, RetireShadow, AdoptShadow)
OF_ONE: dict[type[Row], tuple[str, slice]] = {
    DecisionRow: ("wallet_id", slice(3, None)),
    BalanceRow: ("id", slice(1, None)),
    DepositRow: ("wallet_id", slice(2, None)),
    ResetRow: ("id", slice(1, 4)),
    SnapshotRow: ("wallet_id", slice(1, None)),
    SettingsRow: ("wallet_id", slice(1, None)),
    PlanChangeRow: ("wallet_id", slice(5, None)),
}
"""Rows of one wallet: where its number stands, and the fields that do not count everybody."""

OF_EVERYBODY = (TokenRow, TickRow, CandleRow, SignalRow, SignalUpdate)


def inputs_of(play: Play) -> list[Input]:
    return [placed(one, play) for one in play.inputs]


def alone(inputs: Sequence[Input], wallet: int) -> list[Input]:
    """Leave one wallet's own wishes among the inputs, and all of the market."""
    kept: list[Input] = []
    for one in inputs:
        if isinstance(one, Register):
            kept += [one] if one.wallet_address == address(wallet) else []
        elif isinstance(one, OF_WALLETS):
            kept += [replace(one, wallet=WalletId(1))] if one.wallet == wallet else []
        else:
            kept.append(one)
    return kept


def results(rows: Sequence[Row], wallet: int) -> dict[str, list[tuple[object, ...]]]:
    """Tell what happened to a wallet, without the ids that count everybody."""
    told: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    trades: dict[int, int] = {}
    for row in rows:
        if isinstance(row, FillRow) and row.wallet_id == wallet:
            place = trades.setdefault(row.trade_id, len(trades))
            told["fills"].append((place, row.token_id, *row[5:13]))
    for row in rows:
        if isinstance(row, TradeUpdate) and row.id in trades:
            told["trades"].append((trades[row.id], *row[1:]))
        elif isinstance(row, EventRow) and row.wallet_id == wallet:
            told["events"].append((row.at, row.kind))
        elif type(row) in OF_ONE:
            whose, kept = OF_ONE[type(row)]
            if getattr(row, whose) == wallet:
                told[type(row).__name__].append(tuple(row)[kept])
    return told


@given(PLAYS, COSTS, st.integers(1, 2))
@FEWER
def test_no_wallets_result_depends_on_the_others(
    steps: list[Step], costs: Costs, wallet: int
) -> None:
    play = played([step for step in steps if step.kind != "adopt"], costs)
    together = rows_of(play, [[one] for one in play.inputs])
    single = rows_of(play, [[one] for one in alone(inputs_of(play), wallet)])
    assert results(together, wallet) == results(single, 1)


def public(rows: Sequence[Row]) -> dict[str, list[tuple[object, ...]]]:
    """Tell what anybody may see: the market, signals, and evaluations of wishes."""
    told: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    for row in rows:
        if isinstance(row, OF_EVERYBODY):
            told[type(row).__name__].append(row)
        elif isinstance(row, EvaluationRow) and row.profile != SHADOWS_ONLY:
            told["evaluations"].append(row[1:])
        elif isinstance(row, EventRow) and row.wallet_id is None:
            told["events"].append(row[2:])
    return told


def without_shadows(inputs: Sequence[Input], numbers: dict[int, int]) -> list[Input]:
    """Leave out shadows and what was wished for them; wallets get the numbers that remain."""
    kept: list[Input] = []
    for one in inputs:
        if isinstance(one, OF_SHADOWS) or (isinstance(one, Register) and one.owner is not None):
            continue
        if not isinstance(one, OF_WALLETS):
            kept.append(one)
        elif one.wallet in numbers:
            kept.append(replace(one, wallet=WalletId(numbers[one.wallet])))
    return kept


@given(PLAYS, COSTS)
@FEWER
def test_nothing_depends_on_whether_there_are_shadows(steps: list[Step], costs: Costs) -> None:
    play = played([step for step in steps if step.kind != "adopt"], costs)
    together = rows_of(play, [[one] for one in play.inputs])
    real = [row.id for row in play.of(WalletRow) if row.owner_id is None]
    numbers = {wallet: place for place, wallet in enumerate(real, start=1)}
    single = rows_of(play, [[one] for one in without_shadows(inputs_of(play), numbers)])
    assert public(together) == public(single)
    for wallet, place in numbers.items():
        assert results(together, wallet) == results(single, place)
