"""A broken question may be waived with a reason, by somebody with a name, until it holds again or is changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from knowledge.checking import Settling, Waiver, WaiverError, broken_now, check, gate, settle, take_back, waive
from knowledge.checking.expecting import Expectation
from knowledge.checking.waiving import REASON_LENGTH, WAITS
from knowledge.drafts import fields_of, save_draft
from knowledge.library import Knowledge
from staff.audit import AuditEntry
from tests.cast import MONDAY
from tests.knowledge.checking.texts import HOW_LONG, live, thief

WINDOW = Expectation("return-window", "en", HOW_LONG, "answer")
REASON = "Until January, Christmas comes first."


@pytest.fixture(autouse=True)
def window(demo: Knowledge) -> None:
    demo.publish(live(demo, "return-window", must_answer=(HOW_LONG,)))


def waived(demo: Knowledge, edda: str, reason: str = REASON) -> None:
    with demo.database.transaction() as session:
        waive(session, WINDOW, reason, edda, MONDAY)


def reasons(demo: Knowledge) -> list[str]:
    with demo.database.reading() as session:
        return list(session.scalars(select(Waiver.reason)))


def noted(demo: Knowledge) -> list[tuple[str, str | None]]:
    with demo.database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.action, entry.user_id) for entry in entries]


def test_what_is_waived_stops_nothing_and_is_shown_with_its_reason_and_who_gave_it(demo: Knowledge, edda: str) -> None:
    assert gate(demo, [thief()])
    waived(demo, edda)

    assert [] == gate(demo, [thief()])
    [shown] = [one for one in check(demo, [thief()]) if not one.holds]
    assert shown.waived is not None
    assert (REASON, "Edda", MONDAY) == (shown.waived.reason, shown.waived.by, shown.waived.at)
    assert [("question_waived", edda)] == noted(demo)


def test_only_that_question_is_waived(demo: Knowledge, edda: str) -> None:
    waived(demo, edda)

    assert gate(demo, [thief(must_not_answer=[HOW_LONG], questions=[HOW_LONG, "a"], must_answer=["bread"])])


def test_a_waiver_is_kept_while_the_question_is_broken_and_forgotten_when_it_holds_again(
    demo: Knowledge, edda: str
) -> None:
    waived(demo, edda)
    demo.publish(thief())
    settle(demo, MONDAY)
    assert [REASON] == reasons(demo)
    assert [True] == [one.waived is not None for one in broken_now(demo)]

    demo.withdraw("christmas-returns", "en")
    settle(demo, MONDAY)
    assert [] == reasons(demo)
    assert [("question_waived", edda), ("waiver_ended", None)] == noted(demo)


def test_a_waiver_waits_for_its_publication_and_not_for_ever(demo: Knowledge, edda: str) -> None:
    waived(demo, edda)
    settle(demo, MONDAY + WAITS)
    assert [REASON] == reasons(demo)

    settle(demo, MONDAY + WAITS + timedelta(minutes=1))
    assert [] == reasons(demo)


def test_a_waiver_is_forgotten_when_nobody_asks_its_question_any_more(demo: Knowledge, edda: str) -> None:
    waived(demo, edda)
    demo.publish(live(demo, "return-window", must_answer=("How long?",)))
    settle(demo, MONDAY)

    assert [] == reasons(demo)


def test_a_question_of_a_draft_keeps_its_waiver(demo: Knowledge, edda: str) -> None:
    with demo.database.transaction() as session:
        save_draft(session, "return-window", "de", fields_of(thief(must_answer=["Tee?"])), now=MONDAY)
        waive(session, Expectation("return-window", "de", "Tee?", "answer"), REASON, edda, MONDAY)
    settle(demo, MONDAY)

    assert [REASON] == reasons(demo)


def test_a_waiver_given_again_has_its_new_reason(demo: Knowledge, edda: str) -> None:
    waived(demo, edda)
    waived(demo, edda, "  Another\n reason. ")

    assert ["Another reason."] == reasons(demo)


def test_a_waiver_can_be_taken_back(demo: Knowledge, edda: str) -> None:
    waived(demo, edda)
    with demo.database.transaction() as session:
        take_back(session, WINDOW, edda, MONDAY)
        take_back(session, WINDOW, edda, MONDAY)

    assert [] == reasons(demo)
    assert [("question_waived", edda), ("waiver_ended", edda)] == noted(demo)


@pytest.mark.parametrize(
    ("reason", "refused"), [("", "no_reason"), (" \n\x00", "no_reason"), ("a" * (REASON_LENGTH + 1), "long_reason")]
)
def test_a_question_cant_be_waived_without_a_reason_in_a_few_words(
    demo: Knowledge, edda: str, reason: str, refused: str
) -> None:
    with pytest.raises(WaiverError) as error:
        waived(demo, edda, reason)

    assert refused == error.value.reason
    assert [] == reasons(demo)
    assert [] == noted(demo)


def test_waivers_are_looked_at_whenever_something_went_live(demo: Knowledge, edda: str) -> None:
    settling = Settling(demo)
    waived(demo, edda)
    for change in (lambda: demo.publish(thief()), lambda: demo.withdraw("christmas-returns", "en")):
        change()
        settling.look(MONDAY)

    assert [] == reasons(demo)
