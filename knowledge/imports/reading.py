"""Reading what was brought: each article becomes a row that says what would happen to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from db import Database
from knowledge.categories import Category
from knowledge.drafts import fields_of
from knowledge.importing import Item, Rules, Seen, once, take, with_pictures
from knowledge.imports.claiming import change, change_in
from knowledge.imports.jobs import ImportItem, ImportJob, sentences
from knowledge.library import Knowledge
from knowledge.sources.fetching import Fetcher
from knowledge.sources.found import Found, Source
from knowledge.sources.opening import Reading, open_path, open_urls
from knowledge.sources.sitemap import addresses_in
from knowledge.vectors import steps

PIECE = 40
"""Articles between two commits."""
NAME_BYTES = 200
"""Of a file's name; no file system takes many more."""
ADDRESSES = 5
"""Pages between two commits."""


def read_import(knowledge: Knowledge, job: ImportJob, fetcher: Fetcher) -> int:
    """All of it that isn't read yet."""
    with TemporaryDirectory(prefix="handrail-import-") as folder:
        source = _opened(knowledge.database, job, Path(folder), fetcher)
        change(knowledge.database, job, total=source.total, categories=_told(source.categories))
        seen = _seen(knowledge.database, job.id)
        begin, read = job.done, 0
        for piece in steps(source.read(begin), ADDRESSES if job.of_addresses else PIECE):
            _store_read(knowledge, job, begin + read, [once(found, seen) for found in piece])
            read += len(piece)
        if source.problems:
            _store_read(knowledge, job, begin + read, source.problems)
    change(knowledge.database, job, stage="ready", done=0, claimed_until=None)
    return read + 1


def _opened(database: Database, job: ImportJob, folder: Path, fetcher: Fetcher) -> Source:
    with database.reading() as session:
        content = session.scalars(select(ImportJob.content).filter_by(id=job.id)).one() or b""
    reading = Reading(folder, fetcher, job.locale, job.category, job.format)  # type: ignore[arg-type]
    if job.of_addresses:
        # A sitemap is read once: after a kill it could have another order.
        lines = content.decode(errors="replace").splitlines()
        urls = lines if job.total else addresses_in(lines, fetcher)
        change(database, job, content="\n".join(urls).encode(), total=len(urls))
        return open_urls(urls, reading)
    (folder / "brought").mkdir()
    file = folder / "brought" / job.name.encode()[-NAME_BYTES:].decode(errors="ignore")
    file.write_bytes(content)
    return open_path(file, reading)


def _seen(database: Database, job_id: str) -> Seen:
    with database.reading() as session:
        query = select(ImportItem.article_id, ImportItem.locale, ImportItem.is_draft, ImportItem.place)
        rows = session.execute(query.filter_by(job_id=job_id).where(ImportItem.outcome != "refused"))
        return {(row.article_id, row.locale, row.is_draft): row.place for row in rows}


def _store_read(knowledge: Knowledge, job: ImportJob, begin: int, piece: Sequence[Found]) -> None:
    items = take(knowledge, piece, Rules(preview=True))
    # They are kept from now on: they are gone with the folder. Nothing shows them before the article does.
    items = [with_pictures(knowledge, found, item) for found, item in zip(piece, items, strict=True)]
    with knowledge.database.transaction() as session:
        for number, (found, item) in enumerate(zip(piece, items, strict=True), begin):
            session.merge(_row(job.id, number, found, item))
        change_in(session, job, done=begin + len(piece))


def _row(job_id: str, number: int, found: Found, item: Item) -> ImportItem:
    text = item.text
    return ImportItem(
        job_id=job_id,
        number=number,
        place=item.where,
        article_id=text.id if text else "",
        locale=text.locale if text else "",
        title=text.title if text else "",
        fields=fields_of(text) if text else None,
        is_draft=found.is_draft,
        outcome=item.verdict.outcome,
        deed=item.verdict.deed,
        reason=sentences(item.verdict.reason),
        notes=[sentences(note) for note in item.notes],
        is_done=text is None,
    )


def _told(categories: Sequence[Category]) -> list[Any]:
    return [[one.key, one.icon, {locale: text.name for locale, text in one.texts.items()}] for one in categories]
