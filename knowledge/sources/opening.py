"""Finding out what somebody wants to import, by its name and by what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from knowledge.article_text import ArticleError
from knowledge.sources import intercom, zendesk
from knowledge.sources.archives import top_of, unpack
from knowledge.sources.exports import files_of
from knowledge.sources.fetching import Fetcher
from knowledge.sources.files import TABLE_BYTES, bytes_of, decoded
from knowledge.sources.found import NO_CATEGORY, Source
from knowledge.sources.gallery import Gallery
from knowledge.sources.json_lines import open_lines
from knowledge.sources.markdown_files import markdown_files, open_folder
from knowledge.sources.sitemap import addresses_in
from knowledge.sources.tables import open_table
from knowledge.sources.web_pages import open_pages

Format = Literal["", "markdown", "csv", "jsonl", "zendesk", "intercom", "urls"]
"""Empty: it is found out."""
FORMATS: tuple[str, ...] = get_args(Format)[1:]
BY_NAME = {".jsonl": "jsonl", ".csv": "csv", ".tsv": "csv", ".json": "json", ".txt": "urls"}


@dataclass(frozen=True)
class Reading:
    """What reading a source takes."""

    folder: Path
    """For what is unpacked and fetched; whoever made it takes it away."""
    fetcher: Fetcher
    locale: str = "en"
    """Of articles that don't say it."""
    category: str = NO_CATEGORY
    """Of articles that name none."""
    format: Format = ""

    def gallery(self, beside: Path | None = None) -> Gallery:
        pictures = self.folder / "pictures"
        pictures.mkdir(exist_ok=True)
        return Gallery(pictures, self.fetcher, beside)


def open_path(path: Path, reading: Reading) -> Source:
    """A folder, an archive or a file; raises ArticleError."""
    if path.is_dir():
        return _open_folder(path, reading)
    if path.suffix.lower() == ".zip":
        return _open_archive(path, reading)
    kind = reading.format or BY_NAME.get(path.suffix.lower(), "")
    if kind not in OPENERS:
        raise ArticleError(
            f"{path} is neither a folder nor a .jsonl file, nor a .zip, .csv or .json file.",
            f"{path} ist weder ein Ordner noch eine Datei mit der Endung .jsonl, .zip, .csv oder .json.",
        )
    return OPENERS[kind]([path], path.parent, reading)


def open_urls(lines: Iterable[str], reading: Reading) -> Source:
    """Pages and sitemaps; raises ArticleError."""
    urls = addresses_in(lines, reading.fetcher)
    return open_pages(urls, reading.fetcher, reading.gallery(), reading.locale, reading.category)


def _open_archive(path: Path, reading: Reading) -> Source:
    into = reading.folder / "archive"
    into.mkdir()
    left_out = unpack(path, into)
    source = _open_folder(top_of(into), reading)
    return replace(source, problems=(*source.problems, *left_out))


def _open_folder(folder: Path, reading: Reading) -> Source:
    """By what lies in it: Markdown before all else, then exports, then tables."""
    if reading.format == "markdown" or (not reading.format and markdown_files(folder)):
        return open_folder(folder)
    for kind, ending in (("json", "*.json"), ("csv", "*.csv"), ("jsonl", "*.jsonl")):
        if paths := sorted(folder.rglob(ending)):
            return OPENERS[reading.format or kind](paths, folder, reading)
    return open_folder(folder)


def _export(paths: Sequence[Path], folder: Path, reading: Reading) -> Source:
    loaded = files_of(paths, folder.resolve())
    if reading.format == "zendesk" or (not reading.format and zendesk.is_export(loaded)):
        return zendesk.open_export(loaded, reading.gallery(folder), reading.category)
    if reading.format == "intercom" or (not reading.format and intercom.is_export(loaded)):
        return intercom.open_export(loaded, reading.gallery(folder), reading.locale, reading.category)
    raise ArticleError(
        "These are articles neither of Zendesk's API nor of Intercom's.",
        "Das sind weder Artikel aus der API von Zendesk noch aus der von Intercom.",
    )


def _table(paths: Sequence[Path], folder: Path, reading: Reading) -> Source:
    return open_table(_only(paths), folder.resolve(), reading.locale, reading.category)


def _lines(paths: Sequence[Path], _folder: Path, reading: Reading) -> Source:
    return open_lines(_only(paths), reading.category)


def _urls(paths: Sequence[Path], folder: Path, reading: Reading) -> Source:
    path = _only(paths)
    lines = decoded(bytes_of(path, folder.resolve(), TABLE_BYTES)).splitlines()
    if reading.format != "urls" and not any(line.startswith(("http://", "https://")) for line in lines):
        raise ArticleError(
            f"{path} is neither a folder nor a .jsonl file, and names no address of a page.",
            f"{path} ist weder ein Ordner noch eine .jsonl-Datei und nennt keine Adresse einer Seite.",
        )
    return open_urls(lines, reading)


def _only(paths: Sequence[Path]) -> Path:
    if len(paths) > 1:
        raise ArticleError(
            "There are several tables in it; import them one by one.",
            "Darin sind mehrere Tabellen; importieren Sie sie einzeln.",
        )
    return paths[0]


Opener = Callable[[Sequence[Path], Path, Reading], Source]
OPENERS: dict[str, Opener] = {
    "json": _export,
    "zendesk": _export,
    "intercom": _export,
    "csv": _table,
    "jsonl": _lines,
    "urls": _urls,
}
