"""A folder of Markdown files, one an article and language, with the pictures they show."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

from knowledge.article_files import parse_file
from knowledge.article_text import ArticleError
from knowledge.categories import FILE_NAME, Category, parse_categories
from knowledge.linking import SCHEME as ARTICLE_SCHEME
from knowledge.pictures import take_pictures
from knowledge.sources.files import content_of, named
from knowledge.sources.found import Found, Source, refused
from knowledge.sources.links import relinked

ID = re.compile(r"^id:[ \t]*['\"]?([^\s'\"#]+)", re.MULTILINE)


def open_folder(folder: Path) -> Source:
    """All Markdown files in it, and its categories if it names them."""
    paths = markdown_files(folder)
    inside = folder.resolve()
    categories, problems = _categories(folder, inside)

    def read(begin: int) -> Iterator[Found]:
        return (_read(path, folder, inside) for path in paths[begin:])

    return Source(len(paths), read, categories or (), categories is not None, problems)


def markdown_files(folder: Path) -> list[Path]:
    """Those in a folder and those within, but for hidden ones."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(parent, name) for name in names if name.endswith(".md") and not name.startswith(".")]
    return sorted(found)


def _categories(folder: Path, inside: Path) -> tuple[list[Category] | None, tuple[Found, ...]]:
    path = folder / FILE_NAME
    if not path.exists():
        return None, ()
    try:
        return parse_categories(content_of(path, inside)), ()
    except ArticleError as error:
        return None, (refused(FILE_NAME, error),)


def _read(path: Path, folder: Path, inside: Path) -> Found:
    where = named(path, folder)
    try:
        text, is_draft = parse_file(content_of(path, inside))
        body, pictures = take_pictures(text.body, path.parent, inside)
        body = relinked(body, lambda link: _by_id(link, path.parent, inside))
        return Found(where, replace(text, body=body), pictures=pictures, is_draft=is_draft)
    except ArticleError as error:
        return refused(where, error)


def _by_id(link: str, folder: Path, inside: Path) -> str:
    """A link to another article's file, by that article's id; any other as it is."""
    path, _, _ = unquote(link).partition("#")
    if not path.endswith(".md") or path.startswith("/") or ":" in path:
        return link
    article_id = _id_in(folder / path, inside)
    return f"{ARTICLE_SCHEME}{quote(article_id)}" if article_id else link


def _id_in(path: Path, inside: Path) -> str:
    try:
        found = ID.search(content_of(path, inside))
    except (ArticleError, ValueError):
        return ""
    return found[1] if found else ""
