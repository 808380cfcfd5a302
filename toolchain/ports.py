"""Ports of this machine for servers that tests and benchmarks start."""

import socket

HOST = "127.0.0.1"


def listen(backlog: int = 100) -> socket.socket:
    """Listen on a port that nobody has, as a server that is told a host and a port does.

    The protocol is named because asyncio sends at once (TCP_NODELAY) only where it is. Otherwise
    the second part of every answer waits 40 ms for the client to say that it has the first.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind((HOST, 0))
    listening.listen(backlog)
    return listening
