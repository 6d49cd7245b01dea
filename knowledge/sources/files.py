"""Reading files as text: within their folder, within limits, and in the encodings that office programs write."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

from knowledge.article_text import ArticleError

FILE_BYTES = 1_000_000
"""Of one article."""
TABLE_BYTES = 100_000_000
"""Of one file with many articles."""


def content_of(path: Path, inside: Path) -> str:
    """An article's file as text; raises ArticleError. `inside`: the resolved folder it must lie in."""
    return decoded(bytes_of(path, inside, FILE_BYTES))


def bytes_of(path: Path, inside: Path, most: int) -> bytes:
    """At most one byte more than `most`; raises ArticleError."""
    try:
        # A link could show the importing person's other files to every customer.
        if not path.resolve(strict=True).is_relative_to(inside):
            raise ArticleError(
                "The file is a link that leads out of the folder.",
                "Die Datei ist eine Verknüpfung, die aus dem Ordner hinausführt.",
            )
        if not path.is_file():
            raise ArticleError("This is not a file.", "Das ist keine Datei.")
        with path.open("rb") as file:
            return file.read(most + 1)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ArticleError(
            f"The file can't be read: {reason}.", f"Die Datei lässt sich nicht lesen: {reason}."
        ) from None


def decoded(content: bytes, most: int = FILE_BYTES) -> str:
    """UTF-8, with a mark at the beginning or without; raises ArticleError."""
    check_size(content, most)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ArticleError("It is not UTF-8 text.", "Das ist kein Text in UTF-8.") from None


def decoded_table(content: bytes) -> str:
    """UTF-8, or UTF-16 with a mark, or what Excel writes in Western Europe; raises ArticleError."""
    check_size(content, TABLE_BYTES)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _as("utf-16", content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _as("cp1252", content)


def named(path: Path, folder: Path) -> str:
    """A file's name as it is shown."""
    return os.fsencode(path.relative_to(folder)).decode(errors="replace")


def check_size(content: bytes, most: int) -> None:
    if len(content) > most:
        shown = f"{most // 1_000} kB" if most < 10_000_000 else f"{most // 1_000_000} MB"
        raise ArticleError(f"It is larger than {shown}.", f"Es ist größer als {shown}.")


def _as(encoding: str, content: bytes) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise ArticleError(
            "Its text is neither UTF-8 nor UTF-16 nor Windows-1252; save it as “CSV UTF-8”.",
            "Der Text ist weder UTF-8 noch UTF-16 noch Windows-1252; speichern Sie ihn als „CSV UTF-8“.",
        ) from None
