"""Why the bot said what it said: what it understood, what it found with which scores, and what followed from that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import BOT, Event, Message
from handoff.words import REASONS
from knowledge.articles import Revision, Translation

MOST_ARTICLES = 4


@dataclass(frozen=True)
class Article:
    id: str
    title: str
    locale: str
    score: float


@dataclass(frozen=True)
class Why:
    intent: str
    intent_confidence: float
    searched: str
    """What was searched for; empty if nothing was."""
    confidence: float | None
    decision: str
    """`answer`, `choice`, `unknown`, or `other` for what was no question."""
    articles: tuple[Article, ...]
    degraded: str
    """`late` or `failed`, where search alone answered."""
    person: str
    """Why a person was called, in words; empty: none was."""


def whys(session: Session, conversation_id: str, messages: Sequence[Message], locale: str) -> dict[str, Why]:
    """By message of the bot, the turn in which it was said. `messages` stand in order, without gaps."""
    turns = _turns(session, conversation_id, messages)
    if not turns:
        return {}
    titles = _titles(session, turns)
    found, turn = {}, None
    for message in messages:
        turn = turns.get(message.id, turn)
        if message.author == BOT and turn is not None:
            found[message.id] = _why(turn, titles, locale)
            turn = None  # The first message of a turn explains those that follow.
    return found


def _turns(session: Session, conversation_id: str, messages: Sequence[Message]) -> dict[str, Event]:
    if not messages:
        return {}
    since = min(message.created_at for message in messages)
    query = select(Event).where(Event.conversation_id == conversation_id, Event.kind == "turn", Event.at >= since)
    return {str(event.message_id): event for event in session.scalars(query)}


def _why(turn: Event, titles: dict[tuple[str, str], str], locale: str) -> Why:
    details, answer = turn.details, turn.details.get("answer") or {}
    person = details.get("wants_person")
    return Why(
        intent=str(details.get("intent", "")),
        intent_confidence=float(details.get("intent_confidence") or 0),
        searched=str(answer.get("question", "")),
        confidence=answer.get("confidence"),
        decision=str(answer.get("kind", "other")),
        articles=tuple(_articles(answer, titles)),
        degraded=str(details.get("degraded") or ""),
        person=REASONS[person][locale] if person in REASONS else str(person or ""),
    )


def _articles(answer: dict[str, Any], titles: dict[tuple[str, str], str]) -> Iterable[Article]:
    best: dict[tuple[str, str], float] = {}
    for hit in answer.get("hits", ()):
        best.setdefault((hit["article_id"], hit["locale"]), float(hit["score"]))
    for (article_id, locale), score in list(best.items())[:MOST_ARTICLES]:
        yield Article(article_id, titles.get((article_id, locale), article_id), locale, score)


def _titles(session: Session, turns: dict[str, Event]) -> dict[tuple[str, str], str]:
    hits = (hit for turn in turns.values() for hit in (turn.details.get("answer") or {}).get("hits", ()))
    return titles_of(session, {str(hit["article_id"]) for hit in hits})


def titles_of(session: Session, article_ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """By id and language, the titles of live articles."""
    query = (
        select(Translation.article_id, Translation.locale, Revision.title)
        .join(Revision, Revision.id == Translation.live_revision_id)
        .where(Translation.article_id.in_(list(article_ids)))
    )
    return {(article_id, locale): str(title) for article_id, locale, title in session.execute(query)}
