"""Lives an invented history from its first day to its last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from channels.conversation import BOT, Conversation
from insights.simulating.agents import Agents
from insights.simulating.customers import Customers
from insights.simulating.days import Days
from insights.simulating.house import House
from insights.simulating.people import moments, people
from insights.simulating.questions import Questions
from insights.simulating.readers import Readers

MATTERS = 1.4
"""How many matters a customer comes with, in the mean."""
READINGS = 2.0
"""And how often somebody comes to read in the help centre, for each customer."""


@dataclass(frozen=True)
class Plan:
    customers: int
    days: int
    seed: int
    ends: datetime
    """The history ends here, and began `days` before."""

    @property
    def begins(self) -> datetime:
        return self.ends - timedelta(days=self.days)

    @property
    def label(self) -> str:
        """What keeps the customers of two histories apart."""
        return f"{self.seed}-{self.begins:%Y%m%d%H%M%S}"


@dataclass(frozen=True)
class Library:
    """What the invented customers and agents know of the help centre."""

    questions: Mapping[str, Mapping[str, Sequence[str]]]
    """By language and article, what it is asked."""
    answers: Mapping[str, Mapping[str, str]]
    """By language and article, its short answer."""
    topics: Mapping[str, str]
    """By article, the key of its category."""


def live(
    house: House, plan: Plan, library: Library, agents: list[str], say: Callable[[datetime], None] = lambda _now: None
) -> int:
    """Lives the history; the number of conversations there are afterwards in the database.

    `agents` are the ids of staff who work in it. The same plan on the same database and articles makes the same
    decisions. `say` is told how far it is, once a day of it.
    """
    chance = Random(plan.seed)  # noqa: S311  a seed makes the same history again; nothing secret is drawn

    def go_round(now: datetime) -> None:
        team.sit(now)
        house.go_round(now)

    def tick(now: datetime) -> None:
        go_round(now)
        team.work(now)
        house.deliver(now)
        customers.look(now)

    days = Days(plan.begins, plan.ends, tick, lambda: team.is_anybody_there and _is_anybody_looked_after(house))
    questions = Questions(library.questions, library.topics, chance)
    customers = Customers(replace(house, go_round=go_round), days, questions, chance, plan.label)
    readers = Readers(house, days, questions, chance, customers)

    def answer(conversation_id: str, locale: str) -> str:
        visit = customers.visits.get(conversation_id)
        return library.answers.get(locale, {}).get(visit.question.article_id or "", "") if visit else ""

    team = Agents(house.database, agents, chance, answer, customers)
    everybody = people(chance, plan.customers, plan.label)
    for at in moments(chance, round(plan.customers * MATTERS), plan.begins, plan.days):
        days.plan(at, customers.comes(chance.choice(everybody)))
    for at in moments(chance, round(plan.customers * READINGS), plan.begins, plan.days):
        days.plan(at, readers.comes(chance.choice(everybody)))
    days.live(say)
    with house.database.reading() as session:
        return len(list(session.scalars(select(Conversation.id))))


_LOOKED_AFTER = select(Conversation.id).where(Conversation.closed_at.is_(None), Conversation.owner != BOT).limit(1)


def _is_anybody_looked_after(house: House) -> bool:
    with house.database.reading() as session:
        return session.scalars(_LOOKED_AFTER).first() is not None
