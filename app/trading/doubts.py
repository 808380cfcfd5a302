"""The record, run or added up again, says something else than it says: that is told."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from app.trading.events import AuditFailed, ReplayDiffered
from app.trading.inputs import Answer, AuditFails, Input, Refused, ReplayDiffers
from app.trading.ledger import ReplayRow
from app.trading.state import Batch

DIFFERENT = "different"
TOLD_FIELDS = 20


def replay_differs(batch: Batch, wish: ReplayDiffers) -> Answer:
    """Keep what differs beside the trade and tell its wallet."""
    if not 0 < wish.wallet < batch.state.wallets.count:
        return Refused(slug="unknown-wallet", detail="no such wallet")
    batch.changes.add(
        ReplayRow(wish.trade, wish.wallet, wish.at, DIFFERENT, None, wish.differences)
    )
    fact = ReplayDiffered(
        trade=wish.trade,
        mint=wish.mint,
        symbol=wish.symbol,
        differences=len(wish.fields),
        fields=tuple(wish.fields[:TOLD_FIELDS]),
    )
    batch.tell(wish.at, wish.wallet, fact, wish.trade)
    return None


def audit_fails(batch: Batch, wish: AuditFails) -> Answer:
    """Tell everybody that the record does not add up."""
    fields = tuple(wish.fields[:TOLD_FIELDS])
    fact = AuditFailed(faults=wish.faults, fields=fields, chain_ok=wish.chain_ok)
    batch.tell(wish.at, None, fact)
    return None


HANDLERS: Final[Mapping[type[Input], Callable[[Batch, Any], Answer]]] = {
    ReplayDiffers: replay_differs,
    AuditFails: audit_fails,
}
"""What the engine does with them."""
