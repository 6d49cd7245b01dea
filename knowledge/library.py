"""The handle on all that is known: what can be found now, and the verbs that change it."""

from __future__ import annotations

from datetime import datetime

from db import Database
from knowledge import answering, publishing
from knowledge.answers import Answer, QuestionContext
from knowledge.article_text import ArticleText
from knowledge.articles import Revision
from knowledge.drafts import ArticleDraft, fields_of, save_draft
from knowledge.embedding import Embedder
from knowledge.index import Follower, Snapshot
from knowledge.locales import LOCALES
from knowledge.pictures import PictureStore
from knowledge.publishing import NOBODY, By
from knowledge.tried import Tried
from knowledge.vectors import Progress


class Knowledge:
    """One per process; safe to share between threads. Each verb is a transaction of its own."""

    def __init__(
        self,
        database: Database,
        embedder: Embedder,
        progress: Progress | None = None,
        answered_from: float = answering.ANSWERED_FROM,
        pictures: PictureStore | None = None,
    ) -> None:
        """`answered_from`: the confidence, 0 to 1, from which an article is said to be the answer.

        `pictures`: where they are kept; in the database, unless something else is said.
        """
        self.database = database
        self.embedder = embedder
        self.answered_from = answered_from
        self.tried = Tried(database, embedder)
        self.pictures = pictures or PictureStore()
        self._follower = Follower(database, embedder, progress)
        self._internal = Follower(database, embedder, progress, internal=True)

    @property
    def snapshot(self) -> Snapshot:
        """What customers can find, at most a fifth of a second old; take it once per question."""
        return self._follower.snapshot

    @property
    def internal(self) -> Snapshot:
        """What staff alone can find, in a snapshot of its own: no door that is open to customers leads to it."""
        return self._internal.snapshot

    def refresh(self) -> Snapshot:
        """What customers can find now; what staff can find is renewed, too."""
        self._internal.refresh()
        return self._follower.refresh()

    def save_draft(self, text: ArticleText) -> ArticleDraft:
        """Keeps a finished text beside the live one, in place of whatever draft there is."""
        with self.database.transaction() as session:
            return save_draft(session, text.id, text.locale, fields_of(text))

    def publish(self, *texts: ArticleText, by: By = NOBODY, now: datetime | None = None) -> list[Revision]:
        """Makes texts live, all or none; they are found when this returns."""
        prepared = publishing.prepare(self.database, self.embedder, texts)
        with self.database.transaction() as session:
            revisions = publishing.publish(session, *prepared, by=by, now=now)
        self.refresh()
        return revisions

    def withdraw(self, article_id: str, locale: str) -> None:
        """Takes a live article away, at once; raises ArticleError if it isn't live."""
        with self.database.transaction() as session:
            publishing.withdraw(session, article_id, locale)
        self.refresh()

    def expect(self, question: str) -> None:
        """Says that an answer to this question will be wanted in a moment."""
        self.embedder.expect(question)

    def answer(self, question: str, locale: str, context: QuestionContext) -> Answer:
        """What is said to a question in a customer's language; `locale` is `en` or `de`."""
        return answering.answer(self.snapshot, self.embedder, question, locale, context, self.answered_from)

    def article(self, article_id: str, locale: str) -> Answer | None:
        """What a live article says, as an answer of confidence 1; None if there is none by this id."""
        articles = self.snapshot.articles
        found = next((articles[article_id, one] for one in (locale, *LOCALES) if (article_id, one) in articles), None)
        if found is None:
            return None
        source = answering.source_of(found)
        return Answer(
            "answer", found.short_answer, (source,), 1.0, (), found.title, found.locale, found.category, found.tags
        )
