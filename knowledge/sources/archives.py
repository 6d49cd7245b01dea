"""Unpacking a ZIP that somebody uploads: into one folder, with limits, and nothing that could lead out of it."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from knowledge.article_text import ArticleError
from knowledge.sources.found import Found, refused

FILES = 10_000
BYTES = 300_000_000
"""Of all files together, unpacked."""
CHUNK = 1 << 16
DIRECTORY_BYTES = FILES * 400
"""What so many files' entries may take, at the end of the archive."""
END = b"PK\x05\x06"
END_LENGTH = 22
LONGEST_COMMENT = 65_535
KINDS = {".md", ".json", ".jsonl", ".csv", ".tsv", ".yml", ".png", ".jpg", ".jpeg", ".gif", ".webp"}
PACKED = {".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar", ".zst"}


def unpack(archive: Path, into: Path) -> list[Found]:
    """Unpacks the files that an import can use; what is left out of it, with reasons.

    Raises ArticleError for an archive that is none, is too large, or has a file that is up to no good.
    """
    _check_directory(archive)
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir()]
            _check_count(len(entries), 0)
            for entry in entries:
                _check(entry)
            return list(_unpacked(opened, [entry for entry in entries if not _is_hidden(entry)], into))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError, ValueError, struct.error, MemoryError):
        raise _damaged() from None
    except (NotImplementedError, RuntimeError):
        raise ArticleError(
            "The archive is encrypted or packed in an unusual way; make a plain ZIP of it.",
            "Das Archiv ist verschlüsselt oder ungewöhnlich gepackt; machen Sie ein einfaches ZIP daraus.",
        ) from None


def top_of(folder: Path) -> Path:
    """Where the files begin: many archives hold one folder with all in it."""
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder


def _check_directory(archive: Path) -> None:
    """Reads the archive's last bytes: Python's own reader would take in a list of a million files at once."""
    with archive.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - LONGEST_COMMENT - END_LENGTH))
        tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_LENGTH:
        raise ArticleError("This is not a ZIP archive.", "Das ist kein ZIP-Archiv.")
    count, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    _check_count(count, length)


def _check_count(count: int, length: int) -> None:
    if count > FILES or length > DIRECTORY_BYTES:
        raise ArticleError(
            f"The archive has more than {FILES} files, or very long names.",
            f"Das Archiv hat mehr als {FILES} Dateien oder sehr lange Namen.",
        )


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or not name.isprintable():
        raise ArticleError(
            f"The archive has a file that would lie outside of it: {name[:80]!r}. Nothing of it was taken.",
            f"Das Archiv hat eine Datei, die außerhalb liegen würde: „{name[:80]}“. Nichts davon wurde übernommen.",
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ArticleError(
            f"The archive has a link in it: {name[:80]!r}. Nothing of it was taken.",
            f"Das Archiv enthält eine Verknüpfung: „{name[:80]}“. Nichts davon wurde übernommen.",
        )


def _is_hidden(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


def _unpacked(opened: zipfile.ZipFile, entries: list[zipfile.ZipInfo], into: Path) -> Iterator[Found]:
    left = BYTES
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        kind = PurePosixPath(name).suffix.lower()
        if kind in PACKED:
            yield refused(name, _nested())
        elif kind in KINDS:
            left -= _write(opened, entry, into / name, left)


def _write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, most: int) -> int:
    """How much it was. What its size is said to be is not asked: that is where a bomb lies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with opened.open(entry) as packed, path.open("xb") as file:
        while chunk := packed.read(CHUNK):
            written += file.write(chunk)
            if written > most:
                raise ArticleError(
                    f"Unpacked, the archive is larger than {BYTES // 1_000_000} MB.",
                    f"Ausgepackt ist das Archiv größer als {BYTES // 1_000_000} MB.",
                )
    return written


def _nested() -> ArticleError:
    return ArticleError("An archive in an archive is not opened.", "Ein Archiv im Archiv wird nicht geöffnet.")


def _damaged() -> ArticleError:
    return ArticleError("The archive is damaged.", "Das Archiv ist beschädigt.")
