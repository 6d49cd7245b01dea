"""Whether somebody is asked how it was, at the end of a conversation: each gets one row that says so, or why not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from channels.conversation import CUSTOMER, IS_SAID, Conversation, Event, Message
from channels.customer import Address, Customer
from channels.names import PHONE, WHATSAPP
from channels.whatsapp.transport import WINDOW
from handoff.handoffs import Handoff
from handoff.hours import load_hours
from insights.follow_ups.asking_again import is_asked_again
from insights.follow_ups.follow_up import FollowUp
from insights.surveys.settings import Place, SurveySettings
from insights.surveys.survey import Kind, Skipped, Survey

CONVERSATION = "conversation"
FOLLOW_UP = "follow_up"
"""Touchpoints."""
PROMPTLY = timedelta(hours=24)
"""Longer after the end nobody is asked. The last word with a person may have been said days before that."""
WENT_ON = {"start_over", "merged", "duplicate"}
NO_MATTER = {"spam"}
"""Reasons of being closed."""
SMALL_TALK = {"greet", "goodbye", "thanks", "is_it_a_bot", "nothing", "start_over", "affirm", "deny", "score"}
"""Intents in which no matter is brought."""


@dataclass(frozen=True)
class Decision:
    kind: Kind
    channel: str | None
    skipped: Skipped | None = None
    """Why not; None: it is asked."""


def decide(
    session: Session,
    conversation: Conversation,
    settings: SurveySettings,
    templates: Collection[str],
    now: datetime,
    touchpoint: str = CONVERSATION,
    *,
    by_link: bool = False,
) -> Decision:
    """Of a conversation that has ended. `templates`: languages in which WhatsApp may be written to at any time.

    `by_link`: it is not asked in the channel, but by a link that somebody sends, also before the end or long after it.
    """
    heard = last_heard(session, conversation)
    place: Place = "follow_up" if touchpoint == FOLLOW_UP else _place(session, conversation)
    kind = settings.kind(place, heard.channel) if heard else None
    why = _why_not(session, conversation, heard, kind, settings, templates, now, touchpoint, by_link=by_link)
    return Decision(kind or "ces", heard.channel if heard else None, why)


def last_heard(session: Session, conversation: Conversation) -> Message | None:
    """The customer's last message: they are asked where they were."""
    query = select(Message).where(
        Message.conversation_id == conversation.id, Message.author == CUSTOMER, Message.is_silent.is_(False)
    )
    found: Message | None = session.scalars(query.order_by(Message.seq.desc()).limit(1)).first()
    return found


def is_another_day(session: Session, conversation: Conversation, now: datetime) -> bool:
    """Whether it is no more the day on which the last word was said, by the clock of whoever has the conversation: then
    nobody was helped "today". What asked how it was is no word of it."""
    said = select(func.max(Message.created_at)).where(Message.conversation_id == conversation.id, IS_SAID)
    if conversation.closed_at is not None:
        said = said.where(Message.created_at <= conversation.closed_at)
    last: datetime | None = session.scalars(said).one()
    hours = load_hours(session, conversation.team_id)
    return last is not None and hours.local(last).date() != hours.local(now).date()


def _place(session: Session, conversation: Conversation) -> Place:
    replied = select(Handoff.id).where(Handoff.conversation_id == conversation.id, Handoff.replied_at.isnot(None))
    return "person" if session.scalars(replied.limit(1)).first() is not None else "bot"


def _why_not(
    session: Session,
    conversation: Conversation,
    heard: Message | None,
    kind: Kind | None,
    settings: SurveySettings,
    templates: Collection[str],
    now: datetime,
    touchpoint: str,
    *,
    by_link: bool,
) -> Skipped | None:
    is_end = touchpoint == CONVERSATION
    if is_end and conversation.close_reason in WENT_ON:
        return "went_on"
    if heard is None or conversation.close_reason in NO_MATTER or not _has_matter(session, conversation):
        return "nothing_said"
    if kind is None:
        return "switched_off"
    if session.scalars(select(Customer.blocked_at).filter_by(id=conversation.customer_id)).first():
        return "blocked"
    address = session.get(Address, heard.address_id) if heard.address_id else None
    why = cannot_be_reached(address, conversation.locale, templates, now)
    if why and (why == "no_consent" or not by_link):
        return why
    if is_end and went_on(session, conversation):
        return "went_on"
    if is_end and not by_link and conversation.closed_at and now - conversation.closed_at > PROMPTLY:
        return "too_late"
    if is_end and _is_looked_after(session, conversation):
        return "follow_up_open"
    if is_end and settings.kind("follow_up", heard.channel) and is_asked_again(session, conversation.id, now):
        return "asked_again"
    # Whoever was helped with a low score is asked again whenever that was.
    is_lately = is_end and was_asked_lately(session, conversation, settings, now, or_is_due=True)
    return "asked_lately" if is_lately else None


def cannot_be_reached(
    address: Address | None, locale: str | None, templates: Collection[str], now: datetime
) -> Skipped | None:
    if address is None:
        return "unreachable"
    if address.stopped_at is not None:
        return "no_consent"
    if address.channel in PHONE and address.heard_at is None:
        return "unreachable"
    is_closed = address.channel == WHATSAPP and now - (address.heard_at or now) >= WINDOW
    return "no_window" if is_closed and (locale or "en") not in templates else None


def went_on(session: Session, conversation: Conversation) -> bool:
    """Whether the customer has begun another conversation since, or has one that is open: never while this one is."""
    if conversation.closed_at is None:
        return False
    other = select(Conversation.id).where(
        Conversation.customer_id == conversation.customer_id,
        Conversation.id != conversation.id,
        Conversation.closed_at.is_(None) | (Conversation.opened_at >= conversation.closed_at),
    )
    return session.scalars(other.limit(1)).first() is not None


def _has_matter(session: Session, conversation: Conversation) -> bool:
    handed = select(Handoff.id).filter_by(conversation_id=conversation.id).limit(1)
    if session.scalars(handed).first() is not None:
        return True
    turns = select(Event.details).where(Event.conversation_id == conversation.id, Event.kind == "turn")
    return any(details.get("intent") not in SMALL_TALK for details in session.scalars(turns))


def _is_looked_after(session: Session, conversation: Conversation) -> bool:
    theirs = (
        select(FollowUp.id)
        .join(Conversation, Conversation.id == FollowUp.conversation_id)
        .where(Conversation.customer_id == conversation.customer_id, FollowUp.closed_at.is_(None))
    )
    return session.scalars(theirs.limit(1)).first() is not None


def was_asked_lately(
    session: Session, conversation: Conversation, settings: SurveySettings, now: datetime, *, or_is_due: bool
) -> bool:
    """Of whoever the customer is now: those that were joined are one. `or_is_due`: or is about to be asked."""
    is_asked = Survey.asked_at > now - timedelta(days=settings.days)
    theirs = (
        select(Survey.id)
        .join(Conversation, Conversation.id == Survey.conversation_id)
        .where(Conversation.customer_id == conversation.customer_id, Survey.conversation_id != conversation.id)
        .where(is_asked | (Survey.state == "due") if or_is_due else is_asked)
    )
    return session.scalars(theirs.limit(1)).first() is not None
