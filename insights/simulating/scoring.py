"""How easy an invented customer found it, and how they say so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Protocol

from channels.conversation import Message
from channels.names import SMS, WEB, WHATSAPP
from insights.simulating.days import Days
from insights.simulating.phrases import HARD, IN_WORDS
from insights.simulating.visits import Visit
from insights.surveys.deciding import FOLLOW_UP
from insights.surveys.survey import Survey

ANSWERS, COMMENTS, LATE = 0.5, 0.6, 0.1
"""The shares of those asked who answer, of those who say why it was hard, and of answers hours later."""
BY_CHANNEL = {WEB: 0.1, WHATSAPP: 0.2, SMS: -0.5}
"""Points that the same matter is easier there."""


class Say(Protocol):
    def __call__(self, visit: Visit, text: str, now: datetime, payload: str = "") -> None: ...


class Scoring:
    def __init__(self, days: Days, chance: Random, say: Say) -> None:
        self._days, self._chance, self._say = days, chance, say

    def is_asked(self, visit: Visit, survey: Survey, said: Message, now: datetime) -> None:
        visit.is_left = True
        if survey.awaiting == "comment":
            if self._chance.random() < COMMENTS:
                self._say(visit, self._chance.choice(HARD[visit.person.locale]), now)
        elif survey.id not in visit.scored:
            visit.scored.add(survey.id)
            if self._chance.random() < ANSWERS:
                late = timedelta(hours=self._chance.uniform(2, 20)) if self._chance.random() < LATE else timedelta()
                self._days.plan(now + late, partial(self._scores, visit, survey, said))

    def _scores(self, visit: Visit, survey: Survey, said: Message, now: datetime) -> None:
        score = self._score(visit, survey)
        buttons: Sequence[dict[str, Any]] = said.extra.get("buttons", [])
        words = IN_WORDS[visit.person.locale] if survey.kind == "ces" else {}
        if len(buttons) > survey.highest - survey.lowest and visit.channel != SMS:
            button = buttons[score - survey.lowest]
            self._say(visit, button["title"], now, payload=button["payload"])
        else:
            is_word = self._chance.random() < 0.4
            self._say(visit, words.get(score, str(score)) if is_word else str(score), now)

    def _score(self, visit: Visit, survey: Survey) -> int:
        """Effort as it was: what failed, whether a person was needed and for how long, the matter and the channel."""
        effort = 0.9 * visit.failures + 0.5 * (visit.waits_since is not None) - 0.3 * visit.has_moved
        effort += min(visit.waited / timedelta(hours=3), 2.0)
        if survey.touchpoint == FOLLOW_UP:
            # Somebody has cared meanwhile.
            effort *= 0.4
        felt = 5.6 - effort + visit.question.ease + BY_CHANNEL[visit.channel] + visit.person.mildness
        felt = min(max(felt + self._chance.gauss(0, 0.7), 1.0), 7.0)
        return round(survey.lowest + (felt - 1) / 6 * (survey.highest - survey.lowest))
