"""How the files are shared out among processes: those with one server to one of them, and what takes longest first.

A long file that is begun last would keep one process busy while the others have nothing left to do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

TOGETHER = {
    "demo_server": ("browser/test_chat", "browser/test_help", "journeys/test_front_door"),
    "shop_server": ("browser/test_widget", "browser/test_rasa_widget"),
}
"""By the server that is started once for all tests of a process."""

SECONDS = {
    "insights/simulating/test_living": 160,
    "demo_server": 115,
    # It mostly waits, beside those that have much to do.
    "journeys/test_phone_faults": 90,
    "shop_server": 83,
    "knowledge/test_imports": 48,
    "knowledge/editor/asking/test_ask_it": 47,
    "app/test_cli": 45,
    "journeys/test_killed": 50,
    "browser/test_continue": 44,
    "benchmarks/test_bench": 44,
    "browser/test_editor": 44,
    "browser/test_staff": 42,
    "browser/test_whole_life": 40,
    "handoff/desk/test_pages": 39,
    "insights/follow_ups/test_pages": 38,
    "browser/test_phone": 37,
    "staff/test_abuse": 35,
    "knowledge/life/test_pages": 30,
    "knowledge/test_arranging": 30,
    "channels/twilio/test_outcomes": 30,
    "browser/test_preview": 30,
    "insights/test_facts": 29,
    "browser/test_person": 26,
    "browser/desk/test_live": 25,
    "browser/desk/test_writing": 25,
    "browser/test_follow_ups": 25,
    "journeys/test_two_processes": 24,
    "knowledge/embedding/test_load": 24,
    "handoff/test_interleavings": 23,
    "handoff/desk/test_sockets": 22,
    "staff/test_attempts": 21,
    "browser/test_life": 21,
    "app/test_check": 20,
    "browser/test_figures": 20,
    "browser/test_bringing": 18,
    "browser/test_from_end_to_figure": 18,
    "browser/test_how_easy": 18,
    "browser/test_takeover": 18,
}
"""What the longest took on two cores, to the first figure or two: it need not be exact, and others may be missing."""
OF_ONE_TEST = 0.2

_SERVERS = {f"tests/{name}.py": server for server, names in TOGETHER.items() for name in names}


def portion(test: str) -> str:
    """The tests' file, or the server it shares with others."""
    file = test.partition("::")[0]
    return _SERVERS.get(file, file)


def longest(waiting: Mapping[str, Collection[str]]) -> str:
    """Of portions and their tests."""
    return max(waiting, key=lambda name: _seconds(name, len(waiting[name])))


def _seconds(name: str, tests: int) -> float:
    return SECONDS.get(name.removeprefix("tests/").removesuffix(".py"), tests * OF_ONE_TEST)


class LongestFirst(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return portion(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(longest(self.workqueue), last=False)
        super()._assign_work_unit(node)
