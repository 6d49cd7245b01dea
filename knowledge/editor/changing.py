"""One change to many articles: all that can be done at once, and a report of what could not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from knowledge.article_text import ArticleError, ArticleText, checked, text_of
from knowledge.articles import Translation
from knowledge.drafts import ArticleDraft, find_draft, save_draft
from knowledge.editor.house import House
from knowledge.index.records import Key
from knowledge.life import keeping
from knowledge.life.going_live import go_live
from knowledge.life.opened import may_edit, noted
from knowledge.life.refusals import Refused
from knowledge.locales import LOCALES
from knowledge.publishing import By, live_of, prepare, publish
from staff.people import ADMIN, SUPERVISOR, User

MOST = 200
"""Articles in one go."""
Verb = Callable[[Session, str, str, User, datetime], None]
Fields = Mapping[str, Any]
Change = Callable[[Fields], Fields]
"""What a text's fields become, of those that change."""
FREE = (SUPERVISOR, ADMIN)
"""Who may publish what nobody approved, wherever a review is asked for."""


@dataclass
class Report:
    """How many were changed, and why others were not."""

    done: int
    refused: list[tuple[Key, Refused]]


@dataclass(frozen=True)
class _Found:
    """An article before the change, and its live text after it."""

    key: Key
    live_id: int | None
    text: ArticleText | None
    """None: it is not live, or says the same after the change."""


def tend(house: House, user: User, keys: Sequence[Key], verb: Verb, now: datetime) -> Report:
    """Something that changes no text, such as an owner, in one transaction."""
    report = Report(0, [])
    with house.database.transaction() as session:
        for article_id, locale in sorted(keys[:MOST]):
            with _counted(session, report, (article_id, locale)):
                verb(session, article_id, locale, user, now)
    house.knowledge.refresh()
    return report


def set_owner(owner_id: str) -> Verb:
    """Empty: nobody."""
    return lambda session, article_id, locale, user, now: keeping.set_owner(
        session, article_id, locale, user, now, owner_id or None
    )


def set_review(months: int | None) -> Verb:
    return lambda session, article_id, locale, user, now: keeping.set_review(
        session, article_id, locale, user, now, months=months
    )


def set_category(category: str) -> Change:
    return lambda _fields: {"category": category}


def add_tag(tag: str) -> Change:
    return lambda fields: {"tags": [*fields["tags"], *([tag] if tag not in fields["tags"] else [])]}


def remove_tag(tag: str) -> Change:
    return lambda fields: {"tags": [one for one in fields["tags"] if one != tag]}


def shelve(house: House, user: User, keys: Sequence[Key], change: Change, note: str, now: datetime) -> Report:
    """Another category or other tags: what is live is published so at once, and its draft says so, too.

    Raises Stopped if the bot would no longer say what articles ask of it; then nothing was changed.
    """
    may_edit(user)
    report = Report(0, [])
    with house.database.reading() as session:
        found = [one for key in sorted(keys[:MOST]) if (one := _look(session, house, user, key, change, report))]
    prepared = prepare(house.database, house.knowledge.embedder, [one.text for one in found if one.text])

    def write(session: Session) -> Report:
        written = replace(report, refused=list(report.refused))
        by_key = {(one.text.id, one.text.locale): one for one in prepared}
        for one in found:
            with _counted(session, written, one.key):
                _shelve(session, one, by_key.get(one.key), change, user, note, now)
        return written

    return go_live(house.knowledge, prepared, house.rules, now, write)


def _look(session: Session, house: House, user: User, key: Key, change: Change, report: Report) -> _Found | None:
    try:
        return _changed(session, house, user, key, change)
    except Refused as refused:
        report.refused.append((key, refused))
        return None


def _changed(session: Session, house: House, user: User, key: Key, change: Change) -> _Found:
    if session.get(Translation, key) is None:
        raise Refused("no_article")
    draft = find_draft(session, *key)
    if draft is not None and draft.stage != "writing":
        raise Refused("under_review")
    live = live_of(session, *key)
    if live is None:
        return _Found(key, None, None)
    before = text_of(live)
    after = _text(before, change)
    if after != before and house.rules.must_be_reviewed and user.role not in FREE:
        raise Refused("must_be_approved")
    return _Found(key, live.id, after if after != before else None)


def _text(before: ArticleText, change: Change) -> ArticleText:
    fields = vars(before)
    try:
        return checked(**{**fields, **change(fields)})
    except ArticleError as error:
        raise Refused("unfinished", problem={one: error.said(one) for one in LOCALES}) from None


def _shelve(
    session: Session, found: _Found, prepared: Any, change: Change, user: User, note: str, now: datetime
) -> None:
    translation = session.get(Translation, found.key, with_for_update=True, populate_existing=True)
    if translation is None or translation.live_revision_id != found.live_id:
        raise Refused("changed_meanwhile")
    if prepared is not None:
        publish(session, prepared, now=now, by=By(user.id, note))
    draft = find_draft(session, *found.key, lock=True)
    if draft is not None:
        _change_draft(session, draft, change, user, now, translation)
    noted(session, "article_shelved", *found.key, user, now, note=note)


def _change_draft(
    session: Session, draft: ArticleDraft, change: Change, user: User, now: datetime, translation: Translation
) -> None:
    if draft.stage != "writing":
        raise Refused("under_review")
    save_draft(session, draft.article_id, draft.locale, change(draft.fields), now=now, user_id=user.id)
    # It holds what was just published of it, so it was begun from that.
    draft.base_revision_id = translation.live_revision_id


@contextmanager
def _counted(session: Session, report: Report, key: Key) -> Iterator[None]:
    """What is done to one article: wholly or not at all, and counted."""
    try:
        with session.begin_nested():
            yield
    except Refused as refused:
        report.refused.append((key, refused))
    else:
        report.done += 1
