"""A small Solana market over HTTP, with the wire contracts of the real providers."""
