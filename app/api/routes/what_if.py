"""What other exit plans would have made of a wallet's trades."""

from starlette.responses import Response

from app.api import whatifs
from app.api.bodies import PlansJson
from app.api.deps import Own, Platform
from app.api.nouns import Noun
from app.api.shapes.what_if import PeriodWhatIfIn, PeriodWhatIfOut

router = Noun(route_class=PlansJson)


@router.post("/{wallet}", response_model=PeriodWhatIfOut)
async def lead_trades(parts: Platform, me: Own, body: PeriodWhatIfIn) -> Response:
    """Show what other exit plans would have made of the trades of a time.

    Entries and sizes stay as they were, so the figures say what the plans alone would have changed.
    At most 2,000 trades, and 500,000 runs of trades and plans together.
    """
    return await whatifs.of_wallet(parts, me.wallet_id, body)
