"""The list of articles: a row for each language of each, with how it stands and how it does."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, and_, case, cast, func, or_, select, tuple_
from sqlalchemy.orm import Session

from knowledge.articles import ArticleUse, Revision, Translation
from knowledge.drafts import ArticleDraft
from knowledge.editor.filters import ANSWERED, HELPFUL, MISSING, NOBODY, OUTDATED, TITLE, Filter
from knowledge.editor.names import names_of
from knowledge.editor.states import (
    APPROVED,
    ARCHIVED,
    DRAFT,
    LIVE,
    LIVE_DRAFT,
    SCHEDULED,
    SUBMITTED,
    WITHDRAWN,
    Standing,
)
from knowledge.help.feedback import Feedback
from knowledge.index.records import Key
from knowledge.translations import missing, outdated

PAGE = 50
COUNTED = timedelta(days=30)
"""How far back the numbers go."""


@dataclass(frozen=True)
class Row:
    id: str
    locale: str
    title: str
    standing: Standing
    category: str
    internal: bool
    owner: str | None
    """Their name."""
    changed_at: datetime | None
    changed_by: str | None
    answered: int
    """How often the bot said it."""
    judged: int
    """How often somebody said whether it helped."""
    helped: int
    lacks: str
    """`missing`: it is live in no other language; `outdated`: another one says something else; or empty."""

    @property
    def key(self) -> str:
        return f"{self.locale}/{self.id}"

    @property
    def helpful(self) -> int | None:
        """Percent."""
        return round(100 * self.helped / self.judged) if self.judged else None


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    count: int
    """Of all pages."""
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))


HAS_DRAFT = ArticleDraft.article_id.isnot(None)
IS_WRITTEN = and_(ArticleDraft.stage == "writing", ArticleDraft.publish_at.is_(None))
IS_LIVE = Translation.live_revision_id.isnot(None)
IS_KEPT = Translation.archived_at.is_(None)
WAS_PUBLISHED = (
    select(Revision.id)
    .where(Revision.article_id == Translation.article_id, Revision.locale == Translation.locale)
    .correlate(Translation)
    .exists()
)


def _written(name: str) -> Any:
    """What the draft says, else what is live."""
    return case((HAS_DRAFT, getattr(ArticleDraft, name)), else_=getattr(Revision, name))


TITLE_WRITTEN = _written("title")
CHANGED_AT: Any = case((HAS_DRAFT, ArticleDraft.saved_at), else_=Revision.created_at)
CHANGED_BY: Any = case((HAS_DRAFT, ArticleDraft.saved_by), else_=Revision.author_id)
STATES = {
    LIVE: IS_LIVE,
    LIVE_DRAFT: and_(IS_LIVE, IS_WRITTEN),
    DRAFT: and_(~IS_LIVE, ~WAS_PUBLISHED, or_(~HAS_DRAFT, IS_WRITTEN)),
    WITHDRAWN: and_(~IS_LIVE, WAS_PUBLISHED),
    SUBMITTED: and_(ArticleDraft.stage == SUBMITTED, ArticleDraft.publish_at.is_(None)),
    APPROVED: and_(ArticleDraft.stage == APPROVED, ArticleDraft.publish_at.is_(None)),
    SCHEDULED: ArticleDraft.publish_at.isnot(None),
}


def list_articles(session: Session, asked: Filter, now: datetime, found: Sequence[Key] | None = None) -> Page:
    """A page of the list. `found`: only these, in this order, whatever the sorting."""
    conditions = list(_conditions(session, asked, found))
    count = session.scalar(_joined(func.count()).where(*conditions)) or 0
    number = min(asked.page, max(1, -(-count // PAGE)))
    query = _joined(Translation.article_id, Translation.locale).where(*conditions)
    if found is not None:
        keys = _in_order(session, query, found)[(number - 1) * PAGE : number * PAGE]
    else:
        query = _sorted(query, asked.sort, now).limit(PAGE).offset((number - 1) * PAGE)
        keys = [(row[0], row[1]) for row in session.execute(query)]
    return Page(_rows(session, keys, now), count, number)


def _joined(*columns: Any) -> Any:
    """Translations, each with its draft and its live revision."""
    draft = and_(ArticleDraft.article_id == Translation.article_id, ArticleDraft.locale == Translation.locale)
    return (
        select(*columns)
        .select_from(Translation)
        .outerjoin(Revision, Revision.id == Translation.live_revision_id)
        .outerjoin(ArticleDraft, draft)
    )


def _conditions(session: Session, asked: Filter, found: Sequence[Key] | None) -> Iterator[Any]:
    yield ~IS_KEPT if asked.state == ARCHIVED else IS_KEPT
    if asked.state in STATES:
        yield STATES[asked.state]
    if asked.locale:
        yield Translation.locale == asked.locale
    if asked.category:
        yield _written("category") == asked.category
    if asked.owner:
        yield Translation.owner_id.is_(None) if asked.owner == NOBODY else Translation.owner_id == asked.owner
    if asked.tag:
        # As JSON writes it: both databases keep a list's text as it was put in.
        yield cast(_written("tags"), Text).contains(json.dumps(asked.tag), autoescape=True)
    if asked.internal:
        yield _written("internal").is_(asked.internal == "yes")
    if asked.translation:
        yield _is_one_of(_lacking(session, asked.translation))
    if found is not None:
        yield _is_one_of(found)


def _lacking(session: Session, how: str, *ids: str) -> Collection[Key]:
    """What is outdated; or what is live while the other language is missing. Of these articles, or of all."""
    if how == OUTDATED:
        return outdated(session, *ids)
    lacking = {article_id for article_id, _ in missing(session, *ids)}
    live = select(Translation.article_id, Translation.locale).where(IS_LIVE)
    rows = session.execute(live.where(Translation.article_id.in_(ids)) if ids else live)
    return {(one, locale) for one, locale in rows if one in lacking}


def _is_one_of(keys: Collection[Key]) -> Any:
    by_locale: dict[str, list[str]] = {}
    for article_id, locale in keys:
        by_locale.setdefault(locale, []).append(article_id)
    parts = [and_(Translation.locale == one, Translation.article_id.in_(ids)) for one, ids in by_locale.items()]
    return or_(*parts) if parts else Translation.article_id.is_(None)


def _in_order(session: Session, query: Any, found: Sequence[Key]) -> list[Key]:
    there = {(row[0], row[1]) for row in session.execute(query)}
    return [key for key in found if key in there]


def _sorted(query: Any, sort: str, now: datetime) -> Any:
    last = (Translation.article_id, Translation.locale)
    if sort == TITLE:
        return query.order_by(func.lower(TITLE_WRITTEN), *last)
    if sort not in (ANSWERED, HELPFUL):
        return query.order_by(CHANGED_AT.desc().nulls_last(), *last)
    uses, judged = _uses(now).subquery(), _feedback(now).subquery()
    query = query.outerjoin(
        uses, and_(uses.c.article_id == Translation.article_id, uses.c.locale == Translation.locale)
    ).outerjoin(judged, and_(judged.c.article_id == Translation.article_id, judged.c.locale == Translation.locale))
    if sort == ANSWERED:
        return query.order_by(func.coalesce(uses.c.answered, 0).desc(), *last)
    helped = func.coalesce(uses.c.helped, 0) + func.coalesce(judged.c.helped, 0)
    not_helped = func.coalesce(uses.c.not_helped, 0) + func.coalesce(judged.c.not_helped, 0)
    share = 1.0 * helped / func.nullif(helped + not_helped, 0)
    # What helps least comes first: that is what somebody looks for.
    return query.order_by(share.asc().nulls_last(), *last)


def _uses(now: datetime) -> Any:
    sums = [func.sum(getattr(ArticleUse, name)).label(name) for name in ("answered", "helped", "not_helped")]
    key = (ArticleUse.article_id, ArticleUse.locale)
    return select(*key, *sums).where(ArticleUse.day > (now - COUNTED).date()).group_by(*key)


def _feedback(now: datetime) -> Any:
    """What readers of the help centre said."""
    key = (Feedback.article_id, Feedback.locale)
    helped = func.sum(case((Feedback.helped, 1), else_=0)).label("helped")
    not_helped = func.sum(case((Feedback.helped, 0), else_=1)).label("not_helped")
    return select(*key, helped, not_helped).where(Feedback.at > now - COUNTED).group_by(*key)


def _rows(session: Session, keys: Sequence[Key], now: datetime) -> list[Row]:
    if not keys:
        return []
    query = _joined(
        Translation,
        ArticleDraft.stage,
        ArticleDraft.publish_at,
        TITLE_WRITTEN.label("title"),
        _written("category").label("category"),
        _written("internal").label("internal"),
        CHANGED_AT.label("changed_at"),
        CHANGED_BY.label("changed_by"),
        WAS_PUBLISHED.label("was_published"),
    )
    key: Any = tuple_(Translation.article_id, Translation.locale)
    found = {
        (row.Translation.article_id, row.Translation.locale): row for row in session.execute(query.where(key.in_(keys)))
    }
    names = names_of(session, [one for row in found.values() for one in (row.Translation.owner_id, row.changed_by)])
    numbers, lacking = _numbers(session, keys, now), _lacks(session, *{article_id for article_id, _ in keys})
    return [_row(found[key], names, numbers.get(key, (0, 0, 0)), lacking.get(key, "")) for key in keys]


def _row(found: Any, names: dict[str, str], numbers: tuple[int, int, int], lacks: str) -> Row:
    translation = found.Translation
    answered, helped, judged = numbers
    return Row(
        id=translation.article_id,
        locale=translation.locale,
        title=found.title or "",
        standing=Standing(
            translation.live_revision_id is not None,
            bool(found.was_published),
            translation.archived_at is not None,
            found.stage,
            found.publish_at,
        ),
        category=found.category or "",
        internal=bool(found.internal),
        owner=names.get(translation.owner_id or ""),
        changed_at=found.changed_at,
        changed_by=names.get(found.changed_by or ""),
        answered=answered,
        judged=judged,
        helped=helped,
        lacks=lacks,
    )


def _numbers(session: Session, keys: Sequence[Key], now: datetime) -> dict[Key, tuple[int, int, int]]:
    """How often each was said, helped, and was judged at all."""
    ids = {article_id for article_id, _ in keys}
    uses = session.execute(_uses(now).where(ArticleUse.article_id.in_(ids))).all()
    found = {(one.article_id, one.locale): (one.answered, one.helped, one.helped + one.not_helped) for one in uses}
    for one in session.execute(_feedback(now).where(Feedback.article_id.in_(ids))):
        answered, helped, judged = found.get((one.article_id, one.locale), (0, 0, 0))
        found[one.article_id, one.locale] = (answered, helped + one.helped, judged + one.helped + one.not_helped)
    return found


def _lacks(session: Session, *ids: str) -> dict[Key, str]:
    return {key: how for how in (MISSING, OUTDATED) for key in _lacking(session, how, *ids)}
