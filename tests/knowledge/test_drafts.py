"""Drafts: whatever somebody writes is kept, and nobody writes over somebody else unseen."""

from __future__ import annotations

from typing import Any

import pytest

from db import Database
from knowledge.article_text import ArticleError
from knowledge.articles import Revision
from knowledge.drafts import (
    LONGEST,
    Conflict,
    Seen,
    discard_draft,
    draft_of,
    find_draft,
    save_draft,
    seen_of,
    text_of_draft,
)
from knowledge.library import Knowledge
from tests.cast import MONDAY
from tests.knowledge.shop import article, found

KEY = ("return-an-item", "en")
NEW = Seen(None, 0)


def save(database: Database, fields: dict[str, Any], seen: Seen | None = None) -> Seen:
    """What one has seen after saving."""
    with database.transaction() as session:
        draft = save_draft(session, *KEY, fields, seen, now=MONDAY)
        return Seen(draft.base_revision_id, draft.version)


def test_what_is_not_finished_is_kept(database: Database) -> None:
    save(database, {"title": "", "body": "Pack it"}, NEW)
    with database.reading() as session:
        draft = draft_of(session, *KEY)
        assert ("", "Pack it", [], MONDAY) == (draft.title, draft.body, draft.questions, draft.saved_at)
        with pytest.raises(ArticleError, match="The title is missing"):
            text_of_draft(draft)


def test_a_draft_begins_with_what_is_live_and_fields_that_are_not_given_stay(knowledge: Knowledge) -> None:
    [live] = knowledge.publish(article())
    save(knowledge.database, {"title": "Send it back"}, Seen(live.id, 0))
    with knowledge.database.reading() as session:
        draft = draft_of(session, *KEY)
    assert ("Send it back", live.body, live.id, 1) == (draft.title, draft.body, draft.base_revision_id, draft.version)


def test_who_has_not_seen_what_somebody_else_saved_is_told_and_loses_nothing(database: Database) -> None:
    seen = save(database, {"title": "Mine", "body": "One"}, NEW)
    save(database, {"body": "Two, by somebody else"}, seen)
    with pytest.raises(Conflict) as conflict:
        save(database, {"body": "Three, by me"}, seen)
    assert "Two, by somebody else" == conflict.value.theirs["body"]
    save(database, {"body": "Two and three"}, conflict.value.seen)
    with database.reading() as session:
        assert "Two and three" == draft_of(session, *KEY).body


def test_who_has_not_seen_what_was_published_meanwhile_is_told(knowledge: Knowledge) -> None:
    [first] = knowledge.publish(article())
    knowledge.publish(article(title="Somebody else's"))
    with pytest.raises(Conflict) as conflict:
        save(knowledge.database, {"title": "Mine"}, Seen(first.id, 0))
    assert "Somebody else's" == conflict.value.theirs["title"]
    with knowledge.database.reading() as session:
        assert find_draft(session, *KEY) is None
        assert conflict.value.seen == seen_of(session, *KEY)


def test_saving_the_same_again_is_no_change_and_no_conflict(database: Database) -> None:
    seen = save(database, {"title": "Mine"}, NEW)
    assert seen == save(database, {"title": "Mine"}, NEW)


def test_opening_what_is_live_and_saving_it_unchanged_makes_no_draft(knowledge: Knowledge) -> None:
    [live] = knowledge.publish(article())
    save(knowledge.database, {"title": live.title}, Seen(live.id, 0))
    with knowledge.database.reading() as session:
        assert find_draft(session, *KEY) is None


def test_who_changes_a_text_that_was_approved_takes_the_approval_and_the_appointed_time_away(
    database: Database,
) -> None:
    seen = save(database, {"title": "Mine"}, NEW)
    with database.transaction() as session:
        draft = draft_of(session, *KEY)
        draft.stage, draft.publish_at = "approved", MONDAY
    save(database, {"title": "Another"}, seen)
    with database.reading() as session:
        draft = draft_of(session, *KEY)
    assert ("writing", None) == (draft.stage, draft.publish_at)


def test_pasted_control_characters_go(database: Database) -> None:
    save(database, {"title": "a\x00b", "body": "one\r\ntwo\x07"}, NEW)
    with database.reading() as session:
        draft = draft_of(session, *KEY)
    assert ("ab", "one\ntwo") == (draft.title, draft.body)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"colour": "red"}, "The field 'colour' is not known."),
        ({"title": 7}, "The title must be text."),
        ({"tags": "one"}, "The tags must be a list of texts."),
        ({"questions": [None]}, "The questions must be text."),
        ({"internal": "yes"}, "The key internal must be true or false."),
        ({"body": "x" * (LONGEST + 1)}, "longer than 1,000,000 characters"),
    ],
)
def test_what_is_no_draft_gets_a_sentence_and_changes_nothing(
    database: Database, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ArticleError, match=sentence):
        save(database, fields, NEW)
    with database.reading() as session:
        assert find_draft(session, *KEY) is None


def test_a_discarded_draft_leaves_what_is_live(knowledge: Knowledge) -> None:
    [live] = knowledge.publish(article())
    save(knowledge.database, {"title": "Mine"}, Seen(live.id, 0))
    with knowledge.database.transaction() as session:
        discard_draft(session, *KEY)
    with knowledge.database.reading() as session:
        assert Seen(live.id, 0) == seen_of(session, *KEY)
        assert 1 == session.query(Revision).count()


def test_an_internal_article_is_found_by_staff_alone(knowledge: Knowledge) -> None:
    knowledge.publish(article(), article(id="goodwill", title="Goodwill for zebras", internal=True))
    assert ([], ["goodwill"]) == (found(knowledge.refresh(), "zebras"), found(knowledge.internal, "zebras"))
    assert {KEY} == set(knowledge.snapshot.articles)


def test_an_article_that_becomes_internal_leaves_the_customers_at_once_and_the_other_way_round(
    knowledge: Knowledge,
) -> None:
    knowledge.publish(article(title="Zebras"))
    knowledge.publish(article(title="Zebras", internal=True))
    assert ([], ["return-an-item"]) == (found(knowledge.snapshot, "zebras"), found(knowledge.internal, "zebras"))
    knowledge.publish(article(title="Zebras"))
    assert (["return-an-item"], []) == (found(knowledge.snapshot, "zebras"), found(knowledge.internal, "zebras"))
