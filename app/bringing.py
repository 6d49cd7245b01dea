"""An import on the command line: opened, done or only looked at, and shown article by article."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from rich.markup import escape

from app.console import console, fail, step
from app.importing import broken_questions
from knowledge.article_text import ArticleError
from knowledge.importing import Item, Report, Rules, import_source, opened
from knowledge.imports.reporting import Line, as_csv
from knowledge.library import Knowledge
from knowledge.sources.opening import Format

MARKS = {"new": "[green]+[/]", "changed": "[yellow]~[/]", "unchanged": "=", "kept": "[cyan]![/]"}


def bring(knowledge: Knowledge, source: str, format: str, locale: str, category: str, rules: Rules) -> Report:
    """A folder, a file, or the address of a page or sitemap. Raises ArticleError."""
    is_address = source.startswith(("http://", "https://"))
    named: Path | list[str] = [source] if is_address else Path(source)
    with step("Preview" if rules.preview else "Import") as running:
        with opened(named, checked_format(format), locale, category) as found:
            report = import_source(knowledge, found, running, rules)
        running.result = _result(report, rules)
    return report


def show(knowledge: Knowledge, report: Report, *, preview: bool) -> None:
    """What can't be taken, what is kept as it is here, and what was left out; of a preview, every article."""
    for item in report.items:
        if item.verdict.outcome == "refused":
            fail(f"{item.where}: {item.verdict.reason}")
        elif preview or item.verdict.outcome == "kept" or item.notes:
            _show(item)
    if not preview and report.published:
        for warning in broken_questions(knowledge):
            console.print(f"[yellow]![/] {escape(str(warning))}", soft_wrap=True)


def write_report(report: Report, path: Path) -> None:
    """As CSV. Raises ArticleError."""
    try:
        path.write_bytes("".join(as_csv(map(Line.of, report.items), "en")).encode())
    except OSError as error:
        raise ArticleError(f"{path} can't be written: {error.strerror}.") from None


def checked_format(format: str) -> Format:
    """Raises ArticleError."""
    if format not in get_args(Format):
        raise ArticleError(f"--format must be one of {', '.join(get_args(Format)[1:])}.")
    return format  # type: ignore[return-value]


def _result(report: Report, rules: Rules) -> str:
    bad = len(report.problems)
    if rules.preview:
        return f"{report.published + report.drafts} would be imported, {report.unchanged} unchanged, {bad} not taken"
    drafts = f", {report.drafts} as drafts" if report.drafts else ""
    return f"{report.published} published{drafts}, {report.unchanged} unchanged, {bad} not taken"


def _show(item: Item) -> None:
    name = f"{item.text.locale}/{item.text.id}" if item.text else item.where
    said = " ".join(str(one) for one in (item.verdict.reason, *item.notes) if one)
    outcome = item.verdict.outcome
    console.print(f"{MARKS[outcome]} {outcome:9} {escape(name)} {escape(said)}".rstrip(), soft_wrap=True)
