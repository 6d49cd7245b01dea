"""The help centre without any wire: what its pages show, what they count, and what readers tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import monotonic

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import select

from db import utc_now
from knowledge.articles import Revision
from knowledge.categories import stored_categories
from knowledge.help import feedback, reading, searching
from knowledge.help.catalogue import Catalogue
from knowledge.help.refusals import Refused
from knowledge.help.related import related
from knowledge.help.remembered import Remembered
from knowledge.help.searches import record_search
from knowledge.help.searching import Result, Results
from knowledge.index import ArticleView
from knowledge.index.records import Key
from knowledge.library import Knowledge
from knowledge.linking import SCHEME as LINK
from knowledge.linking import find_in
from knowledge.locales import LOCALES
from knowledge.pictures import sizes_of
from knowledge.redirects import redirects
from knowledge.rendering import Rendered, render

POPULAR = 6
RELATED = 4
POPULAR_SECONDS = 60.0
"""How old the list of popular articles may be."""


_PUBLIC_TITLES = select(Revision.title).where(Revision.internal.is_(False)).order_by(Revision.number.desc()).limit(1)


@dataclass(frozen=True)
class HelpLimits:
    """What may come from one network address."""

    feedback: RateLimitItem = field(default_factory=lambda: parse("10/minute"))
    searches: RateLimitItem = field(default_factory=lambda: parse("60/minute"))
    """Pages of results. Each costs an embedding."""
    suggestions: RateLimitItem = field(default_factory=lambda: parse("600/minute"))
    reads: RateLimitItem = field(default_factory=lambda: parse("5/hour"))
    """Of one article, that are counted."""


class HelpCentre:
    """One per process; safe to share between threads."""

    def __init__(self, knowledge: Knowledge, counters: Storage, limits: HelpLimits | None = None) -> None:
        self.knowledge = knowledge
        self.database = knowledge.database
        self._counters = counters  # The limiter itself holds it only weakly.
        self._limiter = MovingWindowRateLimiter(counters)
        self._limits = limits or HelpLimits()
        self._making = Lock()
        self._catalogue: Catalogue | None = None
        self._pages = Remembered[tuple[int, int, bool], Rendered]()
        self._related = Remembered[tuple[int, Key], list[ArticleView]]()
        self._suggested = Remembered[tuple[int, str, str], list[Result]]()
        self._popular: dict[str, tuple[float, list[str]]] = {}

    @property
    def catalogue(self) -> Catalogue:
        """What can be read now."""
        snapshot, made = self.knowledge.snapshot, self._catalogue
        if made is not None and made.snapshot is snapshot:
            return made
        with self._making:
            if self._catalogue is None or self._catalogue.snapshot is not snapshot:
                with self.database.reading() as session:
                    self._catalogue = Catalogue(snapshot, stored_categories(session), redirects(session))
            return self._catalogue

    def article(self, article_id: str, locale: str) -> ArticleView | None:
        return self.catalogue.snapshot.articles.get((article_id, locale))

    def other_languages(self, article_id: str, locale: str) -> list[ArticleView]:
        articles = self.catalogue.snapshot.articles
        return [articles[article_id, one] for one in LOCALES if one != locale and (article_id, one) in articles]

    def was_withdrawn(self, article_id: str, locale: str) -> bool:
        """Whether an article that customers can't read was one they could; of one for staff alone nobody hears."""
        with self.database.reading() as session:
            return session.scalar(_PUBLIC_TITLES.filter_by(article_id=article_id, locale=locale)) is not None

    def page(self, article: ArticleView, *, has_anchors: bool = True) -> Rendered:
        """An article's body as HTML; see `knowledge.rendering.render`."""
        snapshot = self.catalogue.snapshot

        def make() -> Rendered:
            with self.database.reading() as session:
                pictures = sizes_of(session, article.body)
            find = find_in(snapshot.articles, article.locale)
            return render(article.body, article.locale, pictures, has_anchors=has_anchors, find=find)

        # Where its links lead may change with any publication.
        version = snapshot.version if LINK in article.body else 0
        return self._pages.get((article.revision_id, version, has_anchors), make)

    def related(self, article: ArticleView) -> list[ArticleView]:
        """Other articles of the same language about something like this one."""
        snapshot, parts = self.catalogue.snapshot, self.knowledge.embedder.parts
        key = (snapshot.version, article.key)
        return self._related.get(key, lambda: related(snapshot, parts, article, RELATED))

    def instead_of(self, article_id: str, locale: str) -> list[ArticleView]:
        """Live articles about something like one that was withdrawn."""
        with self.database.reading() as session:
            title = session.scalar(_PUBLIC_TITLES.filter_by(article_id=article_id, locale=locale))
        return searching.nearest(self.catalogue, self.knowledge.embedder, title, locale, RELATED) if title else []

    def popular(self, locale: str, now: datetime | None = None) -> list[ArticleView]:
        """What is read most; where that says too little, what may be wanted."""
        catalogue = self.catalogue
        keys = [(article_id, locale) for article_id in self._most_read(locale, now or utc_now())]
        read = [catalogue.snapshot.articles[key] for key in keys if key in catalogue.snapshot.articles]
        likely = [article for article in catalogue.likely(locale, 2 * POPULAR) if article not in read]
        return [*read, *likely][:POPULAR]

    def search(
        self,
        query: str,
        locale: str,
        origin: str,
        network_address: str,
        is_person: bool = True,
        now: datetime | None = None,
    ) -> Results:
        """What is found, recorded for the editors. Raises Refused when too much is asked for."""
        if not self._limiter.hit(self._limits.searches, "help-search", network_address):
            raise Refused("too_many")
        results = self._search(query, locale)
        if is_person and results.kind in ("found", "nothing"):
            record_search(self.database, locale, results.query, len(results.results), origin, now or utc_now())
        return results

    def suggest(self, typed: str, locale: str, network_address: str) -> list[Result]:
        """Raises Refused when too much is asked for."""
        if not self._limiter.hit(self._limits.suggestions, "help-suggest", network_address):
            raise Refused("too_many")
        catalogue, knowledge = self.catalogue, self.knowledge
        typed = searching.cleaned(typed)[: searching.QUERY_LENGTH]

        def make() -> list[Result]:
            return searching.suggest(catalogue, knowledge.embedder, typed, locale, knowledge.answered_from)

        return self._suggested.get((catalogue.snapshot.version, locale, typed.lower()), make)

    def count_read(self, article: ArticleView, network_address: str, now: datetime | None = None) -> None:
        """One more reader; the same one is counted a few times an hour at most."""
        if self._limiter.hit(self._limits.reads, "help-read", network_address, *article.key):
            reading.count_read(self.database, article.id, article.locale, now or utc_now())

    def give_feedback(
        self, article: ArticleView, helped: bool, network_address: str, now: datetime | None = None
    ) -> str:
        """Returns the id with which a reason can be added. Raises Refused."""
        self._count_feedback(network_address)
        with self.database.transaction() as session:
            at = now or utc_now()
            return feedback.give(session, article.id, article.locale, article.revision_id, helped, at)

    def explain_feedback(
        self, feedback_id: str, reason: str, comment: str, network_address: str, now: datetime | None = None
    ) -> None:
        """Raises Refused."""
        self._count_feedback(network_address)
        with self.database.transaction() as session:
            feedback.explain(session, feedback_id, reason, comment, now or utc_now())

    def picture(self, sha256: str, kind: str) -> bytes | None:
        """None unless an article shows it that customers can read: who knows its address knows no more than others."""
        if f"{sha256}.{kind}" not in self.catalogue.pictures:
            return None
        with self.database.reading() as session:
            return self.knowledge.pictures.content(session, sha256, kind)

    def _search(self, query: str, locale: str) -> Results:
        knowledge = self.knowledge
        return searching.search(self.catalogue, knowledge.embedder, query, locale, knowledge.answered_from)

    def _count_feedback(self, network_address: str) -> None:
        if not self._limiter.hit(self._limits.feedback, "help-feedback", network_address):
            raise Refused("too_many")

    def _most_read(self, locale: str, now: datetime) -> list[str]:
        made, ids = self._popular.get(locale, (-POPULAR_SECONDS, []))
        if monotonic() - made >= POPULAR_SECONDS:
            with self.database.reading() as session:
                # Some of them may have been withdrawn since.
                ids = reading.most_read(session, locale, now, 3 * POPULAR)
            self._popular[locale] = (monotonic(), ids)
        return ids
