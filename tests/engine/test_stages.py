"""What is counted of batches: once, after the commit, under few names."""

from app.engine.stages import MOST_NAMES, OTHER, SECONDS, Spread, Stages
from app.trading.ledger import Changes, DecisionRow, SignalRow, TickRow, TradeUpdate


def signal(number: int, source: str) -> SignalRow:
    return SignalRow(number, "mint", 1, 1, 3, source, "{}", "Screening")


def decision(at: int, verdict: str, reason: str | None) -> DecisionRow:
    return DecisionRow(at, 1, 1, 1, None, "breakout", at, verdict, reason, None, None, "[]")


def sale(number: int, reason: str | None) -> TradeUpdate:
    return TradeUpdate(number, "closed", 1, 1.0, 1.0, None, None, reason, None, None)


def test_a_spread_counts_at_most_each_bound() -> None:
    spread = Spread((1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 2.0, 7.0):
        spread.add(value)
    assert spread.cumulative() == [("1", 2.0), ("2", 4.0), ("+Inf", 5.0)]
    assert (spread.count, spread.total) == (5, 12.0)
    assert sorted(SECONDS) == list(SECONDS)


def test_rows_are_counted_by_what_they_say() -> None:
    stages, changes = Stages(), Changes()
    changes.extend(TickRow, [TickRow(1, 1, 1, 1.0), TickRow(2, 1, 2, 1.0)])
    changes.add(signal(1, "feed"))
    changes.extend(DecisionRow, [decision(7, "taken", None), decision(5, "refused", "cooldown")])
    changes.extend(TradeUpdate, [sale(1, "stop_loss"), sale(2, None)])
    stages.committed(changes)
    stages.committed(changes)
    assert (stages.ticks, stages.signals) == (4, {"feed": 2})
    assert stages.decisions == {("taken", ""): 2, ("refused", "cooldown"): 2}
    assert (stages.closed, stages.last_decision_at) == ({"stop_loss": 2}, 7)


def test_names_that_somebody_outside_chooses_stay_few() -> None:
    stages, changes = Stages(), Changes()
    for number in range(3 * MOST_NAMES):
        changes.add(signal(number, f"host-{number}"))
        changes.add(decision(number, "refused", f"reason-{number}"))
    stages.committed(changes)
    assert len(stages.signals) == MOST_NAMES + 1
    assert stages.signals[OTHER] == 2 * MOST_NAMES
    assert sum(stages.decisions.values()) == 3 * MOST_NAMES
    assert len(stages.decisions) == MOST_NAMES + 1
