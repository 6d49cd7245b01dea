"""Drafts, publishing and withdrawing: what customers see, and what is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from sqlalchemy import func, select

from db import Database
from knowledge.answers import QuestionContext
from knowledge.article_text import ArticleError, text_of
from knowledge.articles import Embedding, Passage, Revision, Translation
from knowledge.drafts import draft_of, text_of_draft
from knowledge.embedding import Embedder
from knowledge.library import Knowledge
from knowledge.publishing import is_open, live_of, prepare, publish
from tests.knowledge.shop import BENCH, RETURNS_DE, article, found


def test_a_draft_is_kept_beside_the_live_text_and_found_by_nobody(knowledge: Knowledge) -> None:
    knowledge.publish(article())
    knowledge.save_draft(article(title="Send a zebra back"))
    assert [] == found(knowledge.refresh(), "zebra")
    with knowledge.database.reading() as session:
        live = live_of(session, "return-an-item", "en")
        draft = draft_of(session, "return-an-item", "en")
    assert ("Return an item", 1) == (live and live.title, live and live.number)
    assert ("Send a zebra back", 1) == (draft.title, draft.version)


def test_a_published_draft_is_a_draft_no_more(knowledge: Knowledge) -> None:
    knowledge.publish(article())
    knowledge.save_draft(article(title="Send a zebra back"))
    assert ("Send a zebra back", 2) == _title_and_number(_publish_draft(knowledge))
    assert ["return-an-item"] == found(knowledge.snapshot, "zebra")
    with pytest.raises(ArticleError, match="has no draft in 'en'"):
        _publish_draft(knowledge)


def test_saving_the_same_draft_again_writes_nothing(knowledge: Knowledge) -> None:
    assert 1 == knowledge.save_draft(article()).version
    assert 1 == knowledge.save_draft(article()).version


def test_publishing_what_is_live_makes_no_revision(knowledge: Knowledge) -> None:
    assert knowledge.publish(article())[0].id == knowledge.publish(article())[0].id
    assert 1 == _count(knowledge.database, Revision)


def test_a_new_text_takes_the_place_of_the_old_one_and_the_old_one_is_kept(knowledge: Knowledge) -> None:
    knowledge.publish(article(body="The quagga is striped."))
    knowledge.publish(article(body="The okapi is striped."))
    assert ([], ["return-an-item"]) == (found(knowledge.snapshot, "quagga"), found(knowledge.snapshot, "okapi"))
    with knowledge.database.reading() as session:
        bodies = session.scalars(select(Revision.body).order_by(Revision.number)).all()
    assert ["The quagga is striped.", "The okapi is striped."] == bodies


def test_a_translation_shares_the_id_and_is_withdrawn_alone(knowledge: Knowledge) -> None:
    knowledge.publish(article(), article(RETURNS_DE))
    knowledge.withdraw("return-an-item", "de")
    assert {("return-an-item", "en")} == set(knowledge.snapshot.articles)
    assert ["en"] == [
        knowledge.snapshot.passages[row].locale for row in knowledge.snapshot.lexical("Artikel item", 1)[0]
    ]


def test_a_withdrawn_text_becomes_the_draft_and_can_go_live_again(knowledge: Knowledge) -> None:
    [first] = knowledge.publish(article())
    knowledge.withdraw("return-an-item", "en")
    assert [] == found(knowledge.snapshot, "item")
    again = _publish_draft(knowledge)
    assert (text_of(first), 2) == (text_of(again), again.number)
    assert ["return-an-item"] == found(knowledge.snapshot, "item")


def test_what_is_not_live_cant_be_withdrawn(knowledge: Knowledge) -> None:
    with pytest.raises(ArticleError, match="is not published in 'de'"):
        knowledge.withdraw("return-an-item", "de")


def test_a_text_is_embedded_once_however_often_it_is_published(knowledge: Knowledge) -> None:
    knowledge.publish(article())
    vectors = _count(knowledge.database, Embedding)
    knowledge.publish(article(id="another", tags=["same text, other article"]))
    knowledge.publish(article(category="moved"))
    assert vectors == _count(knowledge.database, Embedding)
    assert 10 == _count(knowledge.database, Passage)


def test_the_stored_vector_is_the_models(knowledge: Knowledge) -> None:
    knowledge.publish(article())
    rows = knowledge.snapshot.rows_of("return-an-item", "en")
    expected = knowledge.embedder.embed_passages(["Return an item"])
    np.testing.assert_array_equal(expected, knowledge.snapshot.vectors(rows)[:1])


def test_somebody_else_can_write_while_passages_are_embedded(database: Database, embedder: Embedder) -> None:
    class WritesMeanwhile(Embedder):
        def embed_passages(self, texts, progress=None):  # type: ignore[no-untyped-def]
            with database.transaction() as session:
                session.execute(select(func.count()).select_from(Translation))
            return super().embed_passages(texts, progress)

    writes_meanwhile = WritesMeanwhile(embedder._encoders)
    assert ["return-an-item"] == [r.article_id for r in Knowledge(database, writes_meanwhile).publish(article())]


def test_many_who_publish_at_once_all_succeed_and_the_last_text_is_live(knowledge: Knowledge) -> None:
    texts = [article(tags=[f"tag {number}"]) for number in range(8)] + [
        article(BENCH, id=f"bench-{number}") for number in range(8)
    ]
    with ThreadPoolExecutor(8) as pool:
        revisions = [revision for [revision] in pool.map(knowledge.publish, texts)]
    assert list(range(1, 9)) == sorted(revision.number for revision in revisions[:8])
    with knowledge.database.reading() as session:
        live = live_of(session, "return-an-item", "en")
    assert live is not None
    assert 8 == live.number
    assert 9 == len(knowledge.snapshot.articles)
    assert text_of(live).tags == knowledge.snapshot.articles["return-an-item", "en"].tags


def test_a_publication_that_fails_leaves_nothing_behind(knowledge: Knowledge) -> None:
    prepared = prepare(knowledge.database, knowledge.embedder, [article()])
    with knowledge.database.transaction() as session:
        publish(session, prepared[0])
        session.rollback()
    assert (0, 0, {}) == (
        _count(knowledge.database, Revision),
        _count(knowledge.database, Embedding),
        dict(knowledge.refresh().articles),
    )


def _count(database: Database, table: type) -> int:
    with database.reading() as session:
        count: int = session.scalars(select(func.count()).select_from(table)).one()
    return count


def test_an_answer_says_whose_matter_it_is(knowledge: Knowledge) -> None:
    knowledge.publish(article(tags=["people-only"]))
    asked = knowledge.answer("How do I send something back?", "en", QuestionContext())
    chosen = knowledge.article("return-an-item", "en")

    assert chosen is not None
    for answer in (asked, chosen):
        assert ("returns", True) == (answer.category, answer.is_for_people(()))
    assert ["returns"] == list({hit.category for hit in asked.hits})
    knowledge.publish(article(RETURNS_DE))
    german = knowledge.article("return-an-item", "de")
    assert german is not None
    assert (False, True) == (german.is_for_people({"money"}), german.is_for_people({"returns"}))


def _title_and_number(revision: Revision) -> tuple[str, int]:
    return revision.title, revision.number


def _publish_draft(knowledge: Knowledge) -> Revision:
    with knowledge.database.reading() as session:
        text = text_of_draft(draft_of(session, "return-an-item", "en"))
    return knowledge.publish(text)[0]


def test_the_page_of_an_article_is_open_while_customers_can_read_it(knowledge: Knowledge) -> None:
    path = "/help/de/articles/return-an-item"
    assert not is_open(knowledge.database, path)
    knowledge.publish(article())
    assert is_open(knowledge.database, f"{path}#section-label"), "In English, which its page leads to."
    knowledge.publish(article(internal=True))
    assert not is_open(knowledge.database, path)
    knowledge.publish(article())
    knowledge.withdraw("return-an-item", "en")
    assert not is_open(knowledge.database, path)
    assert is_open(knowledge.database, "/help/en/"), "It is no article's."
