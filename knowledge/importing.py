"""Taking in many articles: a folder of Markdown files, or a file with one JSON object a line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from knowledge.article_files import article_of, parse
from knowledge.article_text import ArticleError, ArticleText
from knowledge.categories import FILE_NAME, parse_categories, store_categories, stored_categories
from knowledge.library import Knowledge
from knowledge.pictures import PictureFile, store_picture, take_pictures
from knowledge.publishing import live_texts, prepare, publish
from knowledge.vectors import Progress, steps

FILE_BYTES = 1_000_000
ARTICLES_PER_STEP = 200
"""So many are embedded in one call: enough for full speed, little to lose when the import is killed."""
ARTICLES_PER_COMMIT = 20
"""Who else writes waits for a commit: a customer's message should not notice an import."""
NO_CATEGORY = "general"
"""Where articles of a JSONL file go that name no category."""


@dataclass(frozen=True)
class Problem:
    where: str
    reason: str


@dataclass
class Report:
    published: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    where: str
    text: ArticleText | None
    problem: str = ""
    pictures: tuple[PictureFile, ...] = ()


def import_articles(knowledge: Knowledge, source: Path, progress: Progress | None = None) -> Report:
    """Publishes what is new or changed in a folder or a .jsonl file; what can't be taken is in the report.

    What was published stays when the import is killed; importing again goes on from there. Raises ArticleError if
    there is no such folder or file.
    """
    report = Report()
    if source.is_dir():
        _take_categories(knowledge, source, report)
    seen: dict[tuple[str, str], str] = {}
    total = _count(source)
    done = 0
    for step in steps(_read(source), ARTICLES_PER_STEP):
        texts = [text for found in step if (text := _accepted(knowledge, found, seen, report))]
        _publish(knowledge, texts, report)
        done += len(step)
        if progress:
            progress(done, total)
    knowledge.refresh()
    return report


def _take_categories(knowledge: Knowledge, folder: Path, report: Report) -> None:
    path = folder / FILE_NAME
    if not path.exists():
        return
    try:
        categories = parse_categories(_content(path, folder.resolve()))
    except ArticleError as error:
        report.problems.append(Problem(FILE_NAME, str(error)))
        return
    with knowledge.database.reading() as session:
        stored = stored_categories(session)
    if categories != stored:
        with knowledge.database.transaction() as session:
            store_categories(session, categories)


def _accepted(
    knowledge: Knowledge, found: Found, seen: dict[tuple[str, str], str], report: Report
) -> ArticleText | None:
    text, problem = found.text, found.problem
    if text is not None:
        first = seen.setdefault((text.id, text.locale), found.where)
        if first != found.where:
            problem = f"The id {text.id!r} is already used for {text.locale} by {first}."
        else:
            problem = _stored_pictures(knowledge, found.pictures)
        if not problem:
            return text
    report.problems.append(Problem(found.where, problem))
    return None


def _stored_pictures(knowledge: Knowledge, pictures: Sequence[PictureFile]) -> str:
    """What is wrong with one of them; empty if all are kept."""
    for picture in pictures:
        try:
            with knowledge.database.transaction() as session:
                store_picture(session, picture, knowledge.pictures)
        except (ArticleError, OSError) as error:
            return str(error)
    return ""


def _publish(knowledge: Knowledge, texts: Sequence[ArticleText], report: Report) -> None:
    with knowledge.database.reading() as session:
        live = live_texts(session, texts)
    changed = [text for text in texts if text not in live]
    for some in steps(prepare(knowledge.database, knowledge.embedder, changed), ARTICLES_PER_COMMIT):
        with knowledge.database.transaction() as session:
            publish(session, *some)
    report.published += len(changed)
    report.unchanged += len(texts) - len(changed)


def _count(source: Path) -> int:
    if source.is_dir():
        return len(_paths(source))
    with _opened(source) as file:
        return sum(1 for _ in _lines(file))


def _read(source: Path) -> Iterator[Found]:
    return _read_folder(source) if source.is_dir() else _read_lines(source)


def _read_folder(folder: Path) -> Iterator[Found]:
    inside = folder.resolve()
    for path in _paths(folder):
        where = os.fsencode(path.relative_to(folder)).decode(errors="replace")
        try:
            text = parse(_content(path, inside))
            body, pictures = take_pictures(text.body, path.parent, inside)
            yield Found(where, replace(text, body=body), pictures=pictures)
        except ArticleError as error:
            yield Found(where, None, str(error))


def _paths(folder: Path) -> list[Path]:
    """The Markdown files in a folder and those within, but for hidden ones."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(parent, name) for name in names if name.endswith(".md") and not name.startswith(".")]
    return sorted(found)


def _content(path: Path, inside: Path) -> str:
    try:
        # A link could show the importing person's other files to every customer.
        if not path.resolve(strict=True).is_relative_to(inside):
            raise ArticleError("The file is a link that leads out of the folder.")
        if not path.is_file():
            raise ArticleError("This is not a file.")
        with path.open("rb") as file:
            content = file.read(FILE_BYTES + 1)
    except (OSError, RuntimeError) as error:
        raise ArticleError(f"The file can't be read: {getattr(error, 'strerror', None) or error}.") from None
    return _decoded(content)


def _decoded(content: bytes) -> str:
    if len(content) > FILE_BYTES:
        raise ArticleError(f"It is larger than {FILE_BYTES // 1_000} kB.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ArticleError("It is not UTF-8 text.") from None


def _read_lines(path: Path) -> Iterator[Found]:
    with _opened(path) as file:
        for number, line in _lines(file):
            where = f"{path.name}:{number}"
            try:
                yield Found(where, article_of(_object(line), NO_CATEGORY))
            except ArticleError as error:
                yield Found(where, None, str(error))


def _opened(path: Path) -> BinaryIO:
    if path.suffix != ".jsonl":
        raise ArticleError(f"{path} is neither a folder nor a .jsonl file.")
    try:
        return path.open("rb")
    except OSError as error:
        raise ArticleError(f"{path} can't be read: {error.strerror}.") from None


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty; of one that is too long, its beginning."""
    number = 0
    while line := file.readline(FILE_BYTES + 2):
        number += 1
        rest = line
        while not rest.endswith(b"\n") and (rest := file.readline(FILE_BYTES)):
            pass
        if line.strip():
            yield number, line.rstrip(b"\r\n")


def _object(line: bytes) -> dict[str, object]:
    try:
        fields = json.loads(_decoded(line))
    except (ValueError, RecursionError):
        raise ArticleError("The line is not JSON.") from None
    if not isinstance(fields, dict):
        raise ArticleError("The line is not a JSON object.")
    return fields
