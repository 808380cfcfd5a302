"""What if: backtests, sweeps and replays of trades with other exits."""
