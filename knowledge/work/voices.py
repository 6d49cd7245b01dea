"""What readers said an article lacks: the reasons they chose, and their own words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.articles import Translation
from knowledge.help.feedback import Feedback
from knowledge.index.records import Key

COMMENTS = 3


@dataclass
class Voices:
    reasons: Counter[str] = field(default_factory=Counter)
    """Keys of `knowledge.help.feedback.REASONS`."""
    comments: list[str] = field(default_factory=list)
    """The newest first."""


def voices(session: Session, keys: Collection[Key]) -> dict[Key, Voices]:
    """Of what is live."""
    query = select(Feedback.article_id, Feedback.locale, Feedback.reason, Feedback.comment)
    query = query.join(Translation, Translation.live_revision_id == Feedback.revision_id)
    query = query.where(Feedback.helped.is_(False), Feedback.article_id.in_({key[0] for key in keys}))
    found: dict[Key, Voices] = defaultdict(Voices)
    for article_id, locale, reason, comment in session.execute(query.order_by(Feedback.at.desc())):
        said = found[article_id, locale]
        said.reasons.update([reason] if reason else [])
        if comment and len(said.comments) < COMMENTS:
            said.comments.append(comment)
    return dict(found)
