"""Serves over gunicorn: one worker, one thread a connection, its parts started after the fork."""

from __future__ import annotations

import errno
import gc
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import TConn, ThreadWorker

from app.settings import Settings

SWITCH_SECONDS = 0.0005


class ServeError(Exception):
    """The server can't start; the message is a sentence."""


def check_port(settings: Settings) -> None:
    """Raises ServeError if nobody could listen there."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OverflowError:
            raise ServeError(f"PORT {settings.port} is no port.") from None
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise ServeError(f"HOST {settings.host} is no address of this machine.") from None
            raise ServeError(
                f"{settings.host}:{settings.port} can't be listened on ({error.strerror}). "
                f"Choose another port: PORT={settings.port + 1} make run"
            ) from None


class Worker(ThreadWorker):
    """gunicorn's threads, with a front door that nobody can hold shut.

    Before it closes a connection, gunicorn waits up to two seconds for the other side to do so first, in the one thread
    that lets everybody in (27.0): a few who never close would keep all others out.
    """

    def enqueue_req(self, conn: TConn) -> None:
        conn.close = partial(self._close, conn)
        super().enqueue_req(conn)

    def _close(self, conn: TConn, graceful: bool = False) -> None:
        if graceful:
            self.tpool.submit(TConn.close, conn, graceful=True)
        else:
            TConn.close(conn)


class Server(BaseApplication):
    """gunicorn with our settings instead of its command line."""

    def __init__(self, settings: Settings, make_app: Callable[[], tuple[Flask, Callable[[], None]]]) -> None:
        self._settings = settings
        self._make_app = make_app
        super().__init__()

    def load_config(self) -> None:
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        for name, value in {
            "bind": f"{host}:{self._settings.port}",
            "worker_class": Worker,
            # One: a process is one worker, and several processes are started by the operator.
            "workers": 1,
            "threads": self._settings.web_threads,
            "timeout": 120,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "worker_exit": self._stop,
            # No file of its own is written: the heartbeat lives in memory where there is one.
            "control_socket_disable": True,
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        # Whoever answers a webhook waits for the interpreter behind the threads that think: for .5 ms each, not for 5.
        sys.setswitchinterval(SWITCH_SECONDS)
        app, self._stop_parts = self._make_app()
        # What is there now stays for ever: looking through it for garbage would stop all threads for .2 s each time.
        gc.collect()
        gc.freeze()
        return app

    def _stop(self, _arbiter: Any, _worker: Any) -> None:
        stop = getattr(self, "_stop_parts", None)
        if stop:
            stop()
