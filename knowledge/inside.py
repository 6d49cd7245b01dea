"""What those who work here read and find beside what customers do: the articles for staff alone.

Nothing here is behind a door that is open to customers: those look into `Knowledge.snapshot`, which has none of them.
"""

from __future__ import annotations

from threading import Lock

from knowledge.addresses import inside_path
from knowledge.categories import stored_categories
from knowledge.help.catalogue import Catalogue
from knowledge.index import ArticleView
from knowledge.library import Knowledge
from knowledge.linking import Find, Target, find_in
from knowledge.locales import LOCALES
from knowledge.pictures import sizes_of
from knowledge.redirects import redirects
from knowledge.rendering import Rendered, render


class Inside:
    """One per process; safe to share between threads."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._making = Lock()
        self._catalogue: Catalogue | None = None

    @property
    def catalogue(self) -> Catalogue:
        """Of what is for staff alone."""
        snapshot = self.knowledge.internal
        with self._making:
            if self._catalogue is None or self._catalogue.snapshot is not snapshot:
                with self.knowledge.database.reading() as session:
                    self._catalogue = Catalogue(snapshot, stored_categories(session), redirects(session))
            return self._catalogue

    def article(self, article_id: str, locale: str) -> tuple[ArticleView, bool] | None:
        """What is live by this id, for staff or for everybody, in whatever language; whether it is for staff alone."""
        for one in (locale, *LOCALES):
            for snapshot, is_internal in ((self.knowledge.internal, True), (self.knowledge.snapshot, False)):
                if view := snapshot.articles.get((article_id, one)):
                    return view, is_internal
        return None

    def page(self, article: ArticleView) -> Rendered:
        """Its body, with its pictures and with links to all that staff may read."""
        with self.knowledge.database.reading() as session:
            pictures = sizes_of(session, article.body)
        return render(article.body, article.locale, pictures, find=self._find(article.locale), is_for_staff=True)

    def _find(self, locale: str) -> Find:
        public, internal = (find_in(one.articles, locale) for one in (self.knowledge.snapshot, self.knowledge.internal))

        def find(article_id: str) -> Target | None:
            inside = internal(article_id)
            return Target(inside_path(locale, article_id), inside.title) if inside else public(article_id)

        return find
