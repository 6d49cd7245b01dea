"""The gauges, read anew each time they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from channels.conversation import Conversation
from channels.outbox import Delivery
from db import Database
from insights.facts.fact import WHOLE, FactState
from insights.facts.store import FactStore
from insights.numbers.all import NUMBERS
from insights.numbers.number import measure
from insights.pages.live import Now, look

DAYS = 28
"""So many of the last days the figures are of."""


class Gauges(Collector):
    def __init__(self, database: Database, store: FactStore, clock: Callable[[], datetime]) -> None:
        self._database, self._store, self._clock = database, store, clock

    def describe(self) -> list[Metric]:
        """Nothing: what there is, is known when it is read."""
        return []

    def collect(self) -> Iterator[Metric]:
        now = self._clock()
        with self._database.reading() as session:
            standing = look(session, now)
            yield from _of_people(standing)
            yield from _of_work(session, now)
        yield from self._of_figures(now)

    def _of_figures(self, now: datetime) -> Iterator[Metric]:
        values = _gauge("figure", f"A figure of the last {DAYS} days, as /insights/definitions defines it.", "figure")
        cases = _gauge("figure_cases", f"How many cases a figure of the last {DAYS} days was counted from.", "figure")
        facts = self._store.facts()
        lately = facts.where(facts["opened_at"] >= (now - timedelta(days=DAYS)).timestamp())
        for number in NUMBERS:
            measured = measure(number, lately, now.timestamp())
            cases.add_metric([number.key], measured.n)
            if measured.value is not None:
                values.add_metric([number.key], measured.value)
        yield from (values, cases)


def make_registry(database: Database, store: FactStore, clock: Callable[[], datetime]) -> CollectorRegistry:
    """The gauges, and those of the process."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    registry.register(Gauges(database, store, clock))
    return registry


def _gauge(name: str, about: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"handrail_{name}", about, labels=labels)


def _of_people(standing: Now) -> Iterator[Metric]:
    owners = _gauge("conversations_open", "Open conversations, by who speaks next.", "owner")
    for owner, count in (
        ("bot", standing.with_bot),
        ("queue", standing.all.waiting),
        ("agent", standing.all.with_agents),
    ):
        owners.add_metric([owner], count)
    agents = _gauge("agents", "Members of staff at their desks.", "state")
    agents.add_metric(["online"], standing.all.online)
    agents.add_metric(["away"], standing.all.away)
    waiting = _gauge("queue_waiting", "Conversations that wait for a person.", "team")
    longest = _gauge("queue_longest_seconds", "How long the first of them has waited.", "team")
    late = _gauge("conversations_overdue", "Conversations whose reply or solution is overdue.", "team")
    follow_ups = _gauge("follow_ups_open", "Low scores that somebody looks after.", "team")
    follow_ups_late = _gauge("follow_ups_overdue", "Those of them whose deadline has passed.", "team")
    for _, name, one in standing.teams:
        waiting.add_metric([name], one.waiting)
        longest.add_metric([name], one.longest_seconds)
        late.add_metric([name], one.late)
        follow_ups.add_metric([name], one.follow_ups)
        follow_ups_late.add_metric([name], one.follow_ups_late)
    yield from (owners, agents, waiting, longest, late, follow_ups, follow_ups_late)


def _of_work(session: Session, now: datetime) -> Iterator[Metric]:
    oldest = Conversation.waiting_since
    count, since = session.execute(select(func.count(), func.min(oldest)).where(oldest.isnot(None))).one()
    turns = _gauge("turns_waiting", "Messages of customers that wait for their turn.")
    turns.add_metric([], count)
    age = _gauge("turns_oldest_seconds", "How long the first of them has waited.")
    age.add_metric([], (now - since).total_seconds() if since else 0)
    deliveries = _gauge("deliveries", "Messages that wait to be sent, or that could not be.", "channel", "state")
    states = select(Delivery.channel, Delivery.state, func.count()).where(Delivery.state.in_(("pending", "failed")))
    for channel, state, number in session.execute(states.group_by(Delivery.channel, Delivery.state)):
        deliveries.add_metric([channel, state], number)
    facts = _gauge("facts_age_seconds", "Since when the figures have not been brought up to date.")
    state = session.get(FactState, WHOLE)
    facts.add_metric([], now.timestamp() - state.looked_at if state else 0)
    yield from (turns, age, deliveries, facts)
