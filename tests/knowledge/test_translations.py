"""Which language of an article is missing or has fallen behind, and what brings it up again."""

from __future__ import annotations

from knowledge.library import Knowledge
from knowledge.life.keeping import archive, still_right
from knowledge.translations import missing, outdated, translation_state
from tests.cast import MONDAY
from tests.knowledge.shop import RETURNS_DE, article
from tests.staff import edda

ID = "return-an-item"


def states(knowledge: Knowledge) -> tuple[str, str]:
    """Of English, of German."""
    with knowledge.database.reading() as session:
        found = (translation_state(session, ID, "en"), translation_state(session, ID, "de"))
        assert [(ID, one) for one, state in zip(("en", "de"), found, strict=True) if state == "outdated"] == sorted(
            outdated(session), reverse=True
        )
        assert {(ID, one) for one, state in zip(("en", "de"), found, strict=True) if state == "missing"} == missing(
            session
        )
    return found


def test_what_is_live_in_one_language_is_missing_in_the_other(knowledge: Knowledge) -> None:
    assert ("current", "current") == states(knowledge)
    knowledge.publish(article())
    assert ("current", "missing") == states(knowledge)
    knowledge.publish(article(RETURNS_DE))
    assert ("current", "current") == states(knowledge)


def test_the_other_language_is_outdated_until_it_is_published_again(knowledge: Knowledge) -> None:
    knowledge.publish(article(), article(RETURNS_DE))
    knowledge.publish(article(title="Send an item back"))
    assert ("current", "outdated") == states(knowledge)
    knowledge.publish(article(RETURNS_DE, title="Zurückschicken"))
    assert ("current", "current") == states(knowledge)
    knowledge.publish(article(RETURNS_DE, title="Zurückschicken, neu"))
    assert ("outdated", "current") == states(knowledge)


def test_tags_and_categories_have_no_translation(knowledge: Knowledge) -> None:
    knowledge.publish(article(), article(RETURNS_DE))
    knowledge.publish(article(tags=["post"], category="shipping"))
    assert ("current", "current") == states(knowledge)


def test_words_that_are_as_they_were_again_leave_nothing_to_do(knowledge: Knowledge) -> None:
    knowledge.publish(article(), article(RETURNS_DE))
    knowledge.publish(article(title="Send an item back"))
    knowledge.publish(article())
    assert ("current", "current") == states(knowledge)


def test_both_languages_published_together_are_current_in_whatever_order(knowledge: Knowledge) -> None:
    for number, order in enumerate(((1, -1), (-1, 1))):
        both = (article(title=f"Return {number}"), article(RETURNS_DE, title=f"Zurück {number}"))
        knowledge.publish(*both[:: order[0]])
        assert ("current", "current") == states(knowledge)


def test_somebody_who_looked_says_that_it_is_still_right(knowledge: Knowledge) -> None:
    knowledge.publish(article(), article(RETURNS_DE))
    knowledge.publish(article(title="Send an item back"))
    user = edda(knowledge.database)
    with knowledge.database.transaction() as session:
        still_right(session, ID, "de", user, MONDAY)
    assert ("current", "current") == states(knowledge)
    knowledge.publish(article(title="Send anything back"))
    assert ("current", "outdated") == states(knowledge)


def test_what_was_changed_while_it_was_withdrawn_leaves_the_other_behind(knowledge: Knowledge) -> None:
    knowledge.publish(article(), article(RETURNS_DE))
    knowledge.withdraw(ID, "en")
    assert ("missing", "current") == states(knowledge)
    knowledge.publish(article(title="Send an item back"))
    assert ("current", "outdated") == states(knowledge)


def test_an_archived_language_is_not_missed(knowledge: Knowledge) -> None:
    knowledge.publish(article(), article(RETURNS_DE))
    user = edda(knowledge.database)
    with knowledge.database.transaction() as session:
        archive(session, ID, "de", user, MONDAY)
    assert ("current", "current") == states(knowledge)
