"""Backtests and sweeps in a process of their own: `python -m app.research.compute <parent>`."""

from app.research.backtest import run_backtest
from app.research.loading import Sources
from app.research.requests import BacktestRequest, SweepRequest
from app.research.results import Backtest, Sweep, Tell
from app.research.sweep import run_sweep
from app.research.worker import main


def backtest(request: bytes, sources: Sources, tell: Tell) -> Backtest:
    """Run a backtest that is asked for in JSON."""
    return run_backtest(BacktestRequest.model_validate_json(request), sources, tell)


def sweep(request: bytes, sources: Sources, tell: Tell) -> Sweep:
    """Run a sweep that is asked for in JSON."""
    return run_sweep(SweepRequest.model_validate_json(request), sources, tell)


if __name__ == "__main__":
    main({"backtest": backtest, "sweep": sweep})
