"""What becomes of a topic is set: its team, the skill it takes, and whether only people answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import Database, lock
from handoff.admin.refused import NotTaken
from handoff.topics import TopicRule
from knowledge.articles import Revision, Translation
from knowledge.categories import Category, stored_categories
from staff.audit import record
from staff.people import User
from staff.teams import Team

SKILL_CHARS = 40


@dataclass(frozen=True)
class Entry:
    """What a form says of a topic."""

    team_id: str = ""
    skill: str = ""
    people_only: bool = False


@dataclass(frozen=True)
class Topic:
    category: Category
    entry: Entry
    is_left_over: bool
    """No article and no entry of the help centre names it any more; its rule is still there."""


def all_topics(session: Session) -> list[Topic]:
    """Those of the help centre in its order, then what else articles or rules name."""
    rules = {rule.topic: rule for rule in session.scalars(select(TopicRule))}
    stored = stored_categories(session)
    live = set(session.scalars(_LIVE_CATEGORIES))
    known = [one.key for one in stored]
    others = [Category(key) for key in sorted((live | rules.keys()) - set(known))]
    return [
        Topic(one, _entry_of(rules.get(one.key)), one.key not in live and one.key not in known)
        for one in [*stored, *others]
    ]


def skills_there(session: Session) -> list[str]:
    """What those who work here know."""
    known = session.scalars(select(User.skills).where(User.is_active.is_(True)))
    return sorted({skill for skills in known for skill in skills})


def change_topics(database: Database, by: str, entries: Mapping[str, Entry], locale: str, now: datetime) -> None:
    """Of the topics that are there; all or none are changed. Raises NotTaken."""
    with database.transaction() as session:
        lock(session, "topics")
        for topic in all_topics(session):
            if topic.category.key in entries:
                entry = entries[topic.category.key]
                skill = skill_entered(entry.skill, topic.category.name(locale))
                rule = TopicRule(
                    topic=topic.category.key,
                    team_id=team_entered(session, entry.team_id),
                    skill=skill,
                    people_only=entry.people_only,
                )
                _change(session, by, topic, rule, now)


def team_entered(session: Session, team_id: str) -> str | None:
    """None: the default team. Raises NotTaken."""
    if team_id and session.get(Team, team_id) is None:
        raise NotTaken("no_team")
    return team_id or None


def skill_entered(text: str, topic: str) -> str | None:
    """In the form in which people's are kept; None: none. Raises NotTaken."""
    skill = " ".join(text.split()).lower()
    if len(skill) > SKILL_CHARS or "," in skill or not skill.isprintable():
        raise NotTaken("bad_skill", topic=topic)
    return skill or None


_LIVE_CATEGORIES = select(Revision.category).join(Translation, Translation.live_revision_id == Revision.id).distinct()


def _entry_of(rule: TopicRule | None) -> Entry:
    return Entry(rule.team_id or "", rule.skill or "", rule.people_only) if rule else Entry()


def _change(session: Session, by: str, topic: Topic, rule: TopicRule, now: datetime) -> None:
    fields = {"team_id": "team", "skill": "skill", "people_only": "people_only"}
    before, after = topic.entry, _entry_of(rule)
    changed = [shown for name, shown in fields.items() if getattr(before, name) != getattr(after, name)]
    if not changed:
        return
    stored = session.merge(rule)
    if after == Entry():
        session.delete(stored)
    record(session, "topic_changed", now, user_id=by, subject=rule.topic, fields=changed)
