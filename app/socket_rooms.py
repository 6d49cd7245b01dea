"""Who hears what over Socket.IO in this process: its rooms, kept whole while every wire has a thread of its own.

Socket.IO's own managers look first and change then. Two threads between which a wire breaks, or a room's last page
leaves as the next one comes, would end in an error, or in a page that hears nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from threading import RLock
from typing import Any

from socketio import Manager
from socketio.base_manager import BaseManager


class OneAtATime(BaseManager):
    """Mixed in before one of Socket.IO's managers."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._rooms_lock = RLock()

    def basic_enter_room(self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None) -> None:
        """Whose wire has broken meanwhile comes into no room, and that is no error."""
        with self._rooms_lock:
            if eio_sid is None:
                eio_sid = self._wire(sid, namespace)
            if eio_sid is not None:
                super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        with self._rooms_lock:
            super().basic_leave_room(sid, namespace, room)

    def basic_disconnect(self, sid: str, namespace: str, **options: Any) -> None:
        with self._rooms_lock:
            super().basic_disconnect(sid, namespace, **options)

    def get_participants(self, namespace: str, room: Any) -> Iterator[tuple[str, str]]:
        with self._rooms_lock:
            return iter(list(super().get_participants(namespace, room)))

    def pre_disconnect(self, sid: str, namespace: str) -> str | None:
        """The wire that is to be broken; None if it has broken by itself meanwhile."""
        with self._rooms_lock:
            wire = self._wire(sid, namespace)
            if wire is not None:
                super().pre_disconnect(sid, namespace)
            return wire

    def eio_sid_from_sid(self, sid: str, namespace: str) -> str | None:
        with self._rooms_lock:
            return self._wire(sid, namespace)

    def get_rooms(self, sid: str, namespace: str) -> list[str]:
        with self._rooms_lock:
            return list(super().get_rooms(sid, namespace))

    def _wire(self, sid: str, namespace: str) -> str | None:
        with suppress(KeyError):
            wire: str = self.rooms[namespace][None][sid]
            return wire
        return None


class OneProcess(OneAtATime, Manager):
    """The rooms of a process that serves alone."""
