"""What an agent can put into a reply: canned replies, and passages of help articles with their link."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from handoff.canned import CannedReply
from handoff.desk.searching import folded
from staff.people import User
from staff.teams import TeamMember

CANNED = 8
ARTICLES = 5


@dataclass(frozen=True)
class Passage:
    """A help article, as it goes into a reply."""

    title: str
    sentence: str
    """What of it fits."""
    text: str
    """Markdown: the short answer with its link; empty: nothing of it may be sent to a customer."""
    url: str
    internal: bool = False
    """For staff alone: it is opened to be read, and not a word of it goes into a reply by itself."""


Articles = Callable[[str, str, int], list[Passage]]
"""From words, a language and a number, the articles that fit."""


@dataclass(frozen=True)
class Canned:
    shortcut: str
    title: str
    text: str
    """With its variables filled."""


def canned_for(
    session: Session, user: User, team_id: str | None, locale: str, typed: str, values: Mapping[str, str]
) -> list[Canned]:
    """The canned replies of a team and of all, those first whose shortcut begins with what was typed."""
    theirs = or_(CannedReply.team_id.is_(None), CannedReply.team_id == team_id, CannedReply.team_id.in_(_teams(user)))
    query = select(CannedReply).where(theirs, CannedReply.locale == locale).order_by(CannedReply.shortcut)
    found = sorted(_fitting(session.scalars(query), folded(typed.strip())), key=lambda one: one[0])
    return [Canned(one.shortcut, one.title, filled(one.text, values)) for _, one in found[:CANNED]]


def filled(text: str, values: Mapping[str, str]) -> str:
    """A canned reply with its variables; one that nobody knows stays as it is, to be seen."""
    for name, value in values.items():
        # Where a name is not known, "Hello {customer}," is said as "Hello,".
        text = text.replace(" {" + name + "}", f" {value}" if value else "").replace("{" + name + "}", value)
    return text


def _teams(user: User) -> object:
    return select(TeamMember.team_id).where(TeamMember.user_id == user.id)


def _fitting(replies: Iterable[CannedReply], typed: str) -> Iterable[tuple[int, CannedReply]]:
    """With how well each fits: 0 is best."""
    for one in replies:
        shortcut, title = folded(one.shortcut), folded(one.title)
        if shortcut.startswith(typed):
            yield 0, one
        elif any(word.startswith(typed) for word in title.split()):
            yield 1, one
        elif len(typed) > 2 and typed in folded(one.text):
            yield 2, one
