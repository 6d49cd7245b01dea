"""What teams, people, topics and articles are called: names for the keys that facts hold."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from handoff.desk.words import CHANNELS
from handoff.words import REASONS
from insights.follow_ups.pages.words import CAUSES
from insights.pages.words import WORDS
from knowledge.articles import Revision, Translation
from knowledge.categories import stored_categories
from knowledge.locales import LANGUAGES
from staff.people import User
from staff.teams import Team


@dataclass(frozen=True)
class Names:
    """By filter of an address (`insights.pages.asked.FILTERS`), the name of each key."""

    locale: str
    by: dict[str, dict[str, str]]

    def of(self, what: str, key: str | None) -> str:
        """What is no longer there goes by its key."""
        if key is None or key == "-":
            return WORDS[self.locale].get(f"no_{what}", "–")
        return self.by.get(what, {}).get(key, key)


def names(session: Session, locale: str) -> Names:
    """All of them; there are at most some hundreds of each."""
    return Names(
        locale,
        {
            "channel": CHANNELS[locale],
            "locale": dict(LANGUAGES),
            "team": {team.id: team.name for team in session.scalars(select(Team).order_by(Team.name))},
            "topic": {one.key: one.name(locale) for one in stored_categories(session)},
            "agent": _pairs(session, select(User.id, User.name)),
            "article": titles(session, locale),
            "reason": {key: of[locale] for key, of in REASONS.items()},
            "cause": CAUSES[locale],
            "score": {},
        },
    )


def titles(session: Session, locale: str) -> dict[str, str]:
    """By article, its title: in this language, if it is live there."""
    query = select(Translation.article_id, Revision.title).join(Revision, Revision.id == Translation.live_revision_id)
    return _pairs(session, query.order_by(Translation.locale == locale))


def _pairs(session: Session, query: Select) -> dict[str, str]:
    return {key: name for key, name in session.execute(query)}  # noqa: C416  rows are no tuples to mypy
