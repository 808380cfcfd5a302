"""The platform as a process of its own: `child.py PORT MARKET`, every service is MARKET.

The loop is asyncio's own, because what it connects to is seen by an audit hook, and libuv's is not.
"""

import sys

import uvicorn

from app import main


def run(port: int, market: str) -> None:
    """Serve the platform."""
    main.JUPITER = market
    uvicorn.run(
        main.create_app,
        factory=True,
        port=port,
        loop="asyncio",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    run(int(sys.argv[1]), sys.argv[2])
