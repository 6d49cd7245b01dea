"""What is being written, as customers will see it: on its page, in the widget, in WhatsApp and by SMS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from knowledge.addresses import article_path
from knowledge.answering import as_markdown
from knowledge.answers import Answer, Source
from knowledge.editor.preview.forms import Forms, InEveryForm
from knowledge.help.centre import HelpCentre
from knowledge.index import ArticleView
from knowledge.linking import find_in, named_links, unnamed_links
from knowledge.noticing import Notice, notices_of
from knowledge.passages import cut
from knowledge.pictures import sizes_of
from knowledge.rendering import Rendered, render

MOST_SECTIONS = 12
"""Of a body that are shown as the bot says them."""


@dataclass(frozen=True)
class Section:
    """A piece of the body, as it is said where a question is about just this."""

    heading: str
    forms: Forms


@dataclass(frozen=True)
class Preview:
    article: ArticleView
    page: Rendered
    """For the help centre."""
    reader: str
    """Safe HTML: the body as the widget shows it."""
    short: Forms
    """The short answer."""
    sections: Sequence[Section]
    more: int
    """How many further sections there are."""
    notices: Sequence[Notice]


@dataclass(frozen=True)
class Previewing:
    centre: HelpCentre
    forms: InEveryForm

    def preview(
        self, session: Session, article_id: str, locale: str, fields: Mapping[str, Any], now: datetime
    ) -> Preview:
        """`fields`: as a draft keeps them, finished or not."""
        article = _view(article_id, locale, fields, now)
        sections = list(cut(self._read_aloud(article)))
        shown = sections[:MOST_SECTIONS]
        return Preview(
            article,
            self._rendered(session, article, has_anchors=True),
            self._rendered(session, article, has_anchors=False).html,
            self.forms(_answer(article, article.short_answer)),
            [Section(" › ".join(path), self.forms(_answer(article, as_markdown(text)))) for path, text in shown],
            len(sections) - len(shown),
            notices_of(session, self.centre.knowledge, article.body, locale),
        )

    def _rendered(self, session: Session, article: ArticleView, *, has_anchors: bool) -> Rendered:
        find = find_in(self.centre.catalogue.snapshot.articles, article.locale)
        pictures = sizes_of(session, article.body)
        return render(article.body, article.locale, pictures, has_anchors=has_anchors, find=find, is_for_staff=True)

    def _read_aloud(self, article: ArticleView) -> str:
        find = find_in(self.centre.catalogue.snapshot.articles, article.locale)
        found = {name: target.title for name in unnamed_links(article.body) if (target := find(name))}
        return named_links(article.body, found)


def _view(article_id: str, locale: str, fields: Mapping[str, Any], now: datetime) -> ArticleView:
    title, short = (" ".join(fields[name].split()) for name in ("title", "short_answer"))
    lists = {name: tuple(fields[name]) for name in ("tags", "questions")}
    return ArticleView(
        article_id, locale, title or "…", short, fields["body"], fields["category"], **lists, revision_id=0, updated=now
    )


def _answer(article: ArticleView, text: str) -> Answer:
    source = Source(
        article.id, article.locale, article.title, article.short_answer, article_path(article.locale, article.id)
    )
    return Answer(
        "answer", text, (source,), 1.0, (), article.title, article.locale, article.category, tags=article.tags
    )
