"""What the past answered: raw figures, as runs keep them and every page shows them.

Amounts are lamports and base units, times Unix ms, prices SOL per token; whoever shows them to
people turns them into SOL and ISO times.
"""

from collections.abc import Callable

import msgspec

from app.trading.statistics import Statistics

Tell = Callable[[float], None]
"""Takes the progress, 0 to 1, now and then. It may raise Cancelled."""


class Cancelled(Exception):
    """Whoever asked does not want the answer any more."""


class Unfit(ValueError):
    """A request that cannot be run; `place` is the path of keys and indices to the field."""

    def __init__(self, place: tuple[str | int, ...], detail: str) -> None:
        super().__init__(detail)
        self.place = place
        self.detail = detail


class TokenRun(msgspec.Struct, frozen=True, kw_only=True):
    """A token of a run: which candles were used."""

    token: str
    symbol: str
    decimals: int
    timeframe: str
    candles: int
    first: int
    last: int
    gaps: int
    data_hash: str


class SoldPart(msgspec.Struct, frozen=True, kw_only=True):
    """One sale of a trade."""

    time: int
    price: float
    units: int
    lamports: int
    fee: int
    reason: str


class RunTrade(msgspec.Struct, frozen=True, kw_only=True):
    """One trade of a run; its exit is None while it is open at the end.

    `cost` is what was spent with its fee; `value` what is left is worth at the last close.
    """

    token: int
    strategy: str
    entry_time: int
    entry_price: float
    units: int
    spent: int
    fee: int
    sold: list[SoldPart]
    exit_time: int | None
    exit_price: float | None
    exit_reason: str | None
    pnl: int | None
    left: int
    value: int

    @property
    def cost(self) -> int:
        """What the trade cost, fee included."""
        return self.spent + self.fee


class Backtest(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a backtest.

    `equity_time` and `equity` are marks at closes, thinned to a few thousand with every day's end
    kept; `refusals` counts, by the limit that forbade it, entries that were confirmed.
    """

    tokens: list[TokenRun]
    trades: list[RunTrade]
    equity_time: list[int]
    equity: list[int]
    statistics: Statistics
    refusals: dict[str, int]
    driver: str
    """`walk` for one compiled pass, `engine` for the live engine fed with history."""
    candles: int
    seconds: float


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """The figures by which combinations are held against each other (METRICS.md's definitions).

    None where a figure does not exist. `net_pnl` and `volume` are lamports.
    """

    trades: int
    open_trades: int
    wins: int
    losses: int
    net_pnl: int
    volume: int
    total_return: float | None
    win_rate: float | None
    profit_factor: float | None
    expectancy: float | None
    sqn: float | None
    max_drawdown: float | None
    sharpe: float | None
    sortino: float | None
    cagr: float | None
    calmar: float | None


class SweepRow(msgspec.Struct, frozen=True, kw_only=True):
    """One combination: what it was and what it did, in the sample that chooses and out of it."""

    number: int
    params: dict[str, object]
    """What varies, by its path: `entry.fast`, `exit.stop_loss`."""
    inside: Score
    outside: Score | None


class Fold(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a walk forward: the best of what came before, and how it did afterwards."""

    since: int
    until: int
    chosen: int
    """The number of the combination."""
    inside: float | None
    outside: float | None
    """The objective before the fold, and in it."""


class Luck(msgspec.Struct, frozen=True, kw_only=True):
    """How likely the best combination is luck."""

    combinations: int
    days: int
    best_sharpe: float | None
    expected_best_sharpe: float | None
    """What the best of so many combinations without any skill would show."""
    deflated_sharpe: float | None
    """Probability that the best one's true Sharpe is above zero, after so many tries."""
    beaten_by_chance: float | None
    """Share of bootstrap worlds without skill whose best is at least as good."""


class Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a sweep, its rows by the objective in the sample, best first."""

    tokens: list[TokenRun]
    objective: str
    varied: list[str]
    rows: list[SweepRow]
    combinations: int
    impossible: int
    """Combinations that a strategy or a plan refuses: a fast average slower than the slow one."""
    split: int | None
    """Where the sample that chooses ends."""
    folds: list[Fold]
    luck: Luck
    candles: int
    seconds: float
