"""A file with one JSON object a line, each an article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from knowledge.article_files import article_of
from knowledge.article_text import ArticleError
from knowledge.sources.files import FILE_BYTES, decoded
from knowledge.sources.found import Found, Source, refused


def open_lines(path: Path, category: str) -> Source:
    """Raises ArticleError if it can't be read. `category`: of articles that name none."""

    def read(begin: int) -> Iterator[Found]:
        with _opened(path) as file:
            for number, line in islice(_lines(file), begin, None):
                yield _found(f"{path.name}:{number}", line, category)

    with _opened(path) as file:
        return Source(sum(1 for _ in _lines(file)), read)


def _found(where: str, line: bytes, category: str) -> Found:
    try:
        return Found(where, article_of(_object(line), category))
    except ArticleError as error:
        return refused(where, error)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise ArticleError(
            f"{path} can't be read: {error.strerror}.", f"{path} lässt sich nicht lesen: {error.strerror}."
        ) from None


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
        fields = json.loads(decoded(line))
    except (ValueError, RecursionError):
        raise ArticleError("The line is not JSON.", "Die Zeile ist kein JSON.") from None
    if not isinstance(fields, dict):
        raise ArticleError("The line is not a JSON object.", "Die Zeile ist kein JSON-Objekt.")
    return fields
