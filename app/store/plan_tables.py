"""The table of exit plans that were changed while their trade was open; columns as in `tables`."""

from app.store.columns import STRICT, Kept, exact, index, key, real, refers, words


class PlanChange(Kept, table=True):
    """An exit plan that took another's place after tick `tick_seq`; plans are JSON."""

    __tablename__ = "plan_changes"
    __table_args__ = (index("trade_id"), STRICT)
    id: int = key()
    trade_id: int = refers("trades.id")
    wallet_id: int = refers("users.id")
    at: int = exact()
    tick_seq: int = exact()
    plan_before: str = words()
    plan_after: str = words()
    stop_before: float = real()
    stop_after: float = real()
