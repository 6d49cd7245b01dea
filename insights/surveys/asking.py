"""Asks how it was: looks for conversations that have ended, decides, and has Rasa say the question in each."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from bot.reply import Reply, TurnContext
from bot.surveys import SurveyQuestion
from channels.conversation import BOT, Conversation, lock_customers
from channels.customer import Address, Customer
from channels.names import SMS, WEB
from channels.outbox import delivery_of
from db import Database, one_by_one, resting
from handoff.finding import happened
from insights.surveys.deciding import (
    CONVERSATION,
    FOLLOW_UP,
    Decision,
    cannot_be_reached,
    decide,
    is_another_day,
    last_heard,
    was_asked_lately,
    went_on,
)
from insights.surveys.settings import SurveySettings, survey_settings
from insights.surveys.survey import SCALES, Kind, Skipped, Survey

BotAsk = Callable[[str | None, TurnContext], Reply]
"""`bot.engine.Engine.ask`: the state so far and the question to what is said and the state after it."""

LOOKED_BACK = timedelta(days=7)
"""How far a round looks at most, as the first one does, for conversations that ended while nothing ran."""
OVERLAP = timedelta(minutes=15)
"""Every further round looks so far behind the one before: what ended then may have been written later."""
PATIENCE = timedelta(days=3)
"""So long a question waits for the conversation it is to be asked in to be over."""
MOST = 100
"""Conversations decided, and asked in, in one round."""
DECIDE, ASK = "decide_survey", "ask_survey"
"""As which it is logged if one of them fails."""

# Statements of the round are made once: it is gone every second.
_HAS_ROW = select(Survey.id).where(Survey.conversation_id == Conversation.id, Survey.touchpoint == CONVERSATION)
_UNDECIDED = (
    select(Conversation.id)
    .where(Conversation.closed_at >= bindparam("since"), Conversation.closed_at <= bindparam("now"))
    # One whose last message still waits for its turn has more to say.
    .where(~_HAS_ROW.exists(), Conversation.waiting_since.is_(None))
    .order_by(Conversation.closed_at)
    .limit(bindparam("most"))
)
_Other = aliased(Conversation)
# Somebody who was helped with a low score is asked when all that is open is over.
_WAITS = (
    select(_Other.id)
    .where(Survey.touchpoint == FOLLOW_UP, _Other.customer_id == Conversation.customer_id)
    .where(_Other.id != Conversation.id, or_(_Other.closed_at.is_(None), _Other.opened_at >= Conversation.closed_at))
    .correlate(Survey, Conversation)
    .exists()
)
_DUE = (
    select(Survey.id)
    .join(Conversation, Conversation.id == Survey.conversation_id)
    # Those that wait for a conversation to be over don't keep the others waiting.
    .where(Survey.state == "due", Conversation.closed_at.isnot(None), ~_WAITS)
    .where(Survey.decided_at >= bindparam("long_ago"))
    .order_by(Survey.decided_at)
    .limit(bindparam("most"))
)
_TOO_OLD = select(Survey.id).where(Survey.state == "due", Survey.decided_at < bindparam("long_ago")).limit(MOST)
_LATE = select(Survey.id).where(Survey.state.in_(("asked", "answered")), Survey.expires_at < bindparam("now")).limit(1)


class Asking:
    """The round that asks. It remembers how far it has looked."""

    def __init__(self, ask: BotAsk, templates: Collection[str] = ()) -> None:
        """`templates`: the languages in which WhatsApp may be written to after its 24 hours."""
        self._ask = ask
        self._templates = frozenset(templates)
        self._looked_until: datetime | None = None
        self.__name__ = "ask_ended"
        """As which it is logged."""

    def __call__(self, database: Database, now: datetime) -> list[str]:
        """Returns the ids of the conversations in which something changed."""
        _expire(database, now)
        ended, is_all = _undecided(database, self._since(now), now)
        decided = one_by_one(DECIDE, ended, lambda one: _decide(database, one, self._templates, now), now)
        changed = [one for one, is_decided in decided if is_decided]
        # What failed is looked for again.
        if is_all and not resting(DECIDE, now):
            self._looked_until = now
        given_up = one_by_one("give_up", _too_old(database, now), lambda one: _give_up(database, one, now), now)
        asked = one_by_one(ASK, _due(database, now), lambda one: self._say(database, one, now), now)
        return [*changed, *(one for each in (given_up, asked) for _survey_id, one in each if one)]

    def _since(self, now: datetime) -> datetime:
        first = now - LOOKED_BACK
        return first if self._looked_until is None else max(min(self._looked_until, now) - OVERLAP, first)

    def _say(self, database: Database, survey_id: str, now: datetime) -> str | None:
        """Rasa is asked before anything is locked, and what it says is kept if all is still as it was."""
        with database.reading() as session:
            prepared = _prepare(session, survey_id, now)
        if prepared is None:
            return None
        state, context = prepared
        reply = self._ask(state, context)
        with database.transaction() as session:
            return _keep(session, survey_id, context, reply, self._templates, now)


def ask_again(session: Session, conversation_id: str, now: datetime) -> Survey:
    """Has the customer asked again in this conversation after somebody has looked after a low score.

    It is asked once the conversation is over; asking again changes nothing.
    """
    query = select(Survey).filter_by(conversation_id=conversation_id, touchpoint=FOLLOW_UP)
    before: Survey | None = session.scalars(query).one_or_none()
    if before is not None:
        return before
    conversation = session.get(Conversation, conversation_id)
    assert conversation is not None  # noqa: S101  a follow-up points at it
    # Whether WhatsApp's window is open is looked at when it is asked.
    decision = decide(session, conversation, survey_settings(session), ("en", "de"), now, FOLLOW_UP)
    survey = _row(conversation_id, decision, now, FOLLOW_UP)
    session.add(survey)
    session.flush()
    return survey


def question_of(survey: Survey, settings: SurveySettings, *, is_later: bool = False) -> SurveyQuestion:
    """What the bot is told of a survey. `is_later`: it is asked on another day than the last word was said."""
    kind: Kind = survey.kind  # type: ignore[assignment]
    return SurveyQuestion(
        survey.id,
        survey.kind,
        survey.lowest,
        survey.highest,
        settings.low(survey.kind),
        settings.words(kind, is_again=survey.touchpoint == FOLLOW_UP, is_later=is_later),
        "comment" if survey.awaiting == "comment" else "score",
        survey.score,
    )


def _undecided(database: Database, since: datetime, now: datetime) -> tuple[list[str], bool]:
    """Conversations that ended since and have no row yet; and whether these are all."""
    with database.reading() as session:
        most = MOST + resting(DECIDE, now)
        found = list(session.scalars(_UNDECIDED, {"since": since, "now": now, "most": most}))
    return found, len(found) < most


def _decide(database: Database, conversation_id: str, templates: Collection[str], now: datetime) -> bool:
    try:
        with database.transaction(durable=False) as session:
            conversation = session.get(Conversation, conversation_id)
            if conversation is None or conversation.closed_at is None:
                return False
            decision = decide(session, conversation, survey_settings(session), templates, now)
            session.add(_row(conversation_id, decision, now))
        return True
    except IntegrityError:
        return False  # Another process was quicker.


def _row(conversation_id: str, decision: Decision, now: datetime, touchpoint: str = CONVERSATION) -> Survey:
    lowest, highest = SCALES[decision.kind]
    return Survey(
        kind=decision.kind,
        touchpoint=touchpoint,
        conversation_id=conversation_id,
        state="skipped" if decision.skipped else "due",
        skipped=decision.skipped,
        decided_at=now,
        channel=decision.channel,
        lowest=lowest,
        highest=highest,
    )


def _due(database: Database, now: datetime) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(_DUE, {"long_ago": now - PATIENCE, "most": MOST + resting(ASK, now)}))


def _too_old(database: Database, now: datetime) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(_TOO_OLD, {"long_ago": now - PATIENCE}))


def _give_up(database: Database, survey_id: str, now: datetime) -> str | None:
    """What has waited too long, or was tried in vain, is asked no more: of what was never asked nothing waits."""
    with database.transaction() as session:
        survey = session.get(Survey, survey_id, with_for_update=True)
        conversation = session.get(Conversation, survey.conversation_id) if survey else None
        if survey is None or conversation is None or survey.state != "due":
            return None
        survey.state, survey.skipped = "skipped", _changed(session, survey, conversation, now)
        return conversation.id


def _prepare(session: Session, survey_id: str, now: datetime) -> tuple[str | None, TurnContext] | None:
    survey = session.get(Survey, survey_id)
    conversation = session.get(Conversation, survey.conversation_id) if survey else None
    if survey is None or conversation is None or survey.state != "due":
        return None
    if survey.touchpoint == FOLLOW_UP and (conversation.closed_at is None or went_on(session, conversation)):
        return None
    is_later = is_another_day(session, conversation, now)
    question = question_of(survey, survey_settings(session), is_later=is_later)
    locale = conversation.locale or _locale_of(session, conversation)
    form = _form(session, survey, conversation, now)
    return conversation.bot_state, TurnContext(conversation.id, form, locale, survey=question)


def _form(session: Session, survey: Survey, conversation: Conversation, now: datetime) -> str:
    """The channel in whose form it is asked: a template of WhatsApp has no list, and is answered with a number."""
    heard = last_heard(session, conversation)
    address = session.get(Address, heard.address_id) if heard and heard.address_id else None
    return SMS if cannot_be_reached(address, None, (), now) == "no_window" else survey.channel or WEB


def _locale_of(session: Session, conversation: Conversation) -> str | None:
    found: str | None = session.scalars(select(Customer.locale).filter_by(id=conversation.customer_id)).first()
    return found


def _keep(
    session: Session,
    survey_id: str,
    context: TurnContext,
    reply: Reply,
    templates: Collection[str],
    now: datetime,
) -> str | None:
    """Says the question, unless something has happened that makes it wrong."""
    customer = session.scalars(select(Conversation.customer_id).filter_by(id=context.conversation_id)).one()
    # Nobody opens another conversation of theirs meanwhile.
    lock_customers(session, customer)
    conversation = session.get(Conversation, context.conversation_id, with_for_update=True)
    survey = session.get(Survey, survey_id, with_for_update=True)
    if conversation is None or survey is None or survey.state != "due" or conversation.customer_id != customer:
        return None
    heard = last_heard(session, conversation)
    address = session.get(Address, heard.address_id) if heard and heard.address_id else None
    why = _changed(session, survey, conversation, now) or cannot_be_reached(address, reply.locale, templates, now)
    if why or address is None:
        survey.state, survey.skipped = "skipped", why or "unreachable"
        return conversation.id
    _ask(session, survey, conversation, address, reply, now)
    return conversation.id


def _changed(session: Session, survey: Survey, conversation: Conversation, now: datetime) -> Skipped | None:
    if conversation.closed_at is None or went_on(session, conversation):
        return "went_on"
    blocked = select(Customer.blocked_at).filter_by(id=conversation.customer_id)
    if session.scalars(blocked).first():
        return "blocked"
    # Two of one customer may have ended at one moment, and been decided by two processes.
    is_end, settings = survey.touchpoint == CONVERSATION, survey_settings(session)
    if is_end and was_asked_lately(session, conversation, settings, now, or_is_due=False):
        return "asked_lately"
    return "too_late" if now - survey.decided_at > PATIENCE else None


def _ask(
    session: Session, survey: Survey, conversation: Conversation, address: Address, reply: Reply, now: datetime
) -> None:
    said = reply.said[-1]
    extra: dict[str, Any] = {"locale": reply.locale, "survey": survey.id}
    if said.buttons:
        extra["buttons"] = [asdict(button) for button in said.buttons]
    message = conversation.say(BOT, address.channel, said.text, now, address_id=address.id, extra=extra)
    session.add(message)
    session.flush()
    session.add(delivery_of(message, address.value, now))
    conversation.bot_state = reply.state
    days = survey_settings(session).expires_days
    survey.state, survey.awaiting, survey.asked_at = "asked", "score", now
    survey.channel, survey.message_id, survey.expires_at = address.channel, message.id, now + timedelta(days=days)
    happened(session, conversation, "survey_asked", now, by=None, survey=survey.id)


def _expire(database: Database, now: datetime) -> None:
    """What was not answered in time is no longer waited for; of what was answered, what made it hard is not."""
    with database.reading() as session:
        if session.scalars(_LATE, {"now": now}).first() is None:
            return
    with database.transaction(durable=False) as session:
        for before, after in (("asked", "expired"), ("answered", "answered")):
            over = update(Survey).where(Survey.state == before, Survey.expires_at < now)
            values = {"state": after, "awaiting": None, "expires_at": None}
            session.execute(over.values(**values), execution_options={"synchronize_session": False})
