"""What invented readers do in the help centre: search, open an article, say whether it helped, or go and write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random

from insights.simulating.customers import Customers
from insights.simulating.days import Days
from insights.simulating.house import House
from insights.simulating.people import Person
from insights.simulating.phrases import UNCLEAR
from insights.simulating.questions import Question, Questions
from knowledge.help.feedback import REASONS

SEARCHES = 0.6
"""The share of readers who search; the others come from elsewhere, straight to an article."""
TRIES_ANOTHER, WRITES = 0.3, 0.12
"""The shares of those who did not find it that open another article, and that go and write."""
JUDGES, EXPLAINS = 0.3, 0.6
"""The shares of readers who say whether it helped, and of those it did not help who say why."""
ENOUGH = 0.85
"""The share of right articles that help."""


class Readers:
    def __init__(self, house: House, days: Days, questions: Questions, chance: Random, customers: Customers) -> None:
        self._centre, self._days, self._questions, self._chance = house.centre, days, questions, chance
        self._customers = customers

    def comes(self, person: Person) -> Callable[[datetime], None]:
        """Somebody comes with a matter to read about."""

        def begin(now: datetime) -> None:
            question = self._questions.first(self._chance, person.locale)
            if question.article_id is None or self._chance.random() < SEARCHES:
                self._searches(person, question, now)
            else:
                self._reads(person, question, question.article_id, now)

        return begin

    def _searches(self, person: Person, question: Question, now: datetime) -> None:
        origin = self._chance.choice(("home", "home", "header", "article"))
        found = self._centre.search(question.text, person.locale, origin, _network(person, now), now=now).results
        ids = [one.article.id for one in found]
        if not ids:
            self._may_write(person, question, now)
            return
        chosen = question.article_id if question.article_id in ids else ids[0]
        self._days.plan(now + self._seconds(5, 40), lambda at: self._reads(person, question, str(chosen), at))

    def _reads(self, person: Person, question: Question, article_id: str, now: datetime) -> None:
        article = self._centre.article(article_id, person.locale)
        if article is None:
            return
        self._centre.count_read(article, _network(person, now), now=now)
        helped = article_id == question.article_id and self._chance.random() < ENOUGH
        if self._chance.random() < JUDGES:
            self._days.plan(now + self._seconds(20, 200), partial(self._judges, person, article_id, helped))
        if helped:
            return
        if self._chance.random() < TRIES_ANOTHER and (others := self._centre.related(article)):
            other = self._chance.choice(others).id
            self._days.plan(now + self._seconds(20, 90), lambda at: self._reads(person, question, other, at))
        else:
            self._may_write(person, question, now)

    def _judges(self, person: Person, article_id: str, helped: bool, now: datetime) -> None:
        article = self._centre.article(article_id, person.locale)
        if article is None:
            return
        given = self._centre.give_feedback(article, helped, _network(person, now), now=now)
        if not helped and self._chance.random() < EXPLAINS:
            reason = self._chance.choice(REASONS)
            comment = self._chance.choice(UNCLEAR[person.locale]) if self._chance.random() < 0.5 else ""
            self._centre.explain_feedback(given, reason, comment, _network(person, now), now=now)

    def _may_write(self, person: Person, question: Question, now: datetime) -> None:
        if self._chance.random() < WRITES:
            self._days.plan(now + self._seconds(30, 300), self._customers.comes(person, question))

    def _seconds(self, shortest: float, longest: float) -> timedelta:
        return timedelta(seconds=self._chance.uniform(shortest, longest))


def _network(person: Person, now: datetime) -> str:
    """Where they read from: with whoever has read a few articles today already, no more are counted."""
    return f"{person.address} {now:%Y-%m-%d}"
