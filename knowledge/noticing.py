"""What an editor should know of a text before customers read it. Nothing of it stops a publication."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from knowledge.library import Knowledge
from knowledge.linking import linked_articles
from knowledge.locales import LOCALES
from knowledge.pictures import sizes_of
from knowledge.pictures.bodies import named_pictures, without_alternative

Kind = Literal["not_live", "internal", "elsewhere", "silent_picture", "missing_picture"]


@dataclass(frozen=True)
class Notice:
    kind: Kind
    about: str
    """An article's id, or a picture's name."""
    count: int = 1


def notices_of(session: Session, knowledge: Knowledge, body: str, locale: str) -> list[Notice]:
    """Links that lead customers nowhere or to another language, pictures that say nothing or are not there."""
    return [*_links(knowledge, body, locale), *_pictures(session, body)]


def _links(knowledge: Knowledge, body: str, locale: str) -> Iterator[Notice]:
    customers, staff = knowledge.snapshot.articles, knowledge.internal.articles
    for article_id in linked_articles(body):
        if (article_id, locale) in customers:
            continue
        if any((article_id, one) in customers for one in LOCALES):
            yield Notice("elsewhere", article_id)
        elif any((article_id, one) in staff for one in LOCALES):
            yield Notice("internal", article_id)
        else:
            yield Notice("not_live", article_id)


def _pictures(session: Session, body: str) -> Iterator[Notice]:
    silent = without_alternative(body)
    if silent:
        yield Notice("silent_picture", silent[0], len(silent))
    for name in sorted(named_pictures(body) - sizes_of(session, body).keys()):
        yield Notice("missing_picture", name)
