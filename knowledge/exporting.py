"""Writing what is live as files that can be imported again: the same files as long as nothing changed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import Database
from knowledge.article_files import path_of, render
from knowledge.article_text import CATEGORY, ArticleError, ArticleText, text_of
from knowledge.articles import Revision, Translation
from knowledge.categories import FILE_NAME, render_categories, stored_categories
from knowledge.drafts import ArticleDraft
from knowledge.pictures import SCHEME, Picture, PictureStore, exported_name, rewritten, stored_pictures
from knowledge.sources.found import NO_CATEGORY
from knowledge.vectors import steps

ARTICLES_PER_QUERY = 500
PICTURES = "pictures"
"""The folder they lie in, beside those of the locales."""
BEGINNING_OF_TIME = (1980, 1, 1, 0, 0, 0)
"""A ZIP knows no earlier date, and no other one: when it was packed is no part of what is in it."""


@dataclass(frozen=True)
class File:
    path: str
    content: bytes
    is_article: bool = False


def export_articles(
    database: Database, folder: Path, pictures: PictureStore | None = None, *, drafts: bool = False
) -> int:
    """Writes `locale/category/name.md` for each live article, their pictures and the categories; returns how many.

    The folder is made, or must be empty but for hidden files: what was withdrawn would otherwise stay in it and come
    back with the next import. Raises ArticleError if it can't be used.
    """
    _make_empty(folder)
    count = 0
    for file in files_of(database, pictures or PictureStore(), drafts=drafts):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        count += file.is_article
    return count


def export_archive(database: Database, path: Path, pictures: PictureStore, *, drafts: bool = False) -> int:
    """The same as a ZIP. Raises ArticleError if there is such a file already, or it can't be written."""
    count = 0
    try:
        with path.open("xb") as archive:
            for packed, counted in _packed(files_of(database, pictures, drafts=drafts)):
                archive.write(packed)
                count += counted
    except FileExistsError:
        raise ArticleError(f"{path} is there already.", f"{path} gibt es schon.") from None
    except OSError as error:
        raise ArticleError(
            f"{path} can't be written: {error.strerror}.", f"{path} lässt sich nicht schreiben: {error.strerror}."
        ) from None
    return count


def archive_of(database: Database, pictures: PictureStore, *, drafts: bool = False) -> Iterator[bytes]:
    """The same, piece by piece."""
    return (packed for packed, _ in _packed(files_of(database, pictures, drafts=drafts)))


def files_of(database: Database, pictures: PictureStore, *, drafts: bool = False) -> Iterator[File]:
    """The categories first, then each article with those of its pictures that no one before it shows."""
    written: set[str] = set()
    with database.reading() as session:
        if categories := stored_categories(session):
            yield File(FILE_NAME, render_categories(categories).encode())
        for stored, is_draft in _texts(session, drafts=drafts):
            text, shown = _with_pictures(session, stored, pictures, written)
            yield from shown
            yield File(_path(text, is_draft), render(text, is_draft=is_draft).encode(), is_article=True)


def _texts(session: Session, *, drafts: bool) -> Iterator[tuple[ArticleText, bool]]:
    """Each with whether it is a draft; by id and language, as Python orders them and not some database."""
    live = select(Translation.article_id, Translation.locale, Translation.live_revision_id)
    keys = sorted(session.execute(live.where(Translation.live_revision_id.is_not(None))).all())
    for some in steps(keys, ARTICLES_PER_QUERY):
        found = session.scalars(select(Revision).where(Revision.id.in_([key.live_revision_id for key in some])))
        revisions = {revision.id: revision for revision in found}
        yield from ((text_of(revisions[key.live_revision_id]), False) for key in some)
        session.expunge_all()
    if drafts:
        unfinished = sorted(session.scalars(select(ArticleDraft)), key=lambda one: (one.article_id, one.locale))
        yield from ((_unchecked(draft), True) for draft in unfinished)


def _unchecked(draft: ArticleDraft) -> ArticleText:
    """As it stands, finished or not."""
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in draft.fields.items()
    }
    return ArticleText(id=draft.article_id, locale=draft.locale, **fields)


def _path(text: ArticleText, is_draft: bool) -> str:
    # A draft may say anything as its category.
    path = path_of(text if CATEGORY.fullmatch(text.category) else replace(text, category=NO_CATEGORY))
    return str(path.with_suffix(".draft.md") if is_draft else path)


def _with_pictures(
    session: Session, text: ArticleText, pictures: PictureStore, written: set[str]
) -> tuple[ArticleText, list[File]]:
    """An article as it names its pictures there, and the files of those that are not there yet."""
    paths: dict[str, str] = {}
    files = []
    for sha256 in stored_pictures(text.body):
        picture = session.get(Picture, sha256)
        content = pictures.content(session, sha256, picture.kind) if picture else None
        if picture is None or content is None:
            continue
        name = f"{PICTURES}/{exported_name(picture)}"
        paths[f"{SCHEME}{picture.stored_name}"] = f"../../{name}"
        if name not in written:
            written.add(name)
            files.append(File(name, content))
    return replace(text, body=rewritten(text.body, lambda path: paths.get(path, path))) if paths else text, files


def _packed(files: Iterator[File]) -> Iterator[tuple[bytes, bool]]:
    """A ZIP piece by piece, each with whether it is an article."""
    written = _Written()
    with zipfile.ZipFile(written, "w") as archive:  # type: ignore[call-overload]
        for file in files:
            archive.writestr(_entry(file.path), file.content)
            yield written.taken(), file.is_article
    yield written.taken(), False


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, BEGINNING_OF_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, whatever it is packed on.
    entry.external_attr = 0o644 << 16
    return entry


class _Written:
    """What was written since it was last taken away; there is no way back, as on a wire."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Everything is there already."""

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _make_empty(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(not path.name.startswith(".") for path in folder.iterdir()):
            raise ArticleError(f"{folder} is not empty.", f"{folder} ist nicht leer.")
    except OSError as error:
        raise ArticleError(
            f"{folder} can't be used: {error.strerror}.", f"{folder} ist nicht verwendbar: {error.strerror}."
        ) from None
