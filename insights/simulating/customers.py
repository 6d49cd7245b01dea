"""What invented customers do: ask, read, say whether it helped, wait, give up, thank, and say how easy it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from sqlalchemy import bindparam, select

from channels.conversation import BOT, CUSTOMER, Conversation, Message, agent_id
from channels.inbound import Inbound
from channels.names import SMS, WEB
from handoff.transitions import kind_of
from handoff.words import WORDS
from insights.simulating.days import Days
from insights.simulating.house import House
from insights.simulating.people import Person
from insights.simulating.phrases import GOODBYE, HELPED, MOVED, NOT_HELPED, PERSON, REACHED, STILL, THANKS
from insights.simulating.questions import ANGRY, Question, Questions
from insights.simulating.scoring import Scoring
from insights.simulating.visits import Visit
from insights.surveys.survey import Survey

WANTS_PERSON_AT_ONCE, ANGRY_AT_ONCE = 0.05, 0.03
NOT_ENOUGH = 0.12
"""The share of right answers that do not help."""
SOON = timedelta(seconds=5)
"""The rounds are gone once a second; so soon after a conversation ended or came to people, there is something to do."""
MOVES, MOVES_WAITING = 0.05, 0.4
"""The shares of web visitors who go on by phone, at each thing they read and once they wait for a person."""
BACK_TO_BOT = 0.35
"""The share of those out of patience who say so; the others are simply gone."""
ANSWERS_PERSON = 0.4
"""The share of those who answer whoever asks what was hard."""
COMES_BACK = 0.15
"""The share of those a person has replied to for whom it still does not work: they are back within days."""
BACK_AFTER = (0.5, 4.0)
"""Days."""
DEALT_WITH = ("solved", "answered")

_ids = count(1)
_OWNER = select(Conversation.owner).where(Conversation.id == bindparam("conversation"))


class Customers:
    def __init__(self, house: House, days: Days, questions: Questions, chance: Random, label: str) -> None:
        self._house, self._days, self._questions, self._chance, self._label = house, days, questions, chance, label
        self._scoring = Scoring(days, chance, self._say)
        self._looked_at = days.now
        self.visits: dict[str, Visit] = {}
        """By conversation, what somebody still looks at."""

    def comes(self, person: Person, with_question: Question | None = None) -> Callable[[datetime], None]:
        """Somebody comes with a matter."""

        def begin(now: datetime) -> None:
            question = with_question or self._questions.first(self._chance, person.locale)
            visit = Visit(person, question, *person.writes_from(self._chance))
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
        # What is said in a turn bears the turn's time, which is a little later than now.
        since, self._looked_at = self._looked_at - SOON, now
        query = select(Conversation.id, Conversation.last_seq).where(Conversation.last_at >= since)
        with self._house.database.reading() as session:
            said = session.execute(query.order_by(Conversation.last_at, Conversation.opened_at)).all()
        news = [(one, seq) for one, seq in said if one in self.visits and seq > self.visits[one].read_seq]
        for conversation_id, _ in news:
            visit = self.visits[conversation_id]
            if not visit.is_planned:
                visit.is_planned = True
                self._days.plan(now + self._minutes(1, 15), partial(self._read, visit))

    def _say(self, visit: Visit, text: str, now: datetime, payload: str = "") -> None:
        person = visit.person
        inbound = Inbound(
            channel=visit.channel,
            address=visit.address,
            text=payload or text,
            provider_id=f"simulated-{self._label}-{next(_ids)}",
            locale=person.locale,
            title=text if payload and visit.channel != WEB else None,
            name=person.name,
            sender=self._house.numbers.get(visit.channel),
        )
        received = self._house.receive(inbound, now)
        if received.conversation_id != visit.conversation_id:
            self.visits.pop(visit.conversation_id, None)
            visit.conversation_id, visit.read_seq = received.conversation_id, 0
            self.visits[visit.conversation_id] = visit
        self._house.take_turns(visit.conversation_id, now + timedelta(seconds=1))
        self._house.deliver(now + timedelta(seconds=2))
        if self._is_not_the_bots(visit.conversation_id):
            self._days.plan(now + SOON, self._house.go_round)
        visit.is_planned = True
        self._days.plan(now + self._minutes(0.3, 3), partial(self._read, visit))

    def _is_not_the_bots(self, conversation_id: str) -> bool:
        """Whether it has ended or came to people: then the clock brings something about."""
        with self._house.database.reading() as session:
            return bool(session.scalars(_OWNER, {"conversation": conversation_id}).one() != BOT)

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
        if not visit.is_answered and any(agent_id(message.author) for message in said):
            self._is_answered(visit, now)
        if survey is not None:
            self._scoring.is_asked(visit, survey, said[-1], now)
        elif conversation.closed_at is not None:
            return
        elif visit.is_left:
            if visit.scored and agent_id(said[-1].author) and self._chance.random() < ANSWERS_PERSON:
                self._say(visit, self._chance.choice(REACHED[visit.person.locale]), now)
        elif visit.is_moving:
            self._goes_on(visit, kind_of(conversation.owner) == "bot", now)
        elif any(agent_id(message.author) for message in said):
            self._hears_person(visit, now)
        elif kind_of(conversation.owner) in ("queue", "agent"):
            self._waits(visit, now)
        elif self._may_move(visit) and self._chance.random() < MOVES:
            self._moves(visit, now)
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
        if visit.channel == SMS or payload not in buttons:
            self._say(visit, typed, now)
        else:
            self._say(visit, buttons[payload], now, payload=payload)

    # What people say, and what it is like to wait for them.

    def _waits(self, visit: Visit, now: datetime) -> None:
        if visit.waits_since is not None:
            return
        visit.waits_since = now
        self._days.plan(now + visit.person.patience, partial(self._gives_up, visit))
        if self._may_move(visit) and self._chance.random() < MOVES_WAITING:
            self._moves(visit, now)

    def _gives_up(self, visit: Visit, now: datetime) -> None:
        """They go back to the bot, or simply away."""
        if visit.met_person or visit.is_left:
            return
        visit.is_left = True
        if self._chance.random() < BACK_TO_BOT:
            self._say(visit, WORDS[visit.person.locale]["bot_button"], now)

    def _hears_person(self, visit: Visit, now: datetime) -> None:
        if visit.waits_since and not visit.met_person:
            visit.waited = now - visit.waits_since
        is_first, visit.met_person = not visit.met_person, True
        if is_first and self._chance.random() < 0.65:
            self._say(visit, self._chance.choice(THANKS[visit.person.locale]), now)

    def _is_answered(self, visit: Visit, now: datetime) -> None:
        """What a person says works, or it does not after all."""
        visit.is_answered = True
        if self._chance.random() < COMES_BACK:
            back = now + timedelta(days=self._chance.uniform(*BACK_AFTER))
            self._days.plan(back, partial(self._comes_back, visit, visit.conversation_id))

    def _comes_back(self, visit: Visit, conversation_id: str, now: datetime) -> None:
        """What was closed as dealt with was not: they write again, and a new conversation begins."""
        with self._house.database.reading() as session:
            before = session.get(Conversation, conversation_id)
            if before is None or before.close_reason not in DEALT_WITH or visit.conversation_id != conversation_id:
                return
            # Who is at something else just now has other worries.
            others = select(Conversation.id).filter_by(customer_id=before.customer_id, closed_at=None)
            if session.scalars(others.limit(1)).first() is not None:
                return
        visit.again_of, visit.failures = conversation_id, visit.failures + 1
        visit.is_left = visit.met_person = False
        visit.waits_since = None
        visit.asked.clear()
        self._say(visit, self._chance.choice(STILL[visit.person.locale]), now)

    def before(self, conversation_id: str) -> str | None:
        """The conversation that somebody is back because of with this one."""
        visit = self.visits.get(conversation_id)
        return visit.again_of or None if visit else None

    def goes_back(self, conversation_id: str) -> None:
        """The one before was opened again: there it goes on."""
        visit = self.visits.pop(conversation_id)
        visit.conversation_id, visit.again_of = visit.again_of, ""
        with self._house.database.reading() as session:
            seq = session.scalars(select(Conversation.last_seq).filter_by(id=visit.conversation_id)).one()
        visit.read_seq = seq
        self.visits[visit.conversation_id] = visit

    # On the way: the code that the page shows is sent from the phone.

    def _may_move(self, visit: Visit) -> bool:
        return visit.channel == WEB and bool(visit.person.phone) and not visit.has_moved

    def _moves(self, visit: Visit, now: datetime) -> None:
        person = visit.person
        text = self._house.write_code(visit.address, person.phone_channel, person.locale, now)
        visit.channel, visit.address = person.phone_channel, person.phone
        visit.is_moving = visit.has_moved = person.is_connected = True
        self._say(visit, text, now)

    def _goes_on(self, visit: Visit, is_with_bot: bool, now: datetime) -> None:
        visit.is_moving = False
        if is_with_bot:
            visit.question = self._questions.again(self._chance, visit.person.locale, visit.question)
            self._say(visit, visit.question.text, now)
        elif self._chance.random() < 0.7:
            self._say(visit, self._chance.choice(MOVED[visit.person.locale]), now)

    def _minutes(self, shortest: float, longest: float) -> timedelta:
        return timedelta(minutes=self._chance.uniform(shortest, longest))
