"""A turn over REST: in a fresh conversation, at turn 5, at turn 200; beside stock Rasa serving the same FAQ."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from bot.payloads import CHOOSE
from tests.benchmarks.faq import Faq, read_faq
from tests.benchmarks.help_text import invented_faq
from tests.benchmarks.our_server import import_faq, our_server
from tests.benchmarks.place import Place
from tests.benchmarks.rest_client import RestClient, Turn
from tests.benchmarks.rows import Row, Unmeasured, ms, p50
from tests.benchmarks.stock_rasa import EPOCHS, prepare, stock_server

OURS, STOCK = "ours", "stock"
PAUSE = 0.02
"""Seconds between two turns: what a bot does after its reply must not be counted against the other one."""


@dataclass(frozen=True)
class Plan:
    """Long conversations are grown one after another; around the late turn, each of its turns is timed in a round
    with a new conversation's first and early turn, so that whatever else the machine does falls on all three."""

    conversations: int = 4
    rounds: int = 11
    """In each long conversation, half of them before the late turn."""
    early: int = 5
    late: int = 200

    @property
    def questions(self) -> int:
        return self.conversations * (self._grown + self.rounds * (self.early + 1))

    @property
    def _grown(self) -> int:
        return self.late - 1 - self.rounds // 2

    def steps(self) -> Iterator[tuple[str, str]]:
        """Whose turn is next, and what it is: `fresh`, `early`, `late`, or one that isn't timed."""
        for number in range(self.conversations):
            yield from [(f"long-{number}", "")] * self._grown
            for again in range(self.rounds):
                yield from self._new(f"new-{number}-{again}")
                yield f"long-{number}", "late"

    def _new(self, sender: str) -> Iterator[tuple[str, str]]:
        for turn in range(1, self.early + 1):
            yield sender, {1: "fresh", self.early: "early"}.get(turn, "")


@dataclass
class Timed:
    """The seconds of the turns of one bot."""

    fresh: list[float] = field(default_factory=list)
    early: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    turns: int = 0
    with_article: int = 0
    """In how many an article was said, or a few were offered."""

    def take(self, kind: str, turn: Turn) -> None:
        self.turns += 1
        self.with_article += any(_names_article(reply) for reply in turn.replies)
        if kind:
            getattr(self, kind).append(turn.seconds)


def _names_article(reply: dict[str, Any]) -> bool:
    chosen = [button for button in reply.get("buttons", []) if button["payload"].startswith(CHOOSE)]
    return bool(chosen or reply.get("custom", {}).get("sources"))


def rows(place: Place) -> list[Row]:
    plan = Plan()
    try:
        faq = read_faq(place.data)
    except Unmeasured as reason:
        timed = measure(place, invented_faq(), plan)
        return [Row("Turn, against stock Rasa", None, note=str(reason)), _flatness(timed[OURS], plan)]
    timed = measure(place, faq, plan, beside_stock=True)
    return [*_comparison(timed, plan), _flatness(timed[OURS], plan)]


def measure(place: Place, faq: Faq, plan: Plan, *, beside_stock: bool = False) -> dict[str, Timed]:
    with place.folder("ours") as ours, place.folder("stock") as stock, ExitStack() as running:
        model = prepare(faq, place.cache) if beside_stock else None
        import_faq(place, ours, faq)
        clients = {OURS: running.enter_context(our_server(place, ours))}
        if model:
            clients[STOCK] = running.enter_context(stock_server(model, stock))
        return take_turns(clients, faq, plan)


def take_turns(clients: Mapping[str, RestClient], faq: Faq, plan: Plan) -> dict[str, Timed]:
    """The same turns with each bot, alternately; none gets a question twice."""
    assert len(faq.questions) >= plan.questions
    for client in clients.values():
        for question in faq.questions[-5:]:
            client.say("warm-up", question)
    timed = {name: Timed() for name in clients}
    order = list(clients)
    for question, (sender, kind) in zip(islice(faq.questions, plan.questions), plan.steps(), strict=True):
        for name in order:
            timed[name].take(kind, clients[name].say(sender, question))
            time.sleep(PAUSE)
        order.reverse()
    if not timed[OURS].with_article:
        # Otherwise a bot that can't search would be a fast one.
        raise RuntimeError(f"Handrail named no article in {timed[OURS].turns} turns.")
    return timed


def _comparison(timed: Mapping[str, Timed], plan: Plan) -> list[Row]:
    ours, stock = timed[OURS], timed[STOCK]
    trained = f"stock trained {EPOCHS} epochs, which its speed doesn't depend on"
    named = f"ours named or offered articles in {ours.with_article / ours.turns:.0%} of {ours.turns} turns"
    return [
        _against("Turn in a fresh conversation, against stock Rasa", ours.fresh, stock.fresh, 0.8, trained),
        _against(f"Turn {plan.early}, against stock Rasa", ours.early, stock.early, None, named),
        _against(f"Turn {plan.late}, against stock Rasa", ours.late, stock.late, None, ""),
    ]


def _against(name: str, ours: list[float], stock: list[float], limit: float | None, note: str) -> Row:
    figures = f"{ms(p50(ours))} and {ms(p50(stock))} p50 of {len(ours)}"
    return Row(name, p50(ours) / p50(stock), limit=limit, note="; ".join(filter(None, [figures, note])))


def _flatness(ours: Timed, plan: Plan) -> Row:
    note = f"{ms(p50(ours.late))} and {ms(p50(ours.early))} p50"
    return Row(f"Turn {plan.late}, against turn {plan.early}", p50(ours.late) / p50(ours.early), limit=1.3, note=note)
