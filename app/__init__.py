"""Auto Trader: a multi-user platform that trades Solana tokens on signals."""
