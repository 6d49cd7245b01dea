"""Histories of support in the words of what happens in them, lived through the verbs that the product has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, update

from bot.reply import Reply, Said, TurnContext
from channels.conversation import Conversation
from channels.customer import Address, Customer
from channels.inbound import Inbound, receive
from channels.linking.merging import merge
from db import Database, utc_now
from handoff import acting
from handoff.replying import Writing, reply
from handoff.turn import take_turn
from insights.facts.fact import ConversationFact
from insights.facts.refreshing import refresh
from insights.follow_ups.follow_up import FollowUp
from insights.surveys.survey import SCALES, Survey
from knowledge.answers import Answer, Hit, Source
from staff.people import User

_ids = count(1)
ARTICLES = {"return": ("return-window", "returns"), "parcel": ("track-order", "delivery")}


def bot(state: str | None, text: str, context: TurnContext) -> Reply:
    """Answers what is about returns and parcels, hands over who asks for a person, and knows nothing else."""
    words, locale = text.lower(), context.locale or "en"
    if "person" in words:
        said = (Said("A colleague takes over."),)
        return Reply(said, "{}", locale, "wants_person", 0.97, wants_person="asked")
    if words in ("/helped", "/did_not_help"):
        verdict: Any = words.removeprefix("/")
        return Reply((Said("Thank you."),), "{}", locale, verdict, 1.0, verdict=verdict)
    for word, (article, category) in ARTICLES.items():
        if word in words:
            source = Source(article, locale, article, "30 days.", f"/help/{locale}/articles/{article}")
            hits = (Hit(article, locale, article, (article,), "30 days.", 0.82, 0.8, 12.0, category),)
            answer = Answer("answer", "30 days.", (source,), 0.82, hits, text, locale, category)
            return Reply((Said("30 days.", sources=(source,)),), "{}", locale, "question", 0.93, answer=answer)
    answer = Answer("unknown", "", (), 0.2, (), text, locale)
    return Reply((Said("I don't know."),), "{}", locale, "question", 0.93, answer=answer)


@dataclass
class Told:
    """A history of one database; each verb says when."""

    database: Database
    last: dict[str, str] = field(default_factory=dict)
    """By customer, the conversation they wrote in last."""

    def says(self, who: str, text: str, at: datetime, channel: str = "web", locale: str = "en") -> str:
        """A customer writes and whoever's turn it is answers a second later."""
        sender = "+4915735980001" if channel != "web" else None
        inbound = Inbound(channel, who, text, f"m{next(_ids)}", locale=locale, sender=sender)
        received = receive(self.database, inbound, at)
        take_turn(self.database, bot, received.conversation_id, at + timedelta(seconds=1))
        self.last[who] = received.conversation_id
        return received.conversation_id

    def replies(self, user: User, conversation_id: str, at: datetime, text: str = "I am looking.") -> None:
        with self.database.transaction() as session:
            one = session.get(Conversation, conversation_id)
            assert one
            where = select(Address.channel).where(Address.customer_id == one.customer_id).order_by(Address.channel)
            channel = session.scalars(where).all()[-1]
            reply(session, user, conversation_id, Writing(text, channel, seen_seq=one.last_seq), at, take_over=True)

    def resolves(self, user: User, conversation_id: str, at: datetime, reason: str = "solved") -> None:
        with self.database.transaction() as session:
            acting.resolve(session, user, conversation_id, reason, at)

    def reopens(self, user: User, conversation_id: str, at: datetime) -> None:
        with self.database.transaction() as session:
            acting.reopen(session, user, conversation_id, at)

    def ends(self, conversation_id: str, reason: str, at: datetime) -> None:
        """It is over by itself: the customer said so, or silence did."""
        with self.database.transaction() as session:
            one = session.get(Conversation, conversation_id)
            assert one
            one.close(reason, at)

    def joins(self, kept: str, gone: str, at: datetime) -> None:
        """The customers of two addresses turn out to be one."""
        with self.database.transaction() as session:
            addresses = {one.value: one for one in session.scalars(select(Address))}
            ours, theirs = (session.get(Customer, addresses[who].customer_id) for who in (kept, gone))
            assert ours
            assert theirs
            merge(session, ours, theirs, "shown", at)

    def scores(self, conversation_id: str | None, score: int | None, at: datetime, **values: Any) -> str:
        """The question at the end, or of a place's link, answered with a score; None: not answered."""
        kind = values.pop("kind", "ces")
        lowest, highest = values.pop("scale", SCALES[kind])
        answered = {"score": score, "answered_at": at + timedelta(minutes=5)} if score is not None else {}
        state = "asked" if score is None else "answered"
        given = {"state": state, "channel": "web", "asked_at": at} | answered | values
        with self.database.transaction() as session:
            survey = Survey(
                kind=kind, conversation_id=conversation_id, decided_at=at, lowest=lowest, highest=highest, **given
            )
            session.add(survey)
            session.flush()
            return survey.id

    def looks_after(self, survey_id: str, conversation_id: str, at: datetime, **values: Any) -> None:
        with self.database.transaction() as session:
            session.add(FollowUp(survey_id=survey_id, conversation_id=conversation_id, opened_at=at, **values))

    def is_closed(self, conversation_id: str) -> bool:
        with self.database.reading() as session:
            return session.scalars(select(Conversation.closed_at).filter_by(id=conversation_id)).one() is not None

    def was_scored(self, conversation_id: str) -> bool:
        with self.database.reading() as session:
            found = session.scalars(select(Survey.id).filter_by(conversation_id=conversation_id))
            return found.first() is not None

    def corrects(self, table: Any, values: dict[str, Any], **which: Any) -> None:
        with self.database.transaction() as session:
            session.execute(update(table).filter_by(**which).values(**values))

    def facts(self, conversation_id: str, now: datetime) -> ConversationFact:
        refresh(self.database, now)
        with self.database.reading() as session:
            found = session.get(ConversationFact, conversation_id)
            assert found
            return found


def ago(days: float = 0, minutes: float = 0) -> datetime:
    return utc_now() - timedelta(days=days, minutes=minutes)


def counted(told: Told) -> None:
    refresh(told.database, utc_now())
