"""Taking in many articles: what is new or changed goes in, what can't be taken is named, nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from knowledge.article_text import ArticleError, ArticleText
from knowledge.categories import CATEGORIES, Category, store_categories, stored_categories
from knowledge.drafts import fields_of, find_draft, save_draft, translation_of
from knowledge.judging import UNCHANGED, Verdict, judge, mark, refusal, standing_of
from knowledge.library import Knowledge
from knowledge.pictures import PictureFile, store_picture
from knowledge.publishing import By, Prepared, count_on, live_texts, prepare, publish, text_today
from knowledge.redirects import redirects
from knowledge.sources.fetching import Fetcher
from knowledge.sources.files import FILE_BYTES
from knowledge.sources.found import NO_CATEGORY, Found, Source
from knowledge.sources.opening import Format, Reading, open_path, open_urls
from knowledge.vectors import Progress, steps

__all__ = ["FILE_BYTES", "Report", "Rules", "import_articles", "import_source", "opened"]

ARTICLES_PER_STEP = 200
"""So many are embedded in one call: enough for full speed, little to lose when the import is killed."""
ARTICLES_PER_COMMIT = 20
"""Who else writes waits for a commit: a customer's message should not notice an import."""


Seen = dict[tuple[str, str, bool], str]
"""Where the articles of a source were: by id, language, and whether they are drafts."""


@dataclass(frozen=True)
class Problem:
    where: str
    reason: str


@dataclass(frozen=True)
class Item:
    """What became of one article of a source."""

    where: str
    text: ArticleText | None
    verdict: Verdict
    notes: tuple[ArticleError, ...] = ()


@dataclass
class Report:
    published: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    drafts: int = 0
    kept: int = 0
    """Of what was changed here since the last import."""
    items: list[Item] = field(default_factory=list, compare=False)


@dataclass(frozen=True)
class Rules:
    """What an import may do."""

    preview: bool = False
    """Nothing is written; the report says what would be."""
    as_drafts: bool = False
    """Nothing is published."""
    overwrite: bool = False
    """What was changed here is replaced."""


def import_articles(
    knowledge: Knowledge, source: Path, progress: Progress | None = None, rules: Rules | None = None
) -> Report:
    """Publishes what is new or changed in a folder or a file; what can't be taken is in the report.

    What was published stays when the import is killed; importing again goes on from there. Raises ArticleError if
    there is no such folder or file, or it is none that can be read.
    """
    with opened(source) as found:
        return import_source(knowledge, found, progress, rules)


@contextmanager
def opened(
    source: Path | Sequence[str], format: Format = "", locale: str = "en", category: str = NO_CATEGORY
) -> Iterator[Source]:
    """A path, or the addresses of pages and sitemaps; what is unpacked and fetched is gone afterwards.

    `locale` and `category`: of articles that name none.
    """
    with TemporaryDirectory(prefix="handrail-import-") as folder:
        reading = Reading(Path(folder), Fetcher(), locale, category, format)
        yield open_path(source, reading) if isinstance(source, Path) else open_urls(source, reading)


def import_source(
    knowledge: Knowledge, source: Source, progress: Progress | None = None, rules: Rules | None = None
) -> Report:
    rules, report = rules or Rules(), Report()
    _count(report, [Item(one.where, None, refusal(one.problem)) for one in source.problems])
    if not rules.preview:
        take_categories(knowledge, source)
    seen: Seen = {}
    done = 0
    for step in steps(source.read(0), ARTICLES_PER_STEP):
        _count(report, take(knowledge, [once(found, seen) for found in step], rules))
        done += len(step)
        if progress:
            progress(done, source.total)
    if not rules.preview:
        knowledge.refresh()
    return report


def once(found: Found, seen: Seen) -> Found:
    """Of two articles with one id and language, the first; a draft may stand beside it."""
    if found.text is None:
        return found
    first = seen.setdefault((found.text.id, found.text.locale, found.is_draft), found.where)
    if first == found.where:
        return found
    problem = ArticleError(
        f"The id {found.text.id!r} is already used for {found.text.locale} by {first}.",
        f"Die Kennung „{found.text.id}“ hat für {found.text.locale} schon {first}.",
    )
    return Found(found.where, None, problem)


def take_categories(knowledge: Knowledge, source: Source, *, may_order: bool = True) -> None:
    """Makes those that are missing; a source that orders them decides which there are, if it may."""
    with knowledge.database.reading() as session:
        stored, moved = stored_categories(session), redirects(session)
    named = [replace(one, key=moved.get(one.key, one.key)) for one in source.categories]
    wanted = _wanted(replace(source, categories=_once_each(named)), stored, may_order=may_order)
    if wanted != stored:
        with knowledge.database.transaction() as session:
            store_categories(session, wanted)


def _once_each(categories: Sequence[Category]) -> list[Category]:
    """The first of each key: two of a source may be one by now."""
    return list({one.key: one for one in reversed(categories)}.values())[::-1]


def _wanted(source: Source, stored: list[Category], *, may_order: bool) -> list[Category]:
    if source.is_ordered and may_order:
        return list(source.categories)
    known = {one.key for one in stored}
    return [*stored, *(one for one in source.categories if one.key not in known)][: max(CATEGORIES, len(stored))]


def take(knowledge: Knowledge, step: Sequence[Found], rules: Rules, by: By | None = None) -> list[Item]:
    """Does what is to be done with some of a source; what became of each, in their order."""
    verdicts = _verdicts(knowledge, step, rules)
    items = [Item(one.where, one.text, verdict, one.notes) for one, verdict in zip(step, verdicts, strict=True)]
    if rules.preview:
        return items
    items = [with_pictures(knowledge, one, item) for one, item in zip(step, items, strict=True)]
    doing = [at for at, item in enumerate(items) if item.text and item.verdict.deed != "nothing"]
    done = _done(knowledge, [step[at] for at in doing], rules, by or By())
    for at, verdict in zip(doing, done, strict=True):
        items[at] = replace(items[at], verdict=verdict)
    return items


def _verdicts(knowledge: Knowledge, step: Sequence[Found], rules: Rules) -> Iterator[Verdict]:
    with knowledge.database.reading() as session:
        live = live_texts(session, [one.text for one in step if one.text])
        for one in step:
            if one.text is None:
                yield refusal(one.problem)
            elif text_today(session, one.text) in live:
                yield UNCHANGED
            else:
                yield _verdict(session, one.text, rules, is_draft=one.is_draft)


def _verdict(session: Session, text: ArticleText, rules: Rules, *, is_draft: bool) -> Verdict:
    there = standing_of(session, text.id, text.locale)
    as_draft = is_draft or rules.as_drafts
    today = text_today(session, text)
    return judge(today, there, as_draft=as_draft, overwrite=rules.overwrite, brought=mark(text))


def with_pictures(knowledge: Knowledge, found: Found, item: Item) -> Item:
    """Its pictures are kept before it is; one that can't be keeps the article out."""
    try:
        _keep_pictures(knowledge, found.pictures)
    except (ArticleError, OSError) as error:
        problem = error if isinstance(error, ArticleError) else ArticleError(str(error))
        return Item(found.where, None, refusal(problem))
    return item


def _keep_pictures(knowledge: Knowledge, pictures: Sequence[PictureFile]) -> None:
    for picture in pictures:
        with knowledge.database.transaction() as session:
            store_picture(session, picture, knowledge.pictures)


def _done(knowledge: Knowledge, doing: Sequence[Found], rules: Rules, by: By) -> Iterator[Verdict]:
    """Each is judged once more in the transaction that writes it: somebody may have published it meanwhile."""
    prepared = prepare(knowledge.database, knowledge.embedder, [one.text for one in doing if one.text])
    for some in steps(zip(doing, prepared, strict=True), ARTICLES_PER_COMMIT):
        with knowledge.database.transaction() as session:
            count_on(session)
            verdicts = [_write(session, each, rules, by, is_draft=one.is_draft) for one, each in some]
        yield from verdicts


def _write(session: Session, prepared: Prepared, rules: Rules, by: By, *, is_draft: bool) -> Verdict:
    text = prepared.text
    verdict = _verdict(session, text, rules, is_draft=is_draft)
    if verdict.deed == "publish":
        publish(session, prepared, by=by)
        _forget_former(session, text)
    elif verdict.deed == "draft":
        save_draft(session, text.id, text.locale, fields_of(text))
    if verdict.deed != "nothing":
        translation_of(session, text.id, text.locale).imported = mark(text)
    return verdict


def _forget_former(session: Session, text: ArticleText) -> None:
    """What an earlier import left as the draft is out of date; what somebody writes is not."""
    draft = find_draft(session, text.id, text.locale)
    if draft is not None and draft.saved_by is None:
        session.delete(draft)


def _count(report: Report, items: Sequence[Item]) -> None:
    report.items += items
    for item in items:
        outcome, deed = item.verdict.outcome, item.verdict.deed
        if outcome == "refused":
            report.problems.append(Problem(item.where, str(item.verdict.reason)))
        report.unchanged += outcome == "unchanged"
        report.kept += outcome == "kept"
        report.published += deed == "publish"
        report.drafts += deed == "draft"
