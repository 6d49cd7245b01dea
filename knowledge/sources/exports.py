"""JSON files of another help centre's export: read together, whatever file a thing stands in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from knowledge.article_files import article_of
from knowledge.article_text import ALIASES, TAG_LENGTH, ArticleError
from knowledge.locales import known_locale
from knowledge.pictures import SCHEME, PictureFile
from knowledge.sources.files import TABLE_BYTES, bytes_of, decoded
from knowledge.sources.found import Found, refused
from knowledge.sources.gallery import Gallery
from knowledge.sources.html import markdown_of
from knowledge.sources.links import Pages, alias_of, page_name

Thing = dict[str, Any]


@dataclass(frozen=True)
class Piece:
    """An article in one language, as an export has it."""

    where: str
    id: str
    language: str
    title: str
    html: str
    url: str
    category: str
    tags: Sequence[str] = ()
    aliases: Sequence[str] = ()
    is_draft: bool = False
    is_internal: bool = False


def files_of(paths: Sequence[Path], inside: Path) -> list[Any]:
    """What stands in JSON files; raises ArticleError with the first that is none."""
    return [_loaded(path, inside) for path in paths]


def things(loaded: Iterable[Any], key: str, kind: str) -> list[Thing]:
    """All of one kind: of the lists under a key, the single ones, and of plain lists those that say they are it."""
    found: dict[tuple[str, str], Thing] = {}
    for one in _lists(loaded, key, kind):
        found.setdefault((str(one.get("id", id(one))), str(one.get("locale"))), one)
    return list(found.values())


def _lists(loaded: Iterable[Any], key: str, kind: str) -> Iterator[Thing]:
    for whole in loaded:
        listed = whole if isinstance(whole, list) else _under(whole, key, kind)
        yield from (one for one in listed if isinstance(one, dict) and one.get("type", kind) == kind)


def _under(whole: Any, key: str, kind: str) -> list[Any]:
    if not isinstance(whole, dict):
        return []
    single = [whole[kind]] if isinstance(whole.get(kind), dict) else []
    listed = whole.get(key) if isinstance(whole.get(key), list) else []
    return [*(listed or []), *single]


def text(thing: Thing, key: str) -> str:
    """A text of a thing; empty if it is something else."""
    value = thing.get(key)
    return value if isinstance(value, str) else ""


def address(thing: Thing, key: str) -> str:
    """An address on the web that stands there; empty if it is something else."""
    try:
        return text(thing, key) if urlsplit(text(thing, key)).hostname else ""
    except ValueError:
        return ""


def found_of(piece: Piece, pages: Pages, gallery: Gallery) -> Found:
    """The article, its body in Markdown, its links and pictures ours."""
    pictures: list[PictureFile] = []
    notes: list[ArticleError] = []

    def picture(source: str) -> str:
        whole = source if source.startswith("data:") else pages.link(source, piece.url) if source else ""
        try:
            if not whole:
                return ""
            pictures.append(taken := gallery.take(whole))
        except ArticleError as error:
            notes.append(_left_out(whole, error))
            return whole if whole.startswith(("https://", "http://")) else ""
        return f"{SCHEME}{taken.stored_name}"

    try:
        body = markdown_of(piece.html, lambda href: pages.link(href, piece.url), picture)
        article = article_of(
            {
                "id": piece.id,
                "locale": _locale(piece.language),
                "title": piece.title,
                "body": body,
                "category": piece.category,
                "tags": [tag for tag in piece.tags if 0 < len(tag.strip()) <= TAG_LENGTH],
                "aliases": list(dict.fromkeys(piece.aliases or alias_of(piece.url)))[:ALIASES],
                "internal": piece.is_internal,
            }
        )
    except ArticleError as error:
        return refused(piece.where, error)
    return Found(piece.where, article, None, tuple(dict.fromkeys(pictures)), tuple(notes), piece.is_draft)


def _locale(language: str) -> str:
    locale = known_locale(language)
    if locale is None:
        raise ArticleError(
            f"It is written in {language[:20]!r}; articles here are in English or German.",
            f"Die Sprache ist „{language[:20]}“; Artikel sind hier auf Englisch oder Deutsch.",
        )
    return locale


def _left_out(source: str, error: ArticleError) -> ArticleError:
    shown = source if len(source) <= 100 else f"{source[:100]}…"
    return ArticleError(
        f"A picture is a link only ({shown}): {error}", f"Ein Bild ist nur ein Link ({shown}): {error.said('de')}"
    )


def _loaded(path: Path, inside: Path) -> Any:
    try:
        return json.loads(decoded(bytes_of(path, inside, TABLE_BYTES), TABLE_BYTES))
    except ArticleError as error:
        raise ArticleError(f"{path.name}: {error}", f"{path.name}: {error.said('de')}") from None
    except (ValueError, RecursionError):
        raise ArticleError(f"{path.name} is not JSON.", f"{path.name} ist kein JSON.") from None


def distinct(pieces: Iterable[Piece]) -> list[Piece]:
    """Of several in one language, such as of British and American English, the first."""
    by_language: dict[tuple[str, str], Piece] = {}
    for piece in pieces:
        by_language.setdefault((piece.id, known_locale(piece.language) or piece.language), piece)
    return list(by_language.values())


def pages_of(pieces: Sequence[Piece]) -> Pages:
    """Their addresses, by which they link to each other."""
    by_name = {page_name(piece.url): piece.id for piece in pieces if piece.url}
    return Pages(by_name, frozenset(piece.id for piece in pieces))
