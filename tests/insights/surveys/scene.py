"""A shop whose customers write, whose bot answers, and who are asked at the end how it was: time is passed along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from app.rounds import go_round, rounds_with_surveys
from app.wiring import SURVEYS
from bot.endings import is_refusal, is_yes
from bot.reply import Reply, Said, TurnContext
from bot.scores import read_answer
from bot.surveys import Heard, question_words
from channels.conversation import Conversation, Event, Message, messages_after
from channels.customer import Address
from channels.inbound import Inbound, Received, Rules, receive
from db import Database
from handoff.turn import take_turn
from insights.follow_ups.follow_up import FollowUp
from insights.surveys.belonging import belongs
from insights.surveys.settings import SurveySettings, keep_survey_settings
from insights.surveys.survey import Survey
from tests.cast import MONDAY

RULES = Rules(belongs=belongs)
_ids = count(1)


class PlainBot:
    """Says what it was asked, hears scores as the real one does, and ends on "bye": what it is told is kept."""

    def __init__(self) -> None:
        self.asked: list[TurnContext] = []
        self.told: list[TurnContext] = []

    def reply(self, state: str | None, text: str, context: TurnContext) -> Reply:
        self.told.append(context)
        if context.survey is None:
            said = Said("Goodbye" if text == "bye" else f"You said {text}")
            return _reply(said, context, intent="goodbye" if text == "bye" else "question", ends=text == "bye")
        if text == "/wants_person" or (context.survey.awaiting == "comment" and is_yes(text)):
            return replace(_reply(Said("A colleague comes."), context), wants_person="asked")
        asked = context.survey
        if is_refusal(text):
            return replace(_reply(Said("That's fine"), context, intent="deny"), survey=Heard(is_refused=True))
        score = read_answer(text, asked.lowest, asked.highest, given=asked.score)
        comment = text if score is None and asked.awaiting == "comment" else None
        heard = Heard(score, comment) if score is not None or comment else None
        return replace(_reply(Said("Thank you"), context, intent="score"), survey=heard)

    def ask(self, state: str | None, context: TurnContext) -> Reply:
        self.asked.append(context)
        assert context.survey is not None
        words = question_words(context.survey, context.locale or "en", context.channel)
        from bot.reply import Button

        said = Said(words.text, tuple(Button(**button) for button in words.buttons))
        return _reply(said, context, intent="conversation_ended")


def _reply(said: Said, context: TurnContext, intent: str = "question", ends: bool = False) -> Reply:
    return Reply((said,), "{}", context.locale or "en", intent, 1.0, ends=ends)


class Scene:
    """`now` moves only when it is told to."""

    def __init__(self, database: Database, bot: Any = None, templates: tuple[str, ...] = ()) -> None:
        self.database, self.now = database, MONDAY
        self.bot = bot or PlainBot()
        *self._rounds, self.asking = rounds_with_surveys(self.bot.ask, templates)

    def later(self, **span: float) -> Scene:
        self.now += timedelta(**span)
        return self

    def settings(self, **values: Any) -> None:
        with self.database.transaction() as session:
            keep_survey_settings(session, SurveySettings(**values))

    def says(
        self, text: str, who: str = "anna", channel: str = "web", title: str | None = None, locale: str = "en"
    ) -> Received:
        """One message, and its turn."""
        inbound = Inbound(channel, who, text, f"s{next(_ids)}", locale=locale, title=title)
        received = receive(self.database, inbound, self.now, RULES)
        take_turn(self.database, self.bot.reply, received.conversation_id, self.now, surveys=SURVEYS)
        return received

    def rounds(self) -> None:
        go_round(self.database, self.now, lambda _conversation: None, (*self._rounds, self.asking))

    def ended(self, who: str = "anna", channel: str = "web", text: str = "Where is my parcel?") -> str:
        """A conversation whose customer said that this was all, and was asked if they are to be."""
        received = self.says(text, who, channel)
        self.says("bye", who, channel)
        self.rounds()
        return received.conversation_id

    def survey(self, conversation_id: str, touchpoint: str = "conversation") -> Survey:
        with self.database.reading() as session:
            query = select(Survey).filter_by(conversation_id=conversation_id, touchpoint=touchpoint)
            return session.scalars(query).one()

    def surveys(self) -> list[Survey]:
        with self.database.reading() as session:
            return list(session.scalars(select(Survey)))

    def follow_ups(self) -> list[FollowUp]:
        with self.database.reading() as session:
            return list(session.scalars(select(FollowUp)))

    def conversation(self, conversation_id: str) -> Conversation:
        with self.database.reading() as session:
            found = session.get(Conversation, conversation_id)
        assert found is not None
        return found

    def thread(self, conversation_id: str) -> list[str]:
        return [message.text for message in self.messages(conversation_id)]

    def messages(self, conversation_id: str) -> list[Message]:
        with self.database.reading() as session:
            return messages_after(session, conversation_id, 0)

    def events(self, conversation_id: str) -> list[str]:
        with self.database.reading() as session:
            query = select(Event.kind).filter_by(conversation_id=conversation_id).order_by(Event.id)
            return [kind for kind in session.scalars(query) if kind != "turn"]

    def change(self, work: Callable[[Any], Any]) -> Any:
        with self.database.transaction() as session:
            return work(session)

    def address(self, who: str, channel: str) -> Address:
        with self.database.reading() as session:
            return session.scalars(select(Address).filter_by(channel=channel, value=who)).one()


def at(scene: Scene, hours: float) -> datetime:
    return scene.now + timedelta(hours=hours)


def offers_a_choice(scene: Scene, conversation: str, titles: tuple[str, ...] = ("Parcels",)) -> None:
    """Whatever the bot said last there offered something."""
    articles = [{"title": title, "payload": f'/chooses_option{{"option": "a{at}"}}'} for at, title in enumerate(titles)]
    buttons = articles if len(titles) == 1 else [*articles, {"title": "None of these", "payload": "/none_of_these"}]

    def offer(session: Any) -> None:
        message = session.get(type(scene.messages(conversation)[-1]), scene.messages(conversation)[-1].id)
        message.extra = message.extra | {"buttons": buttons}

    scene.change(offer)


def owned_by(owner: str, conversation: str) -> Any:
    from sqlalchemy import update

    from channels.conversation import Conversation

    return update(Conversation).where(Conversation.id == conversation).values(owner=owner)
