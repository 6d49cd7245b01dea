"""The rooms of Socket.IO while wires break and come back under many threads."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from threading import Thread

import pytest
from socketio import Server

from app.socket_rooms import OneProcess

ROOM, SPACE = "visitor:anna", "/desk"


@pytest.fixture
def rooms() -> OneProcess:
    manager = OneProcess()
    Server(client_manager=manager, async_mode="threading")
    return manager


@pytest.fixture
def many_turns() -> Iterator[None]:
    """Threads take turns so often that what is not kept whole breaks."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def comes(rooms: OneProcess, wire: str) -> str:
    return str(rooms.connect(wire, SPACE))


def those_in(rooms: OneProcess) -> set[str]:
    return {sid for sid, _ in rooms.get_participants(SPACE, ROOM)}


@pytest.mark.parametrize("others", [0, 1])
def test_whose_wire_has_broken_comes_into_no_room_without_an_error(rooms: OneProcess, others: int) -> None:
    for number in range(others):
        comes(rooms, f"other-{number}")
    gone = comes(rooms, "wire")
    rooms.disconnect(gone, SPACE)

    rooms.enter_room(gone, SPACE, ROOM)

    assert those_in(rooms) == set()
    assert rooms.get_rooms(gone, SPACE) == []
    assert rooms.eio_sid_from_sid(gone, SPACE) is None


@pytest.mark.parametrize("others", [0, 1])
def test_a_wire_that_broke_by_itself_need_not_be_broken(rooms: OneProcess, others: int) -> None:
    stays = [comes(rooms, f"other-{number}") for number in range(others)]
    gone = comes(rooms, "wire")
    rooms.disconnect(gone, SPACE)

    assert rooms.pre_disconnect(gone, SPACE) is None
    assert [rooms.is_connected(one, SPACE) for one in stays] == [True] * others


@pytest.mark.usefixtures("many_turns")
def test_whoever_comes_as_the_last_one_leaves_hears_what_is_said(rooms: OneProcess) -> None:
    deaf, errors = [], []

    def come_and_go(wire: str) -> None:
        sid = comes(rooms, wire)
        try:
            for _ in range(400):
                rooms.enter_room(sid, SPACE, ROOM)
                others_too = those_in(rooms)
                if sid not in others_too or ROOM not in rooms.get_rooms(sid, SPACE):
                    deaf.append(sid)
                rooms.leave_room(sid, SPACE, ROOM)
        except Exception as error:
            errors.append(repr(error))

    threads = [Thread(target=come_and_go, args=(f"wire-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (deaf, errors) == ([], [])
