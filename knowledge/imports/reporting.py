"""The report of an import: one line an article, to look at and as a table to keep."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from knowledge.importing import Item
from knowledge.imports.jobs import ImportItem, sentences

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet reckons with if a cell begins with it."""
HEADS = {
    "en": ("where", "id", "language", "title", "outcome", "reason"),
    "de": ("Fundstelle", "Kennung", "Sprache", "Titel", "Ergebnis", "Grund"),
}
OUTCOMES = {
    "en": {
        "new": "new",
        "changed": "changed",
        "unchanged": "unchanged",
        "kept": "kept as it is here",
        "refused": "not taken",
    },
    "de": {
        "new": "neu",
        "changed": "geändert",
        "unchanged": "unverändert",
        "kept": "bleibt, wie er hier ist",
        "refused": "nicht übernommen",
    },
}


@dataclass(frozen=True)
class Line:
    place: str
    article_id: str
    locale: str
    title: str
    outcome: str
    said: tuple[Mapping[str, str], ...]
    """The reason, then what was left out; each by language."""

    @classmethod
    def of(cls, item: Item) -> Line:
        text = item.text
        said = [one for error in (item.verdict.reason, *item.notes) if (one := sentences(error))]
        named = (text.id, text.locale, text.title) if text else ("", "", "")
        return cls(item.where, *named, item.verdict.outcome, tuple(said))

    @classmethod
    def of_row(cls, row: ImportItem) -> Line:
        said = [one for one in (row.reason, *row.notes) if one]
        return cls(row.place, row.article_id, row.locale, row.title, row.outcome, tuple(said))


def as_csv(lines: Iterable[Line], locale: str) -> Iterator[str]:
    """Row by row, as spreadsheets everywhere open it; nothing in it is reckoned with."""
    yield "\ufeff" + _row(HEADS[locale])
    for line in lines:
        said = " ".join(one[locale] for one in line.said)
        named = (line.place, line.article_id, line.locale, line.title)
        yield _row((*named, OUTCOMES[locale][line.outcome], said))


def _row(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return written.getvalue()
