"""Canned replies are written, changed and deleted: one shortcut, a text in each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db import Database, lock
from handoff.admin.refused import NotTaken
from handoff.canned import CannedReply
from staff.audit import record
from staff.teams import Team
from staff.words import LANGUAGES

VARIABLES = ("customer", "agent", "company", "question", "wait")
SHORTCUT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
VARIABLE = re.compile(r"\{([^{}]*)\}")
TITLE_CHARS = 100
TEXT_CHARS = 2000


@dataclass(frozen=True)
class Entry:
    """What a form says of one."""

    shortcut: str = ""
    team_id: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    """By language, as are `texts`."""
    texts: Mapping[str, str] = field(default_factory=dict)


def all_replies(session: Session) -> list[Entry]:
    """By shortcut."""
    found: dict[str, list[CannedReply]] = {}
    for one in session.scalars(select(CannedReply).order_by(CannedReply.shortcut, CannedReply.locale)):
        found.setdefault(one.shortcut, []).append(one)
    return [_entry(shortcut, replies) for shortcut, replies in found.items()]


def find_reply(session: Session, shortcut: str) -> Entry:
    """Raises LookupError."""
    replies = list(session.scalars(select(CannedReply).filter_by(shortcut=shortcut)))
    if not replies:
        raise LookupError(shortcut)
    return _entry(shortcut, replies)


def write_reply(database: Database, by: str, before: str, entry: Entry, now: datetime) -> str:
    """Keeps a new one (`before` is empty), or another text of the one with this shortcut. Raises NotTaken, LookupError.

    Returns its shortcut.
    """
    shortcut = entry.shortcut.strip().removeprefix("/").lower()
    if not SHORTCUT.fullmatch(shortcut):
        raise NotTaken("bad_shortcut")
    texts = {locale: _checked(entry, locale) for locale in LANGUAGES}
    if not any(texts.values()):
        raise NotTaken("no_text")
    with database.transaction() as session:
        lock(session, "canned replies")
        if before:
            find_reply(session, before)
        if shortcut != before and session.scalars(select(CannedReply.id).filter_by(shortcut=shortcut)).first():
            raise NotTaken("there_already", shortcut=shortcut)
        if entry.team_id and session.get(Team, entry.team_id) is None:
            raise NotTaken("no_team")
        session.execute(delete(CannedReply).where(CannedReply.shortcut == before))
        session.add_all(
            CannedReply(
                shortcut=shortcut,
                locale=locale,
                title=text[0],
                text=text[1],
                team_id=entry.team_id or None,
                updated_at=now,
            )
            for locale, text in texts.items()
            if text
        )
        record(session, "reply_written", now, user_id=by, subject=shortcut)
    return shortcut


def delete_reply(database: Database, by: str, shortcut: str, now: datetime) -> None:
    """Raises LookupError."""
    with database.transaction() as session:
        find_reply(session, shortcut)
        session.execute(delete(CannedReply).where(CannedReply.shortcut == shortcut))
        record(session, "reply_deleted", now, user_id=by, subject=shortcut)


def _entry(shortcut: str, replies: list[CannedReply]) -> Entry:
    titles, texts = ({one.locale: getattr(one, name) for one in replies} for name in ("title", "text"))
    return Entry(shortcut, replies[0].team_id or "", titles, texts)


def _checked(entry: Entry, locale: str) -> tuple[str, str] | None:
    """Title and text in a language; None if it has neither. Raises NotTaken."""
    title = _plain(entry.titles.get(locale, "")).replace("\n", " ")
    text = _plain(entry.texts.get(locale, ""))
    if not title and not text:
        return None
    language = LANGUAGES[locale]
    if not title or not text:
        raise NotTaken("half", language=language)
    if len(title) > TITLE_CHARS or len(text) > TEXT_CHARS:
        raise NotTaken("too_long", language=language)
    unknown = next((name for name in VARIABLE.findall(text) if name not in VARIABLES), None)
    if unknown is not None:
        raise NotTaken("bad_variable", variable=f"{{{unknown}}}", language=language)
    return title, text


def _plain(text: str) -> str:
    """With its line breaks, without what can't be seen."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign.isprintable() or sign == "\n").strip()
