"""Drafts: what is being written of an article, beside what is live; kept at every pause, finished or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, Boolean, ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session

from db import Base, UTCDateTime, column, utc_now
from knowledge.article_text import CONTROL, ArticleError, ArticleText, checked, checked_id, checked_locale
from knowledge.articles import Article, Revision, Translation
from knowledge.redirects import key_today
from staff.people import User

Stage = Literal["writing", "submitted", "approved"]
"""Where a draft stands: who changes its text begins anew at `writing`."""
WRITTEN = ("title", "short_answer", "body", "questions", "category", "tags", "aliases", "internal")
EXPECTED = ("must_answer", "must_not_answer")
FIELDS = (*WRITTEN, *EXPECTED)
"""What an author writes; everything of an `ArticleText` but its id and locale."""
LONGEST = 1_000_000
"""Characters of all fields together: no mistake and no attack fills the database."""
NOTE_LENGTH = 1_000


_NOTHING: dict[str, Any] = {
    **dict.fromkeys(("title", "short_answer", "body", "category"), ""),
    **{name: [] for name in ("questions", "tags", "aliases", *EXPECTED)},
    "internal": False,
}
"""Of a new article."""


class ArticleDraft(Base):
    """The text being written of an article in one language. It may lack a title, or be wrong in another way."""

    __tablename__ = "article_draft"

    article_id: Mapped[str] = column(ForeignKey("article.id"), primary_key=True)
    locale: Mapped[str] = column(String(10), primary_key=True)
    title: Mapped[str] = column(Text, default="")
    short_answer: Mapped[str] = column(Text, default="")
    body: Mapped[str] = column(Text, default="")
    questions: Mapped[list[str]] = column(JSON, default=list)
    category: Mapped[str] = column(Text, default="")
    tags: Mapped[list[str]] = column(JSON, default=list)
    aliases: Mapped[list[str]] = column(JSON, default=list)
    internal: Mapped[bool] = column(Boolean, default=False)
    must_answer: Mapped[list[str]] = column(JSON, default=list)
    must_not_answer: Mapped[list[str]] = column(JSON, default=list)

    version: Mapped[int] = column(Integer, default=1)
    """1, 2, 3 …: one more with every change of the text."""
    base_revision_id: Mapped[int | None] = column(ForeignKey("article_revision.id"), nullable=True)
    """What was live when it was begun."""
    note: Mapped[str] = column(Text, default="")
    """What changed and why; becomes the revision's."""
    saved_by: Mapped[str | None] = column(ForeignKey(User.id), nullable=True)
    saved_at: Mapped[datetime] = column(UTCDateTime)
    stage: Mapped[str] = column(String(12), default="writing", index=True)
    """A `Stage`."""
    submitted_by: Mapped[str | None] = column(ForeignKey(User.id), nullable=True)
    approved_by: Mapped[str | None] = column(ForeignKey(User.id), nullable=True)
    publish_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True, index=True)
    """When it goes live by itself."""
    publish_by: Mapped[str | None] = column(ForeignKey(User.id), nullable=True)
    """Who said so."""
    claimed_until: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """Until when one process, which publishes it now, has it for itself."""
    stopped: Mapped[dict[str, Any] | None] = column(JSON(none_as_null=True), nullable=True)
    """Why it did not go live at its time: `reason`, `values`, `at`, `by` (who had set it); None: nothing stopped it."""

    @property
    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIELDS}


@dataclass(frozen=True)
class Seen:
    """What somebody began to write from: the live revision they saw, if there was one, and the draft's version or 0."""

    revision_id: int | None
    version: int


NEW = Seen(None, 0)
"""Of an article of which there is nothing yet."""


class Conflict(Exception):
    """Somebody else saved or published meanwhile."""

    def __init__(self, theirs: Mapping[str, Any], seen: Seen, saved_by: str | None) -> None:
        """`theirs`: the fields as they stand there now; whoever has seen them can save with this `seen`."""
        super().__init__("Somebody else has changed this article meanwhile.")
        self.theirs = theirs
        self.seen = seen
        self.saved_by = saved_by


def find_draft(session: Session, article_id: str, locale: str, *, lock: bool = False) -> ArticleDraft | None:
    query = select(ArticleDraft).filter_by(article_id=article_id, locale=locale)
    # What was read before the lock was waited for may be history by now.
    query = query.with_for_update().execution_options(populate_existing=True) if lock else query
    found: ArticleDraft | None = session.scalars(query).one_or_none()
    return found


def draft_of(session: Session, article_id: str, locale: str, *, lock: bool = False) -> ArticleDraft:
    """Raises ArticleError if there is none."""
    draft = find_draft(session, article_id, locale, lock=lock)
    if draft is None:
        raise ArticleError(
            f"The article {article_id!r} has no draft in {locale!r}.",
            f"Der Artikel „{article_id}“ hat keinen Entwurf in „{locale}“.",
        )
    return draft


def text_of_draft(draft: ArticleDraft) -> ArticleText:
    """As it can be published; raises ArticleError with the first thing that is wrong."""
    return checked(id=draft.article_id, locale=draft.locale, **draft.fields)


def says(draft: ArticleDraft, text: ArticleText) -> bool:
    """Whether a draft says just this."""
    try:
        return text_of_draft(draft) == text
    except ArticleError:
        return False


def fields_of(text: ArticleText | Revision) -> dict[str, Any]:
    """What an author wrote, as a draft keeps it."""
    values = {name: getattr(text, name) for name in FIELDS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def save_draft(
    session: Session,
    article_id: str,
    locale: str,
    fields: Mapping[str, Any],
    seen: Seen | None = None,
    *,
    now: datetime | None = None,
    user_id: str | None = None,
) -> ArticleDraft:
    """Keeps what somebody writes, as it is; the index does not hear of it. Fields that are not given stay.

    `seen`: what they began from; None: whatever stands there is replaced. Raises Conflict if something else stands
    there by now and says something else, ArticleError for what can't be kept at all.
    """
    kept = storable(fields)
    if "category" in kept:
        kept["category"] = key_today(session, kept["category"])
    translation = translation_of(session, checked_id(article_id), checked_locale(locale))
    draft = find_draft(session, article_id, locale, lock=True)
    session.refresh(translation)  # Whoever held the draft may have published it.
    standing = draft or _begun(session, translation, now or utc_now())
    if all(getattr(standing, name) == value for name, value in kept.items()) and (draft or seen):
        return standing
    if seen is not None and seen != _seen(translation, draft):
        raise Conflict(standing.fields, _seen(translation, draft), standing.saved_by)
    for name, value in kept.items():
        setattr(standing, name, value)
    standing.version += 1
    standing.saved_at = now or utc_now()
    standing.saved_by = user_id
    begin_again(standing)
    session.add(standing)
    session.flush()
    return standing


def seen_of(session: Session, article_id: str, locale: str) -> Seen:
    """What stands there now."""
    translation = session.get(Translation, (article_id, locale))
    return _seen(translation, find_draft(session, article_id, locale))


def fields_now(session: Session, translation: Translation) -> dict[str, Any]:
    """What stands there now: the draft, else what is live, else nothing."""
    draft = find_draft(session, translation.article_id, translation.locale)
    return (draft or _begun(session, translation, utc_now())).fields


def begin_again(draft: ArticleDraft) -> None:
    """What was said of the former text, and when it was to go live, holds no more."""
    draft.stage = "writing"
    draft.submitted_by = draft.approved_by = draft.publish_at = draft.publish_by = draft.claimed_until = None
    draft.stopped = None


def discard_draft(session: Session, article_id: str, locale: str) -> None:
    """Raises ArticleError if there is none."""
    session.delete(draft_of(session, article_id, locale, lock=True))


def storable(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields as a draft keeps them, whatever is still missing; raises ArticleError.

    Control characters go: they come along when text is pasted, and nobody could find them.
    """
    unknown = next((name for name in fields if name not in FIELDS), None)
    if unknown is not None:
        raise ArticleError(f"The field {unknown[:40]!r} is not known.")
    kept = {name: _storable(name, value) for name, value in fields.items()}
    if sum(_length(value) for value in kept.values()) > LONGEST:
        raise ArticleError(
            f"The draft is longer than {LONGEST:,} characters.", f"Der Entwurf ist länger als {LONGEST} Zeichen."
        )
    return kept


def _begun(session: Session, translation: Translation, now: datetime) -> ArticleDraft:
    """A draft that says what is live, not yet stored."""
    live = translation.live_revision_id and session.get(Revision, translation.live_revision_id)
    begun = fields_of(live) if live else {name: _NOTHING[name] for name in FIELDS}
    return ArticleDraft(
        article_id=translation.article_id,
        locale=translation.locale,
        base_revision_id=translation.live_revision_id,
        saved_by=live.author_id if live else None,
        saved_at=now,
        version=0,
        note="",
        **begun,
    )


def _seen(translation: Translation | None, draft: ArticleDraft | None) -> Seen:
    """With a draft, that one is what is written on, whatever is live meanwhile."""
    if draft is not None:
        return Seen(draft.base_revision_id, draft.version)
    return Seen(translation.live_revision_id if translation else None, 0)


def translation_of(session: Session, article_id: str, locale: str) -> Translation:
    """The article in a language, made if it is not there."""
    if session.get(Article, article_id) is None:
        session.add(Article(id=article_id))
        session.flush()
    translation: Translation | None = session.get(Translation, (article_id, locale))
    if translation is None:
        translation = Translation(article_id=article_id, locale=locale)
        session.add(translation)
        session.flush()
    return translation


def _storable(name: str, value: Any) -> Any:
    if name == "internal":
        if not isinstance(value, bool):
            raise ArticleError("The key internal must be true or false.")
        return value
    if name in ("title", "short_answer", "body", "category"):
        return _plain(name, value)
    if not isinstance(value, list | tuple):
        raise ArticleError(f"The {name.replace('_', ' ')} must be a list of texts.")
    return [_plain(name, one) for one in value]


def _plain(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ArticleError(f"The {name.replace('_', ' ')} must be text.")
    return CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def _length(value: Any) -> int:
    return sum(map(len, value)) if isinstance(value, list) else len(str(value))
