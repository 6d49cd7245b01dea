"""Writing what is live to a folder that can be imported again, one Markdown file an article and language."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from db import Database
from knowledge.article_files import path_of, render
from knowledge.article_text import ArticleError, ArticleText, text_of
from knowledge.articles import Revision, Translation
from knowledge.vectors import steps

ARTICLES_PER_QUERY = 500


def export_articles(database: Database, folder: Path) -> int:
    """Writes `locale/category/name.md` for each live article; returns how many.

    The folder is made, or must be empty but for hidden files: what was withdrawn would otherwise stay in it and come
    back with the next import. Raises ArticleError if it can't be used.
    """
    _make_empty(folder)
    count = 0
    with database.reading() as session:
        live = select(Translation.live_revision_id).where(Translation.live_revision_id.is_not(None))
        for ids in steps(session.scalars(live).all(), ARTICLES_PER_QUERY):
            for revision in session.scalars(select(Revision).where(Revision.id.in_(ids))):
                _write(folder, text_of(revision))
                count += 1
            session.expunge_all()
    return count


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
