"""What is written when a person changes the exit plan of an open trade, as rows of the record (see
`ledger`).

A trade's plan at its entry is the `plan_before` of its first change; its plan now, the `plan_after`
of its last.
"""

from typing import NamedTuple


class PlanChangeRow(NamedTuple):
    """plan_changes: a plan took another's place after tick `tick_seq` of any token, and before the
    next. Its id is the number of the event that told it; plans are JSON.
    """

    id: int
    trade_id: int
    wallet_id: int
    at: int
    tick_seq: int
    plan_before: str
    plan_after: str
    stop_before: float
    stop_after: float


class TradePlan(NamedTuple):
    """trades: the plan by which a trade goes on (an update by id); both are JSON."""

    id: int
    take_profit_tiers: str
    exit_plan: str
