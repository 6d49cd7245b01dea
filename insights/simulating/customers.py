"""What invented customers do: ask, read, say whether it helped, wait, give up, thank, and say how easy it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import select

from channels.conversation import CUSTOMER, Conversation, Message, agent_id
from channels.inbound import Inbound
from channels.names import SMS, WEB
from handoff.transitions import kind_of
from handoff.words import WORDS
from insights.simulating.days import Days
from insights.simulating.house import House
from insights.simulating.people import Person
from insights.simulating.questions import ANGRY, Question, Questions
from insights.surveys.survey import Survey

OUR_NUMBER = "+491713920001"
THANKS = {
    "en": ("Thanks, that helps!", "great, thank you", "Perfect, thanks"),
    "de": ("Danke, das hilft!", "super, danke", "Prima, vielen Dank"),
}
GOODBYE = {"en": ("bye", "That was all, thanks. Goodbye"), "de": ("tschüss", "Das war alles, danke. Auf Wiedersehen")}
HELPED = {"en": "That helped", "de": "Das hat geholfen"}
NOT_HELPED = {"en": "That didn't help", "de": "Das hat nicht geholfen"}
PERSON = {
    "en": ("I want to talk to a person", "can I speak to someone please"),
    "de": ("Ich möchte mit einem Menschen sprechen", "kann ich bitte mit jemandem sprechen"),
}
HARD = {
    "en": ("I had to ask three times.", "I waited far too long.", "The answer had nothing to do with my question."),
    "de": (
        "Ich musste dreimal fragen.",
        "Das hat viel zu lange gedauert.",
        "Die Antwort hatte nichts mit meiner Frage zu tun.",
    ),
}
IN_WORDS = {
    "en": {1: "very difficult", 2: "2, sadly", 3: "3", 4: "4/7", 5: "5 of 7", 6: "a 6", 7: "very easy"},
    "de": {1: "sehr schwer", 2: "leider nur 2", 3: "3", 4: "4/7", 5: "5 von 7", 6: "eine 6", 7: "sehr einfach"},
}
WANTS_PERSON_AT_ONCE, ANGRY_AT_ONCE = 0.05, 0.03
NOT_ENOUGH = 0.12
"""The share of right answers that do not help."""
SOON = timedelta(seconds=5)
"""The rounds are gone once a second; so soon after somebody wrote, there may be something to do."""
ANSWERS_SURVEY = 0.5
COMMENTS = 0.6

_ids = count(1)


@dataclass
class Visit:
    """One matter somebody comes with."""

    person: Person
    question: Question
    conversation_id: str = ""
    read_seq: int = 0
    """What they have read so far."""
    failures: int = 0
    waits_since: datetime | None = None
    waited: timedelta = timedelta()
    met_person: bool = False
    is_left: bool = False
    """They will not write in this matter any more, but for the question at its end."""
    is_scored: bool = False
    is_planned: bool = False
    """They have seen that something is new and will look."""
    asked: list[str] = field(default_factory=list)


class Customers:
    def __init__(self, house: House, days: Days, questions: Questions, chance: Random, label: str) -> None:
        self._house, self._days, self._questions, self._chance, self._label = house, days, questions, chance, label
        self.visits: dict[str, Visit] = {}
        """By conversation, what somebody still looks at."""

    def comes(self, person: Person) -> Callable[[datetime], None]:
        """Somebody comes with a matter."""

        def begin(now: datetime) -> None:
            visit = Visit(person, self._questions.first(self._chance, person.locale))
            luck = self._chance.random()
            if luck < WANTS_PERSON_AT_ONCE:
                self._wants_person(visit, now)
            elif luck < WANTS_PERSON_AT_ONCE + ANGRY_AT_ONCE:
                self._say(visit, f"{self._chance.choice(ANGRY[person.locale])} {visit.question.text}", now)
            else:
                self._say(visit, visit.question.text, now)

        return begin

    def look(self, now: datetime) -> None:
        """Who is written to notices it after a while."""
        if not self.visits:
            return
        query = select(Conversation.id, Conversation.last_seq).where(Conversation.id.in_(list(self.visits)))
        with self._house.database.reading() as session:
            news = [(one, seq) for one, seq in session.execute(query) if seq > self.visits[one].read_seq]
        for conversation_id, _ in news:
            visit = self.visits[conversation_id]
            if not visit.is_planned:
                visit.is_planned = True
                self._days.plan(now + self._minutes(1, 15), partial(self._read, visit))

    def _say(self, visit: Visit, text: str, now: datetime, payload: str = "") -> None:
        person = visit.person
        inbound = Inbound(
            channel=person.channel,
            address=person.address,
            text=payload or text,
            provider_id=f"simulated-{self._label}-{next(_ids)}",
            locale=person.locale,
            title=text if payload and person.channel != WEB else None,
            name=person.name,
            sender=None if person.channel == WEB else OUR_NUMBER,
        )
        received = self._house.receive(inbound, now)
        if received.conversation_id != visit.conversation_id:
            self.visits.pop(visit.conversation_id, None)
            visit.conversation_id, visit.read_seq = received.conversation_id, 0
            self.visits[visit.conversation_id] = visit
        self._house.take_turns(visit.conversation_id, now + timedelta(seconds=1))
        self._house.deliver(now + timedelta(seconds=2))
        self._days.plan(now + SOON, self._house.go_round)
        visit.is_planned = True
        self._days.plan(now + self._minutes(0.3, 3), partial(self._read, visit))

    def _read(self, visit: Visit, now: datetime) -> None:
        visit.is_planned = False
        with self._house.database.reading() as session:
            conversation = session.get(Conversation, visit.conversation_id)
            query = select(Message).where(Message.conversation_id == visit.conversation_id)
            news = list(session.scalars(query.where(Message.seq > visit.read_seq).order_by(Message.seq)))
            survey = session.scalars(
                select(Survey).where(Survey.conversation_id == visit.conversation_id, Survey.awaiting.isnot(None))
            ).first()
        visit.read_seq = max([visit.read_seq, *(message.seq for message in news)])
        said = [message for message in news if message.author != CUSTOMER]
        if conversation is None or not said:
            return
        if survey is not None:
            self._is_asked(visit, survey, said[-1], now)
        elif visit.is_left or conversation.closed_at is not None:
            return
        elif any(agent_id(message.author) for message in said):
            self._hears_person(visit, now)
        elif kind_of(conversation.owner) in ("queue", "agent"):
            self._waits(visit, now)
        else:
            self._hears_bot(visit, said[-1], now)

    # What the bot says.

    def _hears_bot(self, visit: Visit, said: Message, now: datetime) -> None:
        buttons = {button["payload"]: button["title"] for button in said.extra.get("buttons", [])}
        sources = [source["id"] for source in said.extra.get("sources", [])]
        if sources:
            self._gets_answer(visit, visit.question.article_id in sources, buttons, now)
        elif options := [payload for payload in buttons if payload.startswith("/chooses_option")]:
            self._chooses(visit, options, buttons, now)
        elif "/wants_person" in buttons:
            visit.failures += 1
            self._accepts_person(visit, buttons, now)
        elif visit.asked and visit.asked[-1] in ("helped", "thanks"):
            self._ends(visit, now)
        else:
            visit.failures += 1
            self._asks_again(visit, now)

    def _gets_answer(self, visit: Visit, is_right: bool, buttons: dict[str, str], now: datetime) -> None:
        is_right = is_right and self._chance.random() >= NOT_ENOUGH
        luck = self._chance.random()
        if is_right and luck < 0.62:
            visit.asked.append("helped")
            self._press(visit, "/helped", HELPED[visit.person.locale], buttons, now)
        elif is_right and luck < 0.72:
            visit.asked.append("thanks")
            self._say(visit, self._chance.choice(THANKS[visit.person.locale]), now)
        elif is_right or luck < 0.35:
            visit.is_left = True
        elif luck < 0.8:
            visit.failures += 1
            self._press(visit, "/did_not_help", NOT_HELPED[visit.person.locale], buttons, now)
        else:
            visit.failures += 1
            self._wants_person(visit, now)

    def _chooses(self, visit: Visit, options: list[str], buttons: dict[str, str], now: datetime) -> None:
        wanted = visit.question.article_id
        right = next((one for one in options if wanted and f'"{wanted}"' in one), None)
        if right:
            number = list(buttons).index(right) + 1
            self._press(visit, right, str(number), buttons, now)
        else:
            visit.failures += 1
            payload = "/none_of_these"
            self._press(visit, payload, buttons.get(payload, NOT_HELPED[visit.person.locale]), buttons, now)

    def _accepts_person(self, visit: Visit, buttons: dict[str, str], now: datetime) -> None:
        if self._chance.random() < 0.7:
            self._press(visit, "/wants_person", self._chance.choice(PERSON[visit.person.locale]), buttons, now)
        else:
            visit.is_left = True

    def _asks_again(self, visit: Visit, now: datetime) -> None:
        luck = self._chance.random()
        if luck < 0.2:
            visit.is_left = True
        elif luck < 0.28:
            self._say(visit, self._chance.choice(ANGRY[visit.person.locale]), now)
        elif luck < 0.4:
            self._wants_person(visit, now)
        else:
            visit.question = self._questions.again(self._chance, visit.person.locale, visit.question)
            self._say(visit, visit.question.text, now)

    def _wants_person(self, visit: Visit, now: datetime) -> None:
        self._say(visit, self._chance.choice(PERSON[visit.person.locale]), now)

    def _ends(self, visit: Visit, now: datetime) -> None:
        visit.is_left = True
        if self._chance.random() < 0.6:
            self._say(visit, self._chance.choice(GOODBYE[visit.person.locale]), now)

    def _press(self, visit: Visit, payload: str, typed: str, buttons: dict[str, str], now: datetime) -> None:
        """A button where the channel shows one; a word or a number by SMS."""
        if visit.person.channel == SMS or payload not in buttons:
            self._say(visit, typed, now)
        else:
            self._say(visit, buttons[payload], now, payload=payload)

    # What people say, and what it is like to wait for them.

    def _waits(self, visit: Visit, now: datetime) -> None:
        if visit.waits_since is not None:
            return
        visit.waits_since = now
        if self._chance.random() < 0.25:
            self._days.plan(now + visit.person.patience, partial(self._gives_up, visit))

    def _gives_up(self, visit: Visit, now: datetime) -> None:
        """They go back to the bot, or simply away."""
        if visit.met_person or visit.is_left:
            return
        visit.is_left = True
        if self._chance.random() < 0.3:
            self._say(visit, WORDS[visit.person.locale]["bot_button"], now)

    def _hears_person(self, visit: Visit, now: datetime) -> None:
        if visit.waits_since and not visit.met_person:
            visit.waited = now - visit.waits_since
        is_first, visit.met_person = not visit.met_person, True
        if is_first and self._chance.random() < 0.65:
            self._say(visit, self._chance.choice(THANKS[visit.person.locale]), now)

    # The question at the end.

    def _is_asked(self, visit: Visit, survey: Survey, said: Message, now: datetime) -> None:
        visit.is_left = True
        if survey.awaiting == "comment":
            if self._chance.random() < COMMENTS:
                self._say(visit, self._chance.choice(HARD[visit.person.locale]), now)
        elif not visit.is_scored and self._chance.random() < ANSWERS_SURVEY:
            visit.is_scored = True
            late = timedelta(hours=self._chance.uniform(2, 20)) if self._chance.random() < 0.1 else timedelta()
            self._days.plan(now + late, partial(self._scores, visit, survey, said))

    def _scores(self, visit: Visit, survey: Survey, said: Message, now: datetime) -> None:
        score = self._score(visit, survey.lowest, survey.highest)
        buttons: list[dict[str, Any]] = said.extra.get("buttons", [])
        words = IN_WORDS[visit.person.locale] if survey.kind == "ces" else {}
        if len(buttons) > survey.highest - survey.lowest and visit.person.channel != SMS:
            button = buttons[score - survey.lowest]
            self._say(visit, button["title"], now, payload=button["payload"])
        else:
            is_word = self._chance.random() < 0.4
            self._say(visit, words.get(score, str(score)) if is_word else str(score), now)

    def _score(self, visit: Visit, lowest: int, highest: int) -> int:
        """Effort as it was: what failed, whether a person was needed, and how long they took."""
        effort = 0.9 * visit.failures + 0.6 * (visit.waits_since is not None)
        effort += min(visit.waited / timedelta(minutes=45), 2.5)
        felt = 6.6 - effort + visit.person.mildness + self._chance.gauss(0, 0.7)
        return round(lowest + (min(max(felt, 1.0), 7.0) - 1) / 6 * (highest - lowest))

    def _minutes(self, shortest: float, longest: float) -> timedelta:
        return timedelta(minutes=self._chance.uniform(shortest, longest))
