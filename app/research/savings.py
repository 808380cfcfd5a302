"""What each filter saved or cost: the trades that it prevented, counted as if they were made."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from app.research.skipped import Skip, Stage


class Savings(NamedTuple):
    """What one filter (None: all of them) prevented; amounts in lamports, shares as fractions.

    `won`, `lost` and `drew` count those that would have ended, `open` those that would not have
    yet; `saved` is what the wallet has more because of the filter, negative where it cost.
    """

    stage: Stage | None
    filter: str | None
    skipped: int
    unpriced: int
    open: int
    won: int
    lost: int
    drew: int
    average_share: float | None
    total_share: float | None
    average_pnl: float | None
    total_pnl: int
    saved: int
    nulls: dict[str, str]


NOT_FOLLOWED = "no prices are recorded after any of them"
NOTHING_SPENT = "nothing would have been spent"


def savings(skips: Sequence[Skip]) -> list[Savings]:
    """Add up what all filters prevented, then each of them, the one that prevented most first."""
    by_filter: defaultdict[tuple[Stage, str], list[Skip]] = defaultdict(list)
    for skip in skips:
        by_filter[skip.stage, skip.filter].append(skip)
    rows = [_added(stage, name, part) for (stage, name), part in by_filter.items()]
    rows.sort(key=lambda row: (-row.skipped, row.filter))
    return [_added(None, None, skips), *rows]


def _added(stage: Stage | None, name: str | None, skips: Sequence[Skip]) -> Savings:
    followed = [skip.outcome for skip in skips if skip.outcome.status != "unpriced"]
    ended = [one.share or 0.0 for one in followed if one.status == "closed"]
    total, cost = sum(one.pnl or 0 for one in followed), sum(one.cost for one in followed)
    shares = [one.share for one in followed if one.share is not None]
    nulls = {}
    if not followed:
        nulls = dict.fromkeys(("average_share", "total_share", "average_pnl"), NOT_FOLLOWED)
    elif not cost:
        nulls = {"total_share": NOTHING_SPENT}
    return Savings(
        stage=stage,
        filter=name,
        skipped=len(skips),
        unpriced=len(skips) - len(followed),
        open=len(followed) - len(ended),
        won=sum(one > 0 for one in ended),
        lost=sum(one < 0 for one in ended),
        drew=sum(one == 0 for one in ended),
        average_share=sum(shares) / len(shares) if shares else None,
        total_share=total / cost if cost else None,
        average_pnl=total / len(followed) if followed else None,
        total_pnl=total,
        saved=-total,
        nulls=nulls,
    )
