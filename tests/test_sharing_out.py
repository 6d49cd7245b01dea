"""Every test goes to one process, with those that share its server, and the longest begin."""

from __future__ import annotations

from tests.conftest import ROOT
from tests.sharing_out import SECONDS, TOGETHER, longest, portion


def test_whatever_is_named_is_there() -> None:
    files = {name for name in SECONDS if name not in TOGETHER} | {name for names in TOGETHER.values() for name in names}

    assert [] == sorted(name for name in files if not (ROOT / "tests" / f"{name}.py").is_file())


def test_a_file_stays_together_and_so_do_those_with_one_server() -> None:
    asked = ["tests/browser/test_chat.py::test_a[x::y]", "tests/browser/test_help.py::test_b", "tests/db/test_c.py::c"]

    assert ["demo_server", "demo_server", "tests/db/test_c.py"] == [portion(test) for test in asked]


def test_what_takes_longest_is_begun_first_and_what_nobody_measured_by_its_number_of_tests() -> None:
    waiting = {"tests/a.py": ["a"] * 9, "tests/b.py": ["b"] * 10, "tests/app/test_cli.py": ["c"], "demo_server": ["d"]}
    order = []
    while waiting:
        order.append(longest(waiting))
        del waiting[order[-1]]

    assert ["demo_server", "tests/app/test_cli.py", "tests/b.py", "tests/a.py"] == order
