"""All that is read to show one conversation to one person, and what a page of the desk knows beside its lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from channels.conversation import CUSTOMER, Conversation, Message
from handoff.brief import Brief, brief_of
from handoff.desk.cards import Card, card_of
from handoff.desk.drafting import drafts_of
from handoff.desk.house import Annex, Door, House, Mark
from handoff.desk.opened import Opened, open_conversation
from handoff.desk.timeline import Timeline, timeline_of
from handoff.desk.ways import Way, ways_of
from handoff.desk.whys import titles_of
from handoff.desk.words import CHANNELS, KEYS, LISTS, PRIORITIES, WORDS
from handoff.presence import chosen_presence, present
from handoff.tags import ConversationTag
from handoff.words import REASONS, RESOLUTIONS
from staff.people import CHOICES, DESK, User
from staff.teams import Team

KNOWN_TAGS = 40
CALLS = ("go", "new", "late", "overdue")
"""The words of an annex that scripts use beside its name."""


@dataclass(frozen=True)
class Shown:
    opened: Opened
    timeline: Timeline
    brief: Brief
    titles: dict[str, str]
    """Of the articles that the brief names."""
    card: Card
    ways: tuple[Way, ...]
    templates: tuple[str, ...]
    """The languages in which there is a template for WhatsApp after its 24 hours."""
    drafts: dict[str, str]
    is_answered: bool
    """Whether a person has written in what is shown."""
    marks: tuple[Mark, ...] = ()
    doors: tuple[Door, ...] = ()


def show(session: Session, house: House, user: User, conversation: Conversation, now: datetime) -> Shown:
    brief = brief_of(session, conversation, user)
    timeline = timeline_of(session, user, conversation.id)
    return Shown(
        opened=open_conversation(session, user, conversation, now),
        timeline=timeline,
        brief=brief,
        titles=titles_in(session, brief, user),
        card=card_of(session, user, conversation),
        ways=tuple(ways_of(session, conversation, house.templates, house.is_page_open)),
        templates=tuple(sorted(one for one, sid in house.templates.items() if sid)),
        drafts=drafts_of(session, user, conversation.id),
        is_answered=any(entry.kind == "m" and entry.by == "agent" for entry in timeline.entries),
        marks=tuple(mark for annex in house.annexes for mark in annex.marks(session, user, conversation.id, now)),
        doors=house.doors,
    )


def titles_in(session: Session, brief: Brief, user: User) -> dict[str, str]:
    """Of the articles that a brief names: in the language of whoever reads it, where there is one."""
    ids = {article_id for tried in brief.tried for article_id, _ in tried.articles}
    by_locale = titles_of(session, ids)
    titles = {one: title for (one, locale), title in by_locale.items() if locale != user.locale}
    return titles | {one: title for (one, locale), title in by_locale.items() if locale == user.locale}


def last_question(session: Session, conversation_id: str) -> str:
    """What the customer wrote last, in words of their own."""
    said = select(Message.text).filter_by(conversation_id=conversation_id, author=CUSTOMER, payload=None)
    return session.scalars(said.order_by(Message.seq.desc()).limit(1)).first() or ""


def page_facts(session: Session, user: User, now: datetime, annexes: Sequence[Annex] = ()) -> dict[str, Any]:
    """What the scripts of a page know: words, colleagues, teams, and what there is to choose from."""
    everybody = session.scalars(select(User).filter_by(is_active=True).order_by(User.name))
    colleagues = [one for one in everybody if one.may(DESK)]
    presences = present(session, [one.id for one in colleagues], now)
    teams = session.execute(select(Team.id, Team.name).order_by(Team.name))
    locale = user.locale
    return {
        "locale": locale,
        "words": WORDS[locale],
        "lists": LISTS[locale],
        "keys": KEYS[locale],
        "channels": CHANNELS[locale],
        "priorities": PRIORITIES[locale],
        "resolutions": {key: names[locale] for key, names in RESOLUTIONS.items()},
        "reasons": {key: names[locale] for key, names in REASONS.items()},
        "me": {"id": user.id, "name": user.name},
        "colleagues": [{"id": one.id, "name": one.name, "presence": presences[one.id]} for one in colleagues],
        "presence": chosen_presence(session, user.id),
        "teams": [{"id": one, "name": name} for one, name in teams],
        "tags": known_tags(session),
        "annexes": [_beside(one, locale) for one in annexes],
        "settings": {name: bool(user.settings.get(name)) for name in CHOICES},
    }


def _beside(annex: Annex, locale: str) -> dict[str, str]:
    words = annex.words[locale]
    return {"name": annex.name, "key": annex.key, "label": words["name"], **{key: words[key] for key in CALLS}}


def known_tags(session: Session) -> list[str]:
    """Those that are used most."""
    used = func.count().label("used")
    query = select(ConversationTag.tag, used).group_by(ConversationTag.tag).order_by(used.desc(), ConversationTag.tag)
    return [str(tag) for tag, _ in session.execute(query.limit(KNOWN_TAGS))]
