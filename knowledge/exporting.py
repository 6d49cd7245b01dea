"""Writing what is live to a folder that can be imported again, one Markdown file an article and language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import Database
from knowledge.article_files import path_of, render
from knowledge.article_text import ArticleError, ArticleText, text_of
from knowledge.articles import Revision, Translation
from knowledge.categories import FILE_NAME, render_categories, stored_categories
from knowledge.pictures import SCHEME, Picture, PictureStore, exported_name, rewritten, stored_pictures
from knowledge.vectors import steps

ARTICLES_PER_QUERY = 500
PICTURES = "pictures"
"""The folder they lie in, beside those of the locales."""


def export_articles(database: Database, folder: Path, pictures: PictureStore | None = None) -> int:
    """Writes `locale/category/name.md` for each live article, their pictures and the categories; returns how many.

    The folder is made, or must be empty but for hidden files: what was withdrawn would otherwise stay in it and come
    back with the next import. Raises ArticleError if it can't be used.
    """
    _make_empty(folder)
    count = 0
    with database.reading() as session:
        live = select(Translation.live_revision_id).where(Translation.live_revision_id.is_not(None))
        for ids in steps(session.scalars(live).all(), ARTICLES_PER_QUERY):
            for revision in session.scalars(select(Revision).where(Revision.id.in_(ids))):
                _write(folder, _with_pictures(session, folder, text_of(revision), pictures or PictureStore()))
                count += 1
            session.expunge_all()
        if categories := stored_categories(session):
            (folder / FILE_NAME).write_text(render_categories(categories), encoding="utf-8", newline="\n")
    return count


def _with_pictures(session: Session, folder: Path, text: ArticleText, pictures: PictureStore) -> ArticleText:
    """Writes the pictures of an article; its text as it names them there."""
    paths: dict[str, str] = {}
    for sha256 in stored_pictures(text.body):
        picture = session.get(Picture, sha256)
        content = pictures.content(session, sha256, picture.kind) if picture else None
        if picture is not None and content is not None:
            file = folder / PICTURES / exported_name(picture)
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)
            paths[f"{SCHEME}{sha256}.{picture.kind}"] = f"../../{PICTURES}/{file.name}"
    return replace(text, body=rewritten(text.body, lambda path: paths.get(path, path))) if paths else text


def _make_empty(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(not path.name.startswith(".") for path in folder.iterdir()):
            raise ArticleError(f"{folder} is not empty.")
    except OSError as error:
        raise ArticleError(f"{folder} can't be used: {error.strerror}.") from None


def _write(folder: Path, text: ArticleText) -> None:
    file = folder / path_of(text)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(render(text), encoding="utf-8", newline="\n")
