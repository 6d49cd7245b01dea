"""What invented agents do in their hours: sit at the desk, take what waits, reply, and resolve."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import QUEUE, Conversation, agent
from db import Database
from handoff.acting import claim, reopen, resolve
from handoff.finding import Meanwhile, NotYours, Refused, Taken
from handoff.handoffs import open_handoff
from handoff.hours import load_hours
from handoff.presence import choose_presence
from handoff.replying import Writing, reply
from handoff.seeing import visible
from handoff.speaking import last_heard
from handoff.transitions import NotPossible
from insights.follow_ups.closing import Closing, close
from insights.follow_ups.follow_up import CAUSES, FollowUp
from insights.follow_ups.reaching import reach_out
from insights.follow_ups.refused import NotDone
from staff.people import User

REPLIES = {
    "en": "Hello, this is {name}. I have looked into it for you: {answer}",
    "de": "Guten Tag, hier ist {name}. Ich habe für Sie nachgesehen: {answer}",
}
UNKNOWN = {
    "en": "this is how we have always done it, but I have passed your question on and you get an answer by mail.",
    "de": "dazu habe ich nichts gefunden; ich habe Ihre Frage weitergegeben, und Sie bekommen Antwort per Mail.",
}
SORRY = {
    "en": "Hello, this is {name}. You said that it was not easy to get help. I am sorry; what can I still do for you?",
    "de": "Guten Tag, hier ist {name}. Sie schreiben, dass es nicht einfach war. Das tut mir leid; was kann ich tun?",
}
AGAIN = {
    "en": "Hello, this is {name}. I am sorry that it still doesn't work. I take up your case from before again.",
    "de": "Guten Tag, hier ist {name}. Es tut mir leid, dass es noch nicht geht. Ich nehme mir Ihren Fall wieder vor.",
}
AT_ONCE = 2
"""Conversations that somebody deals with between two looks."""

FOLLOW_UPS = 20
"""So many of the oldest are looked at."""
BEGUN, DONE = (0.2, 3.0), (0.5, 4.0)
"""Hours until somebody writes because of one, and from then until they close it."""
PUT_OFF = 0.12
"""The share of them that nobody likes to begin with before it is late."""
ILL = 0.08
"""The share of days."""

Answer = Callable[[str, str], str]
"""By conversation and language, what answers the customer; empty: nobody knows."""


class Again(Protocol):
    """Who is back because what was closed was not done."""

    def before(self, conversation_id: str) -> str | None: ...

    def goes_back(self, conversation_id: str) -> None: ...


class Agents:
    def __init__(self, database: Database, user_ids: list[str], chance: Random, answer: Answer, again: Again) -> None:
        self._database, self._user_ids, self._chance, self._answer = database, user_ids, chance, answer
        self._again = again
        self._there: set[str] = set()
        self._ill: set[tuple[str, int]] = set()
        """Who is not there on which day."""
        self._known_days: set[int] = set()
        self._next: dict[str, datetime] = {}
        """By follow-up, when somebody does the next thing about it."""

    @property
    def is_anybody_there(self) -> bool:
        return bool(self._there)

    def sit(self, now: datetime) -> None:
        """Whoever comes in opening hours says that they are there; whoever goes home says that once."""
        with self._database.reading() as session:
            is_open = load_hours(session, None).is_open(now)
        there = {one for one in self._user_ids if is_open and not self._is_ill(one, now)}
        if not there and not self._there:
            return
        with self._database.transaction(durable=False) as session:
            for user_id in filter((there | self._there).__contains__, self._user_ids):
                choose_presence(session, user_id, "online" if user_id in there else "off", now)
        self._there = there

    def work(self, now: datetime) -> None:
        """What all who are there get done until the next look."""
        for user_id in filter(self._there.__contains__, self._user_ids):
            self._work(user_id, now)
            self._look_after(user_id, now)

    def _is_ill(self, user_id: str, now: datetime) -> bool:
        day = now.toordinal()
        if day not in self._known_days:
            self._known_days.add(day)
            self._ill |= {(one, day) for one in self._user_ids if self._chance.random() < ILL}
        return (user_id, day) in self._ill

    def _work(self, user_id: str, now: datetime) -> None:
        for conversation_id in self._open(user_id)[:AT_ONCE]:
            before = self._again.before(conversation_id)
            if before and self._try(partial(self._take_up, before), user_id, conversation_id, now):
                self._again.goes_back(conversation_id)
            else:
                self._try(self._deal_with, user_id, conversation_id, now)

    def _look_after(self, user_id: str, now: datetime) -> None:
        """Who was not content hears from somebody, and then what was wrong is noted."""
        columns = (FollowUp.id, FollowUp.user_id, FollowUp.reached_at, FollowUp.due_at)
        query = select(*columns).where(FollowUp.closed_at.is_(None)).order_by(FollowUp.opened_at)
        with self._database.reading() as session:
            found = session.execute(query.limit(FOLLOW_UPS)).all()
        for follow_up_id, holder, reached_at, due_at in found:
            if follow_up_id not in self._next:
                is_put_off = due_at is not None and self._chance.random() < PUT_OFF
                self._next[follow_up_id] = (due_at if is_put_off else now) + self._hours(*BEGUN)
            if holder in (None, user_id) and now >= self._next[follow_up_id]:
                self._next[follow_up_id] = now + self._hours(*DONE)
                self._try(self._close if reached_at else self._reach, user_id, follow_up_id, now)

    def _hours(self, shortest: float, longest: float) -> timedelta:
        return timedelta(hours=self._chance.uniform(shortest, longest))

    def _reach(self, session: Session, user: User, follow_up_id: str, now: datetime) -> None:
        conversation = session.get(Conversation, reach_out(session, user, follow_up_id, now))
        heard = last_heard(session, conversation) if conversation else None
        if conversation and heard:
            text = SORRY[conversation.locale or "en"].format(name=user.name.partition(" ")[0])
            writing = Writing(text, heard.channel, seen_seq=conversation.last_seq)
            reply(session, user, conversation.id, writing, now)

    def _close(self, session: Session, user: User, follow_up_id: str, now: datetime) -> None:
        cause = self._chance.choice(CAUSES)
        close(session, user, follow_up_id, Closing(cause, ends_conversation=True), now)

    def _try(
        self, deed: Callable[[Session, User, str, datetime], None], user_id: str, subject: str, now: datetime
    ) -> bool:
        """Whether it was done."""
        try:
            with self._database.transaction() as session:
                deed(session, session.scalars(select(User).filter_by(id=user_id)).one(), subject, now)
        except (Meanwhile, NotDone, NotPossible, NotYours, Refused, Taken):
            # As at every desk: somebody was quicker, or the customer wrote just now.
            return False
        return True

    def _open(self, user_id: str) -> list[str]:
        """What is theirs, who is owed an answer first, and then what waits for anybody."""
        with self._database.reading() as session:
            user = session.scalars(select(User).filter_by(id=user_id)).one()
            own = select(Conversation.id).where(Conversation.owner == agent(user_id))
            waiting = select(Conversation.id).where(Conversation.owner == QUEUE, visible(user))
            mine = list(session.scalars(own.order_by(Conversation.owed_since.is_(None), Conversation.owed_since)))
            return mine + list(session.scalars(waiting.order_by(Conversation.queued_at).limit(AT_ONCE)))

    def _take_up(self, before: str, session: Session, user: User, conversation_id: str, now: datetime) -> None:
        """Goes on with what was closed too early, where all stands that was said of it."""
        conversation = session.scalars(select(Conversation).filter_by(id=conversation_id)).one()
        heard, name = last_heard(session, conversation), user.name.partition(" ")[0]
        text = AGAIN[conversation.locale or "en"].format(name=name)
        writing = Writing(text, heard.channel if heard else "web", seen_seq=conversation.last_seq)
        reply(session, user, conversation_id, writing, now)
        resolve(session, user, conversation_id, "duplicate", now)
        reopen(session, user, before, now)

    def _deal_with(self, session: Session, user: User, conversation_id: str, now: datetime) -> None:
        conversation = session.scalars(select(Conversation).filter_by(id=conversation_id)).one()
        if self._chance.random() < 0.35:
            # They read, look something up, or speak to a colleague.
            if conversation.owner == QUEUE:
                claim(session, user, conversation_id, now)
            return
        replied = _has_replied(session, conversation_id)
        if not replied:
            self._reply(session, user, conversation, now)
        elif conversation.owed_since is None or self._chance.random() < 0.9:
            reason = "answered" if self._answer(conversation_id, conversation.locale or "en") else "not_possible"
            resolve(session, user, conversation_id, "solved" if self._chance.random() < 0.6 else reason, now)

    def _reply(self, session: Session, user: User, conversation: Conversation, now: datetime) -> None:
        locale = conversation.locale or "en"
        heard = last_heard(session, conversation)
        said = self._answer(conversation.id, locale) or UNKNOWN[locale]
        text = REPLIES[locale].format(name=user.name.partition(" ")[0], answer=said)
        writing = Writing(text, heard.channel if heard else "web", seen_seq=conversation.last_seq)
        reply(session, user, conversation.id, writing, now)


def _has_replied(session: Session, conversation_id: str) -> bool:
    """Since it came to people last."""
    handoff = open_handoff(session, conversation_id)
    return handoff is not None and handoff.replied_at is not None
