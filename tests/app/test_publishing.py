"""What is due goes live by the process's own work, without anybody asking."""

from __future__ import annotations

from datetime import timedelta

from app.publishing import publishing_line, rules_of
from app.settings import Settings
from db import Database, utc_now
from knowledge.drafts import fields_of, save_draft
from knowledge.embedding import Embedder
from knowledge.library import Knowledge
from tests.knowledge.shop import article
from tests.staff import edda


def test_what_is_due_is_published_by_the_line_of_its_own(sqlite_database: Database, embedder: Embedder) -> None:
    user, text = edda(sqlite_database), article()
    with sqlite_database.transaction() as session:
        draft = save_draft(session, text.id, text.locale, fields_of(text), user_id=user.id)
        draft.publish_at, draft.publish_by = utc_now() - timedelta(seconds=1), user.id
    line = publishing_line(Settings(), Knowledge(sqlite_database, embedder))

    assert (1, 0) == (line.step(), line.step())
    assert {(text.id, text.locale)} == set(Knowledge(sqlite_database, embedder).snapshot.articles)


def test_review_is_required_where_the_setting_says_so() -> None:
    assert not rules_of(Settings()).must_be_reviewed
    assert rules_of(Settings(article_review="required")).must_be_reviewed
