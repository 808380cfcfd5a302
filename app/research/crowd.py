"""Many combinations by the live engine: a wallet for each, all in its one book of each token.

For what passes cannot do: limits, several tokens with one balance, time limits over gaps.
"""

from collections.abc import Sequence

import numpy as np

from app.research.driven import closes_of, drive, limits_of, marked
from app.research.loading import Loaded
from app.research.outcome import ends_of_days
from app.research.passes import Played, Span
from app.research.requests import SweepRequest
from app.research.results import Tell
from app.research.space import Combination
from app.trading.plans import Entry, Profile


class Crowd:
    """The history of all tokens, and who wants what."""

    def __init__(
        self,
        request: SweepRequest,
        tokens: Sequence[Loaded],
        chosen: Sequence[Combination],
        tell: Tell,
    ) -> None:
        self._request = request
        self._tokens = tokens
        self._chosen = chosen
        self._tell = tell

    def play(self, span: Span) -> Played:
        """Lead every combination through a span, which counts candles of the longest token."""
        longest = max(self._tokens, key=lambda one: one.run.candles)
        times = longest.frame.get_column("time")
        since = int(times[longest.warm + span.first])
        until = int(times[longest.warm + span.last - 1]) + 1
        cut = [one.between(since, until) for one in self._tokens]
        limits = limits_of(self._request)
        profiles = [
            Profile(
                entries=(
                    Entry(
                        strategy=self._request.entry.strategy,
                        custom_params=one.strategy.model_dump(),
                    ),
                ),
                exit=one.exit,
                sizing=self._request.sizing,
                limits=limits,
            )
            for one in self._chosen
        ]
        tokens = [one for one in cut if one.run.candles]
        run = drive(self._request, profiles, tokens, self._tell, daily=True)
        ends = {row.id: row for row in run.updates}
        gained = {row.id: 0 for row in run.trades}
        for fill in run.fills:
            if fill.side == "SELL":
                gained[fill.trade_id] += fill.sol - fill.fee
        rows = [
            (
                row.wallet_id - 1,
                row.entry_time,
                end.exit_time if end is not None and end.exit_time is not None else -1,
                row.sol_invested,
                gained[row.id] - row.sol_invested,
            )
            for row in run.trades
            for end in (ends.get(row.id),)
        ]
        trades = np.array(rows, np.int64).reshape(-1, 5)
        order = np.argsort(trades[:, 0], kind="stable")
        closes = closes_of(tokens)
        start = min(one.run.first for one in tokens)
        moments = np.concatenate(([start], closes[ends_of_days(closes)]))
        return Played(trades[order], moments, marked(run, moments).T)
