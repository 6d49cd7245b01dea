"""Ports for servers of the tests."""

from __future__ import annotations

import socket

import pytest

from tests.ports import free_port


def test_none_is_given_twice() -> None:
    given = [free_port() for _ in range(50)]

    assert len(set(given)) == len(given)


def test_one_that_is_taken_is_left_out() -> None:
    before = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", before + 1))
        assert free_port() not in (before, before + 1)


def test_two_processes_of_a_run_are_given_others(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {}
    for worker in ("gw0", "gw1"):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)
        given[worker] = {free_port() for _ in range(50)}

    assert max(given["gw0"]) < 22_000 <= min(given["gw1"])
    assert max(given["gw1"]) < 32_768
