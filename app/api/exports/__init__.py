"""Files to take away: every table that a wallet sees, as CSV or Parquet."""
