"""What is thrown away is written to memory only where there is plenty of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import in_memory
from tests.in_memory import place

PLENTY = "MemTotal:       33554432 kB\nMemAvailable:   33554432 kB\n"


@pytest.mark.parametrize(
    ("needed", "meminfo", "is_used"),
    [
        (1, PLENTY, True),
        (1 << 60, PLENTY, False),
        (1, "MemTotal: 33554432 kB\nMemAvailable: 4194304 kB\n", False),
        (1, "MemTotal: 33554432 kB\n", False),
    ],
)
def test_memory_is_used_where_there_is_plenty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, needed: int, meminfo: str, is_used: bool
) -> None:
    monkeypatch.setattr(in_memory, "NEEDED", needed)
    (tmp_path / "meminfo").write_text(meminfo)

    assert is_used == (place(tmp_path, tmp_path / "meminfo") == tmp_path)


def test_where_no_such_place_is_everything_is_as_ever(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text(PLENTY)

    assert place(tmp_path / "shm", tmp_path / "meminfo") is None
    assert place(tmp_path, tmp_path / "nothing") is None
