"""A closed trade was run again and its record says something else: that is kept and told."""

from app.trading.events import ReplayDiffered
from app.trading.inputs import Answer, Refused, ReplayDiffers
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
