"""Backtests and sweeps in a process of their own: `python -m app.research.compute <parent>`."""

import time

from app.research.backtest import run_backtest
from app.research.jobs import Answer
from app.research.loading import Sources
from app.research.requests import BacktestRequest, SweepRequest
from app.research.results import Tell
from app.research.sweep import run_sweep
from app.research.worker import done, main


def backtest(request: bytes, sources: Sources, tell: Tell) -> Answer:
    """Run a backtest that is asked for in JSON."""
    began = time.perf_counter()
    result = run_backtest(BacktestRequest.model_validate_json(request), sources, tell)
    return done(result, time.perf_counter() - began)


def sweep(request: bytes, sources: Sources, tell: Tell) -> Answer:
    """Run a sweep that is asked for in JSON."""
    began = time.perf_counter()
    result = run_sweep(SweepRequest.model_validate_json(request), sources, tell)
    return done(result, time.perf_counter() - began)


if __name__ == "__main__":
    main({"backtest": backtest, "sweep": sweep})
