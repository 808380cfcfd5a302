"""Every figure once: the vector of the definitions, and what does not exist."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trading.returns import Marks
from app.trading.statistics import Statistics, excursions, exposure, summarise
from tests.histories import DAY, FIRST, NO_MARKS, NOTHING, VECTOR, by_day, lost_and_won, trades


@pytest.fixture(scope="module")
def vector() -> Statistics:
    history = trades(
        *((FIRST + (day - 1) * DAY, FIRST + day * DAY - 1, 100, pnl) for day, pnl in VECTOR.items())
    )
    equity = np.cumsum([1000, *(VECTOR.get(day, 0) for day in range(1, 21))])
    return summarise(history, by_day(*equity.tolist()), seed=7)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("trades", 10),
        ("win_rate", 0.5),
        ("wins", 5),
        ("losses", 4),
        ("draws", 1),
        ("profit_factor", 2.3),
        ("expectancy_lamports", 13.0),
        ("expectancy_ratio", 0.42),
        ("sqn", 1.018586),
        ("max_drawdown", 0.0493274),
        ("cagr", 8.304255),
        ("sharpe", 4.509975),
        ("sortino", 11.209729),
        ("calmar", 168.349892),
        ("days", 20),
        ("total_return", 0.13),
        ("volume_lamports", 1000),
        ("average_size_lamports", 100),
        ("longest_wins", 2),
        ("longest_losses", 2),
        ("best_lamports", 80),
        ("worst_lamports", -40),
        ("net_pnl_lamports", 130),
        ("exposure", 0.5),
        ("drawdown_start", FIRST - 1 + 9 * DAY),
        ("drawdown_trough", FIRST - 1 + 12 * DAY),
        ("drawdown_recovery", FIRST - 1 + 15 * DAY),
        ("annualised_reliable", False),
    ],
)
def test_the_vector(vector: Statistics, name: str, expected: float) -> None:
    assert getattr(vector, name) == pytest.approx(expected, rel=1e-6)


def test_the_vector_has_intervals_around_its_figures(vector: Statistics) -> None:
    assert vector.intervals.keys() == {
        *("win_rate", "profit_factor", "expectancy_lamports", "expectancy_ratio", "sqn"),
        *("max_drawdown", "sharpe", "sortino", "cagr", "calmar"),
    }
    for name, (low, high) in vector.intervals.items():
        assert low < getattr(vector, name) < high


def test_it_becomes_json(vector: Statistics) -> None:
    assert msgspec.json.decode(msgspec.json.encode(vector), type=Statistics) == vector
    nothing = summarise(NOTHING, NO_MARKS, seed=1)
    assert msgspec.json.decode(msgspec.json.encode(nothing), type=Statistics) == nothing


def test_without_anything_only_counts_exist() -> None:
    nothing = msgspec.structs.asdict(summarise(NOTHING, NO_MARKS, seed=1))
    known = {name: value for name, value in nothing.items() if value is not None}
    assert known == {
        **dict.fromkeys(("trades", "open_trades", "wins", "losses", "draws", "days"), 0),
        **dict.fromkeys(("net_pnl_lamports", "gross_win_lamports", "gross_loss_lamports"), 0),
        **dict.fromkeys(("volume_lamports", "longest_wins", "longest_losses", "excursions"), 0),
        "annualised_reliable": False,
        "intervals": {},
    }


def test_what_does_not_exist_is_none() -> None:
    winners = summarise(lost_and_won(5, 7), by_day(100, 105, 112))
    assert winners.profit_factor is winners.expectancy_ratio is None
    assert winners.average_loss_lamports is winners.mean_holding_losses_ms is None
    assert winners.sortino is winners.calmar is None
    assert winners.max_drawdown == 0
    assert winners.drawdown_start is winners.drawdown_trough is winners.drawdown_recovery is None
    losers = summarise(lost_and_won(-5, -7), by_day(100, 95, 88))
    assert losers.profit_factor == 0
    assert losers.expectancy_ratio == -1
    assert losers.average_win_lamports is losers.median_holding_wins_ms is None
    assert losers.drawdown_recovery is None
    equal = summarise(lost_and_won(5, 5, 5), by_day(100, 110, 121))
    assert equal.sqn is equal.sharpe is None
    single = summarise(lost_and_won(5), by_day(100, 95))
    assert single.sqn is single.sharpe is single.sortino is None
    assert single.cagr == pytest.approx(0.95**365 - 1)


def test_streaks_follow_the_order_of_exits_and_draws_end_them() -> None:
    figures = summarise(lost_and_won(1, 1, 1, -1, -1, 1, 0, 1, 1, -1), NO_MARKS)
    assert (figures.longest_wins, figures.longest_losses) == (3, 2)
    shuffled = summarise(lost_and_won(1, 1, 1, -1, -1, 1, 0, 1, 1, -1).reverse(), NO_MARKS)
    assert shuffled == figures


def test_holding_times_of_winners_and_losers() -> None:
    history = trades((0, 10, 1, 5), (0, 20, 1, 5), (0, 60, 1, 5), (0, 7, 1, -5), (0, 100, 1, 0))
    figures = summarise(history, NO_MARKS)
    assert (figures.median_holding_ms, figures.mean_holding_ms) == (20, 197 / 5)
    assert (figures.median_holding_wins_ms, figures.mean_holding_wins_ms) == (20, 30)
    assert (figures.median_holding_losses_ms, figures.mean_holding_losses_ms) == (7, 7)


def test_open_trades_are_volume_but_not_results() -> None:
    figures = summarise(trades((0, 5, 100, 7), (3, None, 50, None)), NO_MARKS)
    assert (figures.trades, figures.open_trades, figures.wins) == (1, 1, 1)
    assert (figures.volume_lamports, figures.average_size_lamports) == (150, 75)
    assert figures.win_rate == 1


def test_lamports_stay_exact() -> None:
    figures = summarise(lost_and_won(2**60, 1, -(2**59) - 1), NO_MARKS)
    assert figures.net_pnl_lamports == 2**59
    assert figures.gross_win_lamports == 2**60 + 1
    assert figures.gross_loss_lamports == 2**59 + 1


# exposure


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], 0),
        ([(10, 20)], 0.1),
        ([(10, 20), (15, 30)], 0.2),
        ([(10, 40), (15, 30), (35, 50)], 0.4),
        ([(10, 20), (80, 90)], 0.2),
        ([(-50, 10), (90, 300)], 0.2),
        ([(-50, -10), (200, 300)], 0),
        ([(60, None)], 0.4),
        ([(0, 100), (20, 30)], 1),
    ],
)
def test_exposure_is_the_union_of_holdings(
    rows: list[tuple[int, int | None]], expected: float
) -> None:
    history = trades(*((entry, left, 1, None) for entry, left in rows))
    marks = Marks(np.array([0, 100]), np.array([1, 1]))
    assert exposure(history, marks) == pytest.approx(expected)
    assert exposure(history.reverse(), marks) == pytest.approx(expected)


def test_exposure_needs_a_time_to_be_a_share_of() -> None:
    assert exposure(NOTHING, NO_MARKS) is None
    assert exposure(NOTHING, Marks(np.array([5]), np.array([1]))) is None


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=12))
def test_exposure_equals_counting_moments(rows: list[tuple[int, int]]) -> None:
    history = trades(*((entry, entry + held, 1, 0) for entry, held in rows))
    marks = Marks(np.array([10, 60]), np.array([1, 1]))
    held = sum(any(a <= now < a + b for a, b in rows) for now in range(10, 60))
    assert exposure(history, marks) == pytest.approx(held / 50)


# excursions


def test_excursions_are_the_best_and_worst_while_open() -> None:
    highs, lows = np.array([12.0, 15.0, 11.0, 9.0]), np.array([9.0, 10.0, 8.0, 5.0])
    entry = np.array([10.0, 10.0, 10.0, 20.0, 2.0])
    first, last = np.array([0, 1, 2, 0, 0]), np.array([2, 3, 2, 4, 4])
    best, worst = excursions(entry, first, last, highs, lows)
    np.testing.assert_allclose(best, [0.5, 0.5, 0, 0, 6.5])
    np.testing.assert_allclose(worst, [-0.1, -0.2, 0, -0.75, 0])


def test_excursions_of_nothing_are_none() -> None:
    no_rows, no_prices = np.empty(0, np.int64), np.empty(0)
    best, worst = excursions(no_prices, no_rows, no_rows, no_prices, no_prices)
    assert len(best) == len(worst) == 0


@given(
    st.lists(st.floats(1, 100), min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=10),
    st.floats(1, 100),
)
def test_excursions_equal_a_plain_loop(
    prices: list[float], spans: list[tuple[int, int]], entry: float
) -> None:
    rows = [(min(a, b, len(prices)), min(max(a, b), len(prices))) for a, b in spans]
    first, last = (np.array(column) for column in zip(*rows, strict=True))
    seen = np.array(prices)
    best, worst = excursions(np.full(len(rows), entry), first, last, seen, seen)
    for row, (start, end) in enumerate(rows):
        window = [entry, *prices[start:end]]
        assert best[row] == max(window) / entry - 1
        assert worst[row] == min(window) / entry - 1
