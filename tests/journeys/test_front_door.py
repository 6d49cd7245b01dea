"""The server's front door stays open, whoever stands in it."""

from __future__ import annotations

import socket
import urllib.request
from contextlib import ExitStack

from tests.server import Server

WHO_NEVER_CLOSE = 30


def test_those_who_never_close_their_connections_cant_keep_others_out(demo_server: Server) -> None:
    with ExitStack() as open_connections:
        door = ("127.0.0.1", demo_server.port)
        knocking = [open_connections.enter_context(socket.create_connection(door, 10)) for _ in range(WHO_NEVER_CLOSE)]
        for connection in knocking:
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        for connection in knocking:
            # Answered, and now it stays: each of them could hold the door for two seconds.
            assert b"HTTP/1.1 200" == connection.recv(12)

        for _ in range(3):
            with urllib.request.urlopen(f"{demo_server.url}/health", timeout=30) as answer:
                assert 200 == answer.status
