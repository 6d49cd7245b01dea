"""Ports of this machine for servers of the tests: none is given twice, nor to two processes of one run."""

from __future__ import annotations

import os
import socket
from itertools import count

FIRST, EACH = 12_000, 10_000
"""Below those that the system itself gives to whoever connects, which could take one before it is served from."""
PROCESSES = 2
"""Of a run, as a rule; those of a larger one share what there is."""

_asked = count(os.getpid() * 101)


def free_port() -> int:
    """The next loopback port of this process that nobody listens on."""
    while True:
        port = _own_first() + next(_asked) % EACH
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def _own_first() -> int:
    """Where the ports of this process begin."""
    digits = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    return FIRST + int(digits or 0) % PROCESSES * EACH
