"""Tables: a CSV file with one article a row, as spreadsheets write it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from knowledge.article_files import FLAGS, LINES, LISTS, article_of
from knowledge.article_text import ArticleError, ArticleText
from knowledge.sources.files import FILE_BYTES, TABLE_BYTES, bytes_of, decoded_table
from knowledge.sources.found import Found, Source, refused
from knowledge.sources.html import markdown_of
from knowledge.sources.naming import category_key, category_named, slug

DELIMITERS = ",;\t|"
COLUMNS = (*LINES, *LISTS, *FLAGS, "body", "body_html")
NEEDED = ("title",)
YES = {"yes", "true", "1", "x", "ja", "wahr"}
NO = {"", "no", "false", "0", "nein", "falsch"}
GARBAGE = re.compile(r"[\x00-\x08\x0e-\x1f]")


def open_table(path: Path, inside: Path, locale: str, category: str) -> Source:
    """Raises ArticleError for what is no table. `locale`, `category`: of rows that name none."""
    text = decoded_table(bytes_of(path, inside, TABLE_BYTES))
    if GARBAGE.search(text):
        raise ArticleError("This is no table but something else.", "Das ist keine Tabelle, sondern etwas anderes.")
    delimiter, start = _delimiter(text)
    rows = list(_rows(text[start:], delimiter))
    columns = _columns(rows[0][1] if rows else [])
    given = {"locale": locale, "category": category}
    names = {
        row[columns.index("category")] for _, row in rows[1:] if "category" in columns and len(row) == len(columns)
    }

    def read(begin: int) -> Iterator[Found]:
        return (_found(f"{path.name}:{line}", columns, row, given) for line, row in islice(rows, begin + 1, None))

    categories = [category_named(key, {locale: name}) for name in sorted(names) if (key := category_key(name))]
    return Source(max(0, len(rows) - 1), read, categories)


def _delimiter(text: str) -> tuple[str, int]:
    """What stands between the cells, and where the table begins: Excel may say it in a first line `sep=;`."""
    first, _, _ = text.partition("\n")
    if said := re.fullmatch(r"sep=(.)\r?", first):
        return said[1], len(first) + 1
    return max(DELIMITERS, key=lambda sign: sum(one.strip(' "\r').lower() in COLUMNS for one in first.split(sign))), 0


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the number of the line it ends in."""
    csv.field_size_limit(FILE_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise ArticleError(
            f"The table breaks off in line {reader.line_num}: {error}.",
            f"Die Tabelle bricht in Zeile {reader.line_num} ab: {error}.",
        ) from None


def _columns(head: list[str]) -> list[str]:
    columns = [cell.strip().lower().replace(" ", "_") for cell in head]
    known = ", ".join(COLUMNS)
    if unknown := next((name for name in columns if name not in COLUMNS), None):
        raise ArticleError(
            f"The column {unknown[:40]!r} is not known; known are {known}.",
            f"Die Spalte „{unknown[:40]}“ ist nicht bekannt; bekannt sind {known}.",
        )
    if "title" not in columns or not {"body", "body_html"} & set(columns) or len(set(columns)) < len(columns):
        raise ArticleError(
            f"The first line must name the columns, each once: title and body at least. Known are {known}.",
            f"Die erste Zeile muss die Spalten nennen, jede einmal: mindestens title und body. Bekannt sind {known}.",
        )
    return columns


def _found(where: str, columns: list[str], row: list[str], given: Mapping[str, str]) -> Found:
    try:
        return Found(where, _text(columns, row, given))
    except ArticleError as error:
        return refused(where, error)


def _text(columns: list[str], row: list[str], given: Mapping[str, str]) -> ArticleText:
    if len(row) != len(columns):
        raise ArticleError(
            f"The row has {len(row)} cells, the first line {len(columns)}.",
            f"Die Zeile hat {len(row)} Zellen, die erste {len(columns)}.",
        )
    fields: dict[str, Any] = dict(zip(columns, row, strict=True))
    html = fields.pop("body_html", "")
    fields["body"] = fields.get("body") or markdown_of(html, _as_it_is, _as_it_is)
    fields["id"] = fields.get("id", "").strip() or slug(fields["title"])
    fields["locale"] = fields.get("locale", "").strip().lower() or given["locale"]
    fields["category"] = category_key(fields.get("category", "")) or given["category"]
    fields |= {name: _lines(fields[name]) for name in LISTS if name in fields}
    fields |= {name: _flag(name, fields[name]) for name in FLAGS if name in fields}
    return article_of(fields)


def _lines(cell: str) -> list[str]:
    """What stands in a cell in lines of its own, or between upright strokes."""
    return [one.strip() for one in re.split(r"[\n|]", cell) if one.strip()]


def _flag(name: str, cell: str) -> bool:
    said = cell.strip().lower()
    if said not in YES | NO:
        raise ArticleError(f"{name} must be yes or no.", f"{name} muss yes oder no sein.")
    return said in YES


def _as_it_is(address: str) -> str:
    return address
